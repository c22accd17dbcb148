"""Money at platforms: each payment once, as it was last told, and those that offices are to be told of.

Whoever changes one holds its checkout first, then the payment.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

from sqlmodel import col, select

from ventanilla.backoffice_adapters.money import Money
from ventanilla.store import due, payment_returns
from ventanilla.store.due import Due, Lease
from ventanilla.store.payment_states import Booking
from ventanilla.store.platform_events import INSERT
from ventanilla.store.store import Store
from ventanilla.store.tables import CheckoutItemRow, CheckoutRow
from ventanilla.store.tables import PlatformPaymentRow as Row
from ventanilla.store.tenancy import Work


@dataclass(frozen=True, slots=True)
class TakenBooking:
    """A payment that a worker has taken to tell its office of, and what it was ordered for, as they stood then."""

    payment: Row
    checkout: CheckoutRow
    items: Sequence[CheckoutItemRow]
    """In order."""


async def meet(
    work: Work,
    platform: str,
    payment_id: str,
    now: datetime,
    *,
    reference: str,
    checkout_id: str | None,
    amount: Money,
) -> Row:
    """The payment that the platform calls `payment_id`, held; written down, PENDING, if it is not known yet.

    Of two who meet it at the same moment one waits until the other's unit of work ends.
    """
    fresh = {
        "id": uuid4().hex,
        "platform": platform,
        "payment_id": payment_id,
        "reference": reference,
        "checkout_id": checkout_id,
        "status": "PENDING",
        "currency": amount.currency,
        "amount_minor": amount.minor,
        "refunded_minor": 0,
        "method": "",
        "booking": Booking.NONE.value,
        "created_at": now,
        "changed_at": now,
        "tries": 0,
    }
    await work.exec(INSERT[work.get_bind().dialect.name](Row).values(**fresh).on_conflict_do_nothing())
    ours = (col(Row.platform) == platform, col(Row.payment_id) == payment_id)
    held = select(Row).where(*ours).with_for_update().execution_options(populate_existing=True)
    return (await work.exec(held)).one()


async def of_checkout(work: Work, checkout_id: str) -> Sequence[Row]:
    """All payments of a checkout that is held, oldest first."""
    wanted = select(Row).where(col(Row.checkout_id) == checkout_id).order_by(col(Row.created_at), col(Row.id))
    return (await work.exec(wanted.execution_options(populate_existing=True))).all()


async def due_managers(store: Store, now: datetime) -> Due:
    """Whose payments offices are to be told of, and when the next ones will be."""
    return await due.due(store, now, "platform_payment", "booking", (Booking.DUE,))


async def take(work: Work, lease: Lease, most: int) -> list[TakenBooking]:
    """Take at most `most` payments that offices are to be told of, whichever wait longest."""
    payments = await due.take(work, Row, col(Row.booking) == Booking.DUE.value, lease, most)
    ids = [row.checkout_id for row in payments]
    items = select(CheckoutItemRow).where(col(CheckoutItemRow.checkout_id).in_(ids))
    ordered = (await work.exec(items.order_by(col(CheckoutItemRow.position)))).all()
    checkouts = {row.id: row for row in await work.exec(select(CheckoutRow).where(col(CheckoutRow.id).in_(ids)))}
    return [
        TakenBooking(row, checkouts[row.checkout_id], [item for item in ordered if item.checkout_id == row.checkout_id])
        for row in payments
        if row.checkout_id
    ]


async def still(work: Work, taken: TakenBooking) -> tuple[Row, CheckoutRow] | None:
    """A payment that is yet the worker's, and its checkout, both held; None for one that another has, or has booked."""
    row, checkout = await payment_returns.held(work, taken.payment.id) or (None, None)
    if row is None or checkout is None or row.leased_by != taken.payment.leased_by:
        return None
    return row, checkout


def booked(row: Row, office_payment_key: str, now: datetime) -> None:
    """Say that the office has booked a held payment."""
    row.booking, row.office_payment_key, row.booked_at = Booking.BOOKED.value, office_payment_key, now
    row.problem = row.due_at = row.leased_by = None


def refused(row: Row, problem: str) -> None:
    """Say that the office does not book a held payment, and why."""
    row.booking, row.problem = Booking.REFUSED.value, problem
    row.due_at = row.leased_by = None


def wait(row: Row, problem: str, now: datetime, least: timedelta) -> None:
    """Let a held payment wait that its office could not be told of, and say why; `least` is what the office wants."""
    row.problem, row.leased_by = problem, None
    row.due_at = now + min(due.LONGEST_PAUSE, max(least, due.pause(row.tries)))
