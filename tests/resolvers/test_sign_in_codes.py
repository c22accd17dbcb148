"""Signing in with a code through the schema."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.world import PASSWORD, World, manager, open_world
from ventanilla.auth.proofs import Proofs
from ventanilla.store.manager import SignInWay

pytestmark = pytest.mark.anyio

ANA, NOBODY = "ana@example.org", "nobody@example.org"
REQUEST = """
mutation ($email: String!) {
  requestSignInCode(input: {email: $email}) {
    ticket maskedEmail expiresAt resendAvailableAt
    userErrors { code reason message path retryable params { key value } }
  }
}
"""
ENTER = """
mutation ($ticket: String!, $code: String!, $delivery: SessionDelivery) {
  signInWithCode(input: {ticket: $ticket, code: $code, delivery: $delivery}) {
    session { accessToken expiresAt }
    viewer { email accounts { nodes { number } } sessions { current } }
    userErrors { code reason message path retryable params { key value } }
  }
}
"""


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    """Signs in with codes at ``sur``, with passwords alone at ``norte``."""
    ways = (SignInWay.PASSWORD, SignInWay.EMAIL_CODE)
    async with open_world(tmp_path, manager("sur", sign_in_ways=ways), manager("norte")) as opened:
        await opened.person("sur", ANA, [("agua", "1")])
        yield opened


async def request(world: World, email: str = ANA, slug: str = "sur", language: str = "es") -> dict[str, Any]:
    outcome = await world.run(world.context(slug, language=language), REQUEST, email=email)
    assert outcome.errors == []
    assert outcome.data is not None
    return outcome.data["requestSignInCode"]


def code_of(world: World, ticket: str) -> str:
    proofs = Proofs(world.services.keys, "sur")
    challenge_id = proofs.read_ticket(ticket)
    assert challenge_id
    return proofs.code(challenge_id)


async def enter(
    world: World, ticket: str, code: str, delivery: str = "COOKIE", language: str = "es"
) -> tuple[dict[str, Any], str | None]:
    context = world.context("sur", language=language)
    outcome = await world.run(context, ENTER, ticket=ticket, code=code, delivery=delivery)
    assert outcome.errors == []
    assert outcome.data is not None
    return outcome.data["signInWithCode"], context.reply.session


async def test_a_code_is_asked_for_and_signs_in(world: World) -> None:
    asked = await request(world, " Ana@Example.org ")
    assert asked == {
        "ticket": asked["ticket"],
        "maskedEmail": "a•••@example.org",
        "expiresAt": "2026-11-15T12:10:00+00:00",
        "resendAvailableAt": "2026-11-15T12:01:00+00:00",
        "userErrors": [],
    }
    payload, cookie = await enter(world, asked["ticket"], code_of(world, asked["ticket"]))
    assert payload == {
        "session": {"accessToken": None, "expiresAt": "2026-11-16T00:00:00+00:00"},
        "viewer": {"email": ANA, "accounts": {"nodes": [{"number": "sur-001"}]}, "sessions": [{"current": True}]},
        "userErrors": [],
    }
    assert cookie is not None
    assert cookie.startswith("vs_")


async def test_a_bearer_token_is_told_and_no_cookie_is_set(world: World) -> None:
    ticket = (await request(world))["ticket"]
    payload, cookie = await enter(world, ticket, code_of(world, ticket), "BEARER")
    assert payload["session"]["accessToken"].startswith("vs_")
    assert cookie is None


async def test_somebody_and_nobody_are_told_alike(world: World) -> None:
    somebody, nobody = await request(world), await request(world, NOBODY)
    told = [
        {**asked, "ticket": len(asked["ticket"]), "maskedEmail": asked["maskedEmail"][1:]}
        for asked in (somebody, nobody)
    ]
    assert told[0] == told[1]
    wrong = [await enter(world, asked["ticket"], "12345x") for asked in (somebody, nobody)]
    assert wrong[0] == wrong[1]
    assert wrong[0][0]["userErrors"] == [
        {
            "code": "CODE_INVALID",
            "reason": "CODE_INVALID",
            "message": "El código no es correcto. Compárelo con el del último mensaje o pida otro.",
            "path": None,
            "retryable": False,
            "params": [{"key": "triesLeft", "value": "4"}],
        }
    ]


async def test_the_worker_is_woken_for_somebody_and_nobody(world: World) -> None:
    rung: list[str] = []
    world.services = replace(world.services, wake_worker=lambda: rung.append("posted"))
    for email in (ANA, NOBODY):
        await request(world, email)
        await request(world, email)
    assert rung == ["posted"] * 2


async def test_what_is_refused_says_when_to_come_back(world: World) -> None:
    await request(world)
    refused = await request(world)
    assert (refused["ticket"], refused["maskedEmail"], refused["expiresAt"]) == (None, None, None)
    (error,) = refused["userErrors"]
    assert (error["reason"], error["retryable"]) == ("RATE_LIMITED", True)
    assert error["params"] == [{"key": "retryAfterSeconds", "value": "60"}]


async def test_what_is_no_email_is_refused_by_its_field(world: World) -> None:
    (error,) = (await request(world, "ana"))["userErrors"]
    assert (error["reason"], error["path"]) == ("FIELD_INVALID", ["email"])


async def test_where_the_way_is_not_offered_it_is_refused(world: World) -> None:
    (error,) = (await request(world, slug="norte"))["userErrors"]
    assert error["reason"] == "WAY_NOT_OFFERED"
    outcome = await world.ask("norte", ENTER, ticket="x", code="y")
    assert outcome.data
    assert outcome.data["signInWithCode"]["userErrors"][0]["reason"] == "WAY_NOT_OFFERED"


async def test_every_refusal_is_in_the_language_of_the_answer(world: World) -> None:
    ticket = (await request(world))["ticket"]
    messages = {
        (await enter(world, shown, "x", language=language))[0]["userErrors"][0]["message"]
        for language in ("es", "en", "pl")
        for shown in (ticket, "none")
    }
    assert len(messages) == 3
    assert len({(await request(world, "x", language=each))["userErrors"][0]["message"] for each in ("es", "pl")}) == 2


async def test_a_used_code_is_told_to_be_used(world: World) -> None:
    ticket = (await request(world))["ticket"]
    for reasons in ([], ["CODE_USED"]):
        payload, _ = await enter(world, ticket, code_of(world, ticket))
        assert [error["reason"] for error in payload["userErrors"]] == reasons


async def test_a_request_tries_one_way_once(world: World) -> None:
    await world.person("sur", "beto@example.org", [], PASSWORD)
    ticket = (await request(world))["ticket"]
    password = 'a: signIn(input: {email: "beto@example.org", password: "wrong"}) { userErrors { code } }'
    code = 'b: signInWithCode(input: {ticket: "%s", code: "%s"}) { userErrors { code } }' % (
        ticket,
        code_of(world, ticket),
    )
    outcome = await world.ask("sur", "mutation { %s %s }" % (password, code))
    assert outcome.data == {
        "a": {"userErrors": [{"code": "INVALID_CREDENTIALS"}]},
        "b": {"userErrors": [{"code": "TOO_MANY_ATTEMPTS"}]},
    }
    assert (await enter(world, ticket, code_of(world, ticket)))[0]["userErrors"] == []
