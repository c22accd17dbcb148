"""Another password through the schema, and the gate before a password that is to be changed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import msgspec
import pytest
from sqlmodel import update

from tests.resolvers import letters
from tests.resolvers.answers import codes as problem_codes
from tests.resolvers.test_registration import ENTER, ERRORS, codes, told
from tests.world import NOW, PASSWORD, World
from ventanilla.auth.actor import Actor
from ventanilla.resolvers.access import DECLARED, Scope, refusal
from ventanilla.store.manager import PasswordPolicy, Presentation
from ventanilla.store.tables import PersonRow

pytestmark = pytest.mark.anyio

REQUEST = (
    "mutation ($in: RequestPasswordResetInput!) { requestPasswordReset(input: $in) { maskedEmail expiresAt %s } }"
    % ERRORS
)
RESET = "mutation ($in: ResetPasswordInput!) { resetPassword(input: $in) { endedSessions %s } }" % ERRORS
CHANGE = "mutation ($in: ChangePasswordInput!) { changePassword(input: $in) { endedSessions %s } }" % ERRORS
ANA = "ana@example.org"
NEW = "otra vez una ventanilla"
CHANGED = {"currentPassword": PASSWORD, "newPassword": NEW}


async def enter(world: World, password: str) -> dict[str, Any]:
    return told(await world.ask("sur", ENTER, **{"in": {"email": ANA, "password": password}}))


async def test_who_forgot_their_password_gets_another_by_letter(world: World) -> None:
    await world.person("sur", ANA, [], PASSWORD)
    await world.actor("sur", ANA)
    asked = told(await world.ask("sur", REQUEST, **{"in": {"email": ANA}}))
    assert asked == {"maskedEmail": "a•••@example.org", "expiresAt": "2026-11-15T13:00:00+00:00", "userErrors": []}
    link = await letters.token(world, "sur", ANA)
    refused = told(await world.ask("sur", RESET, **{"in": {"token": link, "newPassword": PASSWORD}}))
    assert refused["endedSessions"] == 0
    assert codes(refused) == [("PASSWORD_POLICY", ["newPassword"])]
    assert refused["userErrors"][0]["params"] == [{"key": "violation", "value": "REUSED"}]
    done = told(await world.ask("sur", RESET, **{"in": {"token": link, "newPassword": NEW}}))
    assert done == {"endedSessions": 1, "userErrors": []}
    assert (await enter(world, NEW))["userErrors"] == []
    assert await letters.kinds(world, "sur") == [("PASSWORD_CHANGED", "PENDING"), ("RESET_PASSWORD", "PENDING")]
    for token, code in ((link, "TOKEN_USED"), (link[:-1], "TOKEN_INVALID")):
        given = {"token": token, "newPassword": NEW}
        assert codes(told(await world.ask("sur", RESET, **{"in": given}))) == [(code, ["token"])]


async def test_known_and_unknown_are_answered_alike(world: World) -> None:
    await world.person("sur", ANA, [])
    answers = [told(await world.ask("sur", REQUEST, **{"in": {"email": email}})) for email in (ANA, "ane@example.org")]
    assert answers[0] == answers[1]
    assert await letters.kinds(world, "sur") == [("RESET_PASSWORD", "FOR_NOBODY"), ("RESET_PASSWORD", "PENDING")]
    nobody = told(await world.ask("sur", REQUEST, **{"in": {"email": "nobody"}}))
    assert codes(nobody) == [("FIELD_INVALID", ["email"])]


async def test_who_is_signed_in_changes_their_password(world: World) -> None:
    await world.person("sur", ANA, [], PASSWORD)
    actor, _ = await world.actor("sur", ANA), await world.actor("sur", ANA)
    wrong = {**CHANGED, "currentPassword": "wrong"}
    assert codes(told(await world.ask("sur", CHANGE, actor, **{"in": wrong}))) == [
        ("INVALID_CREDENTIALS", ["currentPassword"])
    ]
    short = told(await world.ask("sur", CHANGE, actor, **{"in": {**CHANGED, "newPassword": "corta"}}))
    assert codes(short) == [("PASSWORD_POLICY", ["newPassword"])]
    assert told(await world.ask("sur", CHANGE, actor, **{"in": CHANGED})) == {"endedSessions": 1, "userErrors": []}
    assert (await enter(world, NEW))["userErrors"] == []
    assert (await enter(world, PASSWORD))["userErrors"] == [{"code": "INVALID_CREDENTIALS"}]


async def test_a_request_tries_one_password(world: World) -> None:
    await world.person("sur", ANA, [], PASSWORD)
    actor = await world.actor("sur", ANA)
    tries = " ".join(
        't%d: changePassword(input: {currentPassword: "wrong", newPassword: "%s"}) { userErrors { code } }'
        % (each, NEW)
        for each in range(3)
    )
    outcome = await world.ask("sur", "mutation { %s }" % tries, actor)
    assert outcome.data is not None
    found = [payload["userErrors"][0] for payload in outcome.data.values()]
    assert [each["code"] for each in found] == ["INVALID_CREDENTIALS", "TOO_MANY_ATTEMPTS", "TOO_MANY_ATTEMPTS"]
    assert await world.services.store.rows("SELECT tries FROM sign_in_attempt") == [(1,), (1,)]
    for _ in range(4):
        await world.ask("sur", CHANGE, actor, **{"in": {**CHANGED, "currentPassword": "wrong"}})
    (late,) = told(await world.ask("sur", CHANGE, actor, **{"in": CHANGED}))["userErrors"]
    assert (late["code"], late["retryable"]) == ("TOO_MANY_ATTEMPTS", True)
    assert late["params"] == [{"key": "retryAfterSeconds", "value": "900"}]


async def test_nobody_signed_in_changes_nothing(world: World) -> None:
    outcome = await world.ask("sur", CHANGE, **{"in": CHANGED})
    assert problem_codes(outcome) == [("changePassword", "UNAUTHENTICATED")]


# -- the gate ----------------------------------------------------------------------------------------------------

FIRST = "{ viewer { onboardingState passwordChangeDue } }"


async def due(world: World, **changes: Any) -> Actor:
    """Somebody with an account whose password is to be changed first, by the `changes` of their row."""
    async with world.services.store.work("sur") as work:
        await work.exec(update(PersonRow).values(**changes))
    return await world.actor("sur", ANA)


@pytest.mark.parametrize(
    ("max_age", "changes", "state"),
    [
        (None, {"password_set_at": NOW}, "READY"),
        (30, {"password_set_at": NOW}, "READY"),
        (30, {"password_set_at": NOW - timedelta(days=29, hours=23)}, "READY"),
        (30, {"password_set_at": NOW - timedelta(days=30)}, "NEEDS_PASSWORD"),
        (None, {"password_set_at": NOW - timedelta(days=3_000)}, "READY"),
        (30, {"password_set_at": None, "password_hash": None}, "READY"),
        (None, {"must_change_password": True}, "NEEDS_PASSWORD"),
    ],
)
async def test_a_password_of_somebody_else_or_too_old_is_to_be_changed(
    world: World, max_age: int | None, changes: dict[str, Any], state: str
) -> None:
    presented = Presentation(password_policy=PasswordPolicy(max_age_days=max_age))
    world.managers["sur"] = msgspec.structs.replace(world.managers["sur"], presentation=presented)
    await world.person("sur", ANA, [("agua", "1")], PASSWORD)
    outcome = await world.ask("sur", FIRST, await due(world, **changes))
    assert outcome.data == {"viewer": {"onboardingState": state, "passwordChangeDue": state == "NEEDS_PASSWORD"}}


BEHIND = {
    "{ viewer { accounts { nodes { id } } } }": "viewer.accounts",
    "{ viewer { defaultAccount { id } } }": "viewer.defaultAccount",
    "{ viewer { notices { nodes { id } } } }": "viewer.notices",
    "query ($id: ID!) { account(id: $id) { id } }": "account",
    "query ($id: ID!) { node(id: $id) { id } }": "node",
    "query ($id: ID!) { nodes(ids: [$id]) { id } }": "nodes",
}


@pytest.mark.parametrize("query", BEHIND)
async def test_until_then_nothing_of_an_account_is_told(world: World, query: str) -> None:
    await world.person("sur", ANA, [("agua", "1")], PASSWORD)
    open_, closed = await world.actor("sur", ANA), await due(world, must_change_password=True)
    found = await world.ask("sur", "{ viewer { accounts { nodes { id } } } }", open_)
    assert found.data is not None
    account = found.data["viewer"]["accounts"]["nodes"][0]["id"]
    variables = {"id": account} if "$id" in query else {}
    world.calls.clear()
    assert (await world.ask("sur", query, open_, **variables)).errors == []
    world.calls.clear()
    outcome = await world.ask("sur", query, closed, **variables)
    assert problem_codes(outcome) == [(BEHIND[query], "FORBIDDEN")]
    assert "Change your password first: `changePassword`." in outcome.errors[0].message
    assert world.counted() == []


async def test_no_declared_function_is_open_until_then_but_those_of_signing_in(world: World) -> None:
    await world.person("sur", ANA, [("agua", "1")], PASSWORD)
    context = world.context("sur", await due(world, must_change_password=True))
    shut = {name for name, declared in DECLARED.items() if refusal(context, declared)}
    left_open = {name for name, each in DECLARED.items() if each.scope in {Scope.PUBLIC, Scope.SIGNED_IN}}
    assert shut == {name for name, each in DECLARED.items() if each.gated or name not in left_open}


async def test_what_is_the_persons_own_works_until_then_and_the_change_opens_the_rest(world: World) -> None:
    await world.person("sur", ANA, [("agua", "1")], PASSWORD)
    actor = await due(world, must_change_password=True)
    own = await world.ask("sur", "{ portal { name } viewer { email sessions { current } } }", actor)
    assert own.errors == []
    assert told(await world.ask("sur", CHANGE, actor, **{"in": CHANGED}))["userErrors"] == []
    # The session itself goes on: read anew, it is somebody whose password is their own.
    entered = await world.actor("sur", ANA)
    assert (await world.ask("sur", "{ viewer { accounts { nodes { number } } } }", entered)).errors == []
    outcome = await world.ask("sur", "mutation { signOut { endedSessions } }", actor)
    assert outcome.data == {"signOut": {"endedSessions": 1}}
