"""Picking rows from plain lists: filters, windows and groups, as the contract words them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from typing import Any, TypeVar

from ventanilla.backoffice_adapters.contract import (
    DateSpan,
    Hit,
    InvoiceFilter,
    InvoiceStatusFilter,
    ListOrder,
    PartyOrder,
    Window,
)
from ventanilla.backoffice_adapters.records import (
    Accrual,
    Allocation,
    Charge,
    Invoice,
    InvoiceLine,
    InvoiceStatus,
    Meter,
    Payment,
    PaymentPlan,
    Slice,
    Sourced,
    UtilitySettlement,
)

R = TypeVar("R", bound=Sourced)
A = TypeVar("A", Accrual, Charge, Invoice, Meter, Payment, PaymentPlan, UtilitySettlement)
"""What is listed for an account."""
_STORED = {InvoiceStatusFilter.OPEN: InvoiceStatus.ISSUED}


def part_of(rows: list[R], order: ListOrder, window: Window) -> Slice[R]:
    """The part of `rows` that `window` asks for."""

    def sorting(value: str) -> datetime | str:
        return value if isinstance(order, PartyOrder) else _moment(value)

    def place(row: R) -> tuple[Any, str]:
        return sorting(order.position(row).value), row.key

    ordered = sorted(rows, key=place, reverse=order.descending)
    if window.start:
        start = sorting(window.start.value), window.start.key
        before = window.backwards is not order.descending
        ordered = [row for row in ordered if (place(row) < start if before else place(row) > start)]
    items = ordered[max(0, len(ordered) - window.limit) :] if window.backwards else ordered[: window.limit]
    return Slice(items=tuple(items), more=len(ordered) > len(items), count=len(rows) if window.count else None)


def _moment(value: str) -> datetime:
    """A sort value as a point in time; a month begins with its first day."""
    return datetime.fromisoformat(f"{value}-01" if len(value) == len("2026-11") else value)


def plain(number: str) -> str:
    """A printed number without spaces and punctuation."""
    return "".join(filter(str.isalnum, number))


def by_position(lines: Iterable[InvoiceLine]) -> tuple[InvoiceLine, ...]:
    """Lines as they stand on paper."""
    return tuple(sorted(lines, key=lambda line: line.position))


def grouped(
    keys: Sequence[str], known: set[str], rows: Iterable[Allocation], owner: Callable[[Allocation], str]
) -> list[Hit[tuple[Allocation, ...]]]:
    """The rows of each key, oldest first; None for a key that is not `known`."""
    groups: defaultdict[str, list[Allocation]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: row.allocated_on):
        groups[owner(row)].append(row)
    return [tuple(groups[key]) if key in known else None for key in keys]


def among(value: Any, wanted: Sequence[Any]) -> bool:
    """Whether `value` is wanted; nothing wanted means everything."""
    return not wanted or value in wanted


def within(day: date, span: DateSpan) -> bool:
    """Whether `day` lies in `span`, ends included."""
    return (span.since is None or span.since <= day) and (span.until is None or day <= span.until)


def invoice_fits(row: Invoice, where: InvoiceFilter, today: date) -> bool:
    """Whether an invoice passes the filter."""
    asked = {_STORED.get(status, status.value) for status in where.statuses}
    late = InvoiceStatusFilter.OVERDUE in where.statuses and row.overdue_on(today)
    return (
        (not asked or late or row.status in asked)
        and within(row.issued_on, where.issued)
        and within(row.due_on, where.due)
        and (where.number is None or row.number == where.number)
    )
