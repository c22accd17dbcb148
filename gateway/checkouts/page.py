"""The page that posts a payer's form to the platform: by itself where scripts run, by its button where they do not."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from string import Template
from typing import Final
from urllib.parse import urlsplit

from starlette.responses import HTMLResponse

from ventanilla.gateway.page import escaped
from ventanilla.resolvers.refusals import spoken
from ventanilla.store.manager import Manager

_SCRIPT: Final = "document.forms[0].submit()"
_POLICY: Final = (
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'; "
    f"script-src 'sha256-{b64encode(sha256(_SCRIPT.encode()).digest()).decode()}'"
)
"""A page of its own style, its one script, and one form; nothing else."""
_PAGE: Final = Template((Path(__file__).parent / "page.html").read_text("utf-8"))
_TITLE: Final = {
    "en": "To the payment service",
    "es": "Al servicio de pagos",
    "pl": "Przejście do płatności",
}
_MESSAGE: Final = {
    "en": "You pay at {host}. Afterwards you come back here.",
    "es": "El pago se hace en {host}. Después vuelve aquí.",
    "pl": "Płatność odbywa się w serwisie {host}. Potem wrócą Państwo tutaj.",
}
_GO_ON: Final = {"en": "Go on", "es": "Continuar", "pl": "Dalej"}


def form(manager: Manager, url: str, fields: Sequence[tuple[str, str]], language: str) -> HTMLResponse:
    """The page, in the portal's colours and language."""
    parts, theme = urlsplit(url), manager.presentation.theme
    content = _PAGE.substitute(
        language=escaped(language),
        name=escaped(manager.name),
        title=escaped(spoken(_TITLE, language)),
        message=escaped(spoken(_MESSAGE, language).format(host=parts.netloc)),
        action=escaped(url),
        fields="".join(_field(name, value) for name, value in fields),
        go_on=escaped(spoken(_GO_ON, language)),
        script=_SCRIPT,
        primary=escaped(theme.primary),
        on_primary=escaped(theme.on_primary),
        background=escaped(theme.background),
        text=escaped(theme.text),
    )
    # Browsers hold it against redirects that follow a form too, and platforms lead on to banks of any host.
    leads_to = "https:" if parts.scheme == "https" else f"{parts.scheme}://{parts.netloc}"
    policy = f"{_POLICY}; form-action {leads_to}"
    return HTMLResponse(content, headers={"content-security-policy": policy, "content-language": language})


def _field(name: str, value: str) -> str:
    return f'<input type="hidden" name="{escaped(name)}" value="{escaped(value)}">'
