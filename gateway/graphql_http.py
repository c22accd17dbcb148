"""GraphQL over HTTP at ``/graphql``, to the letter of the specification: POST for everything, GET without mutations."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import Final

from graphql import OperationType
from starlette.datastructures import Headers
from starlette.types import Receive, Scope, Send

from ventanilla.backoffice_adapters.database import DatabaseUnavailableError
from ventanilla.execution.engine import Outcome
from ventanilla.gateway.answer import answer, encoded
from ventanilla.gateway.body import check_headers, read_body
from ventanilla.gateway.budget import Bill
from ventanilla.gateway.heads import headers_of
from ventanilla.gateway.leaving import leaving_of
from ventanilla.gateway.lobby import Lobby, unavailable
from ventanilla.gateway.negotiation import Accepted, MediaType, Stream, accepted
from ventanilla.gateway.operation import Asker, Operation, Operations, Payload, was_executed
from ventanilla.gateway.parameters import GraphQLRequest, parse_address, parse_request
from ventanilla.gateway.persisted import NOT_FOUND, DocumentNotFoundError
from ventanilla.gateway.places import Places
from ventanilla.gateway.refusal import RefusalError
from ventanilla.gateway.streaming import EVENTS, PARTS, SUBSCRIPTION_PARTS, Form, stream
from ventanilla.gateway.threshold import notes_of
from ventanilla.gateway.wire import Wire

_READING: Final = ("GET", "HEAD")
_METHODS: Final = ", ".join((*_READING, "POST"))
_LIVE: Final = {Stream.EVENTS: EVENTS, Stream.SUBSCRIPTION_PARTS: SUBSCRIPTION_PARTS}
"""The streams that can carry a subscription."""
_NOT_AT_ONCE: Final = (
    "A subscription has more than one answer. Open a WebSocket with the sub-protocol graphql-transport-ws, or send this"
    ' with Accept: text/event-stream, or with Accept: multipart/mixed;subscriptionSpec="1.0".'
)


class GraphQLEndpoint:
    """The ASGI application of ``/graphql``."""

    def __init__(self, lobby: Lobby, operations: Operations, places: Places, body_limit: int) -> None:
        self._lobby = lobby
        self._operations = operations
        self._places = places
        self._body_limit = body_limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; what is turned away is raised as `RefusalError`."""
        headers = headers_of(scope)
        asked = await self._read(scope, headers, receive)
        takes = accepted(",".join(headers.getlist("accept")))
        asker = Asker(self._lobby, scope, await self._lobby.receive(scope), notes_of(scope))
        exchange = _Exchange(Wire(scope, receive, send), takes, asker)
        operation = await self._operation(asked, exchange)
        if isinstance(operation, Outcome):
            await exchange.answer(operation, None)
        elif operation.kind is OperationType.SUBSCRIPTION:
            await self._subscribe(operation, exchange)
        else:
            await self._run(operation, exchange)
        await exchange.asker.touch()

    async def _read(self, scope: Scope, headers: Headers, receive: Receive) -> GraphQLRequest:
        if scope["method"] in _READING:
            return parse_address(scope["query_string"])
        if scope["method"] != "POST":
            raise RefusalError(405, "Send GraphQL as POST with a JSON body.", headers={"allow": _METHODS})
        check_headers(headers)
        return parse_request(await read_body(headers, receive, self._body_limit))

    async def _operation(self, asked: GraphQLRequest, exchange: _Exchange) -> Operation | Outcome:
        try:
            operation = await self._operations.read(asked, exchange.asker.visitor)
        except DocumentNotFoundError as error:
            raise RefusalError(_status(exchange.takes.media), str(error), code=NOT_FOUND) from None
        except DatabaseUnavailableError as error:
            raise unavailable(error) from None
        if isinstance(operation, Operation) and operation.kind is OperationType.MUTATION and exchange.only_reads:
            # A GET is safe: browsers, proxies and crawlers send one without anybody having meant it.
            raise RefusalError(405, "No mutation may be sent as GET: send this as POST.", headers={"allow": "POST"})
        return operation

    async def _run(self, operation: Operation, exchange: _Exchange) -> None:
        asker = exchange.asker
        bill = self._operations.bill(operation, asker)
        if operation.prepared.incremental and Stream.PARTS in exchange.streams:
            found = await self._operations.run_in_parts(operation, asker, bill)
        else:
            found = await self._operations.run(operation, asker)
        operation.note(asker.notes, found)
        if not isinstance(found, Outcome):
            await exchange.stream(PARTS, found, bill)
        elif was_executed(found) and exchange.takes.prefers_events and exchange.streams:
            await exchange.stream(EVENTS, exchange.once(found, bill), bill)
        else:
            await exchange.answer(found, bill)

    async def _subscribe(self, operation: Operation, exchange: _Exchange) -> None:
        asker = exchange.asker
        form = next((_LIVE[one] for one in exchange.streams if one in _LIVE), None)
        if form is None:
            raise RefusalError(_status(exchange.takes.media), _NOT_AT_ONCE)
        leaving_of(exchange.wire.scope).refuse_new()
        with self._places.held(asker.visitor.caller):
            bill = self._operations.bill(operation, asker)
            found = await self._operations.subscribe(operation, asker, bill)
            operation.note(asker.notes, found)
            if isinstance(found, Outcome):
                await exchange.answer(found, bill)
            else:
                await exchange.stream(form, found, bill)


class _Exchange:
    """One request and the way back: who asks, what they take, and how it is told."""

    def __init__(self, wire: Wire, takes: Accepted, asker: Asker) -> None:
        self.wire = wire
        self.takes = takes
        self.asker = asker

    @property
    def only_reads(self) -> bool:
        return self.wire.scope["method"] in _READING

    @property
    def streams(self) -> tuple[Stream, ...]:
        """What may be streamed back: an answer without a body may not."""
        return () if self.wire.scope["method"] == "HEAD" else self.takes.streams

    async def answer(self, outcome: Outcome, bill: Bill | None) -> None:
        """Tell an outcome in one piece."""
        body = encoded(self.asker.payload(outcome, bill))
        status = 200 if was_executed(outcome) else _status(self.takes.media)
        await answer(self.wire.send, status, body, self.takes.media, self._headers(bill))

    async def once(self, outcome: Outcome, bill: Bill | None) -> AsyncGenerator[Payload]:
        """A stream of one piece."""
        yield self.asker.payload(outcome, bill)

    async def stream(self, form: Form, payloads: AsyncGenerator[Payload], bill: Bill | None) -> None:
        """Tell payloads as they come."""
        await stream(self.wire, form, payloads, self.asker.failure, self.asker.confirm, headers=self._headers(bill))

    def _headers(self, bill: Bill | None) -> dict[str, str]:
        return {**_cookie(self.asker), **(bill.headers if bill else {})}


def _status(media: MediaType) -> int:
    """The status of a request error: clients of the older type expect 200 for every GraphQL answer."""
    return 400 if media is MediaType.GRAPHQL else 200


def _cookie(asker: Asker) -> dict[str, str]:
    token = asker.context.reply.session
    if token is None and asker.visitor.stale_cookie:
        token = ""
    return {} if token is None else {"set-cookie": asker.visitor.cookie.written(token)}
