"""Seeing as a customer: what is told and what is refused, from the first request on."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.everybody import change, everybody, onlooker, staff
from tests.resolvers.answers import codes
from tests.world import NOW, World, manager, open_world
from ventanilla.auth.actor import Actor
from ventanilla.auth.identify import identify
from ventanilla.schema.roles import Asker
from ventanilla.store.manager import StaffRules

pytestmark = pytest.mark.anyio

SEE = """mutation ($id: ID!, $reason: String!) { seeAs(input: {personId: $id, reason: $reason}) {
  seenBy { name until } viewer { name seenBy { name } accounts { totalCount } } userErrors { reason path } } }"""
STOP = "mutation { stopSeeingAs { userErrors { reason } } }"
WHO = "{ viewer { name seenBy { name until } } }"


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    """A manager whose staff sees for seven minutes, without a second factor, and one who asks for it."""
    rules = StaffRules(second_factor=False, sees_minutes=7)
    async with open_world(tmp_path, manager("sur", staff=rules), manager("norte")) as opened:
        yield opened


@pytest.fixture
async def ana(world: World) -> str:
    return await world.person("sur", "ana@example.org", [("agua", "1")])


async def by(world: World, token: str) -> Actor:
    found = await identify(world.services.store, "sur.example", token, NOW)
    assert found
    return found.actor


async def see(world: World, actor: Actor, whom: str, reason: str = "Llamó por su factura", slug: str = "sur") -> Any:
    outcome = await world.ask(slug, SEE, actor, id=whom, reason=reason)
    assert outcome.errors == []
    assert outcome.data
    return outcome.data["seeAs"]


async def test_who_works_there_sees_as_a_customer_and_as_themselves_again(world: World, ana: str) -> None:
    await staff(world, "mirta@example.org")
    token = await world.token("sur", "mirta@example.org")
    began = await see(world, await by(world, token), ana)
    until = (NOW + timedelta(minutes=7)).isoformat()
    assert began == {
        "seenBy": {"name": "Ana Paz", "until": until},
        "viewer": {"name": "Ana Paz", "seenBy": {"name": "Ana Paz"}, "accounts": {"totalCount": 1}},
        "userErrors": [],
    }
    seeing = await by(world, token)
    assert seeing.person_id == ana
    told = await world.ask("sur", WHO, seeing)
    assert told.data == {"viewer": {"name": "Ana Paz", "seenBy": {"name": "Ana Paz", "until": until}}}
    assert (await world.ask("sur", STOP, seeing)).data == {"stopSeeingAs": {"userErrors": []}}
    assert (await by(world, token)).staff_role == "STAFF"


@pytest.mark.parametrize(
    ("reason", "whom"), [("REASON_REQUIRED", "ana"), ("NOT_FOUND", "nobody"), ("NOT_FOUND", "self")]
)
async def test_a_refusal_says_what_to_mend(world: World, ana: str, reason: str, whom: str) -> None:
    mirta = await staff(world, "mirta@example.org")
    actor = await world.actor("sur", "mirta@example.org")
    given = "" if reason == "REASON_REQUIRED" else "Llamó"
    found = await see(world, actor, {"ana": ana, "self": mirta, "nobody": "0" * 32}[whom], given)
    ((error),) = found["userErrors"]
    assert (error["reason"], error["path"]) == (reason, ["reason"] if reason == "REASON_REQUIRED" else ["personId"])
    assert (found["seenBy"], found["viewer"]) == (None, None)


async def test_nothing_is_changed_in_the_same_request_either(world: World, ana: str) -> None:
    await staff(world, "mirta@example.org")
    actor = await world.actor("sur", "mirta@example.org")
    document = """mutation ($id: ID!) {
      seeAs(input: {personId: $id, reason: "Llamó"}) { userErrors { reason } }
      change: changePassword(input: {currentPassword: "a", newPassword: "b"}) { userErrors { reason } }
      stopSeeingAs { userErrors { reason } }
      again: seeAs(input: {personId: $id, reason: "Llamó"}) { userErrors { reason } }
    }"""
    outcome = await world.ask("sur", document, actor, id=ana)
    assert codes(outcome) == [("again", "FORBIDDEN"), ("change", "FORBIDDEN")] or outcome.data is None
    assert {str(error.message) for error in outcome.errors} == {
        "You see the portal as somebody else, who alone may do this. See as yourself again: `stopSeeingAs`."
    }


@pytest.mark.parametrize(
    "field",
    ["sessions { id }", "passkeys { id }", "identities { title }", "personalData", "secondFactor { __typename }"],
)
async def test_what_is_how_a_customer_signs_in_is_not_told(world: World, ana: str, field: str) -> None:
    outcome = await world.ask("sur", "{ viewer { %s } }" % field, await onlooker(world, ana))
    assert [code for _, code in codes(outcome)] == ["FORBIDDEN"]


async def test_what_the_customer_reaches_is_told_and_its_paper(world: World, ana: str) -> None:
    field = "title balance { side } invoices { nodes { number document { url } } }"
    outcome = await world.ask(
        "sur",
        "{ viewer { email accounts { nodes { %s } } notices { totalCount } } }" % field,
        await onlooker(world, ana),
    )
    assert outcome.errors == []
    assert outcome.data
    (account,) = outcome.data["viewer"]["accounts"]["nodes"]
    assert account["invoices"]["nodes"][0]["document"]["url"].startswith("/documents/")


async def test_what_is_due_to_the_customer_does_not_hold_them_up(world: World, ana: str) -> None:
    await change(world, ana, must_change_password=True, second_factor_at=NOW)
    outcome = await world.ask("sur", "{ viewer { accounts { totalCount } } }", await onlooker(world, ana))
    assert (outcome.data, outcome.errors) == ({"viewer": {"accounts": {"totalCount": 1}}}, [])


@pytest.mark.parametrize("asker", [each for each in Asker if each not in {Asker.STAFF, Asker.STAFF_ADMIN}])
async def test_nobody_else_sees_as_anybody(world: World, asker: Asker) -> None:
    beto = await world.person("sur", "beto@example.org", [])
    outcome = await world.ask("sur", SEE, (await everybody(world))[asker], id=beto, reason="Porque sí")
    expected = "UNAUTHENTICATED" if asker is Asker.GUEST else "FORBIDDEN"
    assert codes(outcome) == [("seeAs", expected)]


async def test_who_owes_a_second_factor_sees_as_nobody(world: World) -> None:
    customer = await world.person("norte", "ana@example.org", [])
    await staff(world, "mirta@example.org", slug="norte")
    outcome = await world.ask(
        "norte", SEE, await world.actor("norte", "mirta@example.org"), id=customer, reason="Llamó"
    )
    assert codes(outcome) == [("seeAs", "FORBIDDEN")]


async def test_who_sees_as_themselves_has_nothing_to_stop(world: World, ana: str) -> None:
    outcome = await world.ask("sur", STOP, await world.actor("sur", "ana@example.org"))
    assert outcome.data == {"stopSeeingAs": {"userErrors": [{"reason": "NOT_SEEING"}]}}


@pytest.mark.parametrize("everywhere", [False, True])
async def test_to_sign_out_ends_the_session_of_who_sees_and_none_of_the_customer(
    world: World, ana: str, *, everywhere: bool
) -> None:
    theirs = await world.token("sur", "ana@example.org")
    seeing = await onlooker(world, ana)
    token = await world.token("sur", "mirta@example.org")
    outcome = await world.ask(
        "sur",
        "mutation ($all: Boolean!) { signOut(input: {allSessions: $all}) { endedSessions } }",
        seeing,
        all=everywhere,
    )
    assert outcome.data == {"signOut": {"endedSessions": 2 if everywhere else 1}}
    assert (await by(world, theirs)).person_id == ana
    assert (await by(world, token)).signed_in is not everywhere
    kinds = await world.services.store.rows("SELECT kind FROM audit_event WHERE person_id = $1 ORDER BY id", [ana])
    assert [kind for (kind,) in kinds] == ["SEEN_AS", "SEEING_ENDED"]
