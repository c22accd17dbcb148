"""Programs of the manager's own: client credentials, and who may show them."""

from __future__ import annotations

from base64 import b64encode

import pytest
from sqlmodel import select

from tests.gateway.oauth.programs import Programs
from ventanilla.auth import attempts, clients
from ventanilla.auth.clients import Keyed
from ventanilla.auth.oauth.server import ACCESS_LIFE
from ventanilla.auth.sessions import hash_of
from ventanilla.store.tables import TokenRow

pytestmark = pytest.mark.anyio
ASK = {"grant_type": "client_credentials"}


async def test_a_secret_is_exchanged_for_a_token(programs: Programs) -> None:
    client = await programs.own()
    got = await programs.token(ASK, client)

    assert got.status_code == 200
    assert got.headers["cache-control"] == "no-store"
    told = got.json()
    assert told["access_token"].startswith("va_")
    assert {**told, "access_token": ""} == {
        "access_token": "",
        "token_type": "Bearer",
        "expires_in": 900,
        "scope": "accounts:read invoices:read",
    }
    assert await programs.works(told["access_token"])
    assert not await programs.works(told["access_token"], "norte")


async def test_every_wrong_credential_is_refused_alike(programs: Programs) -> None:
    client, other = await programs.own(), await programs.own("norte")
    revoked, public = await programs.own(), await programs.add(public=True)
    async with programs.world.services.store.work("sur") as work:
        await clients.revoke(work, revoked.client.id, now=programs.now)
    id, secret = client.client.id, client.secret or ""
    shown = {
        "wrong secret": (id, secret[:-1] + "~"),
        "no secret": (id, ""),
        "unknown": ("f" * 32, secret),
        "not a name": ("a b'\"", secret),
        "of the other portal": (other.client.id, other.secret or ""),
        "revoked": (revoked.client.id, revoked.secret or ""),
        "a public one with a secret": (public.client.id, secret),
        "its own hash": (id, hash_of(secret)),
    }
    answers: dict[str, tuple[object, ...]] = {}
    for why, (name, word) in shown.items():
        async with programs.browser() as browser:
            by_header = await browser.post("/oauth/token", data=ASK, auth=(name, word))
            by_form = await browser.post("/oauth/token", data={**ASK, "client_id": name, "client_secret": word})
        for way, got in (("header", by_header), ("form", by_form)):
            answers[f"{why} by {way}"] = (got.status_code, got.text, got.headers["www-authenticate"])

    assert set(answers.values()) == {
        (
            401,
            '{"error":"invalid_client","error_description":"Unknown client, or wrong secret."}',
            'Basic realm="programs", charset="UTF-8"',
        )
    }


async def test_a_secret_may_come_in_the_form(programs: Programs) -> None:
    client = await programs.own()
    got = await programs.token({**ASK, "client_id": client.client.id, "client_secret": client.secret or ""})

    assert got.status_code == 200


@pytest.mark.parametrize(
    ("form", "headers", "error"),
    [
        ({"scope": "accounts:read"}, {}, "invalid_request"),
        ({"grant_type": "password", "username": "a", "password": "b"}, {}, "unsupported_grant_type"),
        ({"grant_type": 'implicit"\\'}, {}, "unsupported_grant_type"),
        ({**ASK, "scope": "accounts:read nothing:such"}, {}, "invalid_scope"),
        ({**ASK, "scope": "payments:read"}, {}, "invalid_scope"),
        ({**ASK, "scope": '"\\'}, {}, "invalid_scope"),
        ({**ASK, "client_secret": "x"}, {}, "invalid_request"),
        ({**ASK, "client_id": "somebody else"}, {}, "invalid_request"),
        ({**ASK, "scope": "accounts:read\0"}, {}, "invalid_request"),
        ({**ASK, "scope": "cuentas:leído"}, {}, "invalid_request"),
        ({**ASK, "scope": "x" * 5_000}, {}, "invalid_request"),
        ({**ASK, **{f"p{number}": "1" for number in range(40)}}, {}, "invalid_request"),
        ({"grant_type": "authorization_code", "code": "x"}, {}, "unauthorized_client"),
        ({"grant_type": "refresh_token", "refresh_token": "x"}, {}, "unauthorized_client"),
    ],
)
async def test_what_cannot_be_asked_is_refused(
    programs: Programs, form: dict[str, str], headers: dict[str, str], error: str
) -> None:
    got = await programs.token(form, await programs.own(), headers=headers)

    assert (got.status_code, got.json()["error"]) == (400, error)
    assert got.headers["cache-control"] == "no-store"
    assert got.json()["error_description"]


@pytest.mark.parametrize(
    ("content", "headers", "query", "status"),
    [
        (b"grant_type=client_credentials&grant_type=client_credentials", {}, "", 400),
        (b"grant_type=client_credentials", {"content-type": "application/json"}, "", 400),
        (b'{"grant_type": "client_credentials"}', {"content-type": "application/json"}, "", 400),
        (b"grant_type=client_credentials", {"content-type": "text/plain"}, "", 400),
        (b"grant_type=client_credentials", {"content-encoding": "gzip"}, "", 400),
        (b"grant_type=client_credentials", {}, "?scope=accounts:read", 400),
        (b"grant_type=client_credentials&scope=%FF", {}, "", 400),
        (b"grant_type=client_credentials&scope=\xff", {}, "", 400),
        (b"grant_type=client_credentials&scope=" + b"x" * 20_000, {}, "", 413),
        (b"grant_type=client_credentials", {"authorization": "Basic !!!"}, "", 401),
        (b"grant_type=client_credentials", {"authorization": "Basic " + b64encode(b"a%00b:x").decode()}, "", 401),
        (b"grant_type=client_credentials", {"authorization": "Basic " + b64encode(b"%C3%A9:x").decode()}, "", 401),
        (b"grant_type=client_credentials", {"authorization": "Basic /w=="}, "", 401),
        (b"grant_type=client_credentials", {"authorization": "Bearer va_x"}, "", 401),
        (b"grant_type=client_credentials", {"authorization": "Basic"}, "", 401),
    ],
)
async def test_what_cannot_be_read_is_refused(
    programs: Programs, content: bytes, headers: dict[str, str], query: str, status: int
) -> None:
    client = await programs.own()
    word = b64encode(f"{client.client.id}:{client.secret}".encode()).decode()
    usual = {"content-type": "application/x-www-form-urlencoded", "authorization": f"Basic {word}"}
    async with programs.browser() as browser:
        got = await browser.post(f"/oauth/token{query}", content=content, headers={**usual, **headers})

    assert got.status_code == status, got.text
    assert "error" in got.json() or "errors" in got.json()


