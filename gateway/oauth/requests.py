"""What came over HTTP, as `auth.oauth` takes it, and its answers on their way back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import structlog
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Scope

from ventanilla.auth.oauth.answering import Place
from ventanilla.auth.oauth.asked import Asked, MalformedError, parameters_of
from ventanilla.auth.oauth.server import Answer
from ventanilla.gateway.answer import encoded
from ventanilla.gateway.body import read_body
from ventanilla.gateway.heads import headers_of
from ventanilla.gateway.lobby import Lobby
from ventanilla.gateway.refusal import RefusalError
from ventanilla.gateway.threshold import notes_of
from ventanilla.gateway.visit import Network, Visit, visit_of
from ventanilla.resolvers.context import Services

MOST_BYTES: Final = 16 * 1024
"""How long a form may be."""
_FORM: Final = "application/x-www-form-urlencoded"
_INVALID: Final = "invalid_request"
_log = structlog.get_logger("ventanilla.oauth")


class Counter:
    """Where programs of all managers ask: what one process needs to tell who asks whom, and when."""

    def __init__(self, lobby: Lobby, services: Services, trusted: Sequence[Network]) -> None:
        self.lobby = lobby
        self.services = services
        self._trusted = trusted

    async def place(self, scope: Scope) -> Place:
        """Where it is asked: 421 for a host of nobody, 403 where others can listen."""
        visit = visit_of(scope, self._trusted)
        manager = await self.lobby.manager(scope)
        if not (visit.secure or is_own_machine(visit.name)):
            raise RefusalError(
                403, "Tokens are given out over https only: begin the address with https://.", code="FORBIDDEN"
            )
        notes_of(scope)["manager"] = manager.slug
        return Place(manager=manager.slug, issuer=issuer_of(visit), address=visit.address, now=self.services.clock())


def issuer_of(visit: Visit) -> str:
    """The address that the authorization server of a host goes by."""
    return f"{'https' if visit.secure else 'http'}://{visit.host}"


def is_own_machine(name: str) -> bool:
    """Whether a host is the client's own machine, so that nobody listens on the way."""
    return name in {"localhost", "127.0.0.1", "[::1]"} or name.endswith(".localhost")


async def posted(request: Request) -> Asked:
    """What a program posted; `MalformedError` for what is no form."""
    headers = headers_of(request.scope)
    form = parameters_of(await form_of(request))
    if request.scope["query_string"]:
        msg = "Send parameters in the body: addresses are written to logs."
        raise MalformedError(msg)
    authorizations = headers.getlist("authorization")
    if len(authorizations) > 1:
        msg = "Send one Authorization header."
        raise MalformedError(msg)
    return Asked(form, authorization=authorizations[0] if authorizations else None)


async def form_of(request: Request) -> str:
    """The body of a form."""
    headers = headers_of(request.scope)
    kind = ",".join(headers.getlist("content-type")).partition(";")[0].strip().lower()
    if kind != _FORM or "content-encoding" in headers:
        msg = f"Send a form, uncompressed, as Content-Type: {_FORM}."
        raise MalformedError(msg)
    body = await read_body(headers, request.receive, MOST_BYTES)
    return body.decode("ascii", "replace")  # what is not ASCII is found out with what it is a part of


def malformed(error: MalformedError) -> Answer:
    """What a program is answered that cannot be understood."""
    return Answer(status=400, body={"error": _INVALID, "error_description": str(error)}, error=_INVALID)


def sent(scope: Scope, answer: Answer) -> Response:
    """The answer to a program, and what the log says of it: never what was sent."""
    note(scope, answer)
    return Response(encoded(answer.body), answer.status, dict(answer.headers), "application/json")


def note(scope: Scope, answer: Answer) -> None:
    """Write what became of a request into its log line, and what came twice into a line of its own."""
    notes = notes_of(scope)
    if answer.error:
        notes["code"] = answer.error
    if answer.client_id:
        notes["client"] = answer.client_id
    if answer.replayed:
        _log.warning("replayed", manager=notes.get("manager"), client=answer.client_id)
