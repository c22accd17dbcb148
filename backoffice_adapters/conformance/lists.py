"""Promises about lists: order, keyset windows and counts. What they are filtered by stands in `filters.py`."""

from __future__ import annotations

from typing import Any

from ventanilla.backoffice_adapters.conformance.bench import Bench
from ventanilla.backoffice_adapters.conformance.book import EMPTY, NO_SUPPLIER, NOBODY, QUIET, UNREAD
from ventanilla.backoffice_adapters.conformance.promises import aligned, expect, promise, same
from ventanilla.backoffice_adapters.conformance.questions import LISTINGS, Listing, Question
from ventanilla.backoffice_adapters.contract import ListOrder, Position, Window
from ventanilla.backoffice_adapters.records import Record, Slice

_WITHOUT = {EMPTY, UNREAD, QUIET, NO_SUPPLIER, NOBODY}


class Sorted(Record):
    """A list in one of its orders."""

    listing: Listing
    order: ListOrder

    @property
    def method(self) -> str:
        """What answers it."""
        return self.listing.method

    def args(self, window: Window) -> tuple[Any, ...]:
        """What the method takes beside the call and its subjects."""
        return self.listing.args(self.order, window)

    def __str__(self) -> str:
        return f"{self.method} by {self.order}"


def _lists(bench: Bench) -> list[Sorted]:
    """The lists that are declared, and that the book has rows for after the harness adapted it, in every order."""
    held = bench.mine.twin.book
    kept = [one for one in LISTINGS if bench.mine.declares(one.method) and getattr(held, one.rows or one.method)]
    return [Sorted(listing=listing, order=order) for listing in kept for order in listing.orders]


async def _longest(bench: Bench, one: Sorted) -> Any:
    """Whose list has most rows."""
    return (await bench.mine.parents(one.listing))[0]


async def _page(bench: Bench, one: Sorted, window: Window) -> Slice[Any]:
    """One page of the longest list, as the office answers it."""
    (found,) = await bench.mine.ask(one.method, [await _longest(bench, one)], *one.args(window))
    expect(isinstance(found, Slice), f"{one.method}: no slice but {found!r}")
    return found


async def _wanted(bench: Bench, one: Sorted, window: Window) -> Slice[Any]:
    """The same page as the twin has it."""
    (wanted,) = await bench.mine.expected(one.method, [await _longest(bench, one)], *one.args(window))
    return wanted


async def _whole(bench: Bench, one: Sorted) -> tuple[Any, ...]:
    """The whole of the longest list, as the twin has it."""
    return (await _wanted(bench, one, Window(limit=10_000))).items


async def _walk(bench: Bench, one: Sorted, limit: int, *, backwards: bool, start: Position | None = None) -> list[Any]:
    """Walk to the end, each page beginning where the last one ended; what is read stands in the list's own order."""
    rows: list[Any] = []
    for _ in range(200):
        part = await _page(bench, one, Window(limit=limit, start=start, backwards=backwards))
        expect(len(part.items) <= limit, f"{one.method}: {len(part.items)} rows for a limit of {limit}")
        rows = [*part.items, *rows] if backwards else [*rows, *part.items]
        if not part.more:
            return rows
        start = _edge(one, part, backwards)
    expect(False, f"{one}: the walk never ends")
    return rows


def _edge(one: Sorted, page: Slice[Any], backwards: bool) -> Position:
    """Where the page after this one begins."""
    expect(page.items, f"{one.method}: an empty page says that there is more")
    return one.order.position(page.items[0] if backwards else page.items[-1])


@promise()
async def every_order_is_kept(bench: Bench) -> None:
    """Rows come by the order's date and, where dates are equal, by key in the same direction."""
    limit = bench.mine.page(1_000)
    for one in _lists(bench):
        wanted = await _whole(bench, one)
        part = await _page(bench, one, Window(limit=limit))
        same(str(one), part.items, wanted[:limit])


@promise()
async def a_walk_forwards_meets_each_row_once(bench: Bench) -> None:
    """Page by page, in any size, a list has no gap and no repetition, though many rows share a date."""
    for one in _lists(bench):
        for limit in (1, 3, 4, 7):
            found = await _walk(bench, one, bench.mine.page(limit), backwards=False)
            same(f"{one} in pages of {limit}", tuple(found), await _whole(bench, one))


@promise()
async def a_walk_backwards_meets_each_row_once(bench: Bench) -> None:
    """From the end to the beginning likewise; within a page rows still stand in the list's own order."""
    for one in _lists(bench):
        for limit in (1, 3, 4, 7):
            found = await _walk(bench, one, bench.mine.page(limit), backwards=True)
            what = f"{one} backwards in pages of {limit}"
            same(what, tuple(found), await _whole(bench, one))


