"""The kit finds what is wrong with parties, each broken on purpose."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from tests.backoffice_adapters.breaking import assert_broken, named
from ventanilla.backoffice_adapters.conformance import party
from ventanilla.backoffice_adapters.conformance.promises import PROMISES
from ventanilla.backoffice_adapters.conformance.twin import TwinOffice
from ventanilla.backoffice_adapters.contract import PartyFilter
from ventanilla.backoffice_adapters.records import PartyRole, Slice, Standing


class Everybody(TwinOffice):
    """Lists those who are nothing to the manager too."""

    def _contractor(self, party: Any) -> Any:
        found = super()._contractor(party)
        return replace(found, standings=found.standings or (Standing(role=PartyRole.SUPPLIER),))

    async def parties_by_key(self, call: Any, keys: Any) -> Any:
        known = {party.key: super(Everybody, self)._contractor(party) for party in self.book.parties}
        return [known.get(key) for key in keys]


class ListedOnly(TwinOffice):
    """Finds by key only whom it lists."""

    async def parties_by_key(self, call: Any, keys: Any) -> Any:
        return [hit if hit and hit.standings else None for hit in await super().parties_by_key(call, keys)]


class NobodyIsNone(TwinOffice):
    """Takes a filter that finds nobody for one that it does not know."""

    async def parties(self, call: Any, wheres: Any, window: Any) -> Any:
        return [hit if hit.items else None for hit in await super().parties(call, wheres, window)]


class Collated(TwinOffice):
    """Sorts names as its language has it."""

    async def parties(self, call: Any, wheres: Any, window: Any) -> Any:
        found = await super().parties(call, wheres, window)
        return [replace(hit, items=tuple(sorted(hit.items, key=lambda row: row.name.casefold()))) for hit in found]


class NameTies(TwinOffice):
    """Tells people of one name as its table has them."""

    async def parties(self, call: Any, wheres: Any, window: Any) -> Any:
        found = await super().parties(call, wheres, window)
        return [replace(hit, items=_turned(hit.items)) for hit in found]


def _turned(items: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(sorted(sorted(items, key=lambda row: row.key, reverse=True), key=lambda row: row.name))


class FirstRole(TwinOffice):
    """Looks at the first of the wanted roles only."""

    def _found(self, row: Any, where: PartyFilter) -> bool:
        return super()._found(row, replace(where, roles=where.roles[:1]))


class WantedOnly(TwinOffice):
    """Tells only the standings that were filtered by."""

    async def parties(self, call: Any, wheres: Any, window: Any) -> Any:
        found: list[Slice[Any]] = await super().parties(call, wheres, window)
        return [
            replace(hit, items=tuple(_only(row, where.roles) for row in hit.items))
            for hit, where in zip(found, wheres, strict=True)
        ]


def _only(row: Any, roles: Any) -> Any:
    return replace(row, standings=tuple(one for one in row.standings if not roles or one.role in roles))


class InForceOnly(TwinOffice):
    """Keeps silent about what has ended."""

    def _counts(self, entry: Any) -> bool:
        return super()._counts(entry) and (entry.ends_on is None or entry.ends_on >= date(2026, 5, 15))


class LowerCase(TwinOffice):
    """Knows no Straße."""

    def _found(self, row: Any, where: PartyFilter) -> bool:
        text = (where.text or "").strip().lower()
        named = not text or text in row.name.lower() or self._documented(row.party, text)
        return named and super()._found(row, replace(where, text=None))


class PartOfDocument(TwinOffice):
    """Finds documents by a part of their number: whoever tries can find them out."""

    def _documented(self, party: Any, text: str) -> bool:
        return bool(text) and text in (party.document_number or "")


class Exact(TwinOffice):
    """Wants a document number as it is printed."""

    def _documented(self, party: Any, text: str) -> bool:
        return party.document_number == text


class Blank(TwinOffice):
    """Finds those without a document by a text without letters."""

    def _documented(self, party: Any, text: str) -> bool:
        return super()._documented(party, text) or (not any(map(str.isalnum, text)) and not party.document_number)


class ClosedToo(TwinOffice):
    """Lets people stand to closed accounts."""

    def _counts(self, entry: Any) -> bool:
        return True


class EveryHolder(TwinOffice):
    """Calls everybody who holds an account its holder."""

    def _of_holder(self, account: Any) -> Any:
        return replace(super()._of_holder(account), role=PartyRole.HOLDER)


class Numberless(TwinOffice):
    """Tells no printed numbers."""

    def _standing(self, entry: Any) -> Any:
        return replace(super()._standing(entry), account_number=None)


class BoardOfNothing(TwinOffice):
    """Does not say of which community."""

    def _standing(self, entry: Any) -> Any:
        return replace(super()._standing(entry), community_key=None, community_name=None)


class AsEntered(TwinOffice):
    """Tells standings as they were entered."""

    def _contractor(self, party: Any) -> Any:
        found = super()._contractor(party)
        return replace(found, standings=found.standings[::-1])


BROKEN = [
    (Everybody, "who_has_no_standing_is_not_listed"),
    (ListedOnly, "who_has_no_standing_is_not_listed"),
    (ListedOnly, "known_keys_give_their_records"),
    (NobodyIsNone, "who_finds_nobody_gets_nobody"),
    (NobodyIsNone, "an_empty_list_is_no_absence"),
    (Collated, "names_stand_by_code_points"),
    (NameTies, "names_stand_by_code_points"),
    (NameTies, "every_order_is_kept"),
    (FirstRole, "parties_are_filtered_by_role"),
    (WantedOnly, "parties_are_filtered_by_role"),
    (InForceOnly, "parties_are_filtered_by_role"),
    (InForceOnly, "standings_are_told_whatever_the_day"),
    (LowerCase, "parties_are_found_by_text"),
    (PartOfDocument, "parties_are_found_by_text"),
    (Exact, "parties_are_found_by_text"),
    (Blank, "parties_are_found_by_text"),
    (ClosedToo, "holders_stand_to_their_accounts"),
    (EveryHolder, "holders_stand_to_their_accounts"),
    (Numberless, "a_standing_says_to_what"),
    (BoardOfNothing, "a_standing_says_to_what"),
    (AsEntered, "standings_stand_in_order"),
]


@pytest.mark.anyio
@pytest.mark.parametrize(("office", "promise"), BROKEN, ids=named)
async def test_finds_what_is_broken(office: type[TwinOffice], promise: str, tmp_path: Path) -> None:
    await assert_broken(office, promise, tmp_path)


def test_every_promise_of_this_chapter_can_be_broken() -> None:
    promised = {promise.name for promise in PROMISES if promise.check.__module__ == party.__name__}
    assert promised <= {name for _, name in BROKEN}
