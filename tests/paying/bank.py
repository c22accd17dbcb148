"""A bank where every manager has an account: a payment platform that knows what is true of money, and fails if told to.

It is honest: it never tells what did not happen, does each refund once under its key, and takes no money for an order
that it took back. Its answers may be lost, and what it sends is delivered by whoever holds `sent`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

import httpx2
import msgspec

from ventanilla.backoffice_adapters.manifest import Configuration
from ventanilla.backoffice_adapters.money import Money
from ventanilla.payments.asking import Asking
from ventanilla.payments.contract import (
    CONTRACT,
    Ask,
    Capability,
    Incoming,
    Limits,
    Listing,
    News,
    NewsStatus,
    Notification,
    NotVerifiedError,
    Order,
    Platform,
    PlatformError,
    PlatformFault,
    PlatformManifest,
    PlatformRequest,
    PlatformResponse,
    PlatformSetting,
    Redirect,
    Refunded,
    RefundOrder,
    RefundState,
    Reply,
)
from ventanilla.payments.platforms import Platforms
from ventanilla.payments.registry import PlatformRegistry

NAME: Final = "bank"
LEAST, MOST = 500, 80_000
_HOST: Final = "https://bank.example"
_PART: Final = 3
"""How many payments one part of its list has."""
BACK: Final = frozenset({NewsStatus.PARTIALLY_REFUNDED, NewsStatus.REFUNDED, NewsStatus.REVERSED})


class Mood(StrEnum):
    """How somebody who is asked answers."""

    WELL = "WELL"
    AWAY = "AWAY"
    """Nothing reaches them."""
    LOSES = "LOSES"
    """What is asked is done, and the answer lost."""
    REFUSES = "REFUSES"
    """What they have not done already they do not do."""


@dataclass
class Paid:
    """One payment, as it truly stands."""

    reference: str
    payment_id: str
    minor: int
    currency: str
    paid_at: datetime
    status: NewsStatus = NewsStatus.PENDING
    refunded: int = 0

    @property
    def news(self) -> News:
        """What there is to tell of it now."""
        return News(
            reference=self.reference,
            payment_id=self.payment_id,
            status=self.status,
            amount=Money(self.minor, self.currency),
            refunded=Money(self.refunded, self.currency),
            paid_at=self.paid_at,
            method="Visa",
        )


@dataclass
class BankAccount:
    """What the bank knows of one manager's money."""

    orders: dict[str, int] = field(default_factory=dict[str, int])
    """Reference → what it is to take, in minor units."""
    taken_back: set[str] = field(default_factory=set[str])
    """References of orders that nobody can pay any more."""
    payments: dict[str, Paid] = field(default_factory=dict[str, Paid])
    refunds: dict[str, tuple[str, int]] = field(default_factory=dict[str, tuple[str, int]])
    """Key → payment and amount of what was given back under it."""
    accepted: dict[str, tuple[str, int]] = field(default_factory=dict[str, tuple[str, int]])
    """The same of what is to be given back yet."""
    sent: list[News] = field(default_factory=list[News])
    """What it has told the manager of, in order; delivered or not."""
    mood: Mood = Mood.WELL
    takes_time: bool = False
    """Whether it accepts refunds, and does them when `settle` says."""

    def pay(self, payment: Paid, status: NewsStatus) -> None:
        """Somebody pays, begins to, or fails to."""
        self.payments.setdefault(payment.payment_id, payment)
        self.tell(payment.payment_id, status)

    def tell(self, payment_id: str, status: NewsStatus) -> None:
        """A payment comes to stand otherwise, and the manager is told."""
        paid = self.payments[payment_id]
        paid.status = status
        self.sent.append(paid.news)

    def give(self, payment_id: str, minor: int, *, taken: bool = False) -> None:
        """Give back so much of a payment, or let the payer's bank take it."""
        paid = self.payments[payment_id]
        paid.refunded += minor
        whole = NewsStatus.REVERSED if taken else NewsStatus.REFUNDED
        self.tell(payment_id, whole if paid.refunded == paid.minor else NewsStatus.PARTIALLY_REFUNDED)

    def settle(self) -> None:
        """Do the refunds that were accepted, as far as there is money."""
        for key, (payment_id, minor) in self.accepted.items():
            if self.left(payment_id) >= minor:
                self.refunds[key] = payment_id, minor
                self.give(payment_id, minor)
        self.accepted.clear()

    def left(self, payment_id: str) -> int:
        """What of a payment is the manager's, in minor units."""
        paid = self.payments.get(payment_id)
        counts = paid and paid.status in {NewsStatus.CONFIRMED, NewsStatus.PARTIALLY_REFUNDED}
        return paid.minor - paid.refunded if paid and counts else 0

    def is_open(self, reference: str) -> bool:
        """Whether an order may be paid."""
        return reference in self.orders and reference not in self.taken_back

    # -- what it is asked; each answers a status and what it says

    def asked(self, path: str, told: dict[str, Any]) -> tuple[int, Any]:
        """Do what is asked, as far as it is not against its mood."""
        if self.mood is Mood.REFUSES and not self._did(path, told):
            return 422, None
        return 200, getattr(self, f"_{path}")(told)

    def _did(self, path: str, told: dict[str, Any]) -> bool:
        return {
            "order": told.get("reference") in self.orders,
            "cancel": told.get("reference") in self.taken_back,
            "refund": told.get("key") in {**self.refunds, **self.accepted},
        }.get(path, path == "refund_status")

    def _order(self, told: dict[str, Any]) -> str:
        self.orders.setdefault(told["reference"], told["minor"])
        return f"{_HOST}/pay/{told['reference']}"

    def _cancel(self, told: dict[str, Any]) -> bool:
        begun = [each for each in self.payments.values() if each.reference == told["reference"]]
        if all(each.status is NewsStatus.FAILED for each in begun):
            self.taken_back.add(told["reference"])
        return told["reference"] in self.taken_back

    def _status(self, told: dict[str, Any]) -> list[Any]:
        return [_shown(each) for each in self.payments.values() if each.reference == told["reference"]]

    def _refund(self, told: dict[str, Any]) -> str:
        key, payment_id, minor = told["key"], told["payment_id"], told["minor"]
        if key not in self.refunds and key not in self.accepted:
            under_way = sum(amount for of, amount in self.accepted.values() if of == payment_id)
            if self.left(payment_id) - under_way < minor:
                return "REFUSED"
            self.accepted[key] = payment_id, minor
            if not self.takes_time:
                self.settle()
        return self._refund_status(told)

    def _refund_status(self, told: dict[str, Any]) -> str:
        if told["key"] in self.accepted:
            return "ACCEPTED"
        return "DONE" if told["key"] in self.refunds else "REFUSED"

    def _listing(self, told: dict[str, Any]) -> list[Any]:
        found = [each for each in self.payments.values() if told["since"] <= each.paid_at.isoformat() < told["until"]]
        return [_shown(each) for each in sorted(found, key=lambda paid: (paid.paid_at, paid.payment_id))]