async def test_two_ways_to_say_who_one_is_are_one_too_many(programs: Programs) -> None:
    client = await programs.own()
    word = b64encode(f"{client.client.id}:{client.secret}".encode()).decode()
    twice = [("authorization", f"Basic {word}"), ("authorization", f"Basic {word}")]
    async with programs.browser() as browser:
        got = await browser.post("/oauth/token", data=ASK, headers=twice)

    assert (got.status_code, got.json()["error"]) == (400, "invalid_request")


async def test_other_methods_and_hosts_and_open_lines_are_refused(programs: Programs) -> None:
    async with programs.browser() as browser:
        assert (await browser.get("/oauth/token")).status_code == 405
        assert (await browser.post("/oauth/token", data=ASK, headers={"host": "nobody.example"})).status_code == 421
        assert (await browser.post("http://sur.example/oauth/token", data=ASK)).status_code == 403
        assert (await browser.get("http://sur.example/.well-known/oauth-authorization-server")).status_code == 403


async def test_less_may_be_asked_for(programs: Programs) -> None:
    got = await programs.token({**ASK, "scope": "invoices:read  invoices:read"}, await programs.own())

    assert got.json()["scope"] == "invoices:read"


async def test_a_program_that_acts_for_people_is_nobody_by_itself(programs: Programs) -> None:
    got = await programs.token(ASK, await programs.add())

    assert (got.status_code, got.json()["error"]) == (400, "unauthorized_client")


async def test_a_token_lives_fifteen_minutes(programs: Programs) -> None:
    text = await programs.own_token(await programs.own())
    programs.later(minutes=14, seconds=59)
    assert await programs.works(text)
    programs.later(seconds=1)
    assert not await programs.works(text)


async def test_a_former_secret_is_good_for_a_day(programs: Programs) -> None:
    first = await programs.own()
    async with programs.world.services.store.work("sur") as work:
        second = await clients.rotate(work, first.client.id, now=programs.now)
    programs.later(hours=23, minutes=59)
    assert (await programs.token(ASK, first)).status_code == 200
    assert (await programs.token(ASK, second)).status_code == 200
    programs.later(minutes=1)
    assert (await programs.token(ASK, first)).status_code == 401
    async with programs.world.services.store.work("sur") as work:
        third = await clients.rotate(work, first.client.id, now=programs.now, at_once=True)
    assert (await programs.token(ASK, second)).status_code == 401
    assert (await programs.token(ASK, third)).status_code == 200


async def test_a_revoked_program_and_its_tokens_are_dead_at_once(programs: Programs) -> None:
    client = await programs.own()
    text = await programs.own_token(client)
    async with programs.world.services.store.work("sur") as work:
        await clients.revoke(work, client.client.id, now=programs.now)

    assert not await programs.works(text)
    assert (await programs.token(ASK, client)).status_code == 401


async def test_guesses_are_limited_by_program_and_address(programs: Programs) -> None:
    client = await programs.own()
    wrong = Keyed(client=client.client, secret="vc_" + "x" * 43)
    seen = [(await programs.token(ASK, wrong)).status_code for _ in range(31)]
    assert seen == [401] * 30 + [429]

    refused = await programs.token(ASK, client)
    assert (refused.status_code, refused.json()["error"]) == (429, "temporarily_unavailable")
    assert refused.headers["retry-after"] == "900"
    assert (await programs.token(ASK, client, peer="203.0.113.10")).status_code == 200
    assert (await programs.token(ASK, await programs.own())).status_code == 200
    programs.later(minutes=15)
    assert (await programs.token(ASK, client)).status_code == 200


async def test_guesses_of_many_names_are_limited_by_address(programs: Programs) -> None:
    store, now = programs.world.services.store, programs.now
    for _ in range(100):
        await attempts.count(store, "sur", attempts.Kind.CLIENT_AT, "203.0.113.9", now)
    client = await programs.own()

    assert (await programs.token(ASK, client)).status_code == 429
    assert (await programs.token(ASK, client, peer="203.0.113.10")).status_code == 200


async def test_a_program_that_is_let_in_is_not_limited(programs: Programs) -> None:
    client = await programs.own()
    for _ in range(35):
        assert (await programs.token(ASK, client)).status_code == 200


async def test_what_is_over_is_swept_out(programs: Programs) -> None:
    client = await programs.own()
    await programs.own_token(client)
    programs.later(minutes=15)
    await programs.own_token(client)
    async with programs.world.services.store.work("sur") as work:
        kept = (await work.exec(select(TokenRow))).all()

    assert len(kept) == 1
    assert kept[0].expires_at == programs.now + ACCESS_LIFE
