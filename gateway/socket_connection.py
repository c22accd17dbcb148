"""One WebSocket: uvicorn's, with an end to clients that do not read, do not answer or do not close."""

from __future__ import annotations

import asyncio
from typing import Any, Final

from uvicorn import Config
from uvicorn.protocols.utils import ClientDisconnected
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
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


class _Handshake(ServerProtocol):
    """The library's judgement of a handshake, told in our own words and in JSON."""

    def reject(self, status: StatusLike, text: str) -> Response:
        """Make the answer to what is none."""
        response = super().reject(status, refused(_NO_HANDSHAKE, "BAD_REQUEST").decode())
        del response.headers["content-type"]
        response.headers.update({"content-type": "application/json; charset=utf-8", **SAFE_HEADERS})
        return response


class SocketConnection(WebSocketsSansIOProtocol):
    """A WebSocket whose client is cut once it leaves a ping unanswered.

    A ping waits behind all that was sent before, so it also finds out who does not read. What waits to be sent is
    bounded: the application stops at the transport's high-water mark.
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
        if self.close_timer is not None:
            self.close_timer.cancel()
            self.close_timer = self.loop.call_later(_CLOSE_S, self.transport.abort)
