"""Tokens of programs at /graphql, on every transport, through a whole gateway."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from uuid import uuid4

import httpx2
import pytest
from sqlmodel import col, update

from tests.gateway.conftest import Gateway, Start
from tests.gateway.demo.process import TLS
from tests.gateway.live import begun, opened, streamed
from tests.gateway.raw import Served, served
from ventanilla.auth import clients
from ventanilla.auth.clients import Keyed
from ventanilla.auth.oauth import opaque
from ventanilla.auth.oauth.server import ACCESS_LIFE
from ventanilla.auth.sessions import hash_of
from ventanilla.store.tables import PersonRow, TokenRow

pytestmark = pytest.mark.anyio
ASK = {"grant_type": "client_credentials"}


async def program(gateway: Gateway, slug: str = "aguas") -> Keyed:
    async with gateway.store.work(slug) as work:
        return await clients.add(work, name="Planilla", scopes=["accounts:read"], now=datetime.now(UTC))


async def token(gateway: Gateway, client: Keyed) -> str:
    async with gateway.client(scheme="https") as browser:
        got = await browser.post("/oauth/token", data=ASK, auth=(client.client.id, client.secret or ""))
    assert got.status_code == 200, got.text
    return got.json()["access_token"]


async def consented(gateway: Gateway, client: Keyed) -> str:
    """A token on behalf of somebody."""
    now, text = datetime.now(UTC), opaque.made(opaque.ACCESS)
    async with gateway.store.work("aguas") as work:
        person = PersonRow(id=uuid4().hex, email="eva@example.com", given_name="Eva", family_name="Gil", created_at=now)
        work.add(person)
        await work.flush()
        work.add(
            TokenRow(
                id=uuid4().hex,
                family=uuid4().hex,
                client_id=client.client.id,
                person_id=person.id,
                scope="accounts:read",
                granted="accounts:read",
                access_hash=hash_of(text),
                created_at=now,
                expires_at=now + ACCESS_LIFE,
            )
        )
    return text


@pytest.fixture
async def running(gateway: Gateway) -> AsyncIterator[Served]:
    async with served(gateway.app) as server:
        yield server


async def test_a_program_of_the_managers_own_is_let_in_and_is_nobody(gateway: Gateway) -> None:
    bearer = f"Bearer {await token(gateway, await program(gateway))}"
    got = await gateway.ask("{ portal who }", authorization=bearer)

    assert got.status_code == 200
    assert got.json()["data"] == {"portal": "aguas", "who": None}


async def test_a_program_of_a_person_asks_as_they_do_on_every_transport(gateway: Gateway, running: Served) -> None:
    bearer = f"Bearer {await consented(gateway, await program(gateway))}"

    assert (await gateway.ask("{ who }", authorization=bearer)).json()["data"] == {"who": "Eva Gil"}
    async with begun(running, authorization=bearer) as socket:
        await socket.ask("1", "{ who }")
        assert (await socket.hear())["payload"]["data"] == {"who": "Eva Gil"}
    async with streamed(running, "{ who }", accept="text/event-stream", authorization=bearer) as stream:
        assert b'"who":"Eva Gil"' in await stream.rest()


async def test_a_socket_takes_a_token_of_a_program_in_connection_init(gateway: Gateway, running: Served) -> None:
    text = await consented(gateway, await program(gateway))
    async with opened(running) as socket:
        await socket.begin(payload={"authorization": f"Bearer {text}"})
        await socket.ask("1", "{ who }")
        assert (await socket.hear())["payload"]["data"] == {"who": "Eva Gil"}


@pytest.mark.parametrize("end", ["revoked", "expired", "program", "person"])
async def test_a_token_that_is_over_is_refused_and_its_stream_ends(gateway: Gateway, running: Served, end: str) -> None:
    client = await program(gateway)
    text = await consented(gateway, client)
    async with begun(running, authorization=f"Bearer {text}") as socket:
        await socket.ask("1", "subscription { rings { who } }")
        assert (await socket.hear())["payload"]["data"] == {"rings": {"who": "Eva Gil"}}
        await over(gateway, client, end)
        await gateway.bell.ring()
        assert await socket.closed() == 4401

    got = await gateway.ask("{ who }", authorization=f"Bearer {text}")
    assert got.status_code == 401
    assert got.json()["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"


async def over(gateway: Gateway, client: Keyed, end: str) -> None:
    now = datetime.now(UTC)
    async with gateway.store.work("aguas") as work:
        if end == "revoked":
            await work.exec(update(TokenRow).where(col(TokenRow.client_id) == client.client.id).values(revoked_at=now))
        elif end == "expired":
            await work.exec(update(TokenRow).where(col(TokenRow.client_id) == client.client.id).values(expires_at=now))
        elif end == "program":
            await clients.revoke(work, client.client.id, now=now)
        else:
            await work.exec(update(PersonRow).where(col(PersonRow.email) == "eva@example.com").values(disabled_at=now))


async def test_a_token_of_a_program_counts_in_the_header_alone(gateway: Gateway) -> None:
    text = await consented(gateway, await program(gateway))
    guard = {"X_Ventanilla_Request": "1"}

    by_cookie = await gateway.ask("{ who }", cookie=f"ventanilla={text}", **guard)
    assert by_cookie.json()["data"] == {"who": None}
    assert "set-cookie" not in by_cookie.headers
    async with gateway.client() as browser:
        by_address = await browser.get("/graphql", params={"query": "{ who }", "access_token": text})
    assert by_address.json().get("data") in (None, {"who": None})


async def test_a_token_of_one_portal_is_nothing_at_the_other(gateway: Gateway) -> None:
    text = await consented(gateway, await program(gateway))

    assert (await gateway.ask("{ who }", "lares.example", authorization=f"Bearer {text}")).status_code == 401


async def test_altered_and_invented_tokens_are_refused_alike(gateway: Gateway) -> None:
    text = await consented(gateway, await program(gateway))
    wrong = [
        text[:-1] + ("A" if text[-1] != "A" else "B"),
        "va_" + "x" * 43,
        "va_",
        "eyJhbGciOiJub25lIn0.e30.",
        "va" * 23,
    ]
    answers: set[tuple[int, str]] = set()
    for each in wrong:
        got: httpx2.Response = await gateway.ask("{ who }", authorization=f"Bearer {each}")
        answers.add((got.status_code, got.text))

    assert len(answers) == 1
    assert {status for status, _ in answers} == {401}


async def test_a_program_on_this_machine_comes_all_the_way_over_a_socket(gateway: Gateway, running: Served) -> None:
    client = await program(gateway)
    host = {"host": "127.0.0.1:8001"}
    async with httpx2.AsyncClient(base_url=f"http://127.0.0.1:{running.port}", headers=host, verify=TLS) as browser:
        told = (await browser.get("/.well-known/oauth-authorization-server")).json()
        path = told["token_endpoint"].removeprefix("http://127.0.0.1:8001")
        got = await browser.post(path, data=ASK, auth=(client.client.id, client.secret or ""))
        bearer = {"authorization": f"Bearer {got.json()['access_token']}"}
        answer = await browser.post("/graphql", json={"query": "{ portal }"}, headers=bearer)

    assert told["issuer"] == "http://127.0.0.1:8001"
    assert answer.json()["data"] == {"portal": "aguas"}


async def test_points_are_counted_for_each_program_of_a_person(gateway: Gateway) -> None:
    first, second = await program(gateway), await program(gateway)
    left: list[int] = []
    for text in (await token(gateway, first), await token(gateway, first), await token(gateway, second)):
        got = await gateway.ask("{ who }", authorization=f"Bearer {text}")
        left.append(got.json()["extensions"]["cost"]["remaining"])

    assert left[1] < left[0] == left[2]


async def test_programs_of_the_managers_own_have_points_of_their_own_and_may_ask_for_more_at_once(start: Start) -> None:
    async with start(points_per_caller=2, points_per_export=3) as gateway:
        bearer = f"Bearer {await token(gateway, await program(gateway))}"
        first = await gateway.ask("{ a: hello b: hello }", authorization=bearer)
        second = await gateway.ask("{ a: hello b: hello }", authorization=bearer)
        person = await gateway.ask("{ a: hello b: hello }")

    cost = first.json()["extensions"]["cost"]
    assert (cost["requested"], cost["limit"], cost["remaining"]) == (2, 50_000, 1)
    assert first.headers["ratelimit-policy"] == '"points";q=3;w=60'
    assert second.status_code == 429
    told = second.json()["errors"][0]["extensions"]
    assert (told["code"], second.headers["retry-after"]) == ("RATE_LIMITED", str(told["retryAfter"]))
    assert second.headers["ratelimit"].startswith('"points";r=1;t=')
    assert (person.status_code, person.json()["extensions"]["cost"]["limit"]) == (200, 10_000)
