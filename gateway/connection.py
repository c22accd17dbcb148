"""One connection: uvicorn's HTTP with an end to everything that a client may send, and one answer in JSON to each."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from enum import Enum, auto
from typing import Any, Final, cast

import msgspec
from uvicorn import Config
from uvicorn._types import ASGI3Application
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol, RequestResponseCycle
from uvicorn.server import ServerState

from ventanilla.gateway.answer import Pairs, refused
from ventanilla.gateway.body import READ_TIMEOUT_S
from ventanilla.gateway.handshake import LONGEST_LINE, MOST_HEADERS, has_body, may_be_handshake
from ventanilla.gateway.leaving import Leaving
from ventanilla.gateway.outlet import Outlet
from ventanilla.gateway.threshold import SAFE_HEADERS

_MAX_HEAD: Final = 64 * 1024
"""Bytes of address and headers at which a connection is cut; the application refuses in JSON well before."""
_MALFORMED: Final = "The request is not well-formed HTTP/1.1: check its first line, headers and length."
_NO_UPGRADE: Final = "No upgrade is offered here: send a request that has a body without Upgrade."
_NO_HANDSHAKE: Final = (
    "This opens no WebSocket: send it over HTTP 1.1, without a body, while no other request is under way, and with at"
    f" most {MOST_HEADERS} headers of {LONGEST_LINE} bytes."
)
_JUST_COME_S: Final = 1.0
"""For so long a newcomer keeps its place, because what it sent may not have been read yet."""


class Limits(msgspec.Struct, frozen=True):
    """How long a connection waits for its client, and for how many who have asked nothing yet."""

    head_s: float = 10.0
    """From the first byte of a request to the end of its headers, and for the first byte of a new connection."""
    body_s: float = READ_TIMEOUT_S
    """For a body that the application does not read; where it reads, it has the same limit of its own."""
    newcomers: int = 512
    """Most connections that have not yet sent the whole headers of a request; one more cuts the oldest."""
    unread_s: float = 20.0
    """For how long a client may read nothing at all of an answer that waits for it."""
    ping_s: float = 20.0
    """How often the client of a WebSocket is asked whether it is there, and reads."""
    pong_s: float = 20.0
    """How long it may take to answer that."""


class State(ServerState):
    """What the connections of one server share."""

    def __init__(self, limits: Limits) -> None:
        super().__init__()
        self.limits = limits
        self.leaving = Leaving()
        self.newcomers: dict[Connection, float] = {}
        """Connections without a whole head so far, oldest first, with the loop's time of their coming."""

    def drain(self) -> None:
        """Let every answer from now on be the last of its connection, and tell sockets and streams of the end."""
        self.leaving.begin()
        for connection in list(cast("set[object]", self.connections)):
            if isinstance(connection, Connection):
                connection.make_last()

    def receive(self, newcomer: Connection, now: float) -> None:
        """Take in a new connection; when there are too many, cut those that have asked nothing for longest."""
        self.newcomers[newcomer] = now
        while len(self.newcomers) > self.limits.newcomers:
            oldest, since = next(iter(self.newcomers.items()))
            if now - since < _JUST_COME_S:
                return
            del self.newcomers[oldest]
            oldest.transport.abort()


class _Part(Enum):
    """What the next byte belongs to."""

    NOTHING = auto()
    HEAD = auto()
    BODY = auto()


class _Trailers(list[tuple[bytes, bytes]]):
    """Where headers go that come behind a body: nowhere."""

    def append(self, _header: tuple[bytes, bytes], /) -> None:
        """Drop it."""


