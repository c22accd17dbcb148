"""One WebSocket: uvicorn's, with an end to clients that do not read, do not answer or do not close."""

from __future__ import annotations

import asyncio
from typing import Any, Final

from uvicorn import Config
from uvicorn.protocols.utils import ClientDisconnected
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import CloseCode, Frame
from websockets.http11 import Response
from websockets.server import ServerProtocol
from websockets.typing import StatusLike

from ventanilla.gateway.answer import refused
from ventanilla.gateway.connection import State
from ventanilla.gateway.threshold import SAFE_HEADERS

_NO_HANDSHAKE: Final = (
    "This opens no WebSocket: send GET with one Sec-WebSocket-Version 13, one Sec-WebSocket-Key of 16 bytes in base64,"
    " at most one Origin, and lists that are well-formed."
)
_CLOSE_S: Final = 5.0
"""For so long a client may take to answer that we close."""
_AT_ONCE: Final = 4_096
"""Bytes that are read in one turn. A frame may have six, and none of what was read waits for anybody's turn."""
_MOST_FRAMES: Final = 2_000
"""Frames that begin no message, namely pings, pongs and further fragments, which may come between two pings of ours."""


class _Handshake(ServerProtocol):
    """The library's judgement of a handshake, told in our own words and in JSON."""

    def reject(self, status: StatusLike, text: str) -> Response:
        """Make the answer to what is none."""
        response = super().reject(status, refused(_NO_HANDSHAKE, "BAD_REQUEST").decode())
        del response.headers["content-type"]
        safe = {name.decode(): value.decode() for name, value in SAFE_HEADERS}
        response.headers.update({"content-type": "application/json; charset=utf-8", **safe})
        return response


class SocketConnection(WebSocketsSansIOProtocol):
    """A WebSocket whose client is cut once it leaves a ping unanswered.

    A ping waits behind all that was sent before, so it also finds out who does not read. What waits to be sent is
    bounded: the application stops at the transport's high-water mark. What comes is read a little at a time, for the
    application sees no pings and no fragments, and could not slow them down.
    """

    def __init__(
        self,
        config: Config,
        server_state: State,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        # Without extensions: compression takes memory for each socket, and lets a small message grow into a large one.
        self.conn = _Handshake(max_size=config.ws_max_size, logger=self.logger)
        self.ping_interval = server_state.limits.ping_s
        self.ping_timeout = server_state.limits.pong_s
        self._frames = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take the connection over, and read less of it at once than asyncio does."""
        super().connection_made(transport)
        self.transport.max_size = _AT_ONCE  # pyright: ignore[reportAttributeAccessIssue]  asyncio's types leave it out

    def handle_cont(self, event: Frame) -> None:
        """Keep one more fragment of a message, unless there are too many."""
        if self._may_come():
            super().handle_cont(event)

    def handle_ping(self) -> None:
        """Answer a ping, unless there are too many."""
        if self._may_come():
            super().handle_ping()

    def handle_pong(self, event: Frame) -> None:
        """Take an answer to a ping of ours, unless there are too many."""
        if self._may_come():
            super().handle_pong(event)

    def send_receive_event_to_app(self) -> None:
        """Hand a message over. One that is no text is the client's mistake, and no error of ours with a stack."""
        if self.curr_msg_data_type == "text" and not _is_utf_8(b"".join(self.frames)):
            self._fail(CloseCode.INVALID_DATA, "A text must be in UTF-8.")
        else:
            super().send_receive_event_to_app()

    def send_keepalive_ping(self) -> None:
        """Ask the client whether it is there; cut it if it has been told the end, and did not read that."""
        self._frames = 0
        if self.transport.is_closing():
            self.transport.abort()
        else:
            super().send_keepalive_ping()

    def keepalive_timeout(self) -> None:
        """Cut the client: a polite end would wait for what it does not read."""
        self.transport.abort()

    def shutdown(self) -> None:
        """Leave the end to the application, which the server has told before, unless it came already."""
        if self.close_sent:
            super().shutdown()

    async def send(self, message: Any) -> None:
        """Send, and do not wait for long once the end was said. Raises `OSError` when it was said before."""
        if self.close_sent:
            raise ClientDisconnected
        await super().send(message)
        if self.close_sent:
            self.handshake_complete = True  # by a refusal too, of which uvicorn would log an error
        if self.close_timer is not None:
            self.close_timer.cancel()
            self.close_timer = self.loop.call_later(_CLOSE_S, self.transport.abort)

    def _may_come(self) -> bool:
        """Count a frame that begins no message; False if it has come after the end, or is one too many, which is it."""
        self._frames += 1
        if self._frames > _MOST_FRAMES:
            self._fail(CloseCode.POLICY_VIOLATION, "Too many pings, pongs or fragments.")
        return not self.transport.is_closing()

    def _fail(self, code: CloseCode, reason: str) -> None:
        if not self.close_sent:
            self.conn.fail(code, reason)
            self.handle_parser_exception()


def _is_utf_8(text: bytes) -> bool:
    try:
        text.decode()
    except UnicodeDecodeError:
        return False
    return True
