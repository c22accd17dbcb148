"""Invoices and their lines."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from ventanilla.backoffice_adapters.contract import InvoiceFilter, InvoiceStatusFilter
from ventanilla.backoffice_adapters.ledger.check import keepable
from ventanilla.backoffice_adapters.ledger.conditions import Condition, on_days
from ventanilla.backoffice_adapters.ledger.kinds.base import Derived, Kind, Listed, Parts, Present
from ventanilla.backoffice_adapters.ledger.kinds.made import (
    by,
    day_in,
    day_or_none,
    member_in,
    moment_or_none,
    money_by_today,
    money_in,
)
from ventanilla.backoffice_adapters.ledger.totals import open_minor
from ventanilla.backoffice_adapters.money import Money
from ventanilla.backoffice_adapters.records import (
    UNREAD,
    DueDate,
    Invoice,
    InvoiceKind,
    InvoiceLine,
    InvoiceStatus,
    OfficialReference,
)

_OVERDUE = "status IN ('ISSUED', 'PARTIALLY_PAID') AND kind <> 'CREDIT_NOTE' AND due_on < {}"
_STORED = {InvoiceStatusFilter.OPEN: "ISSUED"}


def _due_dates(due: str, later_due: str | None, later: int, total: int, currency: str) -> tuple[DueDate, ...]:
    first = DueDate(due_on=date.fromisoformat(due), amount=Money(total, currency))
    if later_due is None:
        return (first,)
    return first, DueDate(due_on=date.fromisoformat(later_due), amount=Money(later, currency))


def _first_due(due: str) -> tuple[DueDate, ...]:
    return (DueDate(due_on=date.fromisoformat(due), amount=UNREAD),)


def _reference(scheme: str | None, value: str, url: str | None) -> OfficialReference | None:
    return OfficialReference(scheme=scheme, value=value, url=url) if scheme else None


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
    Invoice,
    "invoice",
    {
        "kind": member_in("kind", InvoiceKind),
        "status": member_in("status", InvoiceStatus),
        "issued_on": day_in("issued_on"),
        "due_dates": by(_due_dates, "due_on", "later_due_on", "later_minor", "total_minor", "currency"),
        "total": money_in("total_minor"),
        "paid": money_in("paid_minor"),
        "open": money_by_today(open_minor, "status", "due_on", "later_minor", "total_minor", "paid_minor"),
        "period_from": day_or_none("period_from"),
        "period_to": day_or_none("period_to"),
        "paid_at": moment_or_none("paid_at"),
        "official_reference": by(_reference, "reference_scheme", "reference_value", "reference_url"),
    },
    _conditions,
    derived={"due_on": Derived(field="due_dates", made=by(_first_due, "due_on"), value=day_in("due_on"))},
    listed="status <> 'DRAFT'",
)
LINES = Parts(
    kind=Kind(InvoiceLine, "invoice_line", {"amount": money_in("amount_minor")}, identity="position"),
    sql="""SELECT i.key, {columns} FROM invoice i
        LEFT JOIN invoice_line part ON part.book = i.book AND part.invoice_key = i.key
        WHERE i.book = $1 AND i.key IN $2[] AND i.status <> 'DRAFT' ORDER BY part.position""",
)
"""Lines by invoice."""
