"""Signing in and out through the schema."""

from __future__ import annotations

from contextlib import ExitStack
from typing import Any

import pytest

from tests.world import PASSWORD, World
from ventanilla.auth.passwords import MOST_WAITING, place_in_line
from ventanilla.resolvers.problems import Problem

pytestmark = pytest.mark.anyio

SIGN_IN = """
mutation ($email: String!, $password: String!, $delivery: SessionDelivery) {
  signIn(input: {email: $email, password: $password, delivery: $delivery}) {
    session { accessToken expiresAt }
    viewer { email name onboardingState accounts { nodes { number } } }
    userErrors { code reason message path retryable params { key value } }
  }
}
"""


async def sign_in(world: World, email: str, password: str, language: str = "es") -> tuple[dict[str, Any], str | None]:
    context = world.context("sur", language=language)
    outcome = await world.run(context, SIGN_IN, email=email, password=password, delivery="COOKIE")
    assert outcome.errors == []
    assert outcome.data is not None
    return outcome.data["signIn"], context.reply.session


async def test_a_cookie_is_set_and_the_token_is_not_told(world: World) -> None:
    await world.person("sur", "ana@example.org", [("agua", "1")], PASSWORD)
    payload, cookie = await sign_in(world, " Ana@Example.org ", PASSWORD)
    assert payload["session"] == {"accessToken": None, "expiresAt": "2026-11-16T00:00:00+00:00"}
    assert payload["viewer"] == {
        "email": "ana@example.org",
        "name": "Ana Paz",
        "onboardingState": "READY",
        "accounts": {"nodes": [{"number": "sur-001"}]},
    }
    assert payload["userErrors"] == []
    assert cookie is not None
    assert cookie.startswith("vs_")


async def test_a_bearer_token_is_told_and_no_cookie_is_set(world: World) -> None:
    await world.person("sur", "ana@example.org", [], PASSWORD)
    context = world.context("sur")
    outcome = await world.run(context, SIGN_IN, email="ana@example.org", password=PASSWORD, delivery="BEARER")
    assert outcome.data is not None
    assert outcome.data["signIn"]["session"]["accessToken"].startswith("vs_")
    assert outcome.data["signIn"]["viewer"]["onboardingState"] == "NEEDS_ACCOUNT"
    assert context.reply.session is None


async def test_where_no_cookie_can_be_set_no_session_begins(world: World) -> None:
    await world.person("sur", "ana@example.org", [("agua", "1")], PASSWORD)
    context = world.context("sur")
    context.takes_cookies = False
    outcome = await world.run(context, SIGN_IN, email="ana@example.org", password=PASSWORD, delivery="COOKIE")
    (problem,) = [error.original_error for error in outcome.errors]
    assert isinstance(problem, Problem)
    assert (problem.code, context.reply.session, context.tried) == ("INVALID_ARGUMENT", None, False)


async def test_unknown_and_wrong_are_told_alike(world: World) -> None:
    await world.person("sur", "ana@example.org", [], PASSWORD)
    wrong, cookie = await sign_in(world, "ana@example.org", "not the password")
    unknown, _ = await sign_in(world, "nobody@example.org", "not the password")
    assert wrong == unknown
    assert cookie is None
    assert wrong["session"] is None
    assert wrong["viewer"] is None
    assert wrong["userErrors"] == [
        {
            "code": "INVALID_CREDENTIALS",
            "reason": "INVALID_CREDENTIALS",
            "message": "El correo electrónico o la contraseña no son correctos.",
            "path": None,
            "retryable": False,
            "params": [],
        }
    ]


async def test_refusals_are_in_the_language_of_the_answer(world: World) -> None:
    messages = {
        (await sign_in(world, "x@example.org", "y", language))[0]["userErrors"][0]["message"]
        for language in ("es", "en", "pl")
    }
    assert len(messages) == 3


async def test_too_many_tries_say_when_to_come_back(world: World) -> None:
    await world.person("sur", "ana@example.org", [], PASSWORD)
    last: dict[str, Any] = {}
    for _ in range(8):
        last, _cookie = await sign_in(world, "ana@example.org", "wrong")
    assert last["userErrors"][0]["code"] == "TOO_MANY_ATTEMPTS"
    assert last["userErrors"][0]["retryable"] is True
    assert int(last["userErrors"][0]["params"][0]["value"]) > 0
    locked, _ = await sign_in(world, "ana@example.org", PASSWORD)
    assert locked["userErrors"][0]["code"] == "TOO_MANY_ATTEMPTS"


async def test_a_request_tries_once(world: World) -> None:
    await world.person("sur", "ana@example.org", [], PASSWORD)
    tries = " ".join(
        't%d: signIn(input: {email: "ana@example.org", password: "%s"}) { userErrors { code retryable } }' % each
        for each in enumerate(("wrong", PASSWORD, "wrong", "wrong", "wrong"))
    )
    outcome = await world.ask("sur", "mutation { %s }" % tries)
    assert outcome.data is not None
    found = [
        (answer["userErrors"][0]["code"], answer["userErrors"][0]["retryable"]) for answer in outcome.data.values()
    ]
    assert found == [("INVALID_CREDENTIALS", False)] + [("TOO_MANY_ATTEMPTS", True)] * 4
    assert await _counted(world) == [1, 1]
    assert (await sign_in(world, "ana@example.org", PASSWORD))[0]["userErrors"] == []


async def test_when_too_many_sign_in_at_once_one_more_is_told_so_and_not_counted(world: World) -> None:
    with ExitStack() as taken:
        for _ in range(MOST_WAITING):
            taken.enter_context(place_in_line())
        outcome = await world.ask("sur", SIGN_IN, email="ana@example.org", password=PASSWORD, delivery="BEARER")
    assert [type(error.original_error) for error in outcome.errors] == [Problem]
    assert outcome.errors[0].extensions == {"code": "OVERLOADED", "retryable": True, "retryAfter": 2}
    assert await _counted(world) == []


async def _counted(world: World) -> list[int]:
    return [tries for (tries,) in await world.services.store.rows("SELECT tries FROM sign_in_attempt")]


async def test_signing_out_ends_the_session_and_clears_the_cookie(world: World) -> None:
    await world.person("sur", "ana@example.org", [], PASSWORD)
    actor = await world.actor("sur", "ana@example.org")
    other = await world.actor("sur", "ana@example.org")
    context = world.context("sur", actor)
    outcome = await world.run(context, "mutation { signOut { endedSessions } }")
    assert outcome.data == {"signOut": {"endedSessions": 1}}
    assert context.reply.session == ""
    everywhere = await world.ask("sur", "mutation { signOut(input: {allSessions: true}) { endedSessions } }", other)
    assert everywhere.data == {"signOut": {"endedSessions": 1}}
    nobody = await world.ask("sur", "mutation { signOut { endedSessions } }")
    assert nobody.data == {"signOut": {"endedSessions": 0}}
