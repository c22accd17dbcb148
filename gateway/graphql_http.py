"""GraphQL over HTTP at ``/graphql``, to the letter of the specification: POST for everything, GET for queries."""

from __future__ import annotations

from typing import Any, Final

from graphql import OperationDefinitionNode, OperationType, get_operation_ast
from starlette.datastructures import Headers
from starlette.types import Receive, Scope, Send

from ventanilla.backoffice_adapters.database import DatabaseUnavailableError
from ventanilla.execution.documents import Prepared
from ventanilla.execution.engine import Engine, Outcome, Stage
from ventanilla.gateway.answer import answer, encoded
from ventanilla.gateway.body import check_headers, read_body
from ventanilla.gateway.budget import Bill, Budget, OverBudgetError
from ventanilla.gateway.errors import codes_of, told
from ventanilla.gateway.lobby import Lobby, Visitor, unavailable
from ventanilla.gateway.negotiation import MediaType, media_type
from ventanilla.gateway.parameters import GraphQLRequest, parse_address, parse_request
from ventanilla.gateway.persisted import NOT_FOUND, DocumentNotFoundError, Persisted
from ventanilla.gateway.refusal import RefusalError
from ventanilla.gateway.threshold import notes_of, request_id_of
from ventanilla.resolvers.context import Context

_READING: Final = ("GET", "HEAD")
_METHODS: Final = ", ".join((*_READING, "POST"))
_LONGEST_NAME: Final = 80
"""How much of an operation's name the log line says."""


class GraphQLEndpoint:
    """The ASGI application of ``/graphql``."""

    def __init__(self, engine: Engine, lobby: Lobby, persisted: Persisted, budget: Budget, body_limit: int) -> None:
        self._engine = engine
        self._budget = budget
        self._lobby = lobby
        self._persisted = persisted
        self._body_limit = body_limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; what is turned away is raised as `RefusalError`."""
        headers = Headers(scope=scope)
        media = media_type(",".join(headers.getlist("accept")))
        request = await self._read(scope, headers, receive)
        visitor = await self._lobby.receive(scope)
        context = self._lobby.context(visitor, headers, request_id_of(scope))
        query = await self._query(request, visitor, media)
        outcome, bill = await self._run(request, query, context, scope)
        headers_out = {**_cookie(visitor, context), **(bill.headers if bill else {})}
        told_cost = {"cost": bill.extensions(context.now)} if bill else {}
        await _answer(send, outcome, media, headers_out, scope, extensions=told_cost)
        await self._lobby.touch(visitor)

    async def _read(self, scope: Scope, headers: Headers, receive: Receive) -> GraphQLRequest:
        if scope["method"] in _READING:
            return parse_address(scope["query_string"])
        if scope["method"] != "POST":
            raise RefusalError(405, "Send GraphQL as POST with a JSON body.", headers={"allow": _METHODS})
        check_headers(headers)
        return parse_request(await read_body(headers, receive, self._body_limit))

    async def _query(self, request: GraphQLRequest, visitor: Visitor, media: MediaType) -> str:
        try:
            return await self._persisted.text_of(request, visitor)
        except DocumentNotFoundError as error:
            raise RefusalError(_status(media), str(error), code=NOT_FOUND) from None
        except DatabaseUnavailableError as error:
            raise unavailable(error) from None

    async def _run(
        self, request: GraphQLRequest, query: str, context: Context, scope: Scope
    ) -> tuple[Outcome, Bill | None]:
        notes = notes_of(scope)
        prepared = self._engine.prepare(query)
        if isinstance(prepared, Outcome):
            return prepared, None
        if scope["method"] in _READING:
            _refuse_change(prepared, request.operation_name)
        self._persisted.learn(request, context.manager.slug)
        bill = self._billed(self._engine.cost(prepared, request.operation_name, request.variables), context)
        outcome = await self._engine.run(prepared, request.operation_name, request.variables, context)
        notes["document"] = prepared.digest[:16]
        if outcome.stage is Stage.EXECUTE:
            notes["operation"] = (request.operation_name or _only_name(prepared) or "")[:_LONGEST_NAME] or None
        return outcome, bill

    def _billed(self, points: int, context: Context) -> Bill | None:
        """Count the points, unless one operation may not cost so many: then the engine refuses it for nothing."""
        if points > self._engine.most_points:
            return None
        caller = context.actor.person_id or context.address
        try:
            standing = self._budget.spend(context.manager.slug, caller, points)
        except OverBudgetError as error:
            raise error.refusal(points) from None
        return Bill(points, self._engine.most_points, standing)


async def _answer(
    send: Send,
    outcome: Outcome,
    media: MediaType,
    headers: dict[str, str],
    scope: Scope,
    *,
    extensions: dict[str, Any],
) -> None:
    status, payload = 200, dict[str, Any]()
    if outcome.errors:
        payload["errors"] = told(outcome)
        _note_errors(notes_of(scope), payload["errors"])
    if outcome.stage is Stage.EXECUTE:
        payload["data"] = outcome.data
    else:
        status = _status(media)
    if extensions:
        payload["extensions"] = extensions
    await answer(send, status, encoded(payload), media, headers)


def _status(media: MediaType) -> int:
    """The status of a request error: clients of the older type expect 200 for every GraphQL answer."""
    return 400 if media is MediaType.GRAPHQL else 200


def _refuse_change(prepared: Prepared, operation_name: str | None) -> None:
    """A GET is safe: browsers, proxies and crawlers send one without anybody having meant it."""
    operation = get_operation_ast(prepared.document, operation_name)
    if operation and operation.operation is not OperationType.QUERY:
        raise RefusalError(405, "Only queries may be sent as GET: send this as POST.", headers={"allow": "POST"})


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
