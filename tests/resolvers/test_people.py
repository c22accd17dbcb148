"""The manager's people through the schema: for whom, how they are found, and what it costs."""

from __future__ import annotations

from typing import Any

import pytest

from tests.alike import statements
from tests.resolvers.answers import codes
from tests.world import World
from ventanilla.auth import mandates
from ventanilla.auth.actor import Actor, StaffRole
from ventanilla.auth.mandates import Mandate, MandateRole

pytestmark = pytest.mark.anyio

PEOPLE = """
query ($search: String, $staffOnly: Boolean, $first: Int, $after: String, $order: PersonOrder) {
  staff {
    people(search: $search, staffOnly: $staffOnly, first: $first, after: $after, order: $order) {
      totalCount
      pageInfo { hasNextPage endCursor }
      nodes {
        id email name userName emailVerifiedAt documentType documentNumber phone language staffRole createdAt
        disabledAt secondFactorAt lastSeenAt
        accounts { office number role since }
        mandates { role office subjectKey subjectName startsOn endsOn inForce }
      }
    }
  }
}
"""
PERSON = "query ($id: ID!) { staff { person(id: $id) { id email } } }"


async def told(world: World, actor: Actor, query: str = PEOPLE, **variables: Any) -> Any:
    outcome = await world.ask("sur", query, actor, **variables)
    assert outcome.errors == []
    assert outcome.data
    return outcome.data["staff"]


async def test_the_desk_is_for_the_staff_alone(world: World) -> None:
    await world.person("sur", "ana@example.org", [])
    ana = await world.actor("sur", "ana@example.org")
    for actor, code in ((Actor(), "UNAUTHENTICATED"), (ana, "FORBIDDEN")):
        outcome = await world.ask("sur", PEOPLE, actor)
        assert (outcome.data, codes(outcome)) == ({"staff": None}, [("staff", code)])


async def test_the_staff_of_a_manager_sees_nothing_of_another(world: World) -> None:
    ana = await world.person("norte", "ana@example.org", [])
    eva = await world.staff("sur", "eva@sur.example")
    assert [each["email"] for each in (await told(world, eva))["people"]["nodes"]] == ["eva@sur.example"]
    assert (await told(world, eva, PERSON, id=ana))["person"] is None


async def test_a_person_is_told_with_what_hangs_on_them(world: World) -> None:
    ana = await world.person("sur", "ana@example.org", [("agua", "1"), ("agua", "2")])
    eva = await world.staff("sur", "eva@sur.example", StaffRole.STAFF_ADMIN)
    mandate = Mandate(
        id="",
        role=MandateRole.BOARD_MEMBER,
        office="agua",
        subject_key="1",
        subject_name="Torre",
        starts_on=world.context("sur").today,
    )
    async with world.services.store.work("sur") as work:
        await mandates.grant(work, ana, mandate, world.context("sur").now)
    people = (await told(world, eva, search="ANA@"))["people"]

    assert people["totalCount"] == 1
    assert people["nodes"] == [
        {
            "id": ana,
            "email": "ana@example.org",
            "name": "Ana Paz",
            "userName": None,
            "emailVerifiedAt": "2026-11-15T12:00:00+00:00",
            "documentType": None,
            "documentNumber": None,
            "phone": None,
            "language": None,
            "staffRole": None,
            "createdAt": "2026-11-15T12:00:00+00:00",
            "disabledAt": None,
            "secondFactorAt": None,
            "lastSeenAt": None,
            "accounts": [
                {"office": "agua", "number": f"sur-00{key}", "role": "HOLDER", "since": "2026-11-15T12:00:00+00:00"}
                for key in "12"
            ],
            "mandates": [
                {
                    "role": "BOARD_MEMBER",
                    "office": "agua",
                    "subjectKey": "1",
                    "subjectName": "Torre",
                    "startsOn": "2026-11-15",
                    "endsOn": None,
                    "inForce": True,
                }
            ],
        }
    ]
    (found,) = (await told(world, eva, staffOnly=True))["people"]["nodes"]
    assert (found["email"], found["staffRole"]) == ("eva@sur.example", "STAFF_ADMIN")
    assert found["lastSeenAt"]


async def test_people_come_a_part_at_a_time(world: World) -> None:
    eva = await world.staff("sur", "eva@sur.example")
    for number in range(5):
        await world.person("sur", f"p{number}@example.org", [])
    emails: list[str] = []
    after = None
    while True:
        part = (await told(world, eva, first=4, after=after, order="EMAIL_ASC"))["people"]
        emails += [each["email"] for each in part["nodes"]]
        after = part["pageInfo"]["endCursor"]
        if not part["pageInfo"]["hasNextPage"]:
            break
    assert emails == ["eva@sur.example", *(f"p{number}@example.org" for number in range(5))]
    misused = await world.ask("sur", PEOPLE, eva, after=after, order="NAME_ASC")
    assert [code for _, code in codes(misused)] == ["INVALID_ARGUMENT"]
    long = await world.ask("sur", PEOPLE, eva, search="x" * 121)
    assert [code for _, code in codes(long)] == ["INVALID_ARGUMENT"]


async def test_a_list_costs_the_same_however_many_people_it_shows(world: World) -> None:
    eva = await world.staff("sur", "eva@sur.example")

    async def cost() -> int:
        world.calls.clear()
        with statements(world.services.store) as ran:
            await told(world, eva)
        assert world.counted() == []
        return len(ran)

    few = await cost()
    for number in range(12):
        await world.person("sur", f"p{number}@example.org", [("agua", "1"), ("agua", "2")])
    assert await cost() == few == 5  # people, how many in all, accounts, mandates, when last seen


async def test_somebody_is_found_by_id(world: World) -> None:
    ana = await world.person("sur", "ana@example.org", [])
    eva = await world.staff("sur", "eva@sur.example")
    assert (await told(world, eva, PERSON, id=ana))["person"] == {"id": ana, "email": "ana@example.org"}
    for id in ("0" * 32, "", "x", "\0"):
        assert (await told(world, eva, PERSON, id=id))["person"] is None
