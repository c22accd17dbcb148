"""GraphQL over WebSocket at ``/graphql``: one socket, and the operations that run on it side by side."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Callable, Coroutine, Generator, Mapping
from contextlib import aclosing, contextmanager, suppress
from typing import Any, Final

import structlog
from graphql import OperationType
from starlette.types import Message, Receive, Scope, Send

from ventanilla.execution.engine import Outcome
from ventanilla.gateway.body import DisconnectedError
from ventanilla.gateway.budget import RATE_LIMITED, Bill
from ventanilla.gateway.leaving import leaving_of
from ventanilla.gateway.lobby import Lobby, Visitor
from ventanilla.gateway.operation import OVER, Asker, Notes, Operations, Payload, was_executed
from ventanilla.gateway.parameters import request_of
from ventanilla.gateway.places import Place, Places
from ventanilla.gateway.protocol import (
    SUBPROTOCOL,
    CloseCode,
    ClosingError,
    Complete,
    Init,
    Ping,
    Protocol,
    Subscribe,
    complete_message,
    error_message,
    next_message,
    pong_message,
)
from ventanilla.gateway.refusal import RefusalError
from ventanilla.gateway.threshold import notes_of, request_id_of
from ventanilla.gateway.wire import Wire

MOST_OPERATIONS: Final = 20
"""How many operations run at once on one socket."""
INIT_S: Final = 10.0
"""For so long a client may take to say who it is."""
SESSION_S: Final = 30.0
"""How long a socket on which nothing happens may outlive its session."""
FAREWELL_S: Final = 5.0
"""For so long queries and mutations under way hold up the end of their socket when the process leaves."""
_CLOSES: Final[Mapping[int, int]] = {
    401: CloseCode.UNAUTHENTICATED,
    403: CloseCode.FORBIDDEN,
    421: CloseCode.FORBIDDEN,
    429: CloseCode.TOO_MANY,
}
"""What a refusal's status is as a code, where the socket cannot go on."""
_log = structlog.get_logger("ventanilla.operations")


