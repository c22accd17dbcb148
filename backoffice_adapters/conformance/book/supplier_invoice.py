"""Invoices of suppliers in the reference books: in every state, several of a day, one of them to the manager."""

from __future__ import annotations

from datetime import date, timedelta

from ventanilla.backoffice_adapters.book import SupplierInvoiceEntry
from ventanilla.backoffice_adapters.conformance.book.pen import Pen
from ventanilla.backoffice_adapters.records import SupplierInvoiceStatus

_STATES = tuple(SupplierInvoiceStatus)
_BILLED = {0: None, 3: "com2"}


def supplier_invoices(pen: Pen) -> tuple[SupplierInvoiceEntry, ...]:
    """Most of one supplier to one community; some of another one, to another one and to the manager."""
    return tuple(_invoice(pen, step) for step in range(17))


def _invoice(pen: Pen, step: int) -> SupplierInvoiceEntry:
    """Three share each date of issue, and every second one falls due with its neighbour."""
    issued_on = date(2026, 3, 2) + timedelta(days=9 * (step // 3))
    status = _STATES[step % len(_STATES)]
    return SupplierInvoiceEntry(
        key=f"sup{step:02d}",
        number=f"FS {step}/2026 «Żuraw»",
        supplier="par1" if step % 5 else "par5",
        community=_BILLED.get(step % 6, "com1"),
        title=f"Naprawa dźwigu – ascensor Nº {step}",
        amount=pen.money(123_456 + step),
        issued_on=issued_on,
        due_on=issued_on + timedelta(days=14 if step % 2 else 23),
        status=status,
        paid_on=issued_on + timedelta(days=12) if status is SupplierInvoiceStatus.PAID else None,
    )
