"""Signing in and out through the schema."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from sqlmodel import col, select

from tests.world import NOW, PASSWORD, World
from ventanilla.auth import sessions
from ventanilla.auth.actor import Actor
from ventanilla.auth.identify import identify
from ventanilla.auth.passwords import MOST_WAITING, place_in_line
from ventanilla.resolvers.context import Context
from ventanilla.resolvers.problems import Closed, Problem
from ventanilla.store.manager import SignInWay
from ventanilla.store.tables import PersonRow

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


SESSIONS = """{ viewer { sessions { id current createdAt seenAt expiresAt address userAgent device } } }"""
END = "mutation ($id: ID!) { endSession(input: {id: $id}) { endedSessions userErrors { reason message path } } }"


async def signed_in(world: World, slug: str, email: str, *, agent: str | None = None, minutes: int = 0) -> Actor:
    """Somebody who signed in some minutes after now, and who asks with that session."""
    store, now = world.services.store, NOW + timedelta(minutes=minutes)
    async with store.work(slug) as work:
        person = (await work.exec(select(PersonRow).where(col(PersonRow.email) == email))).one()
        issued = await sessions.issue(work, person.id, now=now, address="192.0.2.7", user_agent=agent)
    found = await identify(store, f"{slug}.example", issued.token, now)
    assert found is not None
    return found.actor


async def end(world: World, actor: Actor, id: str, slug: str = "sur") -> tuple[Any, Context]:
    context = world.context(slug, actor)
    outcome = await world.run(context, END, id=id)
    assert outcome.errors == []
    assert outcome.data is not None
    return outcome.data["endSession"], context


async def test_ones_sessions_are_listed_newest_first(world: World) -> None:
    await world.person("sur", "ana@example.org", [])
    await world.person("sur", "beto@example.org", [])
    await signed_in(world, "sur", "beto@example.org")
    await signed_in(world, "sur", "ana@example.org", minutes=-121)  # over: unused for two hours
    older = await signed_in(world, "sur", "ana@example.org", minutes=-5)
    agent = "Mozilla/5.0 (Android 15; Mobile; rv:132.0) Gecko/132.0 Firefox/132.0"
    newer = await signed_in(world, "sur", "ana@example.org", agent=agent)
    outcome = await world.ask("sur", SESSIONS, older)
    assert outcome.errors == []
    assert outcome.data == {
        "viewer": {
            "sessions": [
                {
                    "id": newer.session_id,
                    "current": False,
                    "createdAt": "2026-11-15T12:00:00+00:00",
                    "seenAt": "2026-11-15T12:00:00+00:00",
                    "expiresAt": "2026-11-16T00:00:00+00:00",
                    "address": "192.0.2.7",
                    "userAgent": agent,
                    "device": "Firefox en Android",
                },
                {
                    "id": older.session_id,
                    "current": True,
                    "createdAt": "2026-11-15T11:55:00+00:00",
                    "seenAt": "2026-11-15T11:55:00+00:00",
                    "expiresAt": "2026-11-15T23:55:00+00:00",
                    "address": "192.0.2.7",
                    "userAgent": None,
                    "device": None,
                },
            ]
        }
    }


async def test_one_session_is_ended_and_the_other_stays(world: World) -> None:
    await world.person("sur", "ana@example.org", [])
    first, second = [await signed_in(world, "sur", "ana@example.org") for _ in range(2)]
    assert second.session_id
    ended, context = await end(world, first, second.session_id)
    assert ended == {"endedSessions": 1, "userErrors": []}
    assert (context.reply.session, context.actor) == (None, first)
    again, _ = await end(world, first, second.session_id)
    assert again["endedSessions"] == 0
    assert again["userErrors"][0]["reason"] == "NOT_FOUND"
    assert await world.services.store.rows("SELECT id FROM session") == [(first.session_id,)]


async def test_ending_the_session_that_asks_clears_the_cookie(world: World) -> None:
    await world.person("sur", "ana@example.org", [])
    ana = await signed_in(world, "sur", "ana@example.org")
    assert ana.session_id
    ended, context = await end(world, ana, ana.session_id)
    assert ended["endedSessions"] == 1
    assert (context.reply.session, context.actor.signed_in) == ("", False)


async def test_somebody_elses_session_is_like_a_missing_one(world: World) -> None:
    await world.person("sur", "ana@example.org", [])
    await world.person("sur", "beto@example.org", [])
    await world.person("norte", "ana@example.org", [])
    ana = await signed_in(world, "sur", "ana@example.org")
    others = [
        (await signed_in(world, slug, email)).session_id
        for slug, email in (("sur", "beto@example.org"), ("norte", "ana@example.org"))
    ]
    answers = [(await end(world, ana, str(id)))[0] for id in (*others, "0" * 32, "", "\ud800", "\0" * 32, "x" * 5_000)]
    assert answers == [answers[0]] * len(answers)
    assert answers[0]["userErrors"] == [
        {"reason": "NOT_FOUND", "message": "Usted no tiene esa sesión, o ya se cerró.", "path": ["id"]}
    ]
    assert len(await world.services.store.rows("SELECT id FROM session")) == 3


async def test_nobody_has_sessions_to_end(world: World) -> None:
    outcome = await world.ask("sur", END, id="0" * 32)
    assert [type(error.original_error) for error in outcome.errors] == [Closed]
    assert outcome.errors[0].extensions["code"] == "UNAUTHENTICATED"
    assert (await world.ask("sur", SESSIONS)).data == {"viewer": None}


async def test_a_list_of_sessions_ends_at_a_hundred(world: World) -> None:
    await world.person("sur", "ana@example.org", [])
    for minute in range(102):
        ana = await signed_in(world, "sur", "ana@example.org", minutes=minute - 101)
    outcome = await world.ask("sur", SESSIONS, ana)
    assert outcome.data
    assert len(outcome.data["viewer"]["sessions"]) == 100
    assert outcome.data["viewer"]["sessions"][0]["current"] is True


async def test_a_new_browser_wakes_the_worker_once_its_session_is_kept(world: World) -> None:
    await world.person("sur", "ana@example.org", [], PASSWORD)
    rung: list[int] = []
    world.services = replace(world.services, wake_worker=lambda: rung.append(1))
    for agent in ("Firefox/1", "Firefox/2", "Chrome/1"):
        context = world.context("sur")
        context.user_agent = agent
        outcome = await world.run(context, SIGN_IN, email="ana@example.org", password=PASSWORD, delivery="BEARER")
        assert outcome.errors == []
    assert rung == [1]
    assert await world.services.store.rows("SELECT host, secure FROM letter") == [("sur.example", 1)]


async def test_a_manager_without_passwords_refuses_them(world: World) -> None:
    world.managers["sur"] = msgspec.structs.replace(world.managers["sur"], sign_in_ways=(SignInWay.EMAIL_CODE,))
    payload, cookie = await sign_in(world, "ana@example.org", PASSWORD)
    assert [error["reason"] for error in payload["userErrors"]] == ["WAY_NOT_OFFERED"]
    assert cookie is None
    assert await _counted(world) == []
