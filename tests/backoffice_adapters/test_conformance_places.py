"""The kit finds what is wrong with places, enrolments, meters and notices, each broken on purpose."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from tests.backoffice_adapters.breaking import assert_broken, named
from ventanilla.backoffice_adapters.conformance import enrolment, meter, notice, place
from ventanilla.backoffice_adapters.conformance.promises import PROMISES
from ventanilla.backoffice_adapters.conformance.twin import TwinOffice
from ventanilla.backoffice_adapters.records import MeterStatus, Reader, Slice

# -- enrolments and places ---------------------------------------------------------------------------------------


class OnlyActive(TwinOffice):
    """Leaves out what an account is not enrolled in."""

    async def enrolments(self, call: Any, accounts: Any) -> Any:
        found: list[Any] = await super().enrolments(call, accounts)
        return [hit and tuple(one for one in hit if one.active) for hit in found]


class SinceForever(TwinOffice):
    """Says of what has ended since when it is."""

    def _enrolment(self, account: Any, kind: Any) -> Any:
        found = super()._enrolment(account, kind)
        return replace(found, since=found.since or date(2025, 3, 1))


class OneBuilding(TwinOffice):
    """Knows one building."""

    def _building(self, entry: Any) -> Any:
        return super()._building(entry) and self.book.buildings[0]


class OneCommunity(TwinOffice):
    """Knows one community."""

    def _community(self, entry: Any) -> Any:
        return super()._community(self.book.accounts[0])


class BuildingsByKey(TwinOffice):
    """Tells the buildings as its table has them."""

    def _buildings(self, community: str) -> Any:
        return tuple(sorted(super()._buildings(community), key=lambda row: row.key))


class Reduces(TwinOffice):
    """Writes shares in lowest terms."""

    def _shares(self, entry: Any) -> Any:
        exact = [(share, Fraction(share.numerator, share.denominator)) for share in super()._shares(entry)]
        return tuple(replace(share, numerator=part.numerator, denominator=part.denominator) for share, part in exact)


class FloatShares(TwinOffice):
    """Passes the numbers of a share through a float."""

    def _shares(self, entry: Any) -> Any:
        return tuple(replace(share, numerator=float(share.numerator)) for share in super()._shares(entry))


class OneOwner(TwinOffice):
    """Knows one owner of a unit."""

    def _shares(self, entry: Any) -> Any:
        return super()._shares(entry)[:1]


# -- meters ------------------------------------------------------------------------------------------------------


class HidesRemoved(TwinOffice):
    """Lists only meters that hang somewhere."""

    async def meters(self, call: Any, accounts: Any, where: Any, order: Any, window: Any) -> Any:
        where = replace(where, statuses=where.statuses or (MeterStatus.ACTIVE,))
        return await super().meters(call, accounts, where, order, window)


class NeverRemoved(TwinOffice):
    """Does not say when a meter was removed."""

    def _meter(self, entry: Any) -> Any:
        return replace(super()._meter(entry), removed_on=None)


class FollowsAnother(TwinOffice):
    """Lets a meter follow one of another account."""

    def _meter(self, entry: Any) -> Any:
        return replace(super()._meter(entry), replaces_key=entry.replaces and "met8")


class OneRegister(TwinOffice):
    """Calls every register the same."""

    def _meter(self, entry: Any) -> Any:
        return replace(super()._meter(entry), registers=tuple(replace(one, key="1") for one in entry.registers))


class Grouped(TwinOffice):
    """Writes what a meter showed as people do."""

    def _reading(self, entry: Any) -> Any:
        shown = tuple(replace(one, value=one.value.replace(".", ",")) for one in entry.values)
        return replace(super()._reading(entry), values=shown)


class AnyMedium(TwinOffice):
    """Filters meters by one condition or the other."""

    async def meters(self, call: Any, accounts: Any, where: Any, order: Any, window: Any) -> Any:
        where = replace(where, media=()) if where.statuses else where
        return await super().meters(call, accounts, where, order, window)


class AnyDay(TwinOffice):
    """Does not filter readings by their day."""

    async def meter_readings(self, call: Any, meters: Any, where: Any, order: Any, window: Any) -> Any:
        return await super().meter_readings(call, meters, type(where)(statuses=where.statuses), order, window)


class AnyMeter(TwinOffice):
    """Takes a meter that is not there for one that was never read."""

    async def meter_readings(self, call: Any, meters: Any, where: Any, order: Any, window: Any) -> Any:
        found = await super().meter_readings(call, meters, where, order, window)
        return [hit or Slice(items=(), more=False, count=0 if window.count else None) for hit in found]


class NothingIsNone(TwinOffice):
    """Takes a meter that was never read for one that is not there."""

    async def meter_readings(self, call: Any, meters: Any, where: Any, order: Any, window: Any) -> Any:
        found: list[Any] = await super().meter_readings(call, meters, where, order, window)
        return [hit if hit and hit.items else None for hit in found]


class ReadingTies(TwinOffice):
    """Begins a page of readings after the start's day and forgets the rest of it."""

    async def meter_readings(self, call: Any, meters: Any, where: Any, order: Any, window: Any) -> Any:
        if window.start:
            extreme = "" if order.descending is not window.backwards else "\uffff"
            window = replace(window, start=replace(window.start, key=extreme))
        return await super().meter_readings(call, meters, where, order, window)


