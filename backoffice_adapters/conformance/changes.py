"""Promises about journals: everything once from the beginning, and then what changed since, whatever happens meanwhile.

What an office tells is held against the twin's, record by record. In which order it tells what came at once, which
numbers it gives, and what it removed before the kit came, is its own affair.
"""

from __future__ import annotations

import asyncio
from typing import Any

from msgspec.structs import replace

from ventanilla.backoffice_adapters.book import Book, InvoiceEntry
from ventanilla.backoffice_adapters.conformance.bench import Bench, Side
from ventanilla.backoffice_adapters.conformance.desk import desk_of, paying, refused, taking
from ventanilla.backoffice_adapters.conformance.journal import (
    Told,
    filters_of,
    journals,
    page_of,
    same_records,
    twins,
    walk,
)
from ventanilla.backoffice_adapters.conformance.promises import difference, expect, promise, same
from ventanilla.backoffice_adapters.conformance.questions import JOURNALS, Tracked
from ventanilla.backoffice_adapters.contract import ChangeMark, ChangeWindow, FaultCode
from ventanilla.backoffice_adapters.records import InvoiceStatus

_WRITES = 6
"""How many payments are posted while somebody reads."""


# -- reading -----------------------------------------------------------------------------------------------------


@promise()
async def a_journal_tells_everything_once(bench: Bench) -> None:
    """Read from its beginning, in pages of any size, a journal tells each record as it is now, once; never a DRAFT."""
    for one in journals(bench):
        wanted = await twins(bench.mine, one)
        for limit in (1, 3, 7, bench.mine.manifest.max_page):
            found = await walk(bench.mine, one, limit=limit)
            same_records(f"{one.method} in pages of {limit}", found, wanted)


@promise()
async def the_end_of_a_journal_tells_nothing(bench: Bench) -> None:
    """Asked with the mark of the last page, there is nothing, and a mark that is as good; once and again."""
    for one in journals(bench):
        mark = (await walk(bench.mine, one, limit=3)).mark
        for _ in range(2):
            page = await page_of(bench.mine, one, ChangeWindow(limit=5, after=mark, count=True))
            told = (page.items, page.removed, page.more, page.remaining)
            same(f"{one.method} at the end", told, ((), (), False, 0))
            mark = page.mark


@promise()
async def the_same_mark_tells_the_same(bench: Bench) -> None:
    """Nothing is used up by reading: a page that was lost is asked for again, as long as nothing changes meanwhile."""
    for one in journals(bench):
        window = ChangeWindow(limit=bench.mine.page(3), count=True)
        first = await page_of(bench.mine, one, window)
        window = replace(window, after=first.mark)
        second = await page_of(bench.mine, one, window)
        await walk(bench.mine, one, second.mark)
        same(f"{one.method}, asked again", await page_of(bench.mine, one, window), second)


@promise()
async def what_remains_is_counted_only_when_asked(bench: Bench) -> None:
    """`remaining` is how many are told after the page, removed ones with them; None unless it was asked for."""
    for one in journals(bench):
        for where in (one.where, filters_of(one, bench)[0]):
            window = ChangeWindow(limit=bench.mine.page(2), count=True)
            page = await page_of(bench.mine, one, window, where)
            rest = await walk(bench.mine, one, page.mark, where=where)
            left = len(rest.items) + len(rest.removed)
            expect(page.remaining == left, f"{one.method}: {page.remaining} remain, {left} came")
            untold = await page_of(bench.mine, one, replace(window, count=False), where)
            expect(untold.remaining is None, f"{one.method}: counts unasked")


@promise()
async def changes_are_filtered(bench: Bench) -> None:
    """A filter tells what it finds and no more; the mark moves on over all else, up to the end."""
    for one in journals(bench):
        for where in filters_of(one, bench):
            found = await walk(bench.mine, one, limit=3, where=where)
            same_records(f"{one.method} where {where}", found, await twins(bench.mine, one, where))
            after = await walk(bench.mine, one, found.mark)
            same(f"{one.method}, all that is after the end of {where}", (after.items, after.removed), ((), ()))


@promise()
async def each_filter_has_its_own_page(bench: Bench) -> None:
    """As many answers as filters, in their order; the same filter twice is answered twice."""
    for one in journals(bench):
        first, second = filters_of(one, bench)[:2]
        asked, window = [second, one.where, first, second], ChangeWindow(limit=bench.mine.page(2))
        found = await bench.mine.ask(one.method, asked, window)
        alone = [await page_of(bench.mine, one, window, where) for where in asked]
        same(f"{one.method} by several filters", found, alone)


