"""Promises about notices: what is not yet or no longer told, or told to others, never leaves the office."""

from __future__ import annotations

from datetime import timedelta

from msgspec.structs import replace

from ventanilla.backoffice_adapters.conformance.bench import Bench
from ventanilla.backoffice_adapters.conformance.book import TODAY, elsewhere, readers
from ventanilla.backoffice_adapters.conformance.promises import aligned, expect, promise, same
from ventanilla.backoffice_adapters.contract import NoticeOrder, Window
from ventanilla.backoffice_adapters.records import AccountRole, Notice, NoticeScope, Reader, ReaderStanding

_DAYS = (TODAY - timedelta(days=40), TODAY - timedelta(days=5), TODAY, TODAY + timedelta(days=25))


async def _readers(bench: Bench) -> tuple[Reader, ...]:
    return readers(await bench.mine.refs())


async def _seen(bench: Bench, reader: Reader) -> list[Notice]:
    """All that the reader sees now, a page at a time."""
    order, rows, start = NoticeOrder.PUBLISHED_FROM_ASC, list[Notice](), None
    for _ in bench.mine.twin.book.notices:
        window = Window(limit=bench.mine.page(50), start=start)
        (part,) = await bench.mine.ask("notices", [reader], order, window)
        rows += part.items
        if not part.more:
            break
        start = order.position(rows[-1])
    return rows


@promise("notices.list")
async def notices_keep_to_their_window(bench: Bench) -> None:
    """A notice is seen from the very moment of `published_from`, and from the moment of `visible_until` no more."""
    for today in _DAYS:
        now = bench.mine.call(today).now
        for reader in await _readers(bench):
            args = NoticeOrder.PUBLISHED_FROM_DESC, Window(limit=bench.mine.page(1_000), count=True)
            (found,) = await bench.mine.ask("notices", [reader], *args, today=today)
            wanted = await bench.mine.expected("notices", [reader], *args, today=today)
            for one in found.items if found else ():
                open_ = one.published_from <= now and (one.visible_until is None or now < one.visible_until)
                expect(open_, f"notices: {one.key} of {one.published_from} to {one.visible_until} is seen at {now}")
            aligned(f"notices on {today}", [reader], [found], wanted)


@promise("notices.list")
async def notices_reach_their_audience(bench: Bench) -> None:
    """A notice is seen by whoever has an account that meets its whole audience; the account decides and not the reader.

    Who is tenant here and owner there is not meant by what is for owners here.
    """
    for reader in await _readers(bench):
        if reader.standings:
            alone = [await _seen(bench, Reader(standings=(one,))) for one in reader.standings]
            together = {one.key for one in await _seen(bench, reader)}
            apart = {one.key for rows in alone for one in rows}
            expect(together == apart, f"notices: {sorted(together ^ apart)} depend on more than one account")
            args = NoticeOrder.PUBLISHED_FROM_ASC, Window(limit=1_000)
            (wanted,) = await bench.mine.expected("notices", [reader], *args)
            same(f"notices of {reader}", tuple(await _seen(bench, reader)), wanted.items)


@promise("notices.list")
async def what_is_for_everybody_is_seen_by_strangers(bench: Bench) -> None:
    """A reader whose accounts are not known here sees what asks for no account, and nothing that does."""
    ref = (await bench.mine.refs())[0]
    unknown = Reader(standings=(ReaderStanding(account=replace(ref, key="unknown"), role=AccountRole.TENANT),))
    asked = [unknown, *map(elsewhere, await _readers(bench))]
    args = NoticeOrder.PUBLISHED_FROM_DESC, Window(limit=bench.mine.page(1_000), count=True)
    found = await bench.mine.ask("notices", asked, *args)
    aligned("notices", asked, found, await bench.mine.expected("notices", asked, *args))


@promise("notices.read")
async def a_key_opens_no_notice(bench: Bench) -> None:
    """By its key too, a notice is there only for whom it is meant and while it may be seen; for nobody else at all."""
    keys = [entry.key for entry in bench.mine.twin.book.notices]
    for one in await _readers(bench):
        for reader in (one, elsewhere(one)):
            for today in _DAYS:
                found = await bench.mine.ask("notices_by_key", keys, reader, today=today)
                wanted = await bench.mine.expected("notices_by_key", keys, reader, today=today)
                aligned(f"notices_by_key on {today}", keys, found, wanted)


@promise("notices.list", "notices.read")
async def lists_and_keys_show_the_same_notices(bench: Bench) -> None:
    """What a reader finds in the list, and nothing else, the same reader finds by its key."""
    keys = [entry.key for entry in bench.mine.twin.book.notices]
    for reader in await _readers(bench):
        if reader.standings:
            listed = {one.key: one for one in await _seen(bench, reader)}
            found = await bench.mine.ask("notices_by_key", keys, reader)
            aligned("notices_by_key", keys, found, [listed.get(key) for key in keys])


@promise("notices.list")
async def a_community_is_named_where_it_speaks(bench: Bench) -> None:
    """`community_name` is there exactly when the scope is COMMUNITY."""
    for reader in (await _readers(bench))[:3]:
        for one in await _seen(bench, reader):
            speaks = one.scope is NoticeScope.COMMUNITY
            expect(speaks == bool(one.community_name), f"notice {one.key}: {one.scope}, {one.community_name!r}")
