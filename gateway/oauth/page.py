"""The pages of ``/oauth/authorize``: plain HTML without a script, in the person's language."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from string import Template
from typing import Final
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from ventanilla.auth.oauth.answering import Consent
from ventanilla.auth.scopes import SCOPES
from ventanilla.gateway.language import preferred
from ventanilla.gateway.lobby import Visitor
from ventanilla.gateway.oauth.texts import TEXTS
from ventanilla.gateway.page import escaped
from ventanilla.gateway.threshold import notes_of
from ventanilla.resolvers.refusals import spoken

ALLOW: Final = "allow"
DENY: Final = "deny"
POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; frame-ancestors 'none'"
_FRAME: Final = Path(__file__).parent / "page.html"
_QUESTION: Final = Path(__file__).parent / "question.html"


class Page:
    """What one person is shown."""

    def __init__(self, request: Request, visitor: Visitor) -> None:
        self.request = request
        self.visitor = visitor
        self.query: bytes = request.scope["query_string"]
        self._language = preferred(request.headers.get("accept-language"), visitor.manager.languages)

    def due(self, now: datetime) -> str | None:
        """Which text says what the person is to do before anything else, if there is something."""
        actor, policy = self.visitor.actor, self.visitor.manager.presentation.password_policy
        if actor.second_factor_due:
            return "show_first"
        return "change_first" if actor.password_change_due(policy.max_age_days, now) else None

    def asking(self, consent: Consent, seal: str) -> Response:
        """The question."""
        actor, manager = self.visitor.actor, self.visitor.manager
        body = Template(_QUESTION.read_text("utf-8")).substitute(
            question=self._said("question", client=consent.client, manager=manager.name),
            scopes="".join(f"<li>{escaped(spoken(SCOPES[name], self._language))}</li>" for name in consent.scopes),
            who=self._said("who", name=actor.name or "", email=actor.email or ""),
            where=self._said("where", host=urlsplit(consent.redirect_uri).netloc),
            action=self._address,
            seal=seal,
            allow=self._said("allow"),
            deny=self._said("deny"),
        )
        return self._shown(200, body, f"'self' {_origin(consent.redirect_uri)}")

    def signed_out(self) -> Response:
        """That nobody is signed in, and the way back."""
        return self._shown(
            200,
            f"<p>{self._said('sign_in')}</p>"
            f'<p><a href="/" target="_blank" rel="noopener">{self._said("portal")}</a></p>'
            f'<p><a href="{self._address}">{self._said("again")}</a></p>',
        )

    def gate(self, due: str) -> Response:
        """That the person has something to do first."""
        return self._shown(403, f"<p>{self._said(due)}</p>")

    def misled(self, status: int = 400) -> Response:
        """That this cannot be gone on with; nobody is sent anywhere."""
        notes_of(self.request.scope)["code"] = "invalid_request"
        return self._shown(status, f"<p>{self._said('misled')}</p>")

    @property
    def _address(self) -> str:
        return escaped(f"?{self.query.decode('ascii', 'replace')}")

    def _said(self, text: str, **names: str) -> str:
        return escaped(Template(spoken(TEXTS[text], self._language)).substitute(names))

    def _shown(self, status: int, body: str, form_action: str = "'none'") -> Response:
        theme = self.visitor.manager.presentation.theme
        html = Template(_FRAME.read_text("utf-8")).substitute(
            language=escaped(self._language),
            manager=escaped(self.visitor.manager.name),
            title=self._said("title"),
            primary=escaped(theme.primary),
            on_primary=escaped(theme.on_primary),
            body=body,
        )
        return HTMLResponse(html, status, {"content-security-policy": f"{POLICY}; form-action {form_action}"})


def _origin(uri: str) -> str:
    """Where an answer leads: browsers hold the policy of a form against that as well."""
    parts = urlsplit(uri)
    return f"{parts.scheme}://{parts.netloc}"
