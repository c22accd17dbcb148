"""The process that serves: uvicorn, on sockets of our own, with an end in which no request is lost."""

from __future__ import annotations

import asyncio
import gc
import resource
import signal
import socket
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import Final

import uvicorn
from starlette.types import ASGIApp

from ventanilla.gateway.connection import Connection, Limits, State
from ventanilla.gateway.leaving import STATE
from ventanilla.gateway.socket_connection import SocketConnection

DRAIN: Final = signal.SIGUSR1
"""Asks for no end yet: every answer closes its connection, so that clients move on to a process beside this one."""
KEEP_ALIVE_S: Final = 10
"""How long a connection on which nothing is asked stays open."""
_STOP: Final = (signal.SIGINT, signal.SIGTERM)
_LATE_S: Final = 1.0
"""For so long clients that did not know of the end may still ask on an open connection."""
_YOUNG: Final = 3_000
"""After how many new objects the collector looks among them for circles. A list of a hundred rows makes a thousand,
none in a circle; looked at by tens of thousands, they would hold the loop for 0.1 s now and then."""
_TURN_S: Final = 0.02
"""Enough for what was accepted to become a connection."""


class _Server(uvicorn.Server):
    """A server that calls back when it listens, drains, and whose process a signal ends with status 0."""

    server_state: State

    def __init__(self, config: uvicorn.Config, on_ready: Callable[[], None], limits: Limits) -> None:
        super().__init__(config)
        self.server_state = State(limits)
        self._on_ready = on_ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start to listen and say so."""
        self.lifespan.state[STATE] = self.server_state.leaving
        await super().startup(sockets)
        # What stands by now stays: left to the collector, each full round over it holds the loop for 100 ms.
        gc.collect()
        gc.freeze()
        gc.set_threshold(_YOUNG, 10, 10)
        if self.started and not self.should_exit:
            self._on_ready()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Drain, and unless that was all that was asked for, stop."""
        self.server_state.drain()
        if sig != DRAIN:
            super().handle_exit(sig, frame)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Accept nobody any more, serve those who are late, then close what is idle and wait for the rest."""
        self.server_state.drain()
        await self._stop_listening(sockets or [])
        await self._until_all_left(min(_LATE_S, self.config.timeout_graceful_shutdown or 0))
        await super().shutdown(sockets)

    async def _stop_listening(self, sockets: list[socket.socket]) -> None:
        # asyncio drops what it has accepted but not yet set up when its server closes, so accepting ends before.
        for listener in sockets:
            asyncio.get_running_loop().remove_reader(listener)
        await asyncio.sleep(_TURN_S)
        for server in self.servers:
            server.close()

    async def _until_all_left(self, seconds: float) -> None:
        for _ in range(round(seconds / _TURN_S)):
            if not self.server_state.connections or self.force_exit:
                return
            await asyncio.sleep(_TURN_S)

    @contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        """Let signals stop the loop. uvicorn's own way raises them again, which would end in a failure status."""
        former = {number: signal.signal(number, self.handle_exit) for number in (*_STOP, DRAIN)}
        try:
            yield
        finally:
            for number, handler in former.items():
                signal.signal(number, handler)


def run(
    app: ASGIApp, sockets: list[socket.socket], on_ready: Callable[[], None], *, grace_s: int, message_limit: int
) -> None:
    """Serve `app` on `sockets` until SIGINT or SIGTERM, then return.

    A message of a WebSocket may have `message_limit` bytes: over it, the socket is closed with 1009.
    What is under way by then may take `grace_s` more seconds; what takes longer is answered with 503. With the signal
    `DRAIN` before that, each answer closes its connection while new ones are still served.
    """
    _take_descriptors()
    _Server(_config(app, grace_s, message_limit), on_ready, Limits()).run(sockets)


def _take_descriptors() -> None:
    """Take as many file descriptors as this process may: the usual 1,024 are fewer than the sockets of one manager."""
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    with suppress(ValueError, OSError):  # where there is no bound, some systems take none
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def _config(app: ASGIApp, grace_s: int, message_limit: int) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        http=Connection,
        ws=SocketConnection,
        ws_max_size=message_limit,
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        # Whom to believe is decided per request in `visit.py`, not by the peer's being local.
        proxy_headers=False,
        timeout_keep_alive=KEEP_ALIVE_S,
        timeout_graceful_shutdown=grace_s,
    )
