"""Money that does not fit: found once, however often somebody comes across it, and resolved once.

Whoever resolves one holds what it is about first: the checkout, then the payment.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import uuid4

from sqlalchemy import CursorResult
from sqlmodel import col, select

from ventanilla.store.payment_states import StrayKind, StrayResolution, StrayState
from ventanilla.store.platform_events import INSERT
from ventanilla.store.tables import StrayPaymentRow
from ventanilla.store.tenancy import Work

COMING: Final = frozenset({
    StrayKind.AMOUNT_MISMATCH, StrayKind.PAID_TWICE, StrayKind.UNKNOWN_REFERENCE, StrayKind.BOOKING_REFUSED,
})  # fmt: skip
"""Kinds of money that has come and that no office has booked."""
_ANEW: Final = frozenset(StrayKind) - {StrayKind.AMOUNT_MISMATCH, StrayKind.PAID_TWICE, StrayKind.UNKNOWN_REFERENCE}
"""Kinds that may be found again after they had come right."""


async def found(
    work: Work,
    now: datetime,
    kind: StrayKind,
    subject: str,
    *,
    currency: str,
    amount_minor: int,
    expected_minor: int | None = None,
    reference: str = "",
    platform_payment_id: str | None = None,
    checkout_id: str | None = None,
    office: str | None = None,
    office_payment_key: str | None = None,
) -> None:
    """Write down that something does not fit; nothing if it is known.

    `subject` is what it is about: the id of our row, or office and key of theirs. One that staff dismissed stays so;
    what an office refuses once more, or misses again, is open again.
    """
    fresh = {
        "id": uuid4().hex,
        "kind": kind.value,
        "subject": subject,
        "platform_payment_id": platform_payment_id,
        "checkout_id": checkout_id,
        "office": office,
        "office_payment_key": office_payment_key,
        "reference": reference[:64],
        "currency": currency,
        "amount_minor": amount_minor,
        "expected_minor": expected_minor,
        "state": StrayState.OPEN.value,
        "note": "",
        "found_at": now,
    }
    statement = INSERT[work.get_bind().dialect.name](StrayPaymentRow).values(**fresh).on_conflict_do_nothing()
    inserted: CursorResult[Any] = await work.exec(statement)
    if not inserted.rowcount and kind in _ANEW:
        await _found_again(work, kind, subject)


async def _found_again(work: Work, kind: StrayKind, subject: str) -> None:
    same = (col(StrayPaymentRow.kind) == kind.value, col(StrayPaymentRow.subject) == subject)
    known = (await work.exec(select(StrayPaymentRow).where(*same).with_for_update())).one()
    if known.resolution != StrayResolution.DISMISSED.value:
        _reopen([known])


async def held(work: Work, stray_id: str) -> StrayPaymentRow | None:
    """The stray of this id, which nobody else changes until `work` ends."""
    wanted = select(StrayPaymentRow).where(col(StrayPaymentRow.id) == stray_id)
    return (await work.exec(wanted.with_for_update().execution_options(populate_existing=True))).first()


async def of_payment(work: Work, payment_id: str, kinds: Iterable[StrayKind] = COMING) -> Sequence[StrayPaymentRow]:
    """The strays of these kinds that are about a payment, which nobody else changes until `work` ends."""
    wanted = select(StrayPaymentRow).where(
        col(StrayPaymentRow.platform_payment_id) == payment_id,
        col(StrayPaymentRow.kind).in_([kind.value for kind in kinds]),
    )
    return (await work.exec(wanted.order_by(col(StrayPaymentRow.id)).with_for_update())).all()


def resolve(
    strays: Iterable[StrayPaymentRow], how: StrayResolution, now: datetime, *, by: str | None = None, note: str = ""
) -> None:
    """Say of held strays how they were dealt with, those that are open."""
    for row in strays:
        if row.state == StrayState.OPEN.value:
            row.state, row.resolution, row.note = StrayState.RESOLVED.value, how.value, note
            row.resolved_at, row.resolved_by = now, by


async def settle(work: Work, kind: StrayKind, subjects: Sequence[str], now: datetime) -> None:
    """Say of what does not fit about any of `subjects` that it has come right, where it is open."""
    wanted = select(StrayPaymentRow).where(
        col(StrayPaymentRow.kind) == kind.value,
        col(StrayPaymentRow.subject).in_(subjects),
        col(StrayPaymentRow.state) == StrayState.OPEN.value,
    )
    rows = (await work.exec(wanted.order_by(col(StrayPaymentRow.id)).with_for_update())).all() if subjects else ()
    resolve(rows, StrayResolution.SETTLED, now)


async def not_refunded(work: Work, payment_id: str) -> None:
    """Open again what was resolved by giving money back: the platform does not do it."""
    refunded = StrayResolution.REFUNDED.value
    _reopen(each for each in await of_payment(work, payment_id) if each.resolution == refunded)
    await work.flush()


def _reopen(strays: Iterable[StrayPaymentRow]) -> None:
    for row in strays:
        row.state, row.resolution = StrayState.OPEN.value, None
        row.resolved_at = row.resolved_by = None
