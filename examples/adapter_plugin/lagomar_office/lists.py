"""Lists of invoices: filtered, ordered, and cut to a window by key."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from ventanilla.backoffice_adapters.contract import (
    DateSpan,
    InvoiceFilter,
    InvoiceOrder,
    InvoiceStatusFilter,
    Window,
)
from ventanilla.backoffice_adapters.records import Invoice, InvoiceStatus, Slice


def part_of(rows: Iterable[Invoice], order: InvoiceOrder, window: Window) -> Slice[Invoice]:
    """The rows that the window asks for, in the list's own order."""

    def place(row: Invoice) -> tuple[str, str]:
        return order.position(row).value, row.key  # ISO dates sort as text

    listed = sorted(rows, key=place, reverse=order.descending)
    rest = listed
    if window.start:
        start = window.start.value, window.start.key
        smaller = order.descending is not window.backwards
        rest = [row for row in listed if (place(row) < start if smaller else place(row) > start)]
    items = rest[-window.limit :] if window.backwards else rest[: window.limit]
    return Slice(items=tuple(items), more=len(rest) > len(items), count=len(listed) if window.count else None)


def fits(row: Invoice, where: InvoiceFilter, today: date) -> bool:
    """Whether an invoice passes every condition of the filter."""
    return (
        _in_state(row, where.statuses, today)
        and _within(row.issued_on, where.issued)
        and _within(row.due_on, where.due)
        and where.number in {None, row.number}
    )


def _in_state(row: Invoice, wanted: tuple[InvoiceStatusFilter, ...], today: date) -> bool:
    state = "OPEN" if row.status is InvoiceStatus.ISSUED else row.status.value
    return not wanted or state in wanted or (InvoiceStatusFilter.OVERDUE in wanted and row.overdue_on(today))


def _within(day: date, span: DateSpan) -> bool:
    return (span.since is None or span.since <= day) and (span.until is None or day <= span.until)
