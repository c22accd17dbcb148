"""A simulator, its platform's plug-in, and a portal that hears it: all in one process, by a clock that is moved."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx2
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from ventanilla.backoffice_adapters.money import Money
from ventanilla.payments.asking import Asking
from ventanilla.payments.contract import (
    Ask,
    Incoming,
    News,
    NotVerifiedError,
    Order,
    Platform,
    PlatformSetting,
    Redirect,
)
from ventanilla.payments.registry import PlatformRegistry
from ventanilla.payments.simulators.app import app_of
from ventanilla.payments.simulators.autopay import AutopayService, AutopaySimulator
from ventanilla.payments.simulators.courier import Courier
from ventanilla.payments.simulators.memory import Memory
from ventanilla.payments.simulators.mercado_pago import MercadoPagoApplication, MercadoPagoSimulator
from ventanilla.payments.simulators.simulator import Shop, Simulator
from ventanilla.payments.simulators.wompi import WompiMerchant, WompiSimulator

NOW = datetime(2026, 11, 15, 12, 0, tzinfo=UTC)
HOST = "http://localhost:8000"
PORTAL = "http://127.0.0.1:8001"
REFERENCE = "v7q2m4k9c3xz"
PLATFORMS = ("autopay", "mercado_pago", "wompi")
SERVICE = AutopayService(service_id="900123", shared_key="shared-key-of-tests")
APPLICATION = MercadoPagoApplication(access_token="TEST-token", webhook_secret="webhook-secret-of-tests")
MERCHANT = WompiMerchant(
    public_key="pub_test_1",
    private_key="prv_test_1",
    integrity_secret="test_integrity_1",
    events_secret="test_events_1",
)
CURRENCIES = {"autopay": "PLN", "mercado_pago": "ARS", "wompi": "COP"}


class Clock:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now

    def move(self, **by: float) -> None:
        self.now += timedelta(**by)


@dataclass
class Portal:
    """Takes notifications as a manager's portal does, and asks where they are hints."""

    platform: Platform
    clock: Clock
    heard: list[Incoming] = field(default_factory=list[Incoming])
    events: list[str] = field(default_factory=list[str])
    news: list[News] = field(default_factory=list[News])
    hints: list[str] = field(default_factory=list[str])
    deaf: bool = False
    declines: bool = False

    async def take(self, request: Request) -> Response:
        headers = {name.lower(): value for name, value in request.headers.items()}
        incoming = Incoming(
            method=request.method,
            query=tuple(request.query_params.multi_items()),
            headers=headers,
            body=await request.body(),
        )
        self.heard.append(incoming)
        if self.deaf:
            return Response(status_code=503)
        try:
            told = self.platform.notification(incoming, self.clock())
        except NotVerifiedError as error:
            return Response(error.reply.body, error.reply.status)
        self.events.append(told.event_id)
        self.news += told.news
        self.hints += filter(None, [told.hint])
        reply = told.declined if self.declines else told.accepted
        return Response(reply.body, reply.status, media_type=reply.media_type)


class Bench:
    """One platform from both sides."""

    def __init__(self, name: str, memory: Memory | None = None) -> None:
        self.clock = Clock()
        self.memory = memory or Memory()
        self.platform = platform_of(name)
        self.portal = Portal(self.platform, self.clock)
        routes = [Route(f"/payments/{name}", self.portal.take, methods=["POST"])]
        portal = httpx2.ASGITransport(app=Starlette(routes=routes))
        self.simulator = _SIMULATORS[name](self, Courier(portal))
        self.app = httpx2.ASGITransport(app=app_of([self.simulator]))
        self.asking = Asking(self.app)
        self.browser = httpx2.AsyncClient(transport=self.app, base_url=HOST)

    @property
    def shop(self) -> Shop:
        return Shop(
            name="Aguas del Ceibo", address=f"{HOST}/pay/{self.platform_name}", notify_url=self.notify_url, haste=60
        )

    @property
    def platform_name(self) -> str:
        return next(name for name in PLATFORMS if name.replace("_", "") in type(self.platform).__name__.lower())

    @property
    def notify_url(self) -> str:
        return f"{PORTAL}/payments/{self.platform_name}"

    def order(self, **changes: Any) -> Order:
        settings: dict[str, Any] = {
            "reference": REFERENCE,
            "amount": Money(1_234_500, CURRENCIES[self.platform_name]),
            "description": "Factura 0001-00012345",
            "email": "marta@vecinos.example",
            "language": "en",
            "return_url": f"{PORTAL}/checkouts/token/return",
            "notify_url": self.notify_url,
            "created_at": self.clock(),
            "expires_at": self.clock() + timedelta(hours=1),
        }
        return Order(**{**settings, **changes})

    async def started(self, **changes: Any) -> httpx2.Response:
        """The first answer to a browser that is sent to the platform."""
        started = self.platform.start(self.order(**changes))
        redirect = await self.asking.ask(started) if isinstance(started, Ask) else started
        return await self.follow(redirect)

    async def follow(self, redirect: Redirect) -> httpx2.Response:
        if redirect.fields is None:
            return await self.browser.get(redirect.url)
        return await self.browser.post(redirect.url, data=dict(redirect.fields))

    async def begin(self, **changes: Any) -> str:
        """Start to pay; the address of the platform's page."""
        answer = await self.started(**changes)
        while answer.is_redirect:
            address = answer.headers["location"]
            answer = await self.browser.get(address)
        assert answer.status_code == 200, answer.text
        return str(answer.url)

    async def status(self, reference: str = REFERENCE) -> tuple[News, ...]:
        return await self.asking.ask(self.platform.status(reference, None))

    async def told(self) -> list[News]:
        """What the portal knows by now: what it was told, and what it asked for after hints."""
        asked = [await self.asking.ask(self.platform.hinted(hint)) for hint in self.portal.hints]
        return [*self.portal.news, *(news for answer in asked for news in answer)]

    async def close(self) -> None:
        await self.browser.aclose()
        self.memory.close()


def platform_of(name: str) -> Platform:
    configuration: dict[str, dict[str, str]] = {
        "autopay": {
            "service_id": SERVICE.service_id,
            "shared_key": SERVICE.shared_key,
            "start_url": f"{HOST}/pay/autopay/payment",
            "service_url": f"{HOST}/pay/autopay",
        },
        "mercado_pago": {
            "access_token": APPLICATION.access_token,
            "webhook_secret": APPLICATION.webhook_secret,
            "api_url": f"{HOST}/pay/mercado_pago",
        },
        "wompi": {
            "public_key": MERCHANT.public_key,
            "private_key": MERCHANT.private_key,
            "integrity_secret": MERCHANT.integrity_secret,
            "events_secret": MERCHANT.events_secret,
            "checkout_url": f"{HOST}/pay/wompi/p/",
            "api_url": f"{HOST}/pay/wompi/v1",
        },
    }
    plugin = PlatformRegistry.discover().get(name)
    settings = plugin.manifest.configuration(**configuration[name])
    return plugin.platform(PlatformSetting(manager="aguas", time_zone="UTC", configuration=settings))


_SIMULATORS: dict[str, Callable[[Bench, Courier], Simulator]] = {
    "autopay": lambda bench, courier: AutopaySimulator(bench.shop, SERVICE, bench.memory, bench.clock, courier),
    "mercado_pago": lambda bench, courier: MercadoPagoSimulator(
        bench.shop, APPLICATION, bench.memory, bench.clock, courier
    ),
    "wompi": lambda bench, courier: WompiSimulator(bench.shop, MERCHANT, bench.memory, bench.clock, courier),
}


def fields_of(address: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(address).query))
