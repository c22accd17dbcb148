"""Promises about lists: order, keyset windows, filters and counts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from ventanilla.backoffice_adapters.conformance.bench import Bench
from ventanilla.backoffice_adapters.conformance.book import BUSY, EMPTY, TODAY
from ventanilla.backoffice_adapters.conformance.promises import aligned, expect, promise, same
from ventanilla.backoffice_adapters.contract import (
    ChargeFilter,
    ChargeOrder,
    DateSpan,
    InvoiceFilter,
    InvoiceOrder,
    InvoiceStatusFilter,
    PaymentFilter,
    PaymentOrder,
    Position,
    Window,
)
from ventanilla.backoffice_adapters.records import AccountRef, ChargeStatus, InvoiceStatus, PaymentStatus, Record, Slice


class Listing(Record):
    """A list that can be walked: its method, an order, and a filter that lets everything through."""

    method: str
    where: Any
    order: Any


_EVERY = (
    *(Listing(method="invoices", where=InvoiceFilter(), order=order) for order in InvoiceOrder),
    *(Listing(method="charges", where=ChargeFilter(), order=order) for order in ChargeOrder),
    *(Listing(method="payments", where=PaymentFilter(), order=order) for order in PaymentOrder),
)


def _listings(bench: Bench) -> list[Listing]:
    """The lists that are declared, and that the book has rows for after the harness adapted it."""
    held = bench.mine.twin.book
    return [one for one in _EVERY if bench.mine.declares(one.method) and getattr(held, one.method)]


async def _busy(bench: Bench) -> AccountRef:
    return next(ref for ref in await bench.mine.refs() if ref.key == BUSY)


async def _page(bench: Bench, listing: Listing, window: Window) -> Slice[Any]:
    """One page of the busy account, as the office answers it."""
    (found,) = await bench.mine.ask(listing.method, [await _busy(bench)], listing.where, listing.order, window)
    expect(isinstance(found, Slice), f"{listing.method}: no slice but {found!r}")
    return found


async def _whole(bench: Bench, listing: Listing) -> tuple[Any, ...]:
    """The whole list of the busy account, as the twin has it."""
    window = Window(limit=10_000)
    (wanted,) = await bench.mine.expected(listing.method, [await _busy(bench)], listing.where, listing.order, window)
    return wanted.items


async def _walk(bench: Bench, listing: Listing, limit: int, *, backwards: bool) -> list[Any]:
    """Walk to the end, each page beginning where the last one ended; what is read stands in the list's own order."""
    rows: list[Any] = []
    start = None
    for _ in range(200):
        part = await _page(bench, listing, Window(limit=limit, start=start, backwards=backwards))
        expect(len(part.items) <= limit, f"{listing.method}: {len(part.items)} rows for a limit of {limit}")
        rows = [*part.items, *rows] if backwards else [*rows, *part.items]
        if not part.more:
            return rows
        expect(part.items, f"{listing.method}: an empty page says that there is more")
        start = listing.order.position(part.items[0] if backwards else part.items[-1])
    expect(False, f"{listing.method} by {listing.order}: the walk never ends")
    return rows


@promise()
async def every_order_is_kept(bench: Bench) -> None:
    """Rows come by the order's date and, where dates are equal, by key in the same direction."""
    limit = bench.mine.page(1_000)
    for listing in _listings(bench):
        wanted = await _whole(bench, listing)
        part = await _page(bench, listing, Window(limit=limit))
        same(f"{listing.method} by {listing.order}", part.items, wanted[:limit])


@promise()
async def a_walk_forwards_meets_each_row_once(bench: Bench) -> None:
    """Page by page, in any size, a list has no gap and no repetition, though many rows share a date."""
    for listing in _listings(bench):
        for limit in (1, 3, 4, 7):
            found = await _walk(bench, listing, bench.mine.page(limit), backwards=False)
            same(f"{listing.method} by {listing.order} in pages of {limit}", tuple(found), await _whole(bench, listing))


@promise()
async def a_walk_backwards_meets_each_row_once(bench: Bench) -> None:
    """From the end to the beginning likewise; within a page rows still stand in the list's own order."""
    for listing in _listings(bench):
        for limit in (1, 3, 4, 7):
            found = await _walk(bench, listing, bench.mine.page(limit), backwards=True)
            what = f"{listing.method} by {listing.order} backwards in pages of {limit}"
            same(what, tuple(found), await _whole(bench, listing))


@promise()
async def a_page_knows_whether_more_follow(bench: Bench) -> None:
    """`more` is true exactly when a row lies beyond the page in the direction it was read, none on the last row."""
    for listing in _listings(bench):
        wanted = await _whole(bench, listing)
        for at in (0, 1, len(wanted) - 2, len(wanted) - 1):
            after, before = wanted[at + 1 :], wanted[:at]
            start = listing.order.position(wanted[at])
            forwards = await _page(bench, listing, Window(limit=1, start=start))
            same(listing.method, forwards.items, after[:1])
            expect(forwards.more == (len(after) > 1), f"{listing.method}: `more` is wrong after row {at}")
            backwards = await _page(bench, listing, Window(limit=1, start=start, backwards=True))
            same(listing.method, backwards.items, before[-1:])
            expect(backwards.more == (len(before) > 1), f"{listing.method}: `more` is wrong before row {at}")