@dataclass
class Bank(httpx2.AsyncBaseTransport):
    """Its servers."""

    accounts: dict[str, BankAccount] = field(default_factory=dict[str, BankAccount])
    """By the manager's slug."""

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Answer a question, or fail."""
        _, slug, path = request.url.path.split("/")
        account = self.accounts[slug]
        if account.mood is Mood.AWAY:
            raise httpx2.ConnectError("away")
        status, answer = account.asked(path, json.loads(request.content))
        if account.mood is Mood.LOSES:
            raise httpx2.ReadTimeout("lost")
        return httpx2.Response(status, stream=httpx2.ByteStream(json.dumps(answer).encode()))

    def platforms(self, capabilities: frozenset[Capability]) -> Platforms:
        """The platforms of an installation that has this one alone."""
        return Platforms(PlatformRegistry({NAME: lambda: BankPlugin(capabilities)}), Asking(self))


class BankPlatform(Platform):
    """A manager's account there, as the gateway speaks to it."""

    def __init__(self, manager: str) -> None:
        self._manager = manager

    def start(self, order: Order) -> Redirect | Ask[Redirect]:
        """Tell it of an order."""
        asked = self._asks("order", reference=order.reference, minor=order.amount.minor)
        return Ask(asked, lambda answer: Redirect(url=_read(answer), platform_id=f"B-{order.reference}"))

    def notification(self, incoming: Incoming, now: datetime) -> Notification:
        """What it sends is delivered past the wire."""
        raise NotVerifiedError("none is sent", Reply(status=400))

    def hinted(self, hint: str) -> Ask[tuple[News, ...]]:
        """A hint is a reference."""
        return self.status(hint, None)

    def status(self, reference: str, platform_id: str | None) -> Ask[tuple[News, ...]]:
        """Ask for the payments of a reference."""
        return Ask(self._asks("status", reference=reference), _news)

    def refund(self, refund: RefundOrder) -> Ask[Refunded]:
        """Ask for a refund."""
        told = {"key": refund.key, "payment_id": refund.payment_id, "minor": refund.amount.minor}
        return Ask(self._asks("refund", **told), _refunded)

    def refund_status(self, refund: RefundOrder) -> Ask[Refunded]:
        """Ask what became of a refund."""
        return Ask(self._asks("refund_status", key=refund.key), _refunded)

    def cancel(self, reference: str, platform_id: str | None) -> Ask[bool]:
        """Take an order back."""
        return Ask(self._asks("cancel", reference=reference), _read)

    def listing(self, since: datetime, until: datetime, after: str | None) -> Ask[Listing]:
        """Ask for a part of what was paid."""
        start = int(after or 0)

        def read(answer: PlatformResponse) -> Listing:
            found = _news(answer)
            more = str(start + _PART) if len(found) > start + _PART else None
            return Listing(news=found[start : start + _PART], after=more)

        return Ask(self._asks("listing", since=since.isoformat(), until=until.isoformat()), read)

    def _asks(self, path: str, **told: Any) -> PlatformRequest:
        return PlatformRequest(method="POST", url=f"{_HOST}/{self._manager}/{path}", body=json.dumps(told).encode())


