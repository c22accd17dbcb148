"""The page of a visit that led nowhere, in the portal's colours and language."""

from __future__ import annotations

from pathlib import Path
from string import Template
from typing import Final
from urllib.parse import urlencode

from starlette.responses import HTMLResponse

from ventanilla.auth.providers.reasons import Reason, Refused
from ventanilla.gateway.page import escaped
from ventanilla.gateway.sign_in.words import AGAIN, HOME, MESSAGES, TITLE
from ventanilla.resolvers.refusals import spoken
from ventanilla.store.manager import IdentityProvider, Manager

POLICY: Final = (
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""A page of its own style and words, and nothing else."""
_PAGE: Final = Template((Path(__file__).parent / "page.html").read_text("utf-8"))
_STATUS: Final = {Reason.VISIT_OVER: 400, Reason.LINK_OVER: 400, Reason.TOO_MANY_ATTEMPTS: 429}
_FAILED: Final = 502
_LATER: Final = frozenset({
    Reason.TOO_MANY_ATTEMPTS, Reason.LINK_OVER, Reason.OTHER_LINKED, Reason.TERMS_NOT_ACCEPTED,
    Reason.SECOND_FACTOR_DUE,
})  # fmt: skip
"""What is no better if it is tried again at once."""


def told(manager: Manager, provider: IdentityProvider, refused: Refused, language: str) -> HTMLResponse:
    """The page that says why, and what to do next."""
    status = _FAILED if refused.reason is Reason.PROVIDER_FAILED else _STATUS.get(refused.reason, 403)
    waiting = {} if refused.retry_after is None else {"retry-after": str(refused.retry_after)}
    content = _written(manager, provider, refused, language)
    return HTMLResponse(content, status, {"content-security-policy": POLICY, "content-language": language, **waiting})


def _written(manager: Manager, provider: IdentityProvider, refused: Refused, language: str) -> str:
    theme = manager.presentation.theme
    title = provider.titled(language)
    message = spoken(MESSAGES[refused.reason], language).format(provider=title, contact=manager.contact.email)
    return _PAGE.substitute(
        language=escaped(language),
        name=escaped(manager.name),
        title=escaped(spoken(TITLE, language)),
        message=escaped(message),
        links=_links(provider, refused, language),
        primary=escaped(theme.primary),
        on_primary=escaped(theme.on_primary),
        background=escaped(theme.background),
        text=escaped(theme.text),
        accent=escaped(theme.accent),
    )


def _links(provider: IdentityProvider, refused: Refused, language: str) -> str:
    home = f'<a href="/">{escaped(spoken(HOME, language))}</a>'
    if refused.reason in _LATER:
        return home
    address = f"/sign-in/{provider.name}?{urlencode({'return_to': refused.return_to})}"
    words = spoken(AGAIN, language).format(provider=provider.titled(language))
    return f'<a href="{escaped(address)}">{escaped(words)}</a> {home}'
