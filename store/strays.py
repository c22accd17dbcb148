"""Money that does not fit, as it is found: each once, however often somebody comes across it."""

from __future__ import annotations

from datetime import datetime
from uuid import uuid4

from sqlmodel import col, select

from ventanilla.store.payment_states import StrayKind, StrayState
from ventanilla.store.tables import ManagerRow, StrayPaymentRow
from ventanilla.store.tenancy import Work


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
    """Write down that something does not fit; nothing if it is known, resolved or not.

    `subject` is what it is about: the id of our row, or office and key of theirs.
    """
    await work.exec(select(ManagerRow.slug).where(col(ManagerRow.slug) == work.manager).with_for_update())
    known = select(StrayPaymentRow.id).where(
        col(StrayPaymentRow.kind) == kind.value, col(StrayPaymentRow.subject) == subject
    )
    if (await work.exec(known)).first():
        return
    row = StrayPaymentRow(
        id=uuid4().hex,
        kind=kind.value,
        subject=subject,
        platform_payment_id=platform_payment_id,
        checkout_id=checkout_id,
        office=office,
        office_payment_key=office_payment_key,
        reference=reference[:64],
        currency=currency,
        amount_minor=amount_minor,
        expected_minor=expected_minor,
        state=StrayState.OPEN.value,
        found_at=now,
    )
    work.add(row)
    await work.flush()
