"""GraphQL over HTTP: ``POST /graphql``, to the letter of the specification."""

from __future__ import annotations

from typing import Any, Final

from graphql import OperationDefinitionNode
from starlette.datastructures import Headers
from starlette.types import Receive, Scope, Send

from ventanilla.execution.documents import Prepared
from ventanilla.execution.engine import Engine, Outcome, Stage
from ventanilla.gateway.answer import answer, encoded
from ventanilla.gateway.body import GraphQLRequest, check_headers, parse_request, read_body
from ventanilla.gateway.errors import codes_of, told
from ventanilla.gateway.lobby import Lobby, Visitor
from ventanilla.gateway.negotiation import MediaType, media_type
from ventanilla.gateway.refusal import RefusalError
from ventanilla.gateway.threshold import notes_of, request_id_of
from ventanilla.resolvers.context import Context

_METHODS: Final = "POST"
_LONGEST_NAME: Final = 80
"""How much of an operation's name the log line says."""


class GraphQLEndpoint:
    """The ASGI application of ``/graphql``."""

    def __init__(self, engine: Engine, lobby: Lobby, body_limit: int) -> None:
        self._engine = engine
        self._lobby = lobby
        self._body_limit = body_limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; what is turned away is raised as `RefusalError`."""
        headers = Headers(scope=scope)
        if scope["method"] != "POST":
            raise RefusalError(405, "Send GraphQL as POST with a JSON body.", headers={"allow": _METHODS})
        check_headers(headers)
        request = parse_request(await read_body(headers, receive, self._body_limit))
        visitor = await self._lobby.receive(scope)
        context = self._lobby.context(visitor, headers, request_id_of(scope))
        outcome = await self._run(request, context, notes_of(scope))
        await _answer(send, outcome, media_type(",".join(headers.getlist("accept"))), _cookie(visitor, context), scope)
        await self._lobby.touch(visitor)

    async def _run(self, request: GraphQLRequest, context: Context, notes: dict[str, Any]) -> Outcome:
        prepared = self._engine.prepare(request.query)
        if isinstance(prepared, Outcome):
            return prepared
        outcome = await self._engine.run(prepared, request.operation_name, request.variables, context)
        notes["document"] = prepared.digest[:16]
        if outcome.stage is Stage.EXECUTE:
            notes["operation"] = (request.operation_name or _only_name(prepared) or "")[:_LONGEST_NAME] or None
        return outcome


async def _answer(send: Send, outcome: Outcome, media: MediaType, headers: dict[str, str], scope: Scope) -> None:
    status, payload = 200, dict[str, Any]()
    if outcome.errors:
        payload["errors"] = told(outcome)
        _note_errors(notes_of(scope), payload["errors"])
    if outcome.stage is Stage.EXECUTE:
        payload["data"] = outcome.data
    elif media is MediaType.GRAPHQL:
        status = 400
    await answer(send, status, encoded(payload), media, headers)


def _note_errors(notes: dict[str, Any], errors: list[dict[str, Any]]) -> None:
    notes["code"] = ",".join(codes_of(errors))
    ids = [error["extensions"]["errorId"] for error in errors if "errorId" in error["extensions"]]
    if ids:
        notes["error_id"] = ",".join(ids[:3])


def _cookie(visitor: Visitor, context: Context) -> dict[str, str]:
    token = context.reply.session
    if token is None and visitor.stale_cookie:
        token = ""
    return {} if token is None else {"set-cookie": visitor.cookie.written(token)}


def _only_name(prepared: Prepared) -> str | None:
    operations = [node for node in prepared.document.definitions if isinstance(node, OperationDefinitionNode)]
    name = operations[0].name if len(operations) == 1 else None
    return name.value if name else None
