"""Mandates through the schema: given for what an office knows, from one day to another, and ended."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.books import book
from tests.resolvers.adapters import altered, fewer
from tests.resolvers.answers import codes
from tests.world import World, manager, open_world
from ventanilla.auth.actor import Actor, StaffRole
from ventanilla.backoffice_adapters.contract import Fault, FaultCode
from ventanilla.backoffice_adapters.records import Licence
from ventanilla.store.manager import OfficeChoice

pytestmark = pytest.mark.anyio
MANDATE = "mandate { id role office subjectKey subjectName startsOn endsOn inForce } userErrors { reason path message }"
GRANT = "mutation ($in: GrantMandateInput!) { done: grantMandate(input: $in) { %s } }" % MANDATE
END = "mutation ($in: EndMandateInput!) { done: endMandate(input: $in) { %s } }" % MANDATE
BOARD = {"role": "BOARD_MEMBER", "office": "agua", "subjectKey": "W1"}
SUPPLIER = {"role": "SUPPLIER", "office": "agua", "subjectKey": "2"}


async def done(world: World, actor: Actor, query: str, **given: Any) -> Any:
    outcome = await world.ask("sur", query, actor, **{"in": given})
    assert outcome.errors == []
    assert outcome.data
    return outcome.data["done"]


async def refused(world: World, actor: Actor, query: str, **given: Any) -> tuple[str, list[str]]:
    found = await done(world, actor, query, **given)
    (error,) = found["userErrors"]
    assert found["mandate"] is None
    assert error["message"]
    return error["reason"], error["path"]


async def two(world: World) -> tuple[Actor, str]:
    """An admin, and the id of somebody else."""
    ana = await world.person("sur", "ana@example.org", [])
    return await world.staff("sur", "eva@sur.example", StaffRole.STAFF_ADMIN), ana


async def test_a_mandate_is_given_for_what_the_office_knows(world: World) -> None:
    eva, ana = await two(world)
    world.calls.clear()
    board = await done(world, eva, GRANT, personId=ana, **BOARD)
    supplier = await done(world, eva, GRANT, personId=ana, **SUPPLIER, startsOn="2026-12-01", endsOn="2027-11-30")
    assert world.counted() == [("agua", "communities_by_key", 1), ("agua", "parties_by_key", 1)]
    assert board["mandate"] == {
        "id": board["mandate"]["id"],
        "role": "BOARD_MEMBER",
        "office": "agua",
        "subjectKey": "W1",
        "subjectName": board["mandate"]["subjectName"],
        "startsOn": "2026-11-15",
        "endsOn": None,
        "inForce": True,
    }
    assert board["mandate"]["subjectName"] == "sur Consorcio 1"
    assert supplier["mandate"]["subjectName"] == "sur Pérez 2"
    assert (supplier["mandate"]["endsOn"], supplier["mandate"]["inForce"]) == ("2027-11-30", False)
    rows = await world.services.store.rows("SELECT kind, actor_id, person_id, told FROM audit_event ORDER BY id")
    assert [tuple(row)[:3] for row in rows] == [("MANDATE_GRANTED", eva.person_id, ana)] * 2
    assert rows[1][3] == '{"role":"SUPPLIER","subject":"sur Pérez 2","startsOn":"2026-12-01","endsOn":"2027-11-30"}'


async def test_the_same_from_the_same_day_is_changed(world: World) -> None:
    eva, ana = await two(world)
    first = await done(world, eva, GRANT, personId=ana, **BOARD)
    again = await done(world, eva, GRANT, personId=ana, **BOARD, endsOn="2026-12-31")
    assert again["mandate"] == {**first["mandate"], "endsOn": "2026-12-31"}
    assert len(await world.services.store.rows("SELECT id FROM mandate")) == 1


@pytest.mark.parametrize(
    ("given", "reason", "field"),
    [
        ({"personId": "0" * 32}, "PERSON_NOT_FOUND", "personId"),
        ({"personId": "\0"}, "PERSON_NOT_FOUND", "personId"),
        ({"office": "gas"}, "OFFICE_UNKNOWN", "office"),
        ({"subjectKey": "77"}, "SUBJECT_NOT_FOUND", "subjectKey"),
        ({"subjectKey": ""}, "SUBJECT_NOT_FOUND", "subjectKey"),
        ({"subjectKey": "\0"}, "SUBJECT_NOT_FOUND", "subjectKey"),
        ({"subjectKey": "1" * 121}, "SUBJECT_NOT_FOUND", "subjectKey"),
        ({"office": "alquiler"}, "SUBJECT_NOT_FOUND", "subjectKey"),
        ({"endsOn": "2026-11-14"}, "ENDS_BEFORE_START", "endsOn"),
    ],
)
async def test_what_cannot_be_given_is_told(world: World, given: dict[str, str], reason: str, field: str) -> None:
    eva, ana = await two(world)
    assert await refused(world, eva, GRANT, **{"personId": ana, **BOARD, **given}) == (reason, [field])
    assert await world.services.store.rows("SELECT id FROM mandate") == []
    assert await world.services.store.rows("SELECT id FROM audit_event") == []


async def test_somebody_of_another_manager_is_like_nobody(world: World) -> None:
    eva, _ = await two(world)
    other = await world.person("norte", "ana@example.org", [])
    assert await refused(world, eva, GRANT, personId=other, **BOARD) == ("PERSON_NOT_FOUND", ["personId"])


async def test_a_mandate_ends_and_is_not_forgotten(world: World) -> None:
    eva, ana = await two(world)
    id = (await done(world, eva, GRANT, personId=ana, **BOARD))["mandate"]["id"]
    assert await refused(world, eva, END, id=id, endsOn="2026-11-14") == ("ENDS_BEFORE_START", ["endsOn"])
    later = await done(world, eva, END, id=id, endsOn="2026-12-31")
    assert (later["mandate"]["endsOn"], later["mandate"]["inForce"]) == ("2026-12-31", True)
    assert (await done(world, eva, END, id=id))["mandate"]["endsOn"] == "2026-11-15"
    for nobody in ("0" * 32, "", "\0"):
        assert await refused(world, eva, END, id=nobody) == ("NOT_FOUND", ["id"])
    kinds = await world.services.store.rows("SELECT kind, person_id FROM audit_event ORDER BY id")
    assert [tuple(row) for row in kinds] == [(f"MANDATE_{kind}", ana) for kind in ("GRANTED", "ENDED", "ENDED")]


async def test_an_office_that_cannot_tell_takes_a_name_instead(tmp_path: Path) -> None:
    offices = {"agua": OfficeChoice(adapter="fewer"), "alquiler": OfficeChoice(adapter="embedded")}
    registry = fewer("communities.read", "parties.read")
    async with open_world(tmp_path, manager("sur", offices=offices), registry=registry) as world:
        eva, ana = await two(world)
        for given in (BOARD, SUPPLIER):
            assert await refused(world, eva, GRANT, personId=ana, **given) == ("NAME_REQUIRED", ["subjectName"])
            assert (await refused(world, eva, GRANT, personId=ana, **given, subjectName="a\nb"))[0] == "NAME_REQUIRED"
            made = await done(world, eva, GRANT, personId=ana, **given, subjectName=" Torre Norte ")
            assert made["mandate"]["subjectName"] == "Torre Norte"


async def test_while_the_office_does_not_answer_no_mandate_is_given(tmp_path: Path) -> None:
    offices = {"agua": OfficeChoice(adapter="altered"), "alquiler": OfficeChoice(adapter="embedded")}
    fault = Fault(code=FaultCode.UNAVAILABLE)
    registry = altered(communities_by_key=lambda hits: [fault] * len(hits))
    books = {("sur", "agua"): book("sur", Licence.UTILITY)}
    async with open_world(tmp_path, manager("sur", offices=offices), registry=registry, books=books) as world:
        eva, ana = await two(world)
        outcome = await world.ask("sur", GRANT, eva, **{"in": {"personId": ana, **BOARD}})
        assert codes(outcome) == [("done", "BACK_OFFICE_UNAVAILABLE")]
        assert await world.services.store.rows("SELECT id FROM mandate") == []


async def test_mandates_are_for_those_who_administer_access(world: World) -> None:
    ana = await world.person("sur", "ana@example.org", [])
    ivo = await world.staff("sur", "ivo@sur.example")
    assert codes(await world.ask("sur", GRANT, ivo, **{"in": {"personId": ana, **BOARD}})) == [("done", "FORBIDDEN")]
    assert codes(await world.ask("sur", END, ivo, **{"in": {"id": "0" * 32}})) == [("done", "FORBIDDEN")]
