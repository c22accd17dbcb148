"""The password policy through the schema: who changes it, what is refused, and whom it then concerns."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import update

from tests.resolvers import letters
from tests.resolvers.answers import codes
from tests.resolvers.test_audit import events
from tests.resolvers.test_passwords import ANA, CHANGE, FIRST, REQUEST, RESET
from tests.resolvers.test_registration import ENTER, FORM, REGISTER, told
from tests.world import NOW, PASSWORD, World
from ventanilla.auth.actor import Actor, StaffRole
from ventanilla.auth.identify import identify
from ventanilla.resolvers.password_policy import _OUTSIDE, _REQUIRED
from ventanilla.store import managers
from ventanilla.store.password_policy import BOUNDS
from ventanilla.store.tables import PersonRow

pytestmark = pytest.mark.anyio

UPDATE = (Path(__file__).parents[2] / "examples" / "queries" / "update-password-policy.graphql").read_text("utf-8")
FIELDS = "minLength requireDigit requireSymbol requireUpper requireLower maxAgeDays history"
PORTAL = "{ portal { passwordPolicy { %s } } }" % FIELDS
ASSUMED = {
    "minLength": 10,
    "requireDigit": False,
    "requireSymbol": False,
    "requireUpper": False,
    "requireLower": False,
    "maxAgeDays": None,
    "history": 0,
}
WITH_DIGIT = f"{PASSWORD} 2"


@pytest.fixture
async def eva(world: World) -> Actor:
    return await world.staff("sur", "eva@sur.example", StaffRole.STAFF_ADMIN)


async def changed(world: World, actor: Actor, language: str = "es", **given: Any) -> Any:
    """What the mutation answers; the world's manager is what the next request finds."""
    payload = told(await world.run(world.context("sur", actor, language), UPDATE, input=given))
    found = await identify(world.services.store, "sur.example", None, NOW)
    assert found
    stored = await managers.get(world.services.store, "sur", found.version)
    assert stored
    world.managers["sur"] = stored.manager
    return payload


async def shown(world: World) -> Any:
    outcome = await world.ask("sur", PORTAL)
    assert outcome.data is not None
    return outcome.data["portal"]["passwordPolicy"]


def broken(payload: Any) -> list[tuple[str, list[str]]]:
    """Each reason with the values of its params."""
    return [(each["code"], [param["value"] for param in each["params"]]) for each in payload["userErrors"]]


async def test_an_admin_changes_it_and_the_portal_shows_it(world: World, eva: Actor) -> None:
    assert await shown(world) == ASSUMED
    strict = {
        "minLength": 12,
        "requireDigit": True,
        "requireSymbol": True,
        "requireUpper": True,
        "requireLower": True,
        "maxAgeDays": 365,
        "history": 3,
    }
    assert await changed(world, eva, **strict) == {"passwordPolicy": strict, "userErrors": []}
    assert await shown(world) == strict
    assert (await changed(world, eva, maxAgeDays=None))["passwordPolicy"] == {**strict, "maxAgeDays": None}
    assert (await changed(world, eva))["passwordPolicy"] == {**strict, "maxAgeDays": None}
    assert (await changed(world, eva, requireUpper=False))["passwordPolicy"]["requireUpper"] is False


async def test_whoever_chooses_a_password_is_held_to_it_and_who_has_one_comes_in(world: World, eva: Actor) -> None:
    await world.person("sur", ANA, [("agua", "1")], PASSWORD)
    ana = await world.actor("sur", ANA)
    await changed(world, eva, requireDigit=True)
    assert told(await world.ask("sur", ENTER, **{"in": {"email": ANA, "password": PASSWORD}}))["userErrors"] == []
    assert (await world.ask("sur", "{ viewer { accounts { nodes { number } } } }", ana)).errors == []

    refused = [("PASSWORD_POLICY", ["NO_DIGIT"])]
    assert broken(told(await world.ask("sur", REGISTER, **{"in": FORM}))) == refused
    weak = {"currentPassword": PASSWORD, "newPassword": "otra vez una ventanilla"}
    assert broken(told(await world.ask("sur", CHANGE, ana, **{"in": weak}))) == refused
    await world.ask("sur", REQUEST, **{"in": {"email": ANA}})
    link = {"token": await letters.token(world, "sur", ANA)}
    assert (
        broken(told(await world.ask("sur", RESET, **{"in": {**link, "newPassword": weak["newPassword"]}}))) == refused
    )

    assert broken(told(await world.ask("sur", REGISTER, **{"in": {**FORM, "password": WITH_DIGIT}}))) == []
    assert broken(told(await world.ask("sur", RESET, **{"in": {**link, "newPassword": WITH_DIGIT}}))) == []


async def test_the_rest_of_the_request_is_held_to_it(world: World, eva: Actor) -> None:
    both = (
        "mutation ($in: RegisterInput!) { updatePasswordPolicy(input: {requireDigit: true}) { userErrors { code } }"
        " register(input: $in) { userErrors { code params { key value } } } }"
    )
    outcome = await world.ask("sur", both, eva, **{"in": FORM})
    assert outcome.data is not None
    assert broken(outcome.data["register"]) == [("PASSWORD_POLICY", ["NO_DIGIT"])]


