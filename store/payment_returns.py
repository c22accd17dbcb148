"""Money that goes back: each refund and reversal of a payment, and how much of the payment is left.

Whoever changes one holds its checkout first, then its payment, then the returns: always in this order.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final
from uuid import uuid4

from sqlmodel import col, select

from ventanilla.backoffice_adapters.money import Money
from ventanilla.backoffice_adapters.records import ReversalKind
from ventanilla.store import checkouts
from ventanilla.store.payment_states import RUNNING, Booking, CheckoutState
from ventanilla.store.payment_states import PaymentReturnState as State
from ventanilla.store.tables import CheckoutRow, PlatformPaymentRow
from ventanilla.store.tables import PaymentReturnRow as Row
from ventanilla.store.tenancy import Work

GONE: Final = frozenset({State.GIVEN.value, State.BOOKED.value, State.UNBOOKED.value})
"""States of money that the payer has back."""
UNDER_WAY: Final = frozenset({State.REQUESTED.value, State.ASKED.value})
"""States of money that the platform may give back yet."""
_UNDECIDED: Final = (Booking.DUE.value, Booking.REVIEW.value, Booking.REFUSED.value)


async def held(work: Work, payment_id: str) -> tuple[PlatformPaymentRow, CheckoutRow | None] | None:
    """A payment and its checkout, which nobody else changes until `work` ends; None for an id of none."""
    wanted = select(PlatformPaymentRow).where(col(PlatformPaymentRow.id) == payment_id)
    seen = (await work.exec(wanted)).first()
    if seen is None:
        return None
    checkout = await checkouts.held(work, seen.checkout_id) if seen.checkout_id else None
    anew = wanted.with_for_update().execution_options(populate_existing=True)
    return (await work.exec(anew)).one(), checkout


async def of_payment(work: Work, payment_id: str) -> Sequence[Row]:
    """What goes back of a payment that is held, oldest first."""
    wanted = select(Row).where(col(Row.platform_payment_id) == payment_id)
    ordered = wanted.order_by(col(Row.created_at), col(Row.id)).with_for_update()
    return (await work.exec(ordered.execution_options(populate_existing=True))).all()


def gone(returns: Iterable[Row]) -> int:
    """How much of it the payer has back, in minor units."""
    return sum(each.amount_minor for each in returns if each.state in GONE)


def claimed(returns: Iterable[Row]) -> int:
    """How much of it goes back or may do so yet, in minor units."""
    return sum(each.amount_minor for each in returns if each.state != State.REFUSED.value)


def office_amount(payment: PlatformPaymentRow, checkout: CheckoutRow | None) -> int:
    """What of a payment is the office's, in minor units; of money without an order all of it."""
    paid = Money(payment.amount_minor, payment.currency)
    if checkout is None:
        return paid.minor
    return office_share(paid, Money(checkout.amount_minor, checkout.currency), checkout.payer_fee_minor)


def office_share(paid: Money, ordered: Money, fee_minor: int) -> int:
    """What is the office's, in minor units, of what was paid: what was committed, without the payer's fee.

    What came otherwise than it was ordered is booked as it came, if staff decide so.
    """
    return ordered.minor if paid == Money(ordered.minor + fee_minor, ordered.currency) else paid.minor


def give(
    row: Row, returns: Iterable[Row], payment: PlatformPaymentRow, checkout: CheckoutRow | None, now: datetime
) -> None:
    """Say of a held row that the payer has the money, and fix what the office is told: the same, however often.

    The payer's fee goes back last. A bank that takes a part is a refund to the office, whose reversals are whole.
    """
    before = gone(each for each in returns if each.id != row.id)
    whole = office_amount(payment, checkout)
    row.office_minor = min(whole, before + row.amount_minor) - min(whole, before)
    if before + row.office_minor < whole:
        row.kind = ReversalKind.REFUND.value
    row.state, row.problem, row.tries = State.GIVEN.value, None, 0
    row.leased_by, row.due_at = None, now


def told_of(payment_id: str, kind: ReversalKind, amount_minor: int, now: datetime) -> Row:
    """A row for what a platform tells of its own accord; `give` it before it is added."""
    return Row(
        id=uuid4().hex,
        platform_payment_id=payment_id,
        kind=kind.value,
        amount_minor=amount_minor,
        state=State.REQUESTED.value,
        created_at=now,
    )


async def dismiss(work: Work, payment: PlatformPaymentRow, checkout: CheckoutRow | None) -> None:
    """Book nothing of a held payment, if nothing is booked, and let others pay what it was for, unless one waits."""
    if payment.booking in {Booking.DUE.value, Booking.BOOKED.value}:
        return
    payment.booking, payment.due_at = Booking.DISMISSED.value, None
    if checkout is None or CheckoutState(checkout.state) in RUNNING:
        return
    others = (col(PlatformPaymentRow.checkout_id) == checkout.id, col(PlatformPaymentRow.id) != payment.id)
    undecided = select(PlatformPaymentRow.id).where(*others, col(PlatformPaymentRow.booking).in_(_UNDECIDED))
    if (await work.exec(undecided.limit(1))).first() is None:
        await checkouts.let_go(work, checkout.id)
