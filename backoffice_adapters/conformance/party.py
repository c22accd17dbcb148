"""Promises about parties: who is told of, as what, and how people are found."""

from __future__ import annotations

from collections.abc import Sequence

from ventanilla.backoffice_adapters.conformance.bench import Bench
from ventanilla.backoffice_adapters.conformance.book import NOBODY, TEXTS, TODAY
from ventanilla.backoffice_adapters.conformance.promises import aligned, expect, promise, same
from ventanilla.backoffice_adapters.contract import PartyFilter, PartyOrder, Window
from ventanilla.backoffice_adapters.records import AccountStatus, Contractor, PartyRole, Slice, Standing

_OF_ACCOUNTS = (PartyRole.TENANT, PartyRole.OWNER, PartyRole.RESIDENT, PartyRole.HOLDER)
_ROLES = list(PartyRole)


async def _found(bench: Bench, where: PartyFilter) -> list[Contractor]:
    """Everybody whom a filter finds, page by page."""
    rows: list[Contractor] = []
    window = Window(limit=bench.mine.page(1_000))
    for _ in range(200):
        (part,) = await bench.mine.ask("parties", [where], window)
        rows += part.items
        if not part.more:
            return rows
        window = Window(limit=window.limit, start=PartyOrder.NAME_ASC.position(part.items[-1]))
    expect(False, f"parties where {where}: the walk never ends")
    return rows


async def _keyed(bench: Bench) -> list[Contractor]:
    """Every party of the book by its key."""
    keys = [party.key for party in bench.mine.twin.book.parties]
    found = await bench.mine.ask("parties_by_key", keys)
    return [row for row in found if isinstance(row, Contractor)]


async def _compared(bench: Bench, filters: Sequence[PartyFilter]) -> None:
    window = Window(limit=bench.mine.page(1_000), count=True)
    found = await bench.mine.ask("parties", filters, window)
    aligned("parties", filters, found, await bench.mine.expected("parties", filters, window))


@promise("parties.list", "parties.read")
async def who_has_no_standing_is_not_listed(bench: Bench) -> None:
    """Listed is everybody who is something to the manager, and nobody else; found by key is everybody who is known."""
    known = await _keyed(bench)
    expect(len(known) == len(bench.mine.twin.book.parties), "parties_by_key: does not find everybody")
    listed = {row.key for row in await _found(bench, PartyFilter())}
    expected = {row.key for row in known if row.standings}
    expect(listed == expected, f"parties: lists {sorted(listed)}, with a standing are {sorted(expected)}")


@promise("parties.list")
async def who_finds_nobody_gets_nobody(bench: Bench) -> None:
    """A filter that finds nobody has an empty part that counts none: it is no absence."""
    found = await bench.mine.ask("parties", [NOBODY, NOBODY], Window(limit=2, count=True))
    aligned("parties", [NOBODY, NOBODY], found, [Slice[Contractor](items=(), more=False, count=0)] * 2)


@promise("parties.list")
async def names_stand_by_code_points(bench: Bench) -> None:
    """By name as code points sort, in any language ``Z`` before ``a`` before ``Ł``; parties of one name by key."""
    places = [(row.party.name, row.key) for row in await _found(bench, PartyFilter())]
    expect(places == sorted(places), f"parties: stand as {places}")


@promise("parties.list")
async def parties_are_filtered_by_role(bench: Bench) -> None:
    """Any one of the wanted roles, whatever its days; without roles any. All standings are told, not those alone."""
    filters = [
        *(PartyFilter(roles=(role,)) for role in PartyRole),
        PartyFilter(roles=(PartyRole.SUPPLIER, PartyRole.BOARD_MEMBER)),
        PartyFilter(roles=(PartyRole.OWNER, PartyRole.OWNER)),
        PartyFilter(roles=tuple(PartyRole)),
    ]
    await _compared(bench, filters)


@promise("parties.list")
async def parties_are_found_by_text(bench: Bench) -> None:
    """In the name, or equal to the whole document number without its punctuation: casefolded, accents as they are.

    The text is data and no pattern. Around it blanks do not count, and nothing else is no condition.
    """
    await _compared(bench, [PartyFilter(text=text) for text in TEXTS])
    board = (PartyRole.BOARD_MEMBER, PartyRole.TENANT)
    await _compared(bench, [PartyFilter(roles=board, text=text) for text in TEXTS])


@promise("parties.read")
async def holders_stand_to_their_accounts(bench: Bench) -> None:
    """Whoever holds an account has a standing to it, with its first and last day; to a CLOSED one nobody has."""
    found = {row.key: row for row in await _keyed(bench)}
    closed = {entry.key for entry in bench.mine.twin.book.accounts if entry.status is AccountStatus.CLOSED}
    for entry in bench.mine.twin.book.accounts:
        standing = Standing(
            role=entry.holder_as,
            account_key=entry.key,
            account_number=entry.number,
            starts_on=entry.opened_on,
            ends_on=entry.closed_on,
        )
        stands = entry.holder in found and standing in found[entry.holder].standings
        expect(stands or entry.key in closed, f"{entry.holder} holds {entry.key}, but is not told as {standing}")
    ghosts = [row.key for row in found.values() if closed & {one.account_key for one in row.standings}]
    expect(not ghosts, f"to accounts that are closed stand {ghosts}")


@promise("parties.read")
async def a_standing_says_to_what(bench: Bench) -> None:
    """Key and printed number of an account, or key and name of a community, as the role has it; both are the book's."""
    numbers = {entry.key: entry.number for entry in bench.mine.twin.book.accounts}
    names = {entry.key: entry.name for entry in bench.mine.twin.book.communities}
    for row in await _keyed(bench):
        for one in row.standings:
            what = f"{row.key} as {one.role}"
            same(f"{what}, account number", one.account_number, numbers.get(one.account_key or ""))
            same(f"{what}, community", one.community_name, names.get(one.community_key or ""))
            expect((one.account_key is not None) == (one.role in _OF_ACCOUNTS), f"{what}: account {one.account_key}")
            board = one.role is PartyRole.BOARD_MEMBER
            expect(one.community_key is not None or not board, f"{what}: names no community")
            expect(one.community_key is None or one.account_key is None, f"{what}: of an account and a community")


@promise("parties.read")
async def standings_stand_in_order(bench: Bench) -> None:
    """By role as the contract lists them, then by account, community and first day; what is not given comes first."""
    for row in await _keyed(bench):
        places = [_place(one) for one in row.standings]
        expect(places == sorted(places), f"the standings of {row.key} are {places}")


def _place(one: Standing) -> tuple[int, str, str, str]:
    day = one.starts_on.isoformat() if one.starts_on else ""
    return _ROLES.index(one.role), one.account_key or "", one.community_key or "", day


@promise("parties.read")
async def standings_are_told_whatever_the_day(bench: Bench) -> None:
    """What has ended and what is to come is told with its days: whoever reads it looks at them."""
    told = {(row.key, one.role, one.starts_on, one.ends_on) for row in await _keyed(bench) for one in row.standings}
    closed = {entry.key for entry in bench.mine.twin.book.accounts if entry.status is AccountStatus.CLOSED}
    for entry in bench.mine.twin.book.standings:
        runs = (entry.starts_on is None or entry.starts_on <= TODAY) and (
            entry.ends_on is None or entry.ends_on >= TODAY
        )
        stands = (entry.party, entry.role, entry.starts_on, entry.ends_on) in told
        expect(runs or stands or entry.account in closed, f"{entry.party} as {entry.role} is left out")
