"""All simulators of a process as one application: each under ``/pay/`` and its platform's name."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from typing import Final

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import Response
from starlette.routing import Mount
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ventanilla.payments.simulators.hosted import hosted_routes
from ventanilla.payments.simulators.simulator import Simulator

PATH: Final = "/pay"
_TURN_S: Final = 0.25
_log = logging.getLogger(__name__)


def app_of(simulators: Sequence[Simulator]) -> Starlette:
    """What answers for them. Nobody is told anything before `delivering`, or `Simulator.deliver`."""
    app = Starlette(routes=[_mounted(each) for each in simulators])
    app.router.redirect_slashes = False
    return app


@asynccontextmanager
async def delivering(simulators: Sequence[Simulator]) -> AsyncGenerator[None]:
    """Let everything come to pass at its time, as long as this is open."""
    tasks = [asyncio.create_task(_deliver(each), name=f"simulator of {each.title}") for each in simulators]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


class _Line:
    """ASGI middleware: the line between a simulator and who asks it, which may lose an answer."""

    def __init__(self, app: ASGIApp, simulator: Simulator) -> None:
        self._app = app
        self._simulator = simulator

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request on, and its answer unless it gets lost."""
        if not self._simulator.is_lost():
            await self._app(scope, receive, send)
            return
        await self._app(scope, receive, _nowhere)
        await Response(status_code=504)(scope, receive, send)


async def _nowhere(message: Message) -> None:
    """Where a lost answer goes."""


def _mounted(simulator: Simulator) -> Mount:
    return Mount(
        f"{PATH}/{simulator.name}",
        routes=[*simulator.routes(), *hosted_routes(simulator)],
        middleware=[Middleware(_Line, simulator)],
    )


async def _deliver(simulator: Simulator) -> None:
    while True:
        try:
            await simulator.deliver()
        except Exception:  # noqa: BLE001  what goes wrong once must not end it: the next turn tries anew
            _log.exception("a simulated platform could not do what was due")
        await asyncio.sleep(_TURN_S)
