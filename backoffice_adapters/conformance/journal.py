"""What promises about changes work with: walks through journals, and what is looked for in them."""

from __future__ import annotations

from typing import Any

from ventanilla.backoffice_adapters.conformance.bench import Bench, Side
from ventanilla.backoffice_adapters.conformance.promises import BrokenPromiseError, expect, same
from ventanilla.backoffice_adapters.conformance.questions import JOURNALS, Tracked
from ventanilla.backoffice_adapters.contract import (
    AccountFilter,
    ChangeMark,
    ChangeWindow,
    ChargeFilter,
    DateSpan,
    InvoiceFilter,
    InvoiceStatusFilter,
    MeterReadingFilter,
    PaymentFilter,
)
from ventanilla.backoffice_adapters.records import (
    AccountStatus,
    Changes,
    ChargeStatus,
    PaymentStatus,
    ReadingStatus,
    Record,
)


class Told(Record):
    """What a walk through a journal told."""

    items: tuple[Any, ...]
    removed: tuple[str, ...]
    mark: ChangeMark

    @property
    def keys(self) -> list[str]:
        """Of what came or changed."""
        return [row.key for row in self.items]


def journals(bench: Bench) -> list[Tracked]:
    """The journals that are declared, and that the book has rows for after the harness adapted it."""
    held = bench.mine.twin.book
    return [one for one in JOURNALS if bench.mine.declares(one.method) and getattr(held, one.rows)]


async def page_of(side: Side, one: Tracked, window: ChangeWindow, where: Any = None) -> Changes[Any]:
    """One page, as the office answers it."""
    (found,) = await side.ask(one.method, [where or one.where], window)
    expect(isinstance(found, Changes), f"{one.method}: no changes but {found!r}")
    told = len(found.items) + len(found.removed)
    expect(told <= window.limit, f"{one.method}: {told} changes for a limit of {window.limit}")
    return found


async def walk(
    side: Side, one: Tracked, after: ChangeMark | None = None, *, limit: int = 50, where: Any = None
) -> Told:
    """Walk to the end, each page beginning where the last one ended."""
    items, removed = list[Any](), list[str]()
    for _ in range(1_000):
        page = await page_of(side, one, ChangeWindow(limit=side.page(limit), after=after), where)
        items += page.items
        removed += page.removed
        after = page.mark
        if not page.more:
            return Told(items=tuple(items), removed=tuple(removed), mark=after)
    raise BrokenPromiseError(f"{one.method}: the walk never ends")


async def twins(side: Side, one: Tracked, where: Any = None) -> dict[str, Any]:
    """Key → the record, as the twin has them."""
    (whole,) = await side.expected(one.method, [where or one.where], ChangeWindow(limit=10_000))
    return {row.key: row for row in whole.items}


def same_records(what: str, found: Told, wanted: dict[str, Any]) -> None:
    """Raise unless exactly these records were told, each once, and none of them as removed."""
    expect(len(set(found.keys)) == len(found.keys), f"{what}: a record came twice: {found.keys}")
    ordered = sorted(found.items, key=lambda row: row.key)
    same(what, tuple(ordered), tuple(wanted[key] for key in sorted(wanted)))
    gone = set(found.removed) & set(wanted)
    expect(not gone, f"{what}: told as removed what is there: {sorted(gone)}")
    expect(len(set(found.removed)) == len(found.removed), f"{what}: told twice as removed: {found.removed}")


def filters_of(one: Tracked, bench: Bench) -> list[Any]:
    """Filters of each kind that a journal takes."""
    book = bench.mine.twin.book
    middle = DateSpan(since=sorted(entry.issued_on for entry in book.invoices)[len(book.invoices) // 2])
    return {
        "accounts": [AccountFilter(statuses=(status,)) for status in AccountStatus],
        "invoices": [
            *(InvoiceFilter(statuses=(status,)) for status in InvoiceStatusFilter),
            InvoiceFilter(number=book.invoices[1].number),
            InvoiceFilter(issued=middle, statuses=(InvoiceStatusFilter.PAID, InvoiceStatusFilter.OVERDUE)),
        ],
        "charges": [*(ChargeFilter(statuses=(status,)) for status in ChargeStatus), ChargeFilter(charged=middle)],
        "payments": [*(PaymentFilter(statuses=(status,)) for status in PaymentStatus), PaymentFilter(paid=middle)],
        "meter_readings": [
            *(MeterReadingFilter(statuses=(status,)) for status in ReadingStatus),
            MeterReadingFilter(read=middle),
        ],
    }[one.rows]