async def test_age_counts_from_the_last_change(world: World, eva: Actor) -> None:
    await world.person("sur", ANA, [("agua", "1")], PASSWORD)
    async with world.services.store.work("sur") as work:
        await work.exec(update(PersonRow).values(password_set_at=NOW - timedelta(days=30)))
    ana = await world.actor("sur", ANA)
    for days, due in ((None, False), (31, False), (30, True), (None, False)):
        await changed(world, eva, maxAgeDays=days)
        outcome = await world.ask("sur", FIRST, ana)
        assert outcome.data
        assert outcome.data["viewer"]["passwordChangeDue"] is due


async def test_former_passwords_are_kept_from_coming_back_from_then_on(world: World, eva: Actor) -> None:
    await world.person("sur", ANA, [], PASSWORD)
    ana = await world.actor("sur", ANA)
    await changed(world, eva, history=1)
    there = {"currentPassword": PASSWORD, "newPassword": WITH_DIGIT}
    back = {"currentPassword": WITH_DIGIT, "newPassword": PASSWORD}
    assert broken(told(await world.ask("sur", CHANGE, ana, **{"in": there}))) == []
    assert broken(told(await world.ask("sur", CHANGE, ana, **{"in": back}))) == [("PASSWORD_POLICY", ["REUSED"])]
    await changed(world, eva, history=0)
    assert broken(told(await world.ask("sur", CHANGE, ana, **{"in": back}))) == []


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({"minLength": 7}, ("FIELD_INVALID", "minLength", ["8", "64"])),
        ({"minLength": 65}, ("FIELD_INVALID", "minLength", ["8", "64"])),
        ({"maxAgeDays": 0}, ("FIELD_INVALID", "maxAgeDays", ["1", "3650"])),
        ({"history": 25}, ("FIELD_INVALID", "history", ["0", "24"])),
        ({"history": None}, ("FIELD_REQUIRED", "history", [])),
        ({"requireUpper": None}, ("FIELD_REQUIRED", "requireUpper", [])),
    ],
)
async def test_what_cannot_be_is_refused_and_nothing_is_changed(
    world: World, eva: Actor, given: Any, error: tuple[str, str, list[str]]
) -> None:
    payload = await changed(world, eva, **{"requireDigit": True, **given})
    assert payload["passwordPolicy"] is None
    (found,) = payload["userErrors"]
    reason, field, bounds = error
    assert (found["reason"], found["path"]) == (reason, [field])
    assert [(each["key"], each["value"]) for each in found["params"]] == list(zip(("min", "max"), bounds, strict=False))
    assert await shown(world) == ASSUMED
    assert await world.services.store.rows("SELECT id FROM audit_event") == []


async def test_all_that_is_wrong_is_told_at_once_in_ones_language(world: World, eva: Actor) -> None:
    wrong = {"minLength": 1, "maxAgeDays": -1, "history": 99, "requireLower": None}
    told_in = {
        language: [each["message"] for each in (await changed(world, eva, language, **wrong))["userErrors"]]
        for language in ("en", "es", "pl")
    }
    assert told_in["en"] == [
        "Ask for at least 8 characters, at most for 64.",
        "Say what it is to be, or leave it out: then it stays as it is.",
        "A password is good for 1 to 3650 days, or for ever.",
        "From 0 to 24 former passwords can be kept from coming back.",
    ]
    for language, messages in told_in.items():
        assert "{" not in "".join(messages)
        assert len({*messages} - {*told_in["en"]}) == (0 if language == "en" else 4)


def test_every_refusal_has_its_words() -> None:
    assert _OUTSIDE.keys() == BOUNDS.keys()
    assert all(texts.keys() == {"en", "es", "pl"} for texts in (_REQUIRED, *_OUTSIDE.values()))


async def test_who_changed_it_finds_it_in_their_list(world: World, eva: Actor) -> None:
    await changed(world, eva, minLength=12, maxAgeDays=90)
    await changed(world, eva, minLength=12)
    details = {"from": "minLength=10 maxAgeDays=null", "to": "minLength=12 maxAgeDays=90", "address": "192.0.2.1"}
    assert await events(world, eva) == [("PASSWORD_POLICY_CHANGED", details)]


async def test_it_is_for_those_who_administer_access(world: World) -> None:
    await world.person("sur", ANA, [("agua", "1")])
    ivo = await world.staff("sur", "ivo@sur.example")
    for actor in (ivo, await world.actor("sur", ANA)):
        outcome = await world.ask("sur", UPDATE, actor, input={"minLength": 64})
        assert codes(outcome) == [("updatePasswordPolicy", "FORBIDDEN")]
    assert codes(await world.ask("sur", UPDATE, input={})) == [("updatePasswordPolicy", "UNAUTHENTICATED")]
    assert await shown(world) == ASSUMED
