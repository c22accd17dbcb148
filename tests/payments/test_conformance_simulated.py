"""Our platforms keep every promise against the simulators as well: two readings of each protocol meet."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx2
import pytest
from msgspec.structs import replace

from tests.payments import sides
from ventanilla.payments.asking import Asking
from ventanilla.payments.conformance.harness import NOW
from ventanilla.payments.conformance.suite import Harness, PlatformConformance
from ventanilla.payments.contract import Ask, Incoming, NewsStatus, PlatformRequest, PlatformResponse, Redirect
from ventanilla.payments.simulators.app import app_of
from ventanilla.payments.simulators.autopay import AutopayService, AutopaySimulator
from ventanilla.payments.simulators.courier import Courier
from ventanilla.payments.simulators.memory import Memory
from ventanilla.payments.simulators.mercado_pago import MercadoPagoApplication, MercadoPagoSimulator
from ventanilla.payments.simulators.records import Notice
from ventanilla.payments.simulators.refused import RefusedError
from ventanilla.payments.simulators.simulator import Shop, Simulator
from ventanilla.payments.simulators.wompi import WompiMerchant, WompiSimulator

HOST = "https://simulated.example/pay"
Make = Callable[[Any, Shop, Memory, Callable[[], datetime]], Simulator]


class SimulatedForge:
    """A simulator as the kit asks for it."""

    def __init__(self, name: str, make: Make, configuration: Any) -> None:
        shop = Shop(name="Conformance", address=f"{HOST}/{name}", notify_url="https://portal.example/payments/x")
        self._memory = Memory()
        self._now = NOW
        self._simulator = make(configuration, shop, self._memory, lambda: self._now)
        self._transport = httpx2.ASGITransport(app=app_of([self._simulator]))

    def close(self) -> None:
        self._memory.close()

    def follow(self, redirect: Redirect) -> None:
        method = "GET" if redirect.fields is None else "POST"
        data = dict(redirect.fields or ()) or None

        async def browse() -> int:
            async with httpx2.AsyncClient(transport=self._transport) as browser:
                return (await browser.request(method, redirect.url, data=data)).status_code

        if asyncio.run(browse()) != 303:
            raise ValueError(redirect.url)

    def pay(self, reference: str, status: NewsStatus, at: datetime) -> str | None:
        self._now = at
        ways = {NewsStatus.CONFIRMED: self._simulator.pay, NewsStatus.FAILED: self._simulator.fail}
        try:
            return ways.get(status, self._simulator.later)(reference).id
        except RefusedError:
            return None

    def notification(self, payment_id: str, at: datetime) -> Incoming:
        payment = self._memory.payments[payment_id]
        notice = Notice(id=f"{len(self._memory.payments):024x}", payment=payment, written_at=at, due_at=at, copies=1)
        sending = self._simulator.sending(notice, self._memory.orders[payment.reference])
        query = tuple(parse_qsl(urlsplit(sending.url).query, keep_blank_values=True))
        return Incoming(method="POST", query=query, headers=sending.headers, body=sending.body)

    def answer(self, request: PlatformRequest) -> PlatformResponse:
        return asyncio.run(Asking(self._transport).ask(Ask(request, lambda response: response)))

    def given_back(self, payment_id: str) -> int:
        return sum(refund.amount.minor for refund in self._memory.refunds_of(payment_id))


def autopay(configuration: Any, shop: Shop, memory: Memory, clock: Callable[[], datetime]) -> Simulator:
    service = AutopayService(service_id=configuration.service_id, shared_key=configuration.shared_key)
    return AutopaySimulator(shop, service, memory, clock, Courier())


def mercado_pago(configuration: Any, shop: Shop, memory: Memory, clock: Callable[[], datetime]) -> Simulator:
    application = MercadoPagoApplication(
        access_token=configuration.access_token, webhook_secret=configuration.webhook_secret
    )
    return MercadoPagoSimulator(shop, application, memory, clock, Courier())


def wompi(configuration: Any, shop: Shop, memory: Memory, clock: Callable[[], datetime]) -> Simulator:
    merchant = WompiMerchant(
        public_key=configuration.public_key,
        private_key=configuration.private_key,
        integrity_secret=configuration.integrity_secret,
        events_secret=configuration.events_secret,
    )
    return WompiSimulator(shop, merchant, memory, clock, Courier())


class Simulated(PlatformConformance):
    """A platform of ours against its simulator."""

    side: Harness
    name: str
    make: Make
    addresses: dict[str, str]

    @pytest.fixture
    def harness(self) -> Iterator[Harness]:
        made: list[SimulatedForge] = []

        def forge(configuration: Any) -> SimulatedForge:
            made.append(SimulatedForge(self.name, type(self).make, configuration))
            return made[-1]

        yield replace(self.side, configuration={**self.side.configuration, **self.addresses}, forge=forge)
        for each in made:
            each.close()


class TestAutopay(Simulated):
    side, name, make = sides.AUTOPAY, "autopay", autopay
    addresses = {"start_url": f"{HOST}/autopay/payment", "service_url": f"{HOST}/autopay"}


class TestMercadoPago(Simulated):
    side, name, make = sides.MERCADO_PAGO, "mercado_pago", mercado_pago
    addresses = {"api_url": f"{HOST}/mercado_pago"}


class TestWompi(Simulated):
    side, name, make = sides.WOMPI, "wompi", wompi
    addresses = {"checkout_url": f"{HOST}/wompi/p/", "api_url": f"{HOST}/wompi/v1"}
