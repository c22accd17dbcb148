"""What a simulator remembers: orders, what became of them, money that goes back, and notifications under way."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import msgspec

from ventanilla.backoffice_adapters.money import Money
from ventanilla.backoffice_adapters.records import Record


class PaymentState(StrEnum):
    """How one payment stands."""

    PENDING = "PENDING"
    PAID = "PAID"
    FAILED = "FAILED"
    CHARGED_BACK = "CHARGED_BACK"
    """The payer's bank took it back."""


class Telling(StrEnum):
    """How the manager's portal is told of a payment."""

    ONCE = "ONCE"
    TWICE = "TWICE"
    """Once more although the first was taken."""
    BEFORE_RETURN = "BEFORE_RETURN"
    """Before the browser is sent back."""
    OTHER_AMOUNT = "OTHER_AMOUNT"
    """The payer paid another amount than was ordered."""
    OUT_OF_ORDER = "OUT_OF_ORDER"
    """What it was before its end is told after its end."""
    NEVER = "NEVER"
    """Not at all: who wants to know has to ask."""


class SimulatedOrder(Record):
    """What somebody is to pay."""

    reference: str
    """The manager's own name for it."""
    key: str
    """Random; the name of its page, and what the platform calls it where it calls it anything."""
    amount: Money
    description: str = ""
    payer: str = ""
    language: str = ""
    """Empty: whichever the browser asks for."""
    return_url: str = ""
    """Empty: people are not sent back."""
    notify_url: str = ""
    created_at: datetime
    expires_at: datetime | None = None
    cancelled: bool = False

    @property
    def name(self) -> str:
        """What it is kept under."""
        return self.reference

    def may_be_paid(self, now: datetime) -> bool:
        """Whether it has neither run out nor been taken back."""
        return not self.cancelled and (self.expires_at is None or now < self.expires_at)


class SimulatedPayment(Record):
    """One try to pay an order."""

    id: str
    reference: str
    amount: Money
    state: PaymentState
    method: str
    created_at: datetime
    changed_at: datetime
    paid_at: datetime | None = None
    telling: Telling = Telling.ONCE
    """How the portal is told of how it ends."""
    settles_at: datetime | None = None
    """When what is pending is paid by itself."""
    refunded_minor: int = 0

    @property
    def name(self) -> str:
        """What it is kept under."""
        return self.id

    @property
    def left(self) -> Money:
        """What could still be given back."""
        paid = self.amount.minor if self.state is PaymentState.PAID else 0
        return Money(paid - self.refunded_minor if paid else 0, self.amount.currency)


class SimulatedRefund(Record):
    """Money that goes back: under way, until `done_at` has come."""

    id: str
    key: str
    """The manager's own name for it."""
    payment_id: str
    amount: Money
    asked_at: datetime
    due_at: datetime
    done_at: datetime | None = None

    @property
    def name(self) -> str:
        """What it is kept under."""
        return self.key


class Notice(Record):
    """A notification that is yet to be taken: `payment` as it was when it was written."""

    id: str
    payment: SimulatedPayment
    written_at: datetime
    due_at: datetime
    copies: int = 1
    """How often it is still sent, each taken."""
    tries: int = 0
    """How often it was sent in vain."""

    @property
    def name(self) -> str:
        """What it is kept under."""
        return self.id


class Sending(Record):
    """A notification as a request of HTTP."""

    url: str
    headers: dict[str, str]
    body: bytes


class Delivery(Record):
    """What came of sending a notification."""

    notice: Notice
    status: int | None
    """None: nobody answered."""
    taken: bool
    """Whether the reply was the right one; otherwise it is sent again later, as often as the platform does."""


Kept = SimulatedOrder | SimulatedPayment | SimulatedRefund | Notice


def changed(payment: SimulatedPayment, at: datetime, **values: object) -> SimulatedPayment:
    """The payment as it is from `at` on."""
    return msgspec.structs.replace(payment, changed_at=at, **values)
