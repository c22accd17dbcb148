"""Invoices and their lines."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from ventanilla.backoffice_adapters.contract import InvoiceFilter, InvoiceStatusFilter
from ventanilla.backoffice_adapters.database import Row
from ventanilla.backoffice_adapters.ledger.check import keepable
from ventanilla.backoffice_adapters.ledger.conditions import Condition, on_days
from ventanilla.backoffice_adapters.ledger.kinds.base import Listed, Present, by_value, day_of, moment_of
from ventanilla.backoffice_adapters.ledger.totals import open_minor
from ventanilla.backoffice_adapters.money import Money
from ventanilla.backoffice_adapters.records import (
    DueDate,
    Invoice,
    InvoiceKind,
    InvoiceLine,
    InvoiceStatus,
    OfficialReference,
    Origin,
)

_KINDS = by_value(InvoiceKind)
_STATES = by_value(InvoiceStatus)
_OVERDUE = "status IN ('ISSUED', 'PARTIALLY_PAID') AND kind <> 'CREDIT_NOTE' AND due_on < {}"
_STORED = {InvoiceStatusFilter.OPEN: "ISSUED"}


def _invoice(row: Row, origin: Origin, today: str) -> Invoice:
    (
        _, key, account, number, kind, status, title, issued, due, later_due, later, total, paid, currency,
        period_from, period_to, paid_at, scheme, reference, url,
    ) = row  # fmt: skip
    asked = Money(total, currency)
    first = DueDate(due_on=date.fromisoformat(due), amount=asked)
    return Invoice(
        key=key,
        origin=origin,
        account_key=account,
        number=number,
        kind=_KINDS[kind],
        status=_STATES[status],
        title=title,
        issued_on=date.fromisoformat(issued),
        due_dates=(first, _later(later_due, later, currency)) if later_due else (first,),
        total=asked,
        paid=Money(paid, currency),
        open=Money(open_minor(status, due, later, total, paid=paid, today=today), currency),
        period_from=day_of(period_from),
        period_to=day_of(period_to),
        paid_at=moment_of(paid_at),
        official_reference=OfficialReference(scheme=scheme, value=reference, url=url) if scheme else None,
    )


def _later(due: str, minor: int, currency: str) -> DueDate:
    return DueDate(due_on=date.fromisoformat(due), amount=Money(minor, currency))


def _conditions(where: InvoiceFilter, present: Present) -> list[Condition]:
    conditions = [*on_days("issued_on", where.issued), *on_days("due_on", where.due)]
    if where.statuses:
        conditions.append(_in_states(where.statuses, present.today))
    if where.number is not None:
        conditions.append(("number = {}", [where.number]) if keepable(where.number) else ("1 = 0", []))
    return conditions


def _in_states(statuses: Sequence[InvoiceStatusFilter], today: date) -> Condition:
    stored = [_STORED.get(status, status.value) for status in statuses if status is not InvoiceStatusFilter.OVERDUE]
    if InvoiceStatusFilter.OVERDUE not in statuses:
        return "status IN {}[]", [stored]
    return f"(status IN {{}}[] OR {_OVERDUE})", [stored, today.isoformat()]


INVOICES = Listed(
    table="invoice",
    columns=(
        "key", "account_key", "number", "kind", "status", "title", "issued_on", "due_on", "later_due_on",
        "later_minor", "total_minor", "paid_minor", "currency", "period_from", "period_to", "paid_at",
        "reference_scheme", "reference_value", "reference_url",
    ),
    make=_invoice,
    listed="status <> 'DRAFT'",
    conditions=_conditions,
)  # fmt: skip

LINES = """SELECT i.key, l.position, l.description, l.amount_minor, l.currency, l.quantity, l.unit, l.unit_price,
    l.tax_rate FROM invoice i LEFT JOIN invoice_line l ON l.book = i.book AND l.invoice_key = i.key
    WHERE i.book = $1 AND i.key IN $2[] AND i.status <> 'DRAFT' ORDER BY l.position"""
"""What `line` reads, by invoice."""


def line(row: Row) -> InvoiceLine:
    """An invoice line."""
    _, position, description, minor, currency, quantity, unit, unit_price, tax_rate = row
    return InvoiceLine(
        position=position,
        description=description,
        amount=Money(minor, currency),
        quantity=quantity,
        unit=unit,
        unit_price=unit_price,
        tax_rate=tax_rate,
    )
