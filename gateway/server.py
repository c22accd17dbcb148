"""The process that listens: uvicorn, with sockets of our own and an end that is no accident."""

from __future__ import annotations

import errno
import gc
import signal
import socket
from collections.abc import Callable, Generator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Final

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from ventanilla.gateway.mistake import MistakeError

_BACKLOG: Final = 2048
_MAX_HEAD: Final = 64 * 1024
"""Bytes of address and headers at which a connection is cut; the application refuses in JSON well before."""
_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM)


class _Protocol(HttpToolsProtocol):
    """HTTP with an end to its headers: uvicorn alone holds whatever comes until they are complete.

    Trailers, the headers behind a chunked body, are dropped. uvicorn would add them to the headers, where a client
    could say what only a proxy in front of us is believed.
    """

    _in_head = False
    _head = 0

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._in_head, self._head = True, 0

    def on_header(self, name: bytes, value: bytes) -> None:
        if self._in_head:
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        self._in_head = False
        super().on_headers_complete()

    def data_received(self, data: bytes) -> None:
        # What a message begins in may hold the end of the one before, so counting begins with the next part.
        begun = self._in_head
        super().data_received(data)
        if begun and self._in_head:
            self._head += len(data)
            if self._head > _MAX_HEAD and not self.transport.is_closing():
                self.send_400_response("The headers do not end.")


class _Server(uvicorn.Server):
    """A server that calls back when it listens, and whose process a signal ends with status 0."""

    def __init__(self, config: uvicorn.Config, on_ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._on_ready = on_ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start to listen and say so."""
        await super().startup(sockets)
        # What stands by now stays: left to the collector, each full round over it holds the loop for 100 ms.
        gc.collect()
        gc.freeze()
        if self.started and not self.should_exit:
            self._on_ready()

    @contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        """Let signals stop the loop. uvicorn's own way raises them again, which would end in a failure status."""
        former = {number: signal.signal(number, self.handle_exit) for number in _SIGNALS}
        try:
            yield
        finally:
            for number, handler in former.items():
                signal.signal(number, handler)


def listen(host: str, ports: Sequence[int]) -> list[socket.socket]:
    """Open a listening socket for each port, all or none; `MistakeError` tells how to go on when one is taken."""
    with ExitStack() as opened:
        sockets = [opened.enter_context(_bound(host, port, ports[-1] + 1)) for port in ports]
        opened.pop_all()
    return sockets


def _bound(host: str, port: int, free: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(_BACKLOG)
    except OSError as error:
        listener.close()
        raise MistakeError(_mend(error, host, port, free)) from None
    return listener


def _mend(error: OSError, host: str, port: int, free: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} is taken. Stop what listens there, or choose another: --port {min(free, 65_000)}"
    if error.errno == errno.EACCES:
        return f"Port {port} needs more rights than this process has. Choose one above 1023: --port 8000"
    return f"Cannot listen at {host}, port {port}: {error.strerror or error}. Choose an address of this machine."


def run(app: ASGIApp, sockets: list[socket.socket], on_ready: Callable[[], None], *, grace_s: int) -> None:
    """Serve `app` on `sockets` until SIGINT or SIGTERM, then return.

    What is under way by then may take `grace_s` more seconds; what takes longer is answered with 503.
    """
    _Server(_config(app, grace_s), on_ready).run(sockets)


def _config(app: ASGIApp, grace_s: int) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        http=_Protocol,
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        # Whom to believe is decided per request in `visit.py`, not by the peer's being local.
        proxy_headers=False,
        timeout_graceful_shutdown=grace_s,
    )
