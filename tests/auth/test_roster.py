"""People as the staff sees them, on both databases: found, in order, a part at a time, at a constant cost."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.alike import statements
from ventanilla.auth import people, roster, sessions
from ventanilla.auth.actor import StaffRole
from ventanilla.auth.roster import PersonFilter, PersonOrder
from ventanilla.backoffice_adapters.contract import Window
from ventanilla.backoffice_adapters.records import AccountRole
from ventanilla.store.store import Store

pytestmark = pytest.mark.anyio
NOW = datetime(2026, 11, 15, 12, 0, tzinfo=UTC)
PEOPLE = (
    ("Ana", "Paz", "ana@vecinos.example"),
    ("Łukasz", "Żółw", "lukasz@sasiedzi.example"),
    ("JOSÉ", "ÁLVAREZ", "jose@vecinos.example"),
    ("Beto", "Paz", "beto_1@vecinos.example"),
    ("Café", "100% Tinta", "pagos@tinta.example"),
)

FOUND: list[tuple[str, set[str]]] = [
    ("", {"ana", "lukasz", "jose", "beto_1", "pagos"}),
    ("ANA@", {"ana"}),
    ("vecinos", set()),
    ("paz", {"ana", "beto_1"}),
    ("  PAZ   ana ", {"ana"}),
    ("ana paz", {"ana"}),
    ("łuk", {"lukasz"}),
    ("ŻÓŁW", {"lukasz"}),
    ("ółw łuk", {"lukasz"}),
    ("álvarez", {"jose"}),
    ("josé", {"jose"}),
    ("0%", {"pagos"}),
    ("%", {"pagos"}),
    ("_", set()),
    ("beto_", {"beto_1"}),
    ("betox", set()),
    ("\\", set()),
    ("'; --", set()),
    ("\0paz", {"ana", "beto_1"}),
    ("\ud800paz", {"ana", "beto_1"}),
    ("paz " * 30, {"ana", "beto_1"}),
    ("ż" * 60, set()),
]


@pytest.fixture
async def known(store: Store) -> list[str]:
    """The ids of people of one manager; each was added a minute after the one before."""
    ids: list[str] = []
    async with store.work("sur") as work:
        for minute, (given, family, email) in enumerate(PEOPLE):
            now = NOW + timedelta(minutes=minute)
            person = await people.add_person(
                work, email=email, password=None, given_name=given, family_name=family, now=now
            )
            ids.append(person.id)
    async with store.work("norte") as work:
        await people.add_person(
            work, email="ana@norte.example", password=None, given_name="Ana", family_name="Paz", now=NOW
        )
    return ids


async def found(store: Store, search: str, *, staff_only: bool = False) -> set[str]:
    where = PersonFilter(search=search, staff_only=staff_only)
    part = await roster.people(store, "sur", where, PersonOrder.NAME_ASC, Window(limit=100))
    counted = await roster.people(store, "sur", where, PersonOrder.NAME_ASC, Window(limit=1, count=True))
    assert counted.count == len(part.items)
    return {each.email.partition("@")[0] for each in part.items}


@pytest.mark.parametrize(("search", "emails"), FOUND)
async def test_people_are_found_by_what_is_known_of_them(
    store: Store, known: list[str], search: str, emails: set[str]
) -> None:
    assert len(known) == len(PEOPLE)
    assert await found(store, search) == emails


async def test_only_the_staff_is_found(store: Store, known: list[str]) -> None:
    async with store.work("sur") as work:
        row = await people.held(work, known[3])
        assert row
        row.staff_role = StaffRole.STAFF.value
    assert await found(store, "", staff_only=True) == {"beto_1"}
    assert await found(store, "ana", staff_only=True) == set()


@pytest.mark.parametrize("order", PersonOrder)
@pytest.mark.parametrize("backwards", [False, True])
async def test_parts_make_the_whole(store: Store, known: list[str], order: PersonOrder, backwards: bool) -> None:
    whole = (await roster.people(store, "sur", PersonFilter(), order, Window(limit=100))).items
    parts: list[str] = []
    view = Window(limit=2, backwards=backwards)
    while True:
        part = await roster.people(store, "sur", PersonFilter(), order, view)
        ids = [each.id for each in part.items]
        parts = ids + parts if backwards else parts + ids
        if not part.more:
            break
        edge = part.items[0] if backwards else part.items[-1]
        view = Window(limit=2, backwards=backwards, start=roster.position(order, edge))

    assert parts == [each.id for each in whole]
    assert sorted(parts) == sorted(known)


async def test_orders_are_what_they_are_called(store: Store, known: list[str]) -> None:
    async def first(order: PersonOrder) -> str:
        return (await roster.people(store, "sur", PersonFilter(search="paz"), order, Window(limit=1))).items[0].name

    assert [await first(order) for order in PersonOrder] == ["Ana Paz", "Ana Paz", "Beto Paz"]
    assert known


async def test_what_hangs_on_people_costs_one_statement_each(store: Store, known: list[str]) -> None:
    async with store.work("sur") as work:
        for number, person_id in enumerate((known[0], known[0], known[1])):
            await people.link_account(
                work,
                person_id,
                office="main",
                account_key=str(number),
                number=f"00{number}",
                role=AccountRole.OWNER,
                now=NOW,
            )
        await sessions.issue(work, known[1], now=NOW + timedelta(hours=1))
    with statements(store) as ran:
        accounts = await roster.accounts_of(store, "sur", known)
        seen = await roster.last_seen(store, "sur", known)

    assert [[each.number for each in theirs] for theirs in accounts] == [["000", "001"], ["002"], [], [], []]
    assert accounts[1][0].role is AccountRole.OWNER
    assert seen == [None, NOW + timedelta(hours=1), None, None, None]
    assert len(ran) == 2


async def test_somebody_is_found_by_id_at_their_manager_alone(store: Store, known: list[str]) -> None:
    person = await roster.person(store, "sur", known[1])
    assert person
    assert (person.name, person.email_verified_at, person.disabled_at) == ("Łukasz Żółw", None, None)
    for slug, person_id in (("norte", known[1]), ("sur", "0" * 32), ("sur", ""), ("sur", "\0"), ("sur", "x" * 32)):
        assert await roster.person(store, slug, person_id) is None