@promise()
async def a_start_that_is_gone_still_holds_its_place(bench: Bench) -> None:
    """A page begins after the start's date and key, also when no such row is there any more."""
    for listing in _listings(bench):
        wanted = await _whole(bench, listing)
        model = listing.order.position(wanted[len(wanted) // 2])
        for key in ("", model.key + "zz", "zzzz"):
            start = Position(value=model.value, key=key)
            for backwards in (False, True):
                window = Window(limit=bench.mine.page(3), start=start, backwards=backwards)
                args = listing.where, listing.order, window
                (expected,) = await bench.mine.expected(listing.method, [await _busy(bench)], *args)
                same(f"{listing.method} from {start}", await _page(bench, listing, window), expected)


@promise()
async def each_account_has_its_own_page(bench: Bench) -> None:
    """One window is applied to each account by itself; an empty list is a slice, an unknown account is None."""
    refs = await bench.mine.refs()
    unknown = AccountRef(office=refs[0].office, key="unknown", number="0")
    for listing in _listings(bench):
        args = listing.where, listing.order, Window(limit=2, count=True)
        asked = [*refs, unknown, refs[0]]
        found = await bench.mine.ask(listing.method, asked, *args)
        aligned(listing.method, asked, found, await bench.mine.expected(listing.method, asked, *args))
        empty = found[[ref.key for ref in refs].index(EMPTY)]
        expect(empty is not None and empty.items == (), f"{listing.method}: an account without rows is {empty!r}")


@promise()
async def counts_are_told_only_when_asked(bench: Bench) -> None:
    """`count` is every row that matches, whatever the window; None unless it was asked for."""
    for listing in _listings(bench):
        wanted = len(await _whole(bench, listing))
        for start in (None, listing.order.position((await _whole(bench, listing))[1])):
            told = await _page(bench, listing, Window(limit=2, count=True, start=start))
            expect(told.count == wanted, f"{listing.method}: counts {told.count} of {wanted}")
            untold = await _page(bench, listing, Window(limit=2, start=start))
            expect(untold.count is None, f"{listing.method}: counts unasked")


@promise()
async def the_largest_page_is_served(bench: Bench) -> None:
    """A window of `max_page` rows is answered with as many as there are."""
    largest = bench.mine.manifest.max_page
    for listing in _listings(bench):
        part = await _page(bench, listing, Window(limit=largest))
        wanted = await _whole(bench, listing)
        expect(
            len(part.items) == min(largest, len(wanted)), f"{listing.method}: {len(part.items)} rows of {len(wanted)}"
        )


@promise("invoices.list", insert=True)
async def rows_that_come_while_walking_do_no_harm(bench: Bench) -> None:
    """Rows that are put in between two pages neither hide nor repeat any row that was there from the beginning."""
    for order in InvoiceOrder:
        for backwards in (False, True):
            await _walked_while_growing(
                bench, Listing(method="invoices", where=InvoiceFilter(), order=order), backwards
            )


async def _walked_while_growing(bench: Bench, listing: Listing, backwards: bool) -> None:
    before = [row.key for row in await _whole(bench, listing)]
    async with bench.grown() as grow:
        window = Window(limit=bench.mine.page(6), backwards=backwards)
        first = await _page(bench, listing, window)
        await grow()
        seen = [row.key for row in first.items]
        while first.more:
            start = listing.order.position(first.items[0] if backwards else first.items[-1])
            first = await _page(bench, listing, Window(limit=window.limit, start=start, backwards=backwards))
            page = [row.key for row in first.items]
            seen = [*page, *seen] if backwards else [*seen, *page]
    expect(len(seen) == len(set(seen)), f"{listing.method} by {listing.order}: a row came twice: {seen}")
    kept = [key for key in seen if key in set(before)]
    expect(kept == before, f"{listing.method} by {listing.order}: rows got lost or moved: {kept}")


# -- filters -----------------------------------------------------------------------------------------------------


def _spans(days: Iterable[date]) -> list[DateSpan]:
    """Open and closed spans round the days that rows have, both ends included."""
    first, middle = min(days), sorted(days)[len(list(days)) // 2]
    return [
        DateSpan(since=middle),
        DateSpan(until=middle),
        DateSpan(since=middle, until=middle),
        DateSpan(since=first + timedelta(days=1), until=middle - timedelta(days=1)),
        DateSpan(since=date(9000, 1, 1)),
        DateSpan(since=middle, until=first),
    ]


async def _filtered(bench: Bench, method: str, order: Any, filters: Iterable[Any]) -> None:
    """Compare each filter's rows and count with the twin's, for all accounts at once."""
    refs = await bench.mine.refs()
    window = Window(limit=bench.mine.page(1_000), count=True)
    for where in filters:
        found = await bench.mine.ask(method, refs, where, order, window)
        wanted = await bench.mine.expected(method, refs, where, order, window)
        aligned(f"{method} where {where}", refs, found, wanted)


@promise("invoices.list")
async def invoices_are_filtered_by_state(bench: Bench) -> None:
    """Any one of the wanted states; OVERDUE begins the day after the first due date; without states every one."""
    filters = [
        *(InvoiceFilter(statuses=(status,)) for status in InvoiceStatusFilter),
        InvoiceFilter(statuses=(InvoiceStatusFilter.OPEN, InvoiceStatusFilter.OVERDUE)),
        InvoiceFilter(statuses=(InvoiceStatusFilter.OVERDUE, InvoiceStatusFilter.PAID)),
        InvoiceFilter(statuses=tuple(InvoiceStatusFilter)),
    ]
    await _filtered(bench, "invoices", InvoiceOrder.DUE_ON_ASC, filters)


@promise("invoices.list")
async def invoices_are_filtered_by_dates(bench: Bench) -> None:
    """By date of issue and by first due date, both ends included, either end open, together with a state."""
    entries = [entry for entry in bench.mine.twin.book.invoices if entry.account == BUSY]
    issued, due = _spans([entry.issued_on for entry in entries]), _spans([entry.due_on for entry in entries])
    filters = [
        *(InvoiceFilter(issued=span) for span in issued),
        *(InvoiceFilter(due=span) for span in due),
        InvoiceFilter(issued=issued[0], due=due[1], statuses=(InvoiceStatusFilter.OPEN,)),
    ]
    await _filtered(bench, "invoices", InvoiceOrder.ISSUED_ON_ASC, filters)


@promise("invoices.list")
async def invoices_are_found_by_number(bench: Bench) -> None:
    """Exactly the printed number, as data: no pattern, no part of it, no other case."""
    number = bench.mine.twin.book.invoices[1].number
    odd = (number, number.lower(), number[:-1], "%", "_" * len(number), "' OR 1=1 --", "", "\0", "🏠")
    await _filtered(bench, "invoices", InvoiceOrder.ISSUED_ON_DESC, [InvoiceFilter(number=text) for text in odd])


@promise("invoices.list")
async def drafts_are_never_listed(bench: Bench) -> None:
    """No filter and no count lets a DRAFT through."""
    drafts = {entry.key for entry in bench.mine.twin.book.invoices if entry.status is InvoiceStatus.DRAFT}
    window = Window(limit=bench.mine.page(1_000))
    for where in (InvoiceFilter(), InvoiceFilter(statuses=tuple(InvoiceStatusFilter))):
        parts = await bench.mine.ask("invoices", await bench.mine.refs(), where, InvoiceOrder.DUE_ON_DESC, window)
        shown = {row.key for part in parts for row in part.items} & drafts
        expect(not shown, f"invoices: lists the drafts {sorted(shown)}")


@promise("invoices.list")
async def overdue_begins_the_day_after(bench: Bench) -> None:
    """On its due date an invoice is not overdue; the day after it is. The day is the manager's, told by the call."""
    refs, window = await bench.mine.refs(), Window(limit=bench.mine.page(1_000), count=True)
    args = InvoiceFilter(statuses=(InvoiceStatusFilter.OVERDUE,)), InvoiceOrder.DUE_ON_ASC, window
    for today in (TODAY - timedelta(days=1), TODAY, TODAY + timedelta(days=1), TODAY + timedelta(days=400)):
        found = await bench.mine.ask("invoices", refs, *args, today=today)
        wanted = await bench.mine.expected("invoices", refs, *args, today=today)
        aligned(f"invoices overdue on {today}", refs, found, wanted)


@promise("charges.list")
async def charges_are_filtered(bench: Bench) -> None:
    """By state and by date."""
    spans = _spans([entry.charged_on for entry in bench.mine.twin.book.charges] or [TODAY])
    filters = [
        *(ChargeFilter(statuses=(status,)) for status in ChargeStatus),
        ChargeFilter(statuses=(ChargeStatus.PENDING, ChargeStatus.SETTLED)),
        *(ChargeFilter(charged=span) for span in spans),
    ]
    await _filtered(bench, "charges", ChargeOrder.CHARGED_ON_ASC, filters)


@promise("payments.list")
async def payments_are_filtered(bench: Bench) -> None:
    """By state and by the manager's local date: late in the evening is still the same day, whatever UTC says."""
    local = [entry.paid_at.astimezone(bench.mine.twin.zone).date() for entry in bench.mine.twin.book.payments]
    filters = [
        *(PaymentFilter(statuses=(status,)) for status in PaymentStatus),
        PaymentFilter(statuses=(PaymentStatus.PENDING, PaymentStatus.SETTLED)),
        *(PaymentFilter(paid=span) for span in _spans(local)),
        *(PaymentFilter(paid=DateSpan(since=day, until=day)) for day in sorted(set(local))),
    ]
    await _filtered(bench, "payments", PaymentOrder.PAID_AT_ASC, filters)