class Connection(HttpToolsProtocol):
    """HTTP with an end to headers and bodies: uvicorn alone holds whatever comes, for as long as it dribbles.

    Trailers, the headers behind a chunked body, are dropped. uvicorn would add them to the headers, where a client
    could say what only a proxy in front of us is believed.
    """

    def __init__(
        self,
        config: Config,
        server_state: State,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._shared = server_state
        self._limits = server_state.limits
        self._part = _Part.NOTHING
        self._head = 0
        self._objection = _MALFORMED
        self._deadline: asyncio.TimerHandle | None = None
        self._reading: asyncio.TimerHandle | None = None
        self._upgraded = False

    def connection_made(self, transport: asyncio.Transport) -> None:
        """Take in a client, who has to say something soon."""
        super().connection_made(transport)
        self._outlet = Outlet(transport, self.loop)
        self._wait(self._limits.head_s)
        self._shared.receive(self, self.loop.time())

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the client."""
        self._forget_deadline()
        self._stop_looking()
        self._shared.newcomers.pop(self, None)
        super().connection_lost(exc)

    def on_message_begin(self) -> None:
        """Begin to wait for the headers."""
        self._enter(_Part.HEAD)
        self._head = 0
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """Hand the request to the application, and begin to wait for its body."""
        self._enter(_Part.BODY)
        self._shared.newcomers.pop(self, None)
        if not self.flow.write_paused:
            self._stop_looking()  # the client has asked again, and what is unread will grow
        upgrading = self._upgrading
        declined = upgrading and not self._should_upgrade()
        if declined and has_body(self.scope):
            # The parser takes an upgrade for granted: it would read the body as the next request.
            self._objection = _NO_UPGRADE
            raise ValueError
        super().on_headers_complete()
        if not upgrading:  # which has no body, and is decided by its headers once more
            self.headers = _Trailers()
        if upgrading and not declined and (self._answering or not may_be_handshake(self.scope, self.url)):
            self._objection = _NO_HANDSHAKE
            raise ValueError
        if self._shared.leaving.begun or declined:
            self.make_last()

    def on_message_complete(self) -> None:
        """End the request; its answer may still be under way."""
        self._enter(_Part.NOTHING)
        super().on_message_complete()

    def on_response_complete(self) -> None:
        """Go on to the next request; if there is none, see that the client reads the rest of its answer."""
        self._outlet.end()
        super().on_response_complete()
        self._look_at_rest()

    def data_received(self, data: bytes) -> None:
        """Read what came, within the limits of size and time."""
        # What a message begins in may hold the end of the one before, so counting begins with the next part.
        begun = self._part is _Part.HEAD
        super().data_received(data)
        if self._upgraded or self.transport.is_closing():
            return
        if begun and self._part is _Part.HEAD:
            self._count(len(data))
        if self._deadline is None and not self.transport.is_closing():
            self._watch()

    def handle_websocket_upgrade(self) -> None:
        """Hand the connection over. Nothing of this object is needed any more."""
        self._upgraded = True
        self._forget_deadline()
        self._stop_looking()
        super().handle_websocket_upgrade()
        self.parser = None  # the two hold each other, and would wait for the collector

    def pause_writing(self) -> None:
        """Look from now on whether the client reads at all."""
        super().pause_writing()
        self._look(self.transport.get_write_buffer_size())

    def resume_writing(self) -> None:
        """Stop looking: the client has read."""
        self._stop_looking()
        super().resume_writing()
        self._look_at_rest()

    def shutdown(self) -> None:
        """Close when the answers under way are sent; at once if there are none and none is being asked for."""
        if self._part is not _Part.HEAD or self._answering:
            super().shutdown()

    def make_last(self) -> None:
        """Let the answer under way end the connection, unless its headers have promised otherwise."""
        if self._answering and not self.cycle.response_started:
            self.cycle.keep_alive = False

    def send_400_response(self, msg: str) -> None:
        """Turn away what cannot be read, in JSON and in words of our own."""
        self._turn_away(400, self._objection)

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: ASGI3Application) -> None:
        cycle.transport = self._outlet
        super()._start_asgi_task(cycle, app)

    @property
    def _answering(self) -> bool:
        """Whether a request is under way, or more than one."""
        # None until the first request, which uvicorn does not say in its type.
        return bool(self.cycle) and not self.cycle.response_complete

    @property
    def _upgrading(self) -> bool:
        """Whether the client asks for another protocol: for a WebSocket, or for one that is none of ours."""
        # The parser is None once the connection is lost, which uvicorn does not say in its type.
        return bool(self.parser) and self.parser.should_upgrade()

    def _look_at_rest(self) -> None:
        # Nobody waits for it any more, and to close would wait for the client without end.
        unread = self.transport.get_write_buffer_size()
        if unread and self._reading is None and not self._answering:
            self._look(unread)

    def _look(self, unread: int) -> None:
        self._reading = self.loop.call_later(self._limits.unread_s, self._cut_unless_less_than, unread)

    def _cut_unless_less_than(self, unread: int) -> None:
        self._reading = None
        now = self.transport.get_write_buffer_size()
        if 0 < now < unread:
            self._look(now)
        elif now:
            self.transport.abort()

    def _stop_looking(self) -> None:
        if self._reading is not None:
            self._reading.cancel()
            self._reading = None

    def _count(self, size: int) -> None:
        self._head += size
        if self._head <= _MAX_HEAD:
            return
        if self._answering:
            self.transport.abort()  # waiting for the answer under way would let the headers grow on
        else:
            self._turn_away(400, "The headers do not end.")

    def _enter(self, part: _Part) -> None:
        self._part = part
        self._forget_deadline()

    def _watch(self) -> None:
        """Set the deadline of what is awaited from the client now. More bytes of the same do not move it."""
        if self._part is _Part.BODY:
            self._wait(self._limits.body_s)
        elif self._part is _Part.HEAD or not (self._answering or self.timeout_keep_alive_task):
            # The latter are empty lines between requests, for which uvicorn gives up its own deadline.
            self._wait(self._limits.head_s)

    def _wait(self, seconds: float) -> None:
        self._deadline = self.loop.call_later(seconds, self._give_up)

    def _forget_deadline(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _give_up(self) -> None:
        self._deadline = None
        if self.transport.is_closing():
            return
        if self.flow.read_paused:  # it is not the client who is late
            self._watch()
        elif self._part is _Part.HEAD:
            self._turn_away(408, f"The headers did not arrive within {self._limits.head_s:g} seconds.")
        elif self._answering:
            self.cycle.keep_alive = False
        else:
            self.transport.close()

    def _turn_away(self, status: int, message: str) -> None:
        """Answer what is no request and close, unless an answer is owed: then that one comes, and is the last."""
        if self._answering:
            if self.pipeline or not self.cycle.more_body:
                self.cycle.keep_alive = False
                return
            # It is the request under way that is broken: the application may not answer it as well.
            self.cycle.disconnected = True
            self.cycle.message_event.set()
            if self.cycle.response_started:
                self.transport.close()
                return
        self.transport.write(b"".join(self._refusal(status, refused(message, "BAD_REQUEST"))))
        self.transport.close()

    def _refusal(self, status: int, body: bytes) -> Iterator[bytes]:
        headers: Pairs = (
            *self.server_state.default_headers,
            (b"content-type", b"application/json; charset=utf-8"),
            (b"content-length", str(len(body)).encode()),
            (b"connection", b"close"),
            *SAFE_HEADERS,
        )
        yield STATUS_LINE[status]
        for name, value in headers:
            yield from (name, b": ", value, b"\r\n")
        yield from (b"\r\n", body)
