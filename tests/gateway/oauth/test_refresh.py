"""Refresh tokens: exchanged once; one that comes twice ends its family."""

from __future__ import annotations

import asyncio

import pytest

from tests.gateway.oauth.programs import Programs

pytestmark = pytest.mark.anyio


async def test_a_refresh_token_is_exchanged_for_another_pair(programs: Programs) -> None:
    client = await programs.add()
    first = await programs.consented(client)
    programs.later(minutes=20)
    got = await programs.refresh(client, first["refresh_token"])

    assert got.status_code == 200
    second = got.json()
    assert second["refresh_token"] != first["refresh_token"]
    assert second["scope"] == "accounts:read"
    assert not await programs.works(first["access_token"])
    assert await programs.works(second["access_token"])
    assert (await programs.refresh(client, second["refresh_token"])).status_code == 200


async def test_one_that_comes_twice_ends_its_family(programs: Programs) -> None:
    client = await programs.add()
    first, other = await programs.consented(client), await programs.consented(client)
    second = (await programs.refresh(client, first["refresh_token"])).json()
    reused = await programs.refresh(client, first["refresh_token"])

    assert (reused.status_code, reused.json()["error"]) == (400, "invalid_grant")
    for tokens in (first, second):
        assert not await programs.works(tokens["access_token"])
        assert (await programs.refresh(client, tokens["refresh_token"])).json()["error"] == "invalid_grant"
    assert await programs.works(other["access_token"])
    assert (await programs.refresh(client, other["refresh_token"])).status_code == 200


async def test_one_that_comes_twice_ends_its_family_whoever_brings_it(programs: Programs) -> None:
    client, thief = await programs.add(), await programs.add()
    first = await programs.consented(client)
    second = (await programs.refresh(client, first["refresh_token"])).json()

    assert (await programs.refresh(thief, first["refresh_token"])).json()["error"] == "invalid_grant"
    assert not await programs.works(second["access_token"])


async def test_twenty_at_once_have_one_winner(programs: Programs) -> None:
    client = await programs.add()
    tokens = await programs.consented(client)
    answers = await asyncio.gather(*(programs.refresh(client, tokens["refresh_token"]) for _ in range(20)))

    assert sorted(each.status_code for each in answers) == [200] + [400] * 19
    winner = next(each.json() for each in answers if each.status_code == 200)
    # A grace of nought: whoever came second may be the thief, so the winner's tokens ended too.
    assert not await programs.works(winner["access_token"])


async def test_one_of_another_program_or_portal_is_refused(programs: Programs) -> None:
    client, other, there = await programs.add(), await programs.add(), await programs.add("norte")
    refresh = (await programs.consented(client))["refresh_token"]
    form = {"grant_type": "refresh_token", "refresh_token": refresh}

    assert (await programs.refresh(other, refresh)).json()["error"] == "invalid_grant"
    assert (await programs.token(form, there, slug="norte")).json()["error"] == "invalid_grant"
    assert (await programs.refresh(client, refresh)).status_code == 200


@pytest.mark.parametrize("text", ["vr_", "vr_" + "x" * 43, "va_" + "x" * 43, "eyJhbGciOiJub25lIn0.e30."])
async def test_one_that_is_invented_is_refused(programs: Programs, text: str) -> None:
    got = await programs.refresh(await programs.add(), text)

    assert (got.status_code, got.json()["error"]) == (400, "invalid_grant")


async def test_an_access_token_refreshes_nothing(programs: Programs) -> None:
    client = await programs.add()
    tokens = await programs.consented(client)

    assert (await programs.refresh(client, tokens["access_token"])).json()["error"] == "invalid_grant"


async def test_one_must_be_sent(programs: Programs) -> None:
    got = await programs.token({"grant_type": "refresh_token"}, await programs.add())

    assert (got.status_code, got.json()["error"]) == (400, "invalid_request")


async def test_a_public_program_refreshes_without_a_secret(programs: Programs) -> None:
    client = await programs.add(public=True)
    code = await programs.code(client)
    tokens = (await programs.exchange(client, code)).json()
    form = {"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"], "client_id": client.client.id}

    assert (await programs.token(form)).status_code == 200
    assert (await programs.token(form)).status_code == 400


async def test_scopes_may_narrow_and_never_widen(programs: Programs) -> None:
    client = await programs.add()
    first = await programs.consented(client, scope="accounts:read invoices:read")
    narrow = (await programs.refresh(client, first["refresh_token"], scope="invoices:read")).json()
    assert narrow["scope"] == "invoices:read"
    # What was consented to stays: less was asked for this one access token only.
    whole = (await programs.refresh(client, narrow["refresh_token"])).json()
    assert whole["scope"] == "accounts:read invoices:read"

    for wider in ("payments:read", "accounts:read nothing:such"):
        got = await programs.refresh(client, whole["refresh_token"], scope=wider)
        assert (got.status_code, got.json()["error"]) == (400, "invalid_scope")
    small = await programs.consented(client, scope="accounts:read")
    got = await programs.refresh(client, small["refresh_token"], scope="accounts:read invoices:read")
    assert got.json()["error"] == "invalid_scope"


async def test_one_lives_thirty_days(programs: Programs) -> None:
    client = await programs.add()
    first, second = await programs.consented(client), await programs.consented(client)
    programs.later(days=29, hours=23)
    assert (await programs.refresh(client, first["refresh_token"])).status_code == 200
    programs.later(hours=1)
    assert (await programs.refresh(client, second["refresh_token"])).json()["error"] == "invalid_grant"
