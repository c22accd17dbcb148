"""A payment platform of the tests' own: pure on our side, with its servers in this process."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from typing import Any

import httpx2

from tests.world import manager
from ventanilla.backoffice_adapters.manifest import Configuration
from ventanilla.payments.asking import Asking
from ventanilla.payments.contract import (
    CONTRACT,
    Ask,
    Capability,
    Limits,
    Listing,
    Notification,
    NotVerifiedError,
    Order,
    PlatformError,
    PlatformFault,
    PlatformManifest,
    PlatformRequest,
    PlatformResponse,
    PlatformSetting,
    Redirect,
    Refunded,
    Reply,
)
from ventanilla.payments.platforms import Platforms
from ventanilla.payments.registry import PlatformRegistry
from ventanilla.store.manager import FeeBearer, Manager, PaymentChoice, PaymentFee

HOST = "https://till.example"
LEAST, MOST = 500, 150_000


class Settings(Configuration):
    """What a manager's account with the till is set to."""

    form: bool = False
    """Whether payers are sent by a form."""


class Till(httpx2.AsyncBaseTransport):
    """The platform's servers: orders by reference, and how often they were asked."""

    def __init__(self) -> None:
        self.orders: dict[str, dict[str, Any]] = {}
        self.asked = 0
        self.is_down = False
        self.refuses = False
        self.begun: set[str] = set()
        """References of orders that somebody is paying: they cannot be taken back."""
        self.waits: asyncio.Task[None] | None = None
        """What happens before it answers."""

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        await asyncio.sleep(0)
        self.asked += 1
        told = json.loads(await request.aread())
        if self.waits:
            await self.waits
        answers = {"/orders": self._ordered, "/cancel": self._cancelled}
        status = 503 if self.is_down else 422 if self.refuses else 200
        body = answers[request.url.path](told) if status == 200 else {}
        return httpx2.Response(status, stream=httpx2.ByteStream(json.dumps(body).encode()))

    def _ordered(self, told: dict[str, Any]) -> object:
        known = self.orders.setdefault(told["reference"], told)
        return {"url": f"{HOST}/pay/{known['reference']}", "id": f"T{len(self.orders)}"}

    def _cancelled(self, told: dict[str, Any]) -> object:
        return {"cancelled": told["reference"] not in self.begun}


class TillPlatform:
    """A manager's account with it."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def start(self, order: Order) -> Redirect | Ask[Redirect]:
        told = {"reference": order.reference, "amount": order.amount.minor, "return": order.return_url}
        if self._settings.form:
            return Redirect(url=f"{HOST}/form", fields=tuple((name, str(value)) for name, value in told.items()))
        more = {"notify": order.notify_url, "description": order.description, "email": order.email}
        return _ask("/orders", {**told, **more, "language": order.language}, _redirect)

    def cancel(self, reference: str, platform_id: str | None) -> Ask[bool]:
        return _ask("/cancel", {"reference": reference, "id": platform_id}, lambda told: told["cancelled"] is True)

    def notification(self, incoming: object, now: object) -> Notification:
        raise NotVerifiedError("the till sends none", Reply(status=400))

    def hinted(self, hint: str) -> Ask[Any]:
        return _ask("/hinted", {"hint": hint}, dict)

    def status(self, reference: str, platform_id: str | None) -> Ask[Any]:
        return _ask("/status", {"reference": reference}, dict)

    def refund(self, refund: object) -> Ask[Refunded]:
        return _ask("/refund", {}, lambda told: Refunded(**told))

    def listing(self, since: object, until: object, after: str | None) -> Ask[Listing]:
        return _ask("/listing", {"after": after}, lambda told: Listing(**told))


class TillPlugin:
    """What an entry point would name."""

    def __init__(self, *capabilities: Capability) -> None:
        self.manifest = PlatformManifest(
            name="till",
            title="The Till",
            version="1",
            contract=CONTRACT,
            capabilities=frozenset(capabilities),
            limits={"ARS": Limits(least=LEAST, most=MOST)},
            configuration=Settings,
        )

    def platform(self, setting: PlatformSetting) -> TillPlatform:
        return TillPlatform(setting.configuration)


def _ask(path: str, told: Mapping[str, object], read: Any) -> Ask[Any]:
    request = PlatformRequest(method="POST", url=HOST + path, body=json.dumps(told).encode())

    def answered(response: PlatformResponse) -> Any:
        if response.status != 200:
            raise PlatformError(PlatformFault.REFUSED, str(response.status))
        return read(json.loads(response.body))

    return Ask(request, answered)


def _redirect(told: Mapping[str, Any]) -> Redirect:
    return Redirect(url=told["url"], platform_id=told["id"])


def platforms(till: Till, *capabilities: Capability) -> Platforms:
    """What the gateway pays at: the till, which can do these things."""
    return Platforms(PlatformRegistry({"till": lambda: TillPlugin(*capabilities)}), Asking(till))


def paid_manager(slug: str, *, form: bool = False, fee: PaymentFee | None = None, **changes: Any) -> Manager:
    """A manager who is paid at the till; the payer bears 1.20 and 0.9 percent unless said otherwise."""
    choice = PaymentChoice(
        platform="till",
        configuration={"form": form},
        fee=fee or PaymentFee(bearer=FeeBearer.PAYER, fixed="1.20", percent="0.9"),
        return_paths=("/pagos", "/"),
    )
    return manager(slug, **{"payments": choice, **changes})