@promise()
async def marks_of_others_are_invalid(bench: Bench) -> None:
    """A mark of another office, of another kind's journal, or one that was never given is INVALID, not a beginning."""
    for one in journals(bench):
        own = (await walk(bench.mine, one)).mark
        others = [(await walk(bench.mine, other)).mark for other in journals(bench) if other is not one]
        strange = [
            *others,
            (await walk(bench.other, one)).mark,
            ChangeMark(journal="", number=0),
            replace(own, journal=own.journal + "x"),
            *(replace(own, number=number) for number in (-1, own.number + 1_000_000, 2**63, 2**200)),
        ]
        for mark in strange:
            found = await bench.mine.ask(one.method, [one.where], ChangeWindow(limit=2, after=mark))
            expect(len(found) == 1, f"{one.method}: {len(found)} answers to one filter")
            refused(f"{one.method} after {mark}", found[0], FaultCode.INVALID)


@promise()
async def a_page_of_changes_beyond_the_largest_is_cut(bench: Bench) -> None:
    """Asked through the guard for more than `max_page`, one of `max_page` comes and says whether more follow."""
    largest = bench.mine.manifest.max_page
    for one in journals(bench):
        (found,) = await bench.mine.guard.ask(
            one.method, bench.mine.call(), [one.where], ChangeWindow(limit=largest + 1)
        )
        same(one.method, found, await page_of(bench.mine, one, ChangeWindow(limit=largest)))


# -- what changes ------------------------------------------------------------------------------------------------


@promise("payments.post", writes=True)
async def what_is_written_moves_to_the_end(bench: Bench) -> None:
    """A posting, or what is taken back of it, moves what it changed to the end, as it is then, and nothing else."""
    async with bench.written() as side:
        desk, watched = await desk_of(side), journals(bench)
        invoice = desk.invoices[0]
        before = {one.method: await walk(side, one) for one in watched}
        posted = await desk.posted(paying(desk.ref, invoice.open + desk.money(5), (invoice, invoice.open)))
        for step in ("posting", "taking back"):
            if step == "taking back":
                if not side.declares("reverse_payments"):
                    return
                await desk.posted(taking(posted, posted.payment.amount))
            expected = {"changed_payments": {posted.payment.key}, "changed_invoices": {invoice.key}}
            for one in watched:
                former = before[one.method]
                before[one.method] = await _moved(side, one, former, expected.get(one.method, set()), step)


async def _moved(side: Side, one: Tracked, former: Told, least: set[str], step: str) -> Told:
    """The whole journal now; raise unless it was `former`, and what changed since stands at its end."""
    whole, since = await walk(side, one), await walk(side, one, former.mark, limit=1)
    known = {row.key: row for row in former.items}
    changed = {row.key for row in whole.items if row.key not in known or difference(row, known[row.key])}
    what = f"{one.method} after {step}"
    same(f"{what}: what changed", sorted(since.keys), sorted(changed))
    expect(least <= changed, f"{what}: {sorted(least - changed)} are not told")
    same(f"{what}: what was removed", since.removed, ())
    still = [row for row in former.items if row.key not in changed]
    same(f"{what}: the whole of it", whole.keys, [row.key for row in (*still, *since.items)])
    same(f"{what}: what came last", whole.items[len(still) :], since.items)
    return whole


@promise("payments.post", writes=True)
async def nobody_misses_what_is_written_while_reading(bench: Bench) -> None:
    """Who goes on from mark to mark while others write has, when they are done and no more comes, all as it is."""
    async with bench.written() as side:
        desk = await desk_of(side)
        invoice = desk.invoices[0]

        async def write() -> None:
            for _ in range(_WRITES):
                await desk.posted(paying(desk.ref, desk.money(2), (invoice, desk.money(1))))

        for one in journals(bench):
            writing = asyncio.create_task(write())
            latest = await _followed(side, one, writing)
            await writing
            whole = {row.key: row for row in (await walk(side, one)).items}
            found, wanted = (tuple(rows[key] for key in sorted(rows)) for rows in (latest, whole))
            same(f"{one.method}, read while others wrote", found, wanted)


async def _followed(side: Side, one: Tracked, writing: asyncio.Task[None]) -> dict[str, Any]:
    """Key → the record as it was told last, by walks that follow one another until after the writing."""
    latest: dict[str, Any] = {}
    mark: ChangeMark | None = None
    over = False
    while not over:
        await asyncio.sleep(0)  # an office that never waits would let nobody write
        over = writing.done()
        told = await walk(side, one, mark, limit=3)
        mark, latest = told.mark, latest | {row.key: row for row in told.items}
    return latest


