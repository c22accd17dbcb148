"""Promises about places: buildings, communities, and exact shares in them."""

from __future__ import annotations

from ventanilla.backoffice_adapters.conformance.bench import Bench
from ventanilla.backoffice_adapters.conformance.promises import expect, promise, same

_MOST = 2**31 - 1


@promise("accounts.read", "buildings.read")
async def a_building_is_that_of_the_unit(bench: Bench) -> None:
    """The building of an account is the one that its unit names; an account whose unit names none has none."""
    refs = await bench.mine.refs()
    accounts = await bench.mine.ask("accounts", [ref.key for ref in refs])
    for account, building in zip(accounts, await bench.mine.ask("buildings", refs), strict=True):
        wanted = account.unit.building_key if account.unit else None
        found = building and building.key
        expect(found == wanted, f"the building of account {account.key} is {found!r}, its unit names {wanted!r}")


@promise("buildings.read", "communities.read", "communities.buildings")
async def a_community_has_its_buildings(bench: Bench) -> None:
    """The community of an account is its building's; that building is among its own."""
    refs = await bench.mine.refs()
    communities = await bench.mine.ask("communities", refs)
    for ref, building, community in zip(refs, await bench.mine.ask("buildings", refs), communities, strict=True):
        wanted, found = building and building.community_key, community and community.key
        expect(found == wanted, f"the community of account {ref.key} is {found!r}, its building's {wanted!r}")
        if community:
            (row,) = await bench.mine.ask("community_buildings", [community.key])
            same(
                f"{building.key} among the buildings of {found}",
                [one for one in row if one.key == building.key],
                [building],
            )


@promise("communities.buildings")
async def buildings_stand_by_name(bench: Bench) -> None:
    """The buildings of a community stand by name, then by key, and each names it; without any, none does."""
    keys = [entry.key for entry in bench.mine.twin.book.communities]
    for key, row in zip(keys, await bench.mine.ask("community_buildings", keys), strict=True):
        names = [(one.name, one.key) for one in row]
        expect(names == sorted(names), f"the buildings of community {key} stand as {names}")
        expect(all(one.community_key == key for one in row), f"community {key} has buildings of another one")


@promise("shares.read")
async def shares_are_exact(bench: Bench) -> None:
    """A share is the very fraction of the land register, never reduced or rounded; both numbers are 1 to 2³¹ - 1."""
    refs = await bench.mine.refs()
    book = {share.key: share for share in bench.mine.twin.book.ownership_shares}
    for ref, shares in zip(refs, await bench.mine.ask("ownership_shares", refs), strict=True):
        keys = [share.key for share in shares]
        expect(keys == sorted(set(keys)), f"the shares of account {ref.key} are not by key: {keys}")
        for share in shares:
            same(f"share {share.key}", share, book.get(share.key))
            whole = all(type(number) is int and 1 <= number <= _MOST for number in (share.numerator, share.denominator))
            expect(whole, f"share {share.key} is {share.numerator!r}/{share.denominator!r}")


@promise("shares.read")
async def co_owners_have_a_share_each(bench: Bench) -> None:
    """All shares that are held through an account's unit are told; an account without a unit has an empty tuple."""
    refs = await bench.mine.refs()
    units = {entry.key: entry.unit for entry in bench.mine.twin.book.accounts}
    shares = bench.mine.twin.book.ownership_shares
    for ref, found in zip(refs, await bench.mine.ask("ownership_shares", refs), strict=True):
        wanted = {share.key for share in shares if share.unit_key == units[ref.key]}
        told = found is not None and {share.key for share in found} == wanted
        expect(told, f"the shares of account {ref.key} are {found}, expected {sorted(wanted)}")
