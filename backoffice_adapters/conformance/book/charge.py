"""Charges of the reference books."""

from __future__ import annotations

from datetime import date, timedelta

from ventanilla.backoffice_adapters.book import ChargeEntry
from ventanilla.backoffice_adapters.conformance.book.pen import BUSY, CREDIT, Pen
from ventanilla.backoffice_adapters.records import ChargeStatus

_STATUSES = tuple(ChargeStatus)


def charges(pen: Pen) -> tuple[ChargeEntry, ...]:
    """Three a day in every state."""
    return tuple(_charge(pen, step) for step in range(11))


def _charge(pen: Pen, step: int) -> ChargeEntry:
    busy, status = step < 9, _STATUSES[step % len(_STATUSES)]
    return ChargeEntry(
        key=f"cha{step:02d}",
        account=BUSY if busy else CREDIT,
        description=f"Reconexión {step}",
        amount=pen.money(1_000 + step),
        charged_on=date(2026, 5, 1) + timedelta(days=step // 3),
        status=status,
        invoice="inv01" if busy and status is ChargeStatus.INVOICED else None,
    )
