"""A person consents, a program exchanges the code: PKCE, once, in a minute, by whom and where it was asked."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import col, update

from tests.gateway.oauth.programs import ANA, BACK, VERIFIER, Programs, challenge, told
from ventanilla.auth import sessions
from ventanilla.auth.identify import identify
from ventanilla.store.tables import PersonRow

pytestmark = pytest.mark.anyio


async def test_a_code_is_exchanged_for_tokens_that_ask_as_the_person_does(programs: Programs) -> None:
    client = await programs.add()
    got = await programs.exchange(client, await programs.code(client))

    assert got.status_code == 200
    tokens = got.json()
    assert tokens["access_token"].startswith("va_")
    assert tokens["refresh_token"].startswith("vr_")
    assert (tokens["scope"], tokens["expires_in"], tokens["token_type"]) == ("accounts:read", 900, "Bearer")
    found = await identify(programs.world.services.store, "sur.example", tokens["access_token"], programs.now)
    assert found
    actor = found.actor
    assert (actor.email, actor.client_id, actor.session_id) == (ANA, client.client.id, None)
    assert actor.scopes == {"accounts:read"}
    assert [link.account_key for link in actor.links] == ["1"]


async def test_a_public_program_proves_itself_by_the_verifier_alone(programs: Programs) -> None:
    client = await programs.add(public=True)
    code = await programs.code(client)

    refused = await programs.exchange(client, code, code_verifier="w" * 43)
    assert (refused.status_code, refused.json()["error"]) == (400, "invalid_grant")
    assert (await programs.exchange(client, code)).status_code == 200


@pytest.mark.parametrize("public", [False, True])
@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"code_verifier": None}, "invalid_request"),
        ({"code_verifier": "w" * 43}, "invalid_grant"),
        ({"code_verifier": challenge()}, "invalid_grant"),
        ({"code_verifier": "short"}, "invalid_request"),
        ({"code_verifier": "v" * 43 + "\n"}, "invalid_request"),
        ({"redirect_uri": None}, "invalid_grant"),
        ({"redirect_uri": "https://program.example/back"}, "invalid_grant"),
        ({"redirect_uri": BACK + "/"}, "invalid_grant"),
        ({"code": "x" * 43}, "invalid_grant"),
        ({"code": None}, "invalid_request"),
    ],
)
async def test_a_code_that_is_exchanged_wrongly_is_refused(
    programs: Programs, public: bool, changed: dict[str, Any], error: str
) -> None:
    client = await programs.add(public=public)
    got = await programs.exchange(client, await programs.code(client), **changed)

    assert (got.status_code, got.json()["error"]) == (400, error)


async def test_a_code_is_for_the_program_and_portal_that_it_was_given_to(programs: Programs) -> None:
    client, other, there = await programs.add(), await programs.add(), await programs.add("norte")
    code = await programs.code(client)

    stolen = await programs.exchange(other, code)
    assert (stolen.status_code, stolen.json()["error"]) == (400, "invalid_grant")
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": BACK, "code_verifier": VERIFIER}
    elsewhere = await programs.token(form, there, slug="norte")
    assert (elsewhere.status_code, elsewhere.json()["error"]) == (400, "invalid_grant")


async def test_a_code_lives_a_minute(programs: Programs) -> None:
    client = await programs.add()
    first, second = await programs.code(client), await programs.code(client)
    programs.later(seconds=59)
    assert (await programs.exchange(client, first)).status_code == 200
    programs.later(seconds=1)
    late = await programs.exchange(client, second)
    assert (late.status_code, late.json()["error"]) == (400, "invalid_grant")


async def test_a_code_that_comes_twice_ends_what_came_of_it(programs: Programs) -> None:
    client = await programs.add()
    code = await programs.code(client)
    tokens = (await programs.exchange(client, code)).json()
    untouched = await programs.consented(client)
    programs.later(minutes=5)

    again = await programs.exchange(client, code)
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")
    assert not await programs.works(tokens["access_token"])
    assert (await programs.refresh(client, tokens["refresh_token"])).status_code == 400
    assert await programs.works(untouched["access_token"])


async def test_a_code_that_comes_many_times_at_once_has_one_winner(programs: Programs) -> None:
    client = await programs.add()
    code = await programs.code(client)
    answers = await asyncio.gather(*(programs.exchange(client, code) for _ in range(10)))

    assert sorted(each.status_code for each in answers) == [200] + [400] * 9


async def test_who_is_disabled_is_acted_for_no_longer(programs: Programs) -> None:
    client = await programs.add()
    tokens, code = await programs.consented(client), await programs.code(client)
    async with programs.world.services.store.work("sur") as work:
        await work.exec(update(PersonRow).where(col(PersonRow.email) == ANA).values(disabled_at=programs.now))

    assert not await programs.works(tokens["access_token"])
    assert (await programs.exchange(client, code)).json()["error"] == "invalid_grant"
    assert (await programs.refresh(client, tokens["refresh_token"])).status_code == 400


async def test_signing_out_does_not_end_what_was_consented_to(programs: Programs) -> None:
    client = await programs.add()
    tokens = await programs.consented(client)
    async with programs.world.services.store.work("sur") as work:
        assert await sessions.sweep(work, programs.now + timedelta(days=1))

    assert await programs.works(tokens["access_token"])


async def test_a_refused_consent_is_told_to_the_program(programs: Programs) -> None:
    client = await programs.add()
    got = await programs.decide(programs.request(client), await programs.session(), "deny")

    back = told(got)
    assert got.headers["location"].startswith("https://program.example/back?kept=1&")
    assert back.pop("error_description")
    assert back == {"error": "access_denied", "state": "st&te", "iss": "https://sur.example", "kept": "1"}


async def test_what_a_browser_carries_back_says_who_says_so(programs: Programs) -> None:
    client = await programs.add()
    back = told(await programs.decide(programs.request(client), await programs.session()))

    assert back.pop("code")
    assert back == {"state": "st&te", "iss": "https://sur.example", "kept": "1"}


async def test_no_scope_asks_for_all_that_was_registered(programs: Programs) -> None:
    client = await programs.add()
    tokens = await programs.consented(client, scope=None)

    assert tokens["scope"] == "accounts:read invoices:read"