@promise()
async def a_page_knows_whether_more_follow(bench: Bench) -> None:
    """`more` is true exactly when a row lies beyond the page in the direction it was read, none on the last row."""
    for one in _lists(bench):
        wanted = await _whole(bench, one)
        for at in {0, 1, len(wanted) - 2, len(wanted) - 1} & {*range(len(wanted))}:
            after, before = wanted[at + 1 :], wanted[:at]
            start = one.order.position(wanted[at])
            forwards = await _page(bench, one, Window(limit=1, start=start))
            same(one.method, forwards.items, after[:1])
            expect(forwards.more == (len(after) > 1), f"{one.method}: `more` is wrong after row {at}")
            backwards = await _page(bench, one, Window(limit=1, start=start, backwards=True))
            same(one.method, backwards.items, before[-1:])
            expect(backwards.more == (len(before) > 1), f"{one.method}: `more` is wrong before row {at}")


@promise()
async def a_start_that_is_gone_still_holds_its_place(bench: Bench) -> None:
    """A page begins after the start's date and key, also when no such row is there any more."""
    for one in _lists(bench):
        wanted = await _whole(bench, one)
        model = one.order.position(wanted[len(wanted) // 2])
        for key in ("", model.key + "zz", "zzzz"):
            start = Position(value=model.value, key=key)
            for backwards in (False, True):
                window = Window(limit=bench.mine.page(3), start=start, backwards=backwards)
                same(f"{one} from {start}", await _page(bench, one, window), await _wanted(bench, one, window))


@promise()
async def each_subject_has_its_own_page(bench: Bench) -> None:
    """One window is applied to each account, meter or reader by itself; who is unknown is None."""
    for one in _lists(bench):
        parents = await bench.mine.parents(one.listing)
        question = Question(method=one.method, subjects=parents, kind=one.listing.kind)
        asked, args = [*parents, question.absent("unknown"), parents[0]], one.args(Window(limit=2, count=True))
        found = await bench.mine.ask(one.method, asked, *args)
        aligned(one.method, asked, found, await bench.mine.expected(one.method, asked, *args))


@promise()
async def an_empty_list_is_no_absence(bench: Bench) -> None:
    """What has no rows, say a meter that was never read, is answered with an empty slice that counts none."""
    for one in _lists(bench):
        parents = await bench.mine.parents(one.listing)
        empty = [parent for parent in parents if getattr(parent, "key", parent) in _WITHOUT]
        found = await bench.mine.ask(one.method, empty, *one.args(Window(limit=2, count=True)))
        aligned(one.method, empty, found, [Slice[Any](items=(), more=False, count=0) for _ in empty])


@promise()
async def counts_are_told_only_when_asked(bench: Bench) -> None:
    """`count` is every row that matches, whatever the window; None unless it was asked for."""
    for one in _lists(bench):
        wanted = len(await _whole(bench, one))
        for start in (None, one.order.position((await _whole(bench, one))[0])):
            told = await _page(bench, one, Window(limit=2, count=True, start=start))
            expect(told.count == wanted, f"{one.method}: counts {told.count} of {wanted}")
            untold = await _page(bench, one, Window(limit=2, start=start))
            expect(untold.count is None, f"{one.method}: counts unasked")


@promise()
async def the_largest_page_is_served(bench: Bench) -> None:
    """A window of `max_page` rows is answered with as many as there are."""
    largest = bench.mine.manifest.max_page
    for one in _lists(bench):
        part = await _page(bench, one, Window(limit=largest))
        wanted = await _whole(bench, one)
        expect(len(part.items) == min(largest, len(wanted)), f"{one.method}: {len(part.items)} rows of {len(wanted)}")


@promise(insert=True)
async def rows_that_come_while_walking_do_no_harm(bench: Bench) -> None:
    """Rows that are put in between two pages neither hide nor repeat any row that was there from the beginning."""
    walks = [(one, backwards) for one in _lists(bench) for backwards in (False, True)]
    before = [[row.key for row in await _whole(bench, one)] for one, _ in walks]
    async with bench.grown() as grow:
        few = bench.mine.page(3)
        pages = [await _page(bench, one, Window(limit=few, backwards=backwards)) for one, backwards in walks]
        await grow()
        seen = [
            await _walked_on(bench, one, page, backwards) for (one, backwards), page in zip(walks, pages, strict=True)
        ]
    for (one, _), held, keys in zip(walks, before, seen, strict=True):
        expect(len(keys) == len(set(keys)), f"{one}: a row came twice: {keys}")
        kept = [key for key in keys if key in set(held)]
        expect(kept == held, f"{one}: rows got lost or moved: {kept}")


async def _walked_on(bench: Bench, one: Sorted, page: Slice[Any], backwards: bool) -> list[str]:
    """The keys of `page` and of all pages that follow it, in the list's own order."""
    limit, rest = bench.mine.page(3), list[Any]()
    if page.more:
        rest = await _walk(bench, one, limit, backwards=backwards, start=_edge(one, page, backwards))
    return [row.key for row in ([*rest, *page.items] if backwards else [*page.items, *rest])]
