"""Programs end tokens, and ask what theirs are good for."""

from __future__ import annotations

from typing import Any

import pytest
from sqlmodel import col, update

from tests.gateway.oauth.programs import ANA, Programs
from ventanilla.store.tables import PersonRow

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("which", ["access_token", "refresh_token"])
@pytest.mark.parametrize("hint", [None, "access_token", "refresh_token", "some_other_kind"])
async def test_either_token_ends_all_of_one_consent(programs: Programs, which: str, hint: str | None) -> None:
    client = await programs.add()
    tokens, other = await programs.consented(client), await programs.consented(client)
    form = {"token": tokens[which], **({"token_type_hint": hint} if hint else {})}
    got = await programs.post("/oauth/revoke", form, client)

    assert (got.status_code, got.headers["cache-control"]) == (200, "no-store")
    assert not await programs.works(tokens["access_token"])
    assert (await programs.refresh(client, tokens["refresh_token"])).status_code == 400
    assert await programs.works(other["access_token"])


async def test_what_is_no_token_is_ended_already(programs: Programs) -> None:
    client = await programs.own()
    text = await programs.own_token(client)
    for token in ("va_" + "x" * 43, "nonsense", text, text):
        assert (await programs.post("/oauth/revoke", {"token": token}, client)).status_code == 200
    assert not await programs.works(text)


async def test_a_public_program_ends_its_own(programs: Programs) -> None:
    client = await programs.add(public=True)
    tokens = (await programs.exchange(client, await programs.code(client))).json()
    got = await programs.post("/oauth/revoke", {"token": tokens["access_token"], "client_id": client.client.id})

    assert got.status_code == 200
    assert not await programs.works(tokens["access_token"])


async def test_nobody_ends_what_is_anothers(programs: Programs) -> None:
    client, other, there = await programs.own(), await programs.own(), await programs.own("norte")
    text = await programs.own_token(client)

    got = await programs.post("/oauth/revoke", {"token": text}, other)
    assert (got.status_code, got.json()["error"]) == (400, "invalid_grant")
    assert (await programs.post("/oauth/revoke", {"token": text}, there, slug="norte")).status_code == 200
    assert (await programs.post("/oauth/revoke", {"token": text})).status_code == 401
    assert await programs.works(text)


@pytest.mark.parametrize("path", ["/oauth/revoke", "/oauth/introspect"])
async def test_a_token_must_be_sent(programs: Programs, path: str) -> None:
    got = await programs.post(path, {"token_type_hint": "access_token"}, await programs.own())

    assert (got.status_code, got.json()["error"]) == (400, "invalid_request")


async def test_a_program_asks_what_its_tokens_are_good_for(programs: Programs) -> None:
    client = await programs.add()
    tokens = await programs.consented(client)
    now = int(programs.now.timestamp())
    access = await asked(programs, client, tokens["access_token"])
    refresh = await asked(programs, client, tokens["refresh_token"])

    sub = access.pop("sub")
    assert access == {
        "active": True,
        "scope": "accounts:read",
        "client_id": client.client.id,
        "token_type": "Bearer",
        "iat": now,
        "exp": now + 900,
    }
    del access["token_type"]
    assert refresh == {**access, "sub": sub, "exp": now + 30 * 86_400}


async def test_a_token_of_a_program_of_the_managers_own_has_no_person(programs: Programs) -> None:
    client = await programs.own()

    assert "sub" not in await asked(programs, client, await programs.own_token(client))


async def test_what_is_not_good_is_not_active_and_no_more_is_told(programs: Programs) -> None:
    client, other = await programs.add(), await programs.add()
    ended, disabled = await programs.consented(client), await programs.consented(client)
    late = await programs.own()
    over = await programs.own_token(late)
    programs.later(minutes=15)
    fresh = await programs.consented(client)
    rotated = await programs.consented(client)
    await programs.refresh(client, rotated["refresh_token"])
    await programs.post("/oauth/revoke", {"token": ended["access_token"]}, client)
    told = [
        await asked(programs, late, over),
        await asked(programs, client, ended["refresh_token"]),
        await asked(programs, other, fresh["access_token"]),
        await asked(programs, client, rotated["refresh_token"]),
        await asked(programs, client, "va_" + "x" * 43),
        await asked(programs, client, "nonsense"),
    ]
    async with programs.world.services.store.work("sur") as work:
        await work.exec(update(PersonRow).where(col(PersonRow.email) == ANA).values(disabled_at=programs.now))
    told.append(await asked(programs, client, disabled["refresh_token"]))

    assert told == [{"active": False}] * 7


async def test_who_keeps_no_secret_may_not_ask(programs: Programs) -> None:
    client = await programs.add(public=True)
    got = await programs.post("/oauth/introspect", {"token": "x", "client_id": client.client.id})

    assert (got.status_code, got.json()["error"]) == (401, "invalid_client")


async def asked(programs: Programs, client: Any, token: str) -> dict[str, Any]:
    got = await programs.post("/oauth/introspect", {"token": token}, client)
    assert (got.status_code, got.headers["cache-control"]) == (200, "no-store")
    return got.json()
