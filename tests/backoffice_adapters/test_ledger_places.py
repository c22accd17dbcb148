"""Enrolments, buildings, communities and shares, compared with the sample book."""

from typing import Any

import pytest

from tests.backoffice_adapters.asking import BOOK, CALL, REFS, ref
from ventanilla.backoffice_adapters.book import BuildingEntry, CommunityEntry
from ventanilla.backoffice_adapters.database import Database
from ventanilla.backoffice_adapters.ledger.office import Ledger
from ventanilla.backoffice_adapters.records import Enrolment, EnrolmentKind

pytestmark = pytest.mark.anyio


# -- enrolments --------------------------------------------------------------------------------------------------


async def test_every_account_has_one_enrolment_of_each_kind(ledger: Ledger) -> None:
    *answers, none, foreign = await ledger.enrolments(CALL, [*REFS, ref("nobody"), ref("flat", office="other")])
    assert (none, foreign) == (None, None)
    for asked, answer in zip(REFS, answers, strict=True):
        told = {entry.kind: entry for entry in BOOK.enrolments if entry.account == asked.key}
        assert answer == tuple(_enrolment(kind, told.get(kind)) for kind in EnrolmentKind)


def _enrolment(kind: EnrolmentKind, entry: Any) -> Enrolment:
    if entry is None:
        return Enrolment(kind=kind, active=False)
    return Enrolment(
        kind=kind,
        active=entry.active,
        since=entry.since,
        cancelled_at=entry.cancelled_at,
        channel=entry.channel,
    )


# -- places ------------------------------------------------------------------------------------------------------


def same(record: Any, entry: BuildingEntry | CommunityEntry | None) -> bool:
    """Whether a record says what the book does."""
    if entry is None or record is None:
        return record is entry
    names = {name: "community_key" if name == "community" else name for name in entry.__struct_fields__}
    assert record.origin.source == "own"
    return all(getattr(record, names[name]) == getattr(entry, name) for name in names)


async def test_an_account_is_in_its_units_building_and_that_in_its_community(ledger: Ledger) -> None:
    units = {unit.key: unit.building_key for unit in BOOK.units}
    buildings = {building.key: building for building in BOOK.buildings}
    communities = {community.key: community for community in BOOK.communities}
    found = await ledger.buildings(CALL, [*REFS, ref("nobody")])
    spoken = await ledger.communities(CALL, [*REFS, ref("nobody")])
    assert (found.pop(), spoken.pop()) == (None, None)
    for entry, building, community in zip(BOOK.accounts, found, spoken, strict=True):
        wanted = buildings.get(units.get(entry.unit or "") or "")
        assert same(building, wanted)
        assert same(community, communities.get((wanted and wanted.community) or ""))
    assert len([building for building in found if building]) == 3
    assert len([community for community in spoken if community]) == 2


async def test_the_unit_of_an_account_names_its_building(ledger: Ledger) -> None:
    flat, great, empty = await ledger.accounts(CALL, ["flat", "great/ż 1", "empty"])
    assert (flat.unit.building_key, great.unit.building_key, empty.unit) == ("d7-b", None, None)


async def test_the_buildings_of_a_community_are_by_name_then_key(ledger: Ledger) -> None:
    dluga, new, none, odd = await ledger.community_buildings(CALL, ["wm-dluga", "wm-new", "nothing", "\0"])
    assert [building.key for building in dluga] == ["z9", "d7-a", "d7-b"]
    assert all(same(found, next(e for e in BOOK.buildings if e.key == found.key)) for found in dluga)
    assert (new, none, odd) == ((), None, None)


async def test_the_shares_of_a_unit_are_by_key(ledger: Ledger) -> None:
    flat, credit, empty, plot, none = await ledger.ownership_shares(
        CALL, [ref("flat"), ref("credit"), ref("empty"), ref("great/ż 1"), ref("nobody")]
    )
    assert flat == (BOOK.ownership_shares[1], BOOK.ownership_shares[0])
    assert credit == (BOOK.ownership_shares[2],)
    assert (empty, plot, none) == ((), (), None)


async def test_one_statement_a_call(database: Database, ledger: Ledger) -> None:
    calls = [
        ledger.enrolments(CALL, REFS),
        ledger.buildings(CALL, REFS),
        ledger.communities(CALL, REFS),
        ledger.community_buildings(CALL, [entry.key for entry in BOOK.communities]),
        ledger.ownership_shares(CALL, REFS),
        ledger.plan_instalments(CALL, [entry.key for entry in BOOK.payment_plans]),
    ]
    for asking in calls:
        before = database.statements
        assert any(await asking)
        assert database.statements - before == 1
    for asking in (
        ledger.community_buildings(CALL, ["\0"]),
        ledger.buildings(CALL, []),
        ledger.enrolments(CALL, [ref("")]),
    ):
        before = database.statements
        assert not any(await asking)
        assert database.statements == before