# -- notices -----------------------------------------------------------------------------------------------------


class UntilIncluded(TwinOffice):
    """Shows a notice at the very moment from which it is seen no more."""

    def _published(self, entry: Any, now: Any) -> bool:
        return super()._published(entry, now) or entry.visible_until == now


class AfterTheMoment(TwinOffice):
    """Shows a notice only after the moment from which it is seen."""

    def _published(self, entry: Any, now: Any) -> bool:
        return super()._published(entry, now) and entry.published_from != now


class AnyAccountAnyRole(TwinOffice):
    """Mixes a reader's accounts and roles."""

    def _seen(self, reader: Any, now: Any) -> Any:
        roles = [one.role for one in reader.standings]
        mixed = [replace(one, role=role) for one in reader.standings for role in roles]
        return super()._seen(Reader(standings=tuple(mixed)), now)


class EitherCondition(TwinOffice):
    """Takes one condition that is met for all of them."""

    def _meant(self, entry: Any, standing: Any) -> bool:
        apart = [replace(entry, accounts=(), buildings=()), replace(entry, communities=(), roles=())]
        return any(super(EitherCondition, self)._meant(one, standing) for one in apart)


class CustomersOnly(TwinOffice):
    """Tells nothing to whom it does not know."""

    def _seen(self, reader: Any, now: Any) -> Any:
        known = [one for one in reader.standings if self._whereabouts(one)[0]]
        return super()._seen(reader, now) if known else []


class Strangers(TwinOffice):
    """Looks at the key of an account and not at whose it is."""

    def _at_home(self, ref: Any) -> bool:
        return True


class OpenByKey(TwinOffice):
    """Shows a notice to whoever knows its key."""

    async def notices_by_key(self, call: Any, keys: Any, reader: Any) -> Any:
        found = {entry.key: self._notice(entry) for entry in self.book.notices}
        return [found.get(key) for key in keys]


class ShortByKey(TwinOffice):
    """Tells more in the list than by key."""

    async def notices_by_key(self, call: Any, keys: Any, reader: Any) -> Any:
        found: list[Any] = await super().notices_by_key(call, keys, reader)
        return [hit and replace(hit, body=hit.body[:9]) for hit in found]


class Nameless(TwinOffice):
    """Does not name the community that speaks."""

    def _notice(self, entry: Any) -> Any:
        return replace(super()._notice(entry), community_name=None)


class ReaderlessList(TwinOffice):
    """Takes a reader without any account for one who sees nothing."""

    async def notices(self, call: Any, readers: Any, order: Any, window: Any) -> Any:
        found = await super().notices(call, readers, order, window)
        return [hit or Slice(items=(), more=False, count=0 if window.count else None) for hit in found]


BROKEN = [
    (OnlyActive, "enrolments_are_complete_and_in_order"),
    (SinceForever, "enrolments_say_since_when"),
    (OneBuilding, "a_building_is_that_of_the_unit"),
    (OneCommunity, "a_community_has_its_buildings"),
    (BuildingsByKey, "buildings_stand_by_name"),
    (Reduces, "shares_are_exact"),
    (FloatShares, "shares_are_exact"),
    (FloatShares, "values_are_of_their_types"),
    (OneOwner, "co_owners_have_a_share_each"),
    (HidesRemoved, "removed_meters_are_listed"),
    (NeverRemoved, "removed_meters_say_when"),
    (FollowsAnother, "a_meter_follows_one_of_its_account"),
    (OneRegister, "registers_are_told_apart"),
    (Grouped, "readings_are_of_their_meter"),
    (AnyMedium, "meters_are_filtered"),
    (AnyDay, "meter_readings_are_filtered"),
    (AnyMeter, "absent_keys_are_none"),
    (AnyMeter, "each_subject_has_its_own_page"),
    (NothingIsNone, "an_empty_list_is_no_absence"),
    (ReadingTies, "a_walk_forwards_meets_each_row_once"),
    (UntilIncluded, "notices_keep_to_their_window"),
    (AfterTheMoment, "notices_keep_to_their_window"),
    (AnyAccountAnyRole, "notices_reach_their_audience"),
    (EitherCondition, "notices_reach_their_audience"),
    (CustomersOnly, "what_is_for_everybody_is_seen_by_strangers"),
    (Strangers, "what_is_for_everybody_is_seen_by_strangers"),
    (Strangers, "a_key_opens_no_notice"),
    (OpenByKey, "a_key_opens_no_notice"),
    (ShortByKey, "lists_and_keys_show_the_same_notices"),
    (Nameless, "a_community_is_named_where_it_speaks"),
    (ReaderlessList, "absent_keys_are_none"),
]
CHAPTERS = {chapter.__name__ for chapter in (enrolment, meter, notice, place)}


@pytest.mark.anyio
@pytest.mark.parametrize(("office", "promise"), BROKEN, ids=named)
async def test_finds_what_is_broken(office: type[TwinOffice], promise: str, tmp_path: Path) -> None:
    await assert_broken(office, promise, tmp_path)


def test_every_promise_of_these_chapters_can_be_broken() -> None:
    promised = {promise.name for promise in PROMISES if promise.check.__module__ in CHAPTERS}
    assert promised <= {name for _, name in BROKEN}