@dataclass
class BankPlugin:
    """What an entry point would name."""

    capabilities: frozenset[Capability]

    @property
    def manifest(self) -> PlatformManifest:
        """What it can do."""
        return PlatformManifest(
            name=NAME,
            title="The Bank",
            version="1",
            contract=CONTRACT,
            capabilities=self.capabilities,
            limits={"ARS": Limits(least=LEAST, most=MOST)},
            configuration=Configuration,
        )

    def platform(self, setting: PlatformSetting) -> Platform:
        """Make one for a manager."""
        return BankPlatform(setting.manager)


def _shown(paid: Paid) -> dict[str, Any]:
    return {
        "reference": paid.reference,
        "payment_id": paid.payment_id,
        "status": paid.status.value,
        "minor": paid.minor,
        "currency": paid.currency,
        "refunded": paid.refunded,
        "paid_at": paid.paid_at.isoformat(),
    }


def _read(answer: PlatformResponse) -> Any:
    if answer.status != 200:
        raise PlatformError(PlatformFault.REFUSED, str(answer.status))
    return json.loads(answer.body)


def _news(answer: PlatformResponse) -> tuple[News, ...]:
    return tuple(msgspec.convert(each, Paid).news for each in _read(answer))


def _refunded(answer: PlatformResponse) -> Refunded:
    state = _read(answer)
    if state == "REFUSED":
        raise PlatformError(PlatformFault.REFUSED, state)
    return Refunded(state=RefundState(state))
