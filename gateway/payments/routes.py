"""``POST /payments/…``: notifications of the manager's payment platform, written down before they are answered.

Nothing but its signature speaks for a notification: no session is looked at. It is answered at once, whatever there is
to do: neither an office nor the platform is asked before that. A platform repeats what it got no answer to.
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Coroutine, Sequence
from contextlib import suppress
from math import ceil
from typing import Any, Final, TypeVar
from urllib.parse import parse_qsl

import structlog
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from ventanilla.auth.attempts import network_of
from ventanilla.backoffice_adapters.database import DatabaseUnavailableError
from ventanilla.gateway.body import read_body
from ventanilla.gateway.budget import RATE_LIMITED, Budget, OverBudgetError
from ventanilla.gateway.heads import headers_of
from ventanilla.gateway.lobby import Lobby, unavailable
from ventanilla.gateway.refusal import RefusalError
from ventanilla.gateway.threshold import notes_of
from ventanilla.gateway.visit import Network, visit_of
from ventanilla.payments.contract import (
    Incoming,
    Notification,
    NotVerifiedError,
    Platform,
    PlatformError,
    Reply,
)
from ventanilla.resolvers import payment_news
from ventanilla.resolvers.context import Services
from ventanilla.store.manager import Manager

PATH: Final = "/payments/{platform}"
MOST_BYTES: Final = 64 * 1024
"""How long a notification may be."""
ANSWERED_S: Final = 2.0
"""Within how long one is answered once it is there, if only that it has to come again."""
FORGERIES: Final = 60
"""How many notifications that are not the platform's are looked at in a minute, from one network address."""
_MOST_PARAMETERS: Final = 100
T = TypeVar("T")
_log = structlog.get_logger("ventanilla.payments")


def payment_routes(lobby: Lobby, services: Services, trusted: Sequence[Network]) -> list[BaseRoute]:
    """The route that platforms notify."""
    desk = _Desk(lobby, services, trusted)
    return [Route(PATH, desk.notified, methods=["POST"])]


class _Desk:
    """Where notifications of all managers' platforms come in."""

    def __init__(self, lobby: Lobby, services: Services, trusted: Sequence[Network]) -> None:
        self._lobby = lobby
        self._services = services
        self._trusted = trusted
        self._forgeries = Budget(FORGERIES, sys.maxsize)
        self._not_verified = 0
        self._begun: set[asyncio.Task[Any]] = set()

    async def notified(self, request: Request) -> Response:
        """Take a notification, and answer as the platform wants it."""
        begun = time.monotonic()
        manager = await self._in_time(self._lobby.manager(request.scope), ANSWERED_S)
        notes_of(request.scope)["manager"] = manager.slug
        name: str = request.path_params["platform"]
        platform = self._platform(manager, name)
        left = ANSWERED_S - (time.monotonic() - begun)
        network = network_of(visit_of(request.scope, self._trusted).address)
        self._refuse_flood(manager, network)
        body = await read_body(headers_of(request.scope), request.receive, MOST_BYTES)
        try:
            notification = platform.notification(_incoming(request, body), self._services.clock())
        except NotVerifiedError as error:
            self._count(request, manager, network)
            return _sent(error.reply)
        return _sent(await self._in_time(self._written(manager, name, notification), left))

    def _platform(self, manager: Manager, name: str) -> Platform:
        """The manager's platform, if it is the one that is named: any other address is none."""
        if manager.payments is None or manager.payments.platform != name:
            raise HTTPException(404)
        try:
            platform = self._services.platforms.of(manager)
        except PlatformError:
            platform = None
        if platform is None:
            raise RefusalError(
                503,
                "The platform's settings are being mended. Send it again.",
                code="OVERLOADED",
                headers={"retry-after": "60"},
            )
        return platform

    def _refuse_flood(self, manager: Manager, network: str) -> None:
        try:
            self._forgeries.check(manager.slug, network)
        except OverBudgetError as error:
            wait = ceil(error.standing.resets_in_s)
            raise RefusalError(
                429,
                f"Too many notifications came from here that are not the platform's. Come again in {wait} seconds.",
                code=RATE_LIMITED,
                headers={"retry-after": str(wait)},
                close=True,
            ) from None

    def _count(self, request: Request, manager: Manager, network: str) -> None:
        """Count what is not the platform's; the log says how often that was, and nothing of what was sent."""
        with suppress(OverBudgetError):  # of many at the same moment
            self._forgeries.spend(manager.slug, network, 1)
        self._not_verified += 1
        notes_of(request.scope)["code"] = "NOT_VERIFIED"
        _log.warning(
            "notification not verified",
            manager=manager.slug,
            platform=request.path_params["platform"],
            count=self._not_verified,
        )

    async def _written(self, manager: Manager, platform: str, notification: Notification) -> Reply:
        services = self._services
        reply = await payment_news.hear(services.store, manager.slug, platform, notification, services.clock())
        services.wake_worker()
        return reply

    async def _in_time(self, answer: Coroutine[Any, Any, T], seconds: float) -> T:
        """What the database says within so many seconds; else 503, so that it is sent again.

        What takes longer goes on: to undo it would take as long, and what is sent again is known by then.
        """
        task = asyncio.create_task(answer)
        self._begun.add(task)
        task.add_done_callback(self._ended)
        try:
            await asyncio.wait({task}, timeout=seconds)
            if not task.done():
                raise unavailable(DatabaseUnavailableError())
            return task.result()
        except DatabaseUnavailableError as error:
            raise unavailable(error) from None
        except asyncio.CancelledError:
            task.cancel()
            raise

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._begun.discard(task)
        if not task.cancelled():
            task.exception()  # of which the platform hears when it comes again, if nobody waits for it now


def _incoming(request: Request, body: bytes) -> Incoming:
    """The request as a platform reads it."""
    headers = headers_of(request.scope)
    text = request.scope["query_string"].decode("ascii", "replace")
    try:
        query = parse_qsl(text, keep_blank_values=True, max_num_fields=_MOST_PARAMETERS)
    except ValueError:
        raise RefusalError(400, f"An address may have at most {_MOST_PARAMETERS} parameters.") from None
    return Incoming(
        method=request.method,
        query=tuple(query),
        headers={name: ",".join(headers.getlist(name)) for name in headers},
        body=body,
    )


def _sent(reply: Reply) -> Response:
    return Response(reply.body, reply.status, media_type=reply.media_type)
