"""Promises about how communities stand: what their boards are told agrees with what the accounts say."""

from __future__ import annotations

from datetime import date, timedelta

from ventanilla.backoffice_adapters.conformance.bench import Bench
from ventanilla.backoffice_adapters.conformance.book import TODAY
from ventanilla.backoffice_adapters.conformance.promises import aligned, expect, promise, same
from ventanilla.backoffice_adapters.contract import ArrearsOrder, Window
from ventanilla.backoffice_adapters.money import total
from ventanilla.backoffice_adapters.records import CommunityArrears

_DAYS = (date(2026, 1, 1), TODAY - timedelta(days=60), TODAY, date(2026, 12, 31), date(2027, 1, 1))


def _communities(bench: Bench) -> list[str]:
    return [entry.key for entry in bench.mine.twin.book.communities]


async def _arrears(bench: Bench, community: str, today: date) -> list[CommunityArrears]:
    """All arrears of a community, a page at a time."""
    order, rows, start = ArrearsOrder.OLDEST_DUE_ON_ASC, list[CommunityArrears](), None
    for _ in bench.mine.twin.book.accounts:
        window = Window(limit=bench.mine.page(50), start=start)
        (part,) = await bench.mine.ask("community_arrears", [community], order, window, today=today)
        rows += part.items
        if not part.more:
            break
        start = order.position(rows[-1])
    return rows


@promise("communities.finances")
async def finances_are_those_of_the_year_so_far(bench: Bench) -> None:
    """What is billed and paid begins with 1 January of the call's day and ends with that day, both included.

    Payments count by the manager's local date; what is outstanding and overdue looks back without end.
    """
    keys, zone = _communities(bench), bench.mine.twin.zone
    paid = {payment.paid_at.astimezone(zone).date() for payment in bench.mine.twin.book.payments}
    for today in (*_DAYS, *sorted(paid)):
        found = await bench.mine.ask("community_finances", keys, today=today)
        wanted = await bench.mine.expected("community_finances", keys, today=today)
        aligned(f"community_finances on {today}", keys, found, wanted)


@promise("communities.arrears")
async def arrears_are_of_the_day(bench: Bench) -> None:
    """An account is in arrears from the day after a first due date, and no day longer than it owes."""
    keys, order = _communities(bench), ArrearsOrder.OLDEST_DUE_ON_DESC
    window = Window(limit=bench.mine.page(50), count=True)
    for today in _DAYS:
        found = await bench.mine.ask("community_arrears", keys, order, window, today=today)
        wanted = await bench.mine.expected("community_arrears", keys, order, window, today=today)
        aligned(f"community_arrears on {today}", keys, found, wanted)


@promise("communities.arrears", "communities.read", "balances.read")
async def arrears_are_what_balances_tell(bench: Bench) -> None:
    """The arrears of a community are what its accounts' balances tell as overdue, all of it and nothing else."""
    refs = await bench.mine.refs()
    owners = await bench.mine.ask("communities", refs)
    for today in _DAYS:
        balances = await bench.mine.ask("balances", refs, today=today)
        for key in _communities(bench):
            mine = [one for owner, one in zip(owners, balances, strict=True) if owner and owner.key == key]
            wanted = {one.key: one.overdue for one in mine if one.overdue.document_count}
            found = {row.key: row for row in await _arrears(bench, key, today)}
            expect(found.keys() == wanted.keys(), f"in arrears on {today} are {[*found]}, expected {[*wanted]}")
            for account, row in found.items():
                told = row.amount, row.oldest_due_on, row.document_count
                due = wanted[account]
                same(f"arrears of {account}", told, (due.amount, due.oldest_due_on, due.document_count))


@promise("communities.arrears", "communities.finances")
async def arrears_add_up_to_what_is_overdue(bench: Bench) -> None:
    """What is overdue in a community's finances is the sum of its arrears, and never more than what is outstanding."""
    keys = _communities(bench)
    for key, told in zip(keys, await bench.mine.ask("community_finances", keys), strict=True):
        rows = await _arrears(bench, key, TODAY)
        added = total((row.amount for row in rows), told.overdue.currency)
        same(f"overdue of community {key}", told.overdue, added)
        expect(told.overdue.minor <= told.outstanding.minor, f"community {key}: more is overdue than outstanding")
