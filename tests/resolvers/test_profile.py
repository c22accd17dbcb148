"""The viewer's profile through the schema: read, changed, and reached under another address."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests.resolvers import letters
from tests.resolvers.answers import codes
from tests.world import NOW, World
from ventanilla.auth.actor import GUEST, Actor
from ventanilla.auth.proofs import Proofs
from ventanilla.resolvers.profile import _TAKEN
from ventanilla.resolvers.refusals import _SIGN_IN_ANEW

pytestmark = pytest.mark.anyio

QUERIES = Path(__file__).parents[2] / "examples" / "queries"
ANA, EVA, NEW = "ana@example.org", "eva@example.org", "ana@new.example"


async def asked(world: World, name: str, actor: Actor = GUEST, /, **variables: Any) -> Any:
    """What the one field of an example document answers."""
    document = (QUERIES / f"{name}.graphql").read_text("utf-8")
    outcome = await world.ask("sur", document, actor, **variables)
    assert outcome.errors == []
    assert outcome.data is not None
    (answer,) = outcome.data.values()
    return answer


async def change(world: World, name: str, actor: Actor = GUEST, /, **given: Any) -> Any:
    return await asked(world, name, actor, input=given)


def refused(payload: Any) -> list[tuple[str, list[str] | None]]:
    return [(error["reason"], error.get("path")) for error in payload["userErrors"]]


@pytest.fixture
async def ana(world: World) -> Actor:
    await world.person("sur", ANA, [("agua", "1")])
    return await world.actor("sur", ANA)


async def test_a_profile_is_told_and_changed(world: World, ana: Actor) -> None:
    told = (await asked(world, "profile", ana))["profile"]
    assert told == {
        "givenName": "Ana",
        "familyName": "Paz",
        "documentType": None,
        "documentNumber": None,
        "phone": None,
        "language": None,
        "email": ANA,
        "emailVerifiedAt": NOW.isoformat(),
        "pendingEmail": None,
        "userName": None,
        "createdAt": NOW.isoformat(),
    }
    changed = await change(world, "update-profile", ana, familyName=" Paz Soldán ", language="en")
    assert changed["profile"] == {"givenName": "Ana", "familyName": "Paz Soldán", "language": "en"}
    again = await change(world, "update-profile", ana, language=None)
    assert again["profile"] == {"givenName": "Ana", "familyName": "Paz Soldán", "language": None}
    reached = await change(world, "update-contact", ana, phone=" +54  343 555 0142 ")
    assert (reached["state"], reached["profile"]["phone"]) == ("UPDATED", "+54 343 555 0142")
    cleared = await change(world, "update-contact", ana, phone=None)
    assert (cleared["state"], cleared["profile"]["phone"]) == ("UPDATED", None)


async def test_the_rest_of_the_request_sees_the_new_name(world: World, ana: Actor) -> None:
    context = world.context("sur", ana)
    await world.run(context, 'mutation { updateProfile(input: {givenName: "Anabel"}) { userErrors { code } } }')
    assert context.actor.name == "Anabel Paz"


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"givenName": None}, ("FIELD_REQUIRED", ["givenName"])),
        ({"familyName": "  "}, ("FIELD_REQUIRED", ["familyName"])),
        ({"givenName": "A\nB"}, ("FIELD_INVALID", ["givenName"])),
        ({"language": "pl"}, ("FIELD_INVALID", ["language"])),
        ({"language": ""}, ("FIELD_REQUIRED", ["language"])),
    ],
)
async def test_what_cannot_be_is_refused_and_nothing_is_changed(
    world: World, ana: Actor, given: Any, why: tuple[str, list[str]]
) -> None:
    payload = await change(world, "update-profile", ana, **{"familyName": "Otra", **given})
    assert refused(payload) == [why]
    assert payload["profile"] is None
    assert (await asked(world, "profile", ana))["profile"]["familyName"] == "Paz"


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"email": None}, ("FIELD_REQUIRED", ["email"])),
        ({"email": "nobody"}, ("FIELD_INVALID", ["email"])),
        ({"phone": "12"}, ("FIELD_INVALID", ["phone"])),
        ({"phone": ""}, ("FIELD_REQUIRED", ["phone"])),
    ],
)
async def test_nobody_is_reached_where_they_cannot_be(
    world: World, ana: Actor, given: Any, why: tuple[str, list[str]]
) -> None:
    payload = await change(world, "update-contact", ana, **given)
    assert refused(payload) == [why]
    assert (payload["state"], payload["profile"]) == (None, None)


async def test_another_address_is_asked_for_and_confirmed_elsewhere(world: World, ana: Actor) -> None:
    rung: list[None] = []
    world.services = replace(world.services, wake_worker=lambda: rung.append(None))
    sent = await change(world, "update-contact", ana, email=NEW, phone="3435550142")
    assert sent["state"] == "EMAIL_VERIFICATION_SENT"
    assert sent["profile"] == {"email": ANA, "pendingEmail": NEW, "phone": "3435550142"}
    link = await letters.token(world, "sur", NEW)
    assert await change(world, "confirm-new-email", token=f" {link} ") == {"email": NEW, "userErrors": []}
    assert len(rung) == 2
    assert [kind for kind, _ in await letters.kinds(world, "sur")] == [
        "EMAIL_CHANGED",
        "NEW_EMAIL_ASKED",
        "VERIFY_NEW_EMAIL",
    ]
    again = await change(world, "confirm-new-email", token=link)
    assert [error["reason"] for error in again["userErrors"]] == ["TOKEN_USED"]
    assert (await asked(world, "profile", await world.actor("sur", NEW)))["profile"]["email"] == NEW


async def test_an_address_that_somebody_has_is_answered_alike_and_the_first_to_prove_one_has_it(
    world: World, ana: Actor
) -> None:
    await world.person("sur", EVA, [])
    eva = await world.actor("sur", EVA)
    taken = await change(world, "update-contact", ana, email=EVA)
    free = await change(world, "update-contact", ana, email=NEW)
    assert {**taken, "profile": None} == {**free, "profile": None}
    assert (taken["profile"]["pendingEmail"], free["profile"]["pendingEmail"]) == (EVA, NEW)
    assert ("EMAIL_IN_USE", "PENDING") in await letters.kinds(world, "sur")
    await change(world, "update-contact", eva, email=NEW)
    mine, theirs = [Proofs(world.services.keys, "sur").link("NEW_EMAIL", each) for each in await open_links(world)]
    assert (await change(world, "confirm-new-email", token=mine))["email"] == NEW
    late = await change(world, "confirm-new-email", token=theirs)
    assert [error["reason"] for error in late["userErrors"]] == ["EMAIL_TAKEN"]


async def open_links(world: World) -> list[str]:
    """The challenges whose links lead somewhere, in the order of the addresses that are to be replaced."""
    open_ = "SELECT id FROM challenge WHERE kind = 'NEW_EMAIL' AND replaced_at IS NULL ORDER BY email"
    return [challenge for (challenge,) in await world.services.store.rows(open_)]


async def test_an_old_sign_in_and_too_many_letters_are_refused(world: World, ana: Actor) -> None:
    context = world.context("sur", ana)
    context.now = NOW + timedelta(minutes=15, seconds=1)
    document = (QUERIES / "update-contact.graphql").read_text("utf-8")
    outcome = await world.run(context, document, input={"email": NEW})
    assert outcome.data is not None
    assert refused(outcome.data["updateContact"]) == [("REAUTHENTICATION_REQUIRED", ["email"])]
    for _ in range(4):
        assert refused(await change(world, "update-contact", ana, email=NEW)) == []
    last = await change(world, "update-contact", ana, email=NEW)
    assert refused(last) == [("RATE_LIMITED", None)]
    assert [each["key"] for each in last["userErrors"][0]["params"]] == ["retryAfterSeconds"]


async def test_programs_read_a_profile_by_their_scope_and_change_nothing(world: World, ana: Actor) -> None:
    program = msgspec.structs.replace(ana, session_id=None, client_id="planilla", scopes=frozenset({"profile:read"}))
    assert (await asked(world, "profile", program))["profile"]["email"] == ANA
    query = "{ viewer { profile { email } audit { totalCount } } }"
    outcome = await world.ask("sur", query, msgspec.structs.replace(program, scopes=frozenset({"accounts:read"})))
    assert codes(outcome) == [("viewer.audit", "FORBIDDEN"), ("viewer.profile", "FORBIDDEN")]
    mutation = "mutation { updateProfile(input: {}) { userErrors { code } } }"
    assert codes(await world.ask("sur", mutation, program)) == [("updateProfile", "FORBIDDEN")]


def test_every_refusal_is_spoken_in_every_language() -> None:
    for texts in (_SIGN_IN_ANEW, _TAKEN):
        assert set(texts) == {"en", "es", "pl"}
        assert len(set(texts.values())) == 3