class SocketEndpoint:
    """The ASGI application of ``/graphql`` for WebSockets."""

    def __init__(
        self,
        lobby: Lobby,
        operations: Operations,
        places: Places,
        *,
        init_s: float = INIT_S,
        session_s: float = SESSION_S,
    ) -> None:
        self._lobby = lobby
        self._operations = operations
        self._places = places
        self._init_s = init_s
        self._session_s = session_s

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one socket; a handshake that is turned away is raised as `RefusalError`."""
        await receive()
        visitor = await self._lobby.receive(scope)
        if SUBPROTOCOL not in scope["subprotocols"]:
            raise RefusalError(400, f"Open the socket with the sub-protocol {SUBPROTOCOL}: no other is spoken here.")
        with self._places.held(visitor.caller) as place:
            leaving_of(scope).refuse_new()
            socket = _Socket(Wire(scope, receive, send), self._lobby, self._operations, visitor, place)
            await socket.accept()
            await socket.serve(self._init_s, self._session_s)


class _Socket:
    """One open socket.

    Nothing is queued: each operation waits until its last message is taken, so that a client that does not read stops
    its own operations and nobody else's, until the connection cuts it. An idle socket has one task, which listens.
    """

    def __init__(self, wire: Wire, lobby: Lobby, operations: Operations, visitor: Visitor, place: Place) -> None:
        self._scope, self._receive, self._send = wire
        self._lobby = lobby
        self._operations = operations
        self._visitor = visitor
        self._place = place
        self._protocol = Protocol()
        self._running: dict[str, asyncio.Task[None]] = {}
        self._streams: set[str] = set()
        """Of what is running, what does not end by itself."""

    async def accept(self) -> None:
        """Open it; raises `DisconnectedError` if the client did not wait for that."""
        await self._write({"type": "websocket.accept", "subprotocol": SUBPROTOCOL})

    async def serve(self, init_s: float, session_s: float) -> None:
        """Do what the client says until it goes, errs, is signed out, or the process leaves."""
        try:
            async with asyncio.TaskGroup() as group:
                with (
                    leaving_of(self._scope).told(lambda: self._start(self._leave(), group)),
                    _every(session_s, lambda: self._start(self._look_again(), group)),
                ):
                    await self._converse(group, init_s)
        except* ClosingError as errors:
            await self._close(next(error for error in errors.exceptions if isinstance(error, ClosingError)))
        except* DisconnectedError:
            pass
        except* asyncio.CancelledError:
            await self._close(_leaving())

    async def _converse(self, group: asyncio.TaskGroup, init_s: float) -> None:
        try:
            async with asyncio.timeout(init_s) as patience:
                while True:
                    said = self._protocol.read(await self._heard())
                    if isinstance(said, Init):
                        patience.reschedule(None)
                        await self._begin(said)
                    elif said is not None:
                        await self._do(said, group)
        except TimeoutError:
            raise ClosingError(CloseCode.NOT_INITIALISED, "Connection initialisation timeout") from None

    async def _heard(self) -> str | None:
        # What has come already is handed over without a pause: others would have no turn until it is all done.
        await asyncio.sleep(0)
        message = await self._receive()
        if message["type"] == "websocket.disconnect":
            raise DisconnectedError
        return message.get("text")

    async def _begin(self, said: Init) -> None:
        """Learn who it is, unless the handshake told, and let operations begin."""
        if said.authorization is not None:
            header = (b"authorization", said.authorization.encode())
            self._scope = {**self._scope, "headers": [*self._scope["headers"], header]}
            try:
                self._visitor = await self._lobby.receive(self._scope)
                self._place.move(self._visitor.caller)
            except RefusalError as refusal:
                raise ClosingError(_CLOSES.get(refusal.status, CloseCode.TRY_LATER), refusal.message) from None
        await self._tell(self._protocol.acknowledge())

    async def _do(self, said: Ping | Subscribe | Complete, group: asyncio.TaskGroup) -> None:
        if isinstance(said, Ping):
            await self._tell(pong_message(said))
        elif isinstance(said, Complete):
            self._running.pop(said.id).cancel()
            self._streams.discard(said.id)
        else:
            self._running[said.id] = group.create_task(self._operate(said, busy=len(self._running) >= MOST_OPERATIONS))

    async def _operate(self, said: Subscribe, *, busy: bool) -> None:
        """Run one operation to its end, whatever that is, and write its line in the log."""
        begun = time.perf_counter()
        asker = Asker(self._lobby, self._scope, self._visitor, {})
        try:
            if busy:
                raise _too_many()
            await self._perform(said, asker)
        except (ClosingError, DisconnectedError):
            raise
        except RefusalError as refusal:
            if refusal.status in OVER:
                raise ClosingError(_CLOSES[refusal.status], refusal.message) from None
            await self._fail(said.id, asker, refusal)
        except Exception as error:  # noqa: BLE001  the last place to turn a bug into an answer
            await self._fail(said.id, asker, error)
        finally:
            self._forget(said.id)
            self._write_line(asker.notes, time.perf_counter() - begun)

    async def _perform(self, said: Subscribe, asker: Asker) -> None:
        request = request_of(said.payload)
        await asker.renew()
        operation = await self._operations.read(request, asker.visitor)
        if isinstance(operation, Outcome):
            await self._tell_outcome(said.id, operation, None, asker)
            return
        bill = self._operations.bill(operation, asker)
        if operation.kind is OperationType.SUBSCRIPTION:
            self._streams.add(said.id)
            found = await self._operations.subscribe(operation, asker, bill)
        else:
            found = await self._operations.run(operation, asker)
        operation.note(asker.notes, found)
        if isinstance(found, Outcome):
            await self._tell_outcome(said.id, found, bill, asker)
        else:
            await self._tell_events(said.id, found)
        await asker.touch()

    async def _tell_outcome(self, id: str, outcome: Outcome, bill: Bill | None, asker: Asker) -> None:
        if asker.context.reply.session:
            raise RefusalError(400, "No cookie can be set over a socket: sign in by HTTP, or with delivery BEARER.")
        payload = asker.payload(outcome, bill)
        if was_executed(outcome):
            await self._tell(next_message(id, payload))
            await self._end(id, complete_message(id))
        else:
            await self._end(id, error_message(id, payload["errors"]))

    async def _tell_events(self, id: str, payloads: AsyncGenerator[Payload]) -> None:
        async with aclosing(payloads):
            async for payload in payloads:
                await self._tell(next_message(id, payload))
        await self._end(id, complete_message(id))

    async def _fail(self, id: str, asker: Asker, error: Exception) -> None:
        errors = asker.failure(error)["errors"]
        if self._has(id):  # else it has ended for the client, and only the log is told
            await self._end(id, error_message(id, errors))

    async def _end(self, id: str, message: str) -> None:
        # The id is free before the client can know: it may be used again in answer to this message.
        self._forget(id)
        await self._tell(message)

    def _forget(self, id: str) -> None:
        """Free the id, unless another operation has it by now."""
        if self._has(id):
            del self._running[id]
            self._streams.discard(id)
            self._protocol.ended(id)

    def _has(self, id: str) -> bool:
        """Whether the id belongs to the operation that asks."""
        return self._running.get(id) is asyncio.current_task()

    async def _tell(self, text: str) -> None:
        await self._write({"type": "websocket.send", "text": text})

    async def _write(self, message: Message) -> None:
        try:
            await self._send(message)
        except OSError:
            raise DisconnectedError from None

    async def _close(self, closing: ClosingError) -> None:
        notes_of(self._scope)["closed"] = closing.code
        with suppress(OSError):  # it is closed, or lost, already
            await self._send({"type": "websocket.close", "code": closing.code, "reason": closing.reason})

    def _start(self, work: Coroutine[Any, Any, None], group: asyncio.TaskGroup) -> None:
        try:
            group.create_task(work)
        except RuntimeError:  # the socket is being closed for a reason of its own
            work.close()

    async def _look_again(self) -> None:
        """Close the socket of a session or token that is over; what cannot be looked up now is looked up next time."""
        if self._visitor.actor.known:
            try:
                self._visitor = await self._lobby.again(self._scope, self._visitor)
            except RefusalError as refusal:
                if refusal.status in OVER:
                    raise ClosingError(_CLOSES[refusal.status], refusal.message) from None

    async def _leave(self) -> None:
        short = [task for id, task in self._running.items() if id not in self._streams]
        if short:
            await asyncio.wait(short, timeout=FAREWELL_S)
        raise _leaving()

    def _write_line(self, notes: Notes, seconds: float) -> None:
        told = notes_of(self._scope)
        told["operations"] = told.get("operations", 0) + 1
        _log.info(
            "operation",
            request_id=request_id_of(self._scope),
            manager=self._visitor.manager.slug,
            ms=round(seconds * 1000, 1),
            **notes,
        )


@contextmanager
def _every(seconds: float, work: Callable[[], None]) -> Generator[None]:
    """Call `work` again and again within the block. A timer, for a task would be another for each idle socket."""
    loop = asyncio.get_running_loop()

    def ring() -> None:
        nonlocal timer
        timer = loop.call_later(seconds, ring)
        work()

    timer = loop.call_later(seconds, ring)
    try:
        yield
    finally:
        timer.cancel()


def _leaving() -> ClosingError:
    return ClosingError(CloseCode.SERVICE_RESTART, "The service is being restarted: come again.")


def _too_many() -> RefusalError:
    return RefusalError(
        429,
        f"At most {MOST_OPERATIONS} operations run at once on one socket: complete one first.",
        code=RATE_LIMITED,
        told={"retryAfter": 1},
    )
