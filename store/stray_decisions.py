"""What staff decide about money that does not fit: booked as it came, given back, or dealt with elsewhere; once each.

Of two who decide at the same moment one does: the other finds it resolved.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from sqlmodel import col, select

from ventanilla.store import checkouts, payment_returns, refund_requests, strays
from ventanilla.store.payment_states import (
    Booking,
    CheckoutState,
    PaymentReturnState,
    StrayKind,
    StrayResolution,
    StrayState,
)
from ventanilla.store.refund_requests import NotRequested, RefundAbility
from ventanilla.store.tables import CheckoutRow, PaymentReturnRow, PlatformPaymentRow, StrayPaymentRow
from ventanilla.store.tenancy import Work

_BOOKABLE: Final = frozenset({
    StrayKind.AMOUNT_MISMATCH, StrayKind.PAID_TWICE, StrayKind.BOOKING_REFUSED, StrayKind.MISSING_AT_OFFICE,
})  # fmt: skip
"""Kinds whose payment an office can be told of, perhaps once more."""
_UNBOOKED: Final = frozenset({Booking.REVIEW.value, Booking.REFUSED.value})


def possible(kind: StrayKind, state: StrayState) -> tuple[StrayResolution, ...]:
    """What may be decided about a stray, as far as its kind tells; nothing once it was dealt with.

    What the office or the platform cannot do, or no money is left for, is refused to who decides it.
    """
    if state is not StrayState.OPEN:
        return ()
    book = kind in _BOOKABLE or kind is StrayKind.RETURN_REFUSED
    able = ((StrayResolution.BOOKED, book), (StrayResolution.REFUNDED, kind in strays.COMING))
    return (*(how for how, may in able if may), StrayResolution.DISMISSED)


class NotDecided(StrEnum):
    """Why nothing was done."""

    NOT_FOUND = "NOT_FOUND"
    ALREADY_RESOLVED = "ALREADY_RESOLVED"
    NOT_BOOKABLE = "NOT_BOOKABLE"
    """There is no account that it could be booked for, or nothing to be booked."""
    NOT_REFUNDABLE = "NOT_REFUNDABLE"
    """It is no money that could be given back, or nothing of it is left."""
    REFUND_NOT_SUPPORTED = "REFUND_NOT_SUPPORTED"
    PARTIAL_NOT_SUPPORTED = "PARTIAL_NOT_SUPPORTED"


@dataclass(frozen=True, slots=True)
class Decision:
    """A stray that is open, and all that it is about, held."""

    stray: StrayPaymentRow
    payment: PlatformPaymentRow | None
    checkout: CheckoutRow | None
    returns: Sequence[PaymentReturnRow]


async def book(work: Work, stray_id: str, *, by: str, now: datetime) -> Decision | NotDecided:
    """Let the office be told of it as it came, under the key that it has: once, if the office knows it already."""
    held = await _held(work, stray_id)
    if isinstance(held, NotDecided):
        return held
    if not (_book_payment(held, now) or _book_return(held, now)):
        return NotDecided.NOT_BOOKABLE
    if held.checkout:
        await checkouts.move(work, held.checkout, CheckoutState.SUCCEEDED, now)
    return await _resolved(work, held, StrayResolution.BOOKED, by=by, now=now)


async def refund(
    work: Work, stray_id: str, ability: RefundAbility, reason: str, *, by: str, now: datetime
) -> Decision | NotDecided:
    """Give back what is left of it. It is open again, should the platform refuse to."""
    held = await _held(work, stray_id)
    if isinstance(held, NotDecided):
        return held
    if held.payment is None or StrayKind(held.stray.kind) not in strays.COMING:
        return NotDecided.NOT_REFUNDABLE
    left = held.payment.amount_minor - payment_returns.claimed(held.returns)
    if left <= 0:
        return NotDecided.NOT_REFUNDABLE
    if lacking := ability.lacks(held.payment, left):
        return _LACKING[lacking]
    work.add(refund_requests.requested(held.payment, left, reason, by, now))
    return await _resolved(work, held, StrayResolution.REFUNDED, by=by, now=now)


_LACKING: Final = {
    NotRequested.REFUND_NOT_SUPPORTED: NotDecided.REFUND_NOT_SUPPORTED,
    NotRequested.PARTIAL_NOT_SUPPORTED: NotDecided.PARTIAL_NOT_SUPPORTED,
}


async def dismiss(work: Work, stray_id: str, note: str, *, by: str, now: datetime) -> Decision | NotDecided:
    """Take it that it was dealt with elsewhere: nothing is booked or given back here."""
    held = await _held(work, stray_id)
    if isinstance(held, NotDecided):
        return held
    if held.payment and StrayKind(held.stray.kind) in strays.COMING:
        await payment_returns.dismiss(work, held.payment, held.checkout)
    return await _resolved(work, held, StrayResolution.DISMISSED, by=by, now=now, note=note)


async def _held(work: Work, stray_id: str) -> Decision | NotDecided:
    """An open stray; checkout and payment are held before it, as everybody does."""
    about = select(StrayPaymentRow.platform_payment_id).where(col(StrayPaymentRow.id) == stray_id)
    payment_id = (await work.exec(about)).first()
    payment, checkout = (await payment_returns.held(work, payment_id) if payment_id else None) or (None, None)
    returns = await payment_returns.of_payment(work, payment.id) if payment else ()
    stray = await strays.held(work, stray_id)
    if stray is None:
        return NotDecided.NOT_FOUND
    if stray.state != StrayState.OPEN.value:
        return NotDecided.ALREADY_RESOLVED
    return Decision(stray, payment, checkout, returns)


async def _resolved(
    work: Work, held: Decision, how: StrayResolution, *, by: str, now: datetime, note: str = ""
) -> Decision:
    """Resolve a stray; what else does not fit about the same coming money is decided with it."""
    also: Sequence[StrayPaymentRow] = ()
    if held.payment and StrayKind(held.stray.kind) in strays.COMING:
        also = await strays.of_payment(work, held.payment.id)
    strays.resolve([held.stray, *also], how, now, by=by, note=note)
    await work.flush()
    return held


def _book_payment(held: Decision, now: datetime) -> bool:
    payment, checkout = held.payment, held.checkout
    if StrayKind(held.stray.kind) not in _BOOKABLE or payment is None or checkout is None:
        return False
    missing = held.stray.kind == StrayKind.MISSING_AT_OFFICE.value
    if payment.currency != checkout.currency or not (missing or payment.booking in _UNBOOKED):
        return False
    payment.booking, payment.problem = Booking.DUE.value, None
    payment.due_at, payment.leased_by, payment.tries = now, None, 0
    return True


def _book_return(held: Decision, now: datetime) -> bool:
    """Let the office be told once more of what went back."""
    row = next((each for each in held.returns if each.id == held.stray.subject), None)
    if row is None or row.state != PaymentReturnState.UNBOOKED.value:
        return False
    row.state, row.problem, row.ended_at = PaymentReturnState.GIVEN.value, None, None
    row.due_at, row.leased_by, row.tries = now, None, 0
    return True
