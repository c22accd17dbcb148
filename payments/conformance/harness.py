"""What the kit must know of a platform, and the bench that its checks work at."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Protocol, TypeVar

from ventanilla.backoffice_adapters.manifest import secret_fields
from ventanilla.backoffice_adapters.money import Money
from ventanilla.backoffice_adapters.records import Record
from ventanilla.payments.contract import (
    Ask,
    Capability,
    Incoming,
    News,
    NewsStatus,
    Notification,
    Order,
    PlatformPlugin,
    PlatformRequest,
    PlatformResponse,
    PlatformSetting,
    Redirect,
)
from ventanilla.payments.registry import PlatformRegistry

T = TypeVar("T")
NOW: Final = datetime(2026, 3, 2, 15, 4, 5, tzinfo=UTC)
"""The moment that the kit works at."""
UNDER_TEST: Final = "under_test"


class Forge(Protocol):
    """The platform's other side, with the keys of the configuration under test: it takes orders, is paid, and tells."""

    def follow(self, redirect: Redirect) -> None:
        """Do what a browser does that is sent there: from now on the order is known. `ValueError` for a bad one."""
        ...

    def pay(self, reference: str, status: NewsStatus, at: datetime) -> str | None:
        """Let another payment of a known order stand so, and give its id; None where no payment ever stands so."""
        ...

    def notification(self, payment_id: str, at: datetime) -> Incoming:
        """What the platform sends about a payment as it stands, signed."""
        ...

    def answer(self, request: PlatformRequest) -> PlatformResponse:
        """What the platform's servers answer."""
        ...

    def given_back(self, payment_id: str) -> int:
        """How much of a payment went back, in minor units."""
        ...


class Harness(Record):
    """What the kit must know of a platform: the plug-in, settings to use it with, and its other side."""

    plugin: Any
    """The `PlatformPlugin`."""
    configuration: Mapping[str, Any]
    """Settings as they stand in a manager's file: secrets are ``env:NAME`` or ``file:PATH``."""
    forge: Callable[[Any], Forge]
    """Makes another side with nothing in it; called for each check with the configuration, its secrets read."""


class Bench:
    """A platform under test and its other side, with nothing ordered yet."""

    def __init__(self, harness: Harness) -> None:
        self.harness = harness
        self.plugin: PlatformPlugin = harness.plugin
        self.manifest = self.plugin.manifest
        self.configuration = PlatformRegistry({UNDER_TEST: lambda: harness.plugin}).configure(
            UNDER_TEST, harness.configuration
        )
        self.setting = PlatformSetting(
            manager="conformance", time_zone="America/Bogota", configuration=self.configuration
        )
        self.platform = self.plugin.platform(self.setting)
        self.forge = harness.forge(self.configuration)
        self._references = itertools.count(1)

    def secrets(self) -> dict[str, str]:
        """Field → secret, of what the configuration holds."""
        names = secret_fields(type(self.configuration))
        return {name: value for name in names if isinstance(value := getattr(self.configuration, name), str) and value}

    def has(self, capability: Capability) -> bool:
        """Whether the manifest names it."""
        return capability in self.manifest.capabilities

    def currency(self) -> str:
        """One that is taken."""
        return min(self.manifest.limits)

    def order(self, amount: Money | None = None) -> Order:
        """Another order; without an amount of one that every way of paying takes."""
        number = next(self._references)
        return Order(
            reference=f"kit{number:09}z",
            amount=amount or Money(self.manifest.limits[self.currency()].least + 250_000, self.currency()),
            description=f"Ñandú — opłata nr {number}",
            email="payer@example.com",
            language="es",
            return_url="https://portal.example/checkouts/t0k3n/return",
            notify_url="https://portal.example/payments/platform",
            created_at=NOW,
            expires_at=NOW + timedelta(hours=1),
        )

    def ask(self, ask: Ask[T]) -> T:
        """Let the other side answer, and read it."""
        return ask.read(self.forge.answer(ask.request))

    def start(self, order: Order) -> Redirect:
        """Where the payer is sent, asked for if it has to be."""
        started = self.platform.start(order)
        return self.ask(started) if isinstance(started, Ask) else started

    def paid(self, order: Order, status: NewsStatus = NewsStatus.CONFIRMED) -> str | None:
        """Let somebody be sent there and pay; None where no payment ever stands so."""
        self.forge.follow(self.start(order))
        return self.forge.pay(order.reference, status, NOW)

    def heard(self, payment_id: str) -> Notification:
        """What the platform makes of the notification about a payment."""
        return self.platform.notification(self.forge.notification(payment_id, NOW), NOW)

    def told(self, notification: Notification) -> tuple[News, ...]:
        """What it tells, asked for if it is only a hint."""
        if notification.hint is None:
            return notification.news
        return self.ask(self.platform.hinted(notification.hint))