@promise(insert=True)
async def what_is_as_it_was_is_no_change(bench: Bench) -> None:
    """An office that gets what it has once more tells nothing."""
    marks = [(one, (await walk(bench.mine, one)).mark) for one in journals(bench)]
    async with bench.rewritten() as rewrite:
        await rewrite(lambda book: book)
    for one, mark in marks:
        since = await walk(bench.mine, one, mark)
        same(f"{one.method} after the same book", (since.items, since.removed), ((), ()))


@promise(insert=True)
async def what_comes_and_goes_is_told(bench: Bench) -> None:
    """What came is told, and nothing beside it; what went is told once as removed, whatever the filter."""
    before = {one.method: await walk(bench.mine, one) for one in journals(bench)}
    came: dict[str, Told] = {}
    async with bench.grown() as grow:
        await grow()
        for one in journals(bench):
            came[one.method] = since = await walk(bench.mine, one, before[one.method].mark)
            known, now = before[one.method].keys, await twins(bench.mine, one)
            new = {key: row for key, row in now.items() if key not in known}
            same_records(f"{one.method}, what came", since, new)
    for one in journals(bench):
        new = sorted(came[one.method].keys)
        for after in (before[one.method], came[one.method]):
            for where in (one.where, filters_of(one, bench)[0]):
                gone = await walk(bench.mine, one, after.mark, limit=2, where=where)
                same(f"{one.method}, what came and went", (gone.items, sorted(gone.removed)), ((), new))


@promise("invoices.changes", insert=True)
async def an_invoice_that_turns_draft_is_removed(bench: Bench) -> None:
    """A DRAFT is not there for a journal: what turns one is removed, and told anew once it is issued."""
    (one,) = (one for one in JOURNALS if one.rows == "invoices")
    held = bench.mine.twin.book
    taken = {row.invoice_key for row in held.allocations}.union(*(plan.invoices for plan in held.payment_plans))
    entry = next(row for row in held.invoices if row.status is InvoiceStatus.ISSUED and row.key not in taken)
    mark = (await walk(bench.mine, one)).mark
    async with bench.rewritten() as rewrite:
        await rewrite(lambda book: _with(book, "invoices", replace(entry, status=InvoiceStatus.DRAFT)))
        since = await walk(bench.mine, one, mark)
        same("after an invoice turned DRAFT", (since.keys, since.removed), ([], (entry.key,)))
        mark = since.mark
    since = await walk(bench.mine, one, mark)
    same("after it is issued again", (since.keys, since.removed), ([entry.key], ()))


@promise(insert=True)
async def whatever_a_record_tells_is_a_change(bench: Bench) -> None:
    """An account changes with its holder's name, an invoice with a line of it, a charge with its description."""
    before = {one.method: await walk(bench.mine, one) for one in journals(bench)}
    async with bench.rewritten() as rewrite:
        await rewrite(_altered)
        for one in journals(bench):
            former = {row.key: row for row in before[one.method].items}
            since = await walk(bench.mine, one, before[one.method].mark)
            now = await twins(bench.mine, one)
            changed = {key: row for key, row in now.items() if difference(row, former[key])}
            if one.rows == "invoices" and bench.mine.declares("invoice_lines"):
                key = _with_lines(bench.mine.twin.book).key
                changed[key] = now[key]
            same_records(f"{one.method}, what changed", since, changed)


def _altered(book: Book) -> Book:
    """The book with another name, another line, another description."""
    holder = next(party for party in book.parties if party.key == book.accounts[0].holder)
    invoice = _with_lines(book)
    line = replace(invoice.lines[0], description="Something else")
    book = _with(book, "parties", replace(holder, name="Somebody Else"))
    book = _with(book, "invoices", replace(invoice, lines=(line, *invoice.lines[1:])))
    charges = tuple(replace(row, description="Something else") for row in book.charges[:2])
    return replace(book, charges=(*charges, *book.charges[2:]))


def _with_lines(book: Book) -> InvoiceEntry:
    return next(row for row in book.invoices if row.lines and row.status is not InvoiceStatus.DRAFT)


def _with(book: Book, field: str, entry: Any) -> Book:
    """`book` with an entry in place of the one of the same key."""
    return replace(book, **{field: tuple(entry if row.key == entry.key else row for row in getattr(book, field))})
