"""Refunds that staff ask for: of what was paid and is not going back already, once under each key."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from hashlib import sha256
from typing import Final, NamedTuple
from uuid import uuid4

import msgspec
from sqlmodel import col, select

from ventanilla.backoffice_adapters.money import Money
from ventanilla.backoffice_adapters.records import Record, ReversalKind
from ventanilla.store import checkouts, payment_returns, platform_payments
from ventanilla.store.payment_states import Booking
from ventanilla.store.payment_states import PaymentReturnState as State
from ventanilla.store.tables import CheckoutRow, PersonRow, PlatformPaymentRow
from ventanilla.store.tables import PaymentReturnRow as Row
from ventanilla.store.tenancy import Work

_PAID: Final = frozenset({Booking.DUE.value, Booking.BOOKED.value})


class NotRequested(StrEnum):
    """Why nothing goes back."""

    NOT_FOUND = "NOT_FOUND"
    NOT_PAID = "NOT_PAID"
    """Nothing was paid, or only what does not fit: that is decided about as a stray."""
    AMOUNT_INVALID = "AMOUNT_INVALID"
    """It is not positive, or finer than the currency."""
    AMOUNT_TOO_LARGE = "AMOUNT_TOO_LARGE"
    """It is more than is left: `Against.left` says how much that is."""
    REFUND_NOT_SUPPORTED = "REFUND_NOT_SUPPORTED"
    PARTIAL_NOT_SUPPORTED = "PARTIAL_NOT_SUPPORTED"
    IDEMPOTENCY_CONFLICT = "IDEMPOTENCY_CONFLICT"
    """The key was used for something else."""


class Against(Record):
    """What stands against a refund."""

    reason: NotRequested
    left: Money | None = None


class RefundAbility(Record):
    """What the manager's platform can give back when it is asked to."""

    platform: str | None
    """None where nobody pays through the portal now."""
    whole: bool = False
    part: bool = False

    def lacks(self, payment: PlatformPaymentRow, minor: int) -> NotRequested | None:
        """Why so much of a payment cannot be asked for; None if it can."""
        if payment.platform != self.platform or not self.whole:
            return NotRequested.REFUND_NOT_SUPPORTED
        return None if self.part or minor == payment.amount_minor else NotRequested.PARTIAL_NOT_SUPPORTED


class RefundRequest(Record):
    """What somebody of the staff wants to give back."""

    checkout_id: str
    amount: str | None
    """A plain decimal of the checkout's currency; None for all that is left."""
    reason: str
    person_id: str
    key: str
    """The client's own; the same key asks for the same."""


class Requested(NamedTuple):
    """A refund that was asked for."""

    row: Row
    checkout: CheckoutRow
    again: bool
    """Whether it had been asked for before, under the same key."""


async def request(work: Work, wanted: RefundRequest, ability: RefundAbility, now: datetime) -> Requested | Against:
    """Let money of a checkout go back; for a key that was used for the same, the refund that it stands for."""
    await _alone(work, wanted.person_id)
    known = await _before(work, wanted)
    if known and known.asked != _asked(wanted):
        return Against(reason=NotRequested.IDEMPOTENCY_CONFLICT)
    checkout = await checkouts.held(work, wanted.checkout_id)
    if checkout is None:
        return Against(reason=NotRequested.NOT_FOUND)
    if known:
        return Requested(known, checkout, again=True)
    chosen = await _chosen(work, checkout, wanted.amount)
    if isinstance(chosen, Against):
        return chosen
    payment, minor = chosen
    if lacking := ability.lacks(payment, minor):
        return Against(reason=lacking)
    row = requested(payment, minor, wanted.reason, wanted.person_id, now)
    row.idempotency_key, row.asked = _digest(wanted.key), _asked(wanted)
    work.add(row)
    await work.flush()
    return Requested(row, checkout, again=False)


def requested(payment: PlatformPaymentRow, minor: int, reason: str, person_id: str, now: datetime) -> Row:
    """A row that asks the platform for a refund; add it."""
    return Row(
        id=uuid4().hex,
        platform_payment_id=payment.id,
        kind=ReversalKind.REFUND.value,
        amount_minor=minor,
        reason=reason,
        requested_by=person_id,
        state=State.REQUESTED.value,
        created_at=now,
        due_at=now,
    )


async def _alone(work: Work, person_id: str) -> None:
    """Let the same person ask for nothing else meanwhile: of two requests under one key the second finds the first."""
    person = select(PersonRow.id).where(col(PersonRow.id) == person_id)
    await work.exec(person.with_for_update(key_share=True))


async def _before(work: Work, wanted: RefundRequest) -> Row | None:
    ours = (col(Row.requested_by) == wanted.person_id, col(Row.idempotency_key) == _digest(wanted.key))
    return (await work.exec(select(Row).where(*ours))).first()


async def _chosen(work: Work, checkout: CheckoutRow, amount: str | None) -> tuple[PlatformPaymentRow, int] | Against:
    """Of which payment so much is left, and how much of it goes back, in minor units."""
    minor = None if amount is None else _minor(amount, checkout.currency)
    if minor is not None and minor <= 0:
        return Against(reason=NotRequested.AMOUNT_INVALID)
    paid = [row for row in await platform_payments.of_checkout(work, checkout.id) if row.booking in _PAID]
    if not paid:
        return Against(reason=NotRequested.NOT_PAID)
    lefts = await _lefts(work, paid)
    for row, left in zip(paid, lefts, strict=True):
        if left >= (minor or 1):
            return row, minor or left
    return Against(reason=NotRequested.AMOUNT_TOO_LARGE, left=Money(max(lefts), checkout.currency))


async def _lefts(work: Work, payments: Sequence[PlatformPaymentRow]) -> list[int]:
    """What of each may go back yet, in minor units."""
    claimed = [payment_returns.claimed(await payment_returns.of_payment(work, row.id)) for row in payments]
    return [row.amount_minor - gone for row, gone in zip(payments, claimed, strict=True)]


def _minor(amount: str, currency: str) -> int:
    """An amount in minor units; 0 for one that is finer than the currency."""
    try:
        return Money.parse(amount, currency).minor
    except ValueError:
        return 0


def _asked(wanted: RefundRequest) -> str:
    amount = None if wanted.amount is None else str(Decimal(wanted.amount).normalize())
    return sha256(msgspec.json.encode([wanted.checkout_id, amount, wanted.reason])).hexdigest()


def _digest(key: str) -> str:
    return sha256(key.encode(errors="surrogatepass")).hexdigest()
