"""Invoices of the reference books: many of one account in every state, and single odd ones."""

from __future__ import annotations

from datetime import date, timedelta

from ventanilla.backoffice_adapters.book import InvoiceEntry
from ventanilla.backoffice_adapters.conformance.book.pen import (
    BIG,
    BUSY,
    CLOSED,
    CREDIT,
    STATED,
    TODAY,
    WEALTHY,
    Pen,
    noon,
)
from ventanilla.backoffice_adapters.money import Money
from ventanilla.backoffice_adapters.records import InvoiceKind, InvoiceLine, InvoiceStatus, OfficialReference

_STATUSES = (
    InvoiceStatus.ISSUED,
    InvoiceStatus.PAID,
    InvoiceStatus.PARTIALLY_PAID,
    InvoiceStatus.ISSUED,
    InvoiceStatus.DRAFT,
    InvoiceStatus.IN_PLAN,
    InvoiceStatus.CANCELLED,
)


def issued(step: int) -> date:
    """Four invoices share each date of issue."""
    return date(2026, 1, 12) + timedelta(days=14 * (step // 4))


def busy_invoices(pen: Pen) -> tuple[InvoiceEntry, ...]:
    """The invoices of the busy account, in every state."""
    return tuple(_busy_invoice(pen, step) for step in range(37))


def _busy_invoice(pen: Pen, step: int) -> InvoiceEntry:
    total = pen.money(10_001 + 111 * step)
    later = step % 3 == 0
    # Every second one falls due with its neighbour, so that due dates tie across dates of issue.
    due_on = issued(step) + timedelta(days=10 if step % 2 else 24)
    status = _STATUSES[step % len(_STATUSES)]
    return InvoiceEntry(
        key=f"inv{step:02d}",
        account=BUSY,
        number=f"B 0001-{step:08d}",
        kind=InvoiceKind.DEBIT_NOTE if step == 3 else InvoiceKind.INVOICE,
        status=status,
        title=f"Liquidación {step}",
        issued_on=issued(step),
        due_on=due_on,
        later_due_on=due_on + timedelta(days=10) if later else None,
        later_total=total + pen.money(507) if later else None,
        total=total,
        period_from=issued(step).replace(day=1),
        period_to=issued(step),
        paid_at=noon(issued(step)) if status is InvoiceStatus.PAID else None,
        official_reference=_reference(step),
        lines=_lines(pen, total),
    )


def _reference(step: int) -> OfficialReference | None:
    return OfficialReference(scheme="CAE", value=f"7641{step:010d}") if step % 4 == 0 else None


def _lines(pen: Pen, total: Money) -> tuple[InvoiceLine, ...]:
    discount, tax = pen.money(-250), pen.money(1)
    rest = total - discount - tax
    return (
        InvoiceLine(position=1, description="Consumo m³ «tarifa básica»", amount=rest, quantity="12.5", unit="m³"),
        InvoiceLine(position=2, description='Zaliczka; śmieci "segregowane"', amount=tax, tax_rate="8"),
        InvoiceLine(position=3, description="Bonificación", amount=discount),
    )


def other_invoices(pen: Pen) -> tuple[InvoiceEntry, ...]:
    """Those of other accounts: paid in advance, given back, huge, of an account that has ended."""
    may, april = date(2026, 5, 1), date(2026, 4, 1)
    paid, part, note = InvoiceStatus.PAID, InvoiceStatus.PARTIALLY_PAID, InvoiceKind.CREDIT_NOTE
    return (
        plain(pen, "cre1", CREDIT, 0, (may, date(2026, 5, 31)), status=paid),
        plain(pen, "cre2", CREDIT, 9_999, (april, TODAY)),
        plain(pen, "cre3", CREDIT, 4_000, (april, date(2026, 4, 30)), kind=note),
        # Overdue since the very day that the busy account's oldest one is.
        plain(pen, "cre4", CREDIT, 1_200, (date(2026, 1, 8), date(2026, 1, 22))),
        plain(pen, "old1", CLOSED, 500, (date(2025, 12, 1), date(2025, 12, 31)), status=paid),
        plain(pen, "big1", WEALTHY, BIG, (may, date(2026, 5, 14))),
        plain(pen, "big2", WEALTHY, BIG, (may, date(2026, 6, 1)), status=part),
        plain(pen, "sta1", STATED, 100, (date(2026, 2, 1), date(2026, 2, 28))),
    )


def plain(
    pen: Pen,
    key: str,
    account: str,
    minor: int,
    dates: tuple[date, date],
    *,
    status: InvoiceStatus = InvoiceStatus.ISSUED,
    kind: InvoiceKind = InvoiceKind.INVOICE,
) -> InvoiceEntry:
    """An invoice of one line; `dates` are of its issue and when it falls due."""
    issued_on, due_on = dates
    total = pen.money(minor)
    return InvoiceEntry(
        key=key,
        account=account,
        number=f"FV/{key}/2026",
        kind=kind,
        status=status,
        title="Opłata za zarządzanie",
        issued_on=issued_on,
        due_on=due_on,
        total=total,
        paid_at=noon(due_on) if status is InvoiceStatus.PAID else None,
        lines=(InvoiceLine(position=1, description="Całość", amount=total),),
    )
