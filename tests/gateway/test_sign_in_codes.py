"""Signing in with a code over HTTP, and sessions that are ended one by one: cookies, sockets, logs, and what shows."""

from __future__ import annotations

import re
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx2
import msgspec
import pytest
from starlette.routing import WebSocketRoute

from tests.alike import auc
from tests.gateway.conftest import Gateway, manager
from tests.gateway.live import begun
from tests.gateway.raw import served
from tests.tables import opened
from tests.world import SCHEMA
from ventanilla.auth import keys, people
from ventanilla.auth.proofs import Proofs
from ventanilla.gateway import logs
from ventanilla.gateway.app import create_app
from ventanilla.gateway.services import utc_now
from ventanilla.gateway.settings import Settings
from ventanilla.store import managers
from ventanilla.store.manager import SignInWay

pytestmark = pytest.mark.anyio

ANA = "ana@example.com"
REQUEST = """mutation ($input: RequestSignInCodeInput!) {
  requestSignInCode(input: $input) {
    ticket maskedEmail expiresAt resendAvailableAt userErrors { code message retryable params { key value } }
  }
}"""
ENTER = """mutation ($input: SignInWithCodeInput!) {
  signInWithCode(input: $input) { session { accessToken } viewer { name } userErrors { code } }
}"""
SESSIONS = "{ viewer { sessions { id current device } } }"
END = "mutation ($input: EndSessionInput!) { endSession(input: $input) { endedSessions userErrors { code } } }"
PAIRS = 100
_CHANGES = re.compile(r"\d{4}-\d\d-\d\dT[^\"]*|vt_[^\"]*|\"(?:remaining|value)\":[^,}]*")
GUARD = {"x-ventanilla-request": "1"}


class Portal:
    """A gateway with the schema of all; nobody sends its letters."""

    def __init__(self, gateway: Gateway, proofs: Proofs) -> None:
        self.gateway = gateway
        self.proofs = proofs

    async def known(self, email: str) -> None:
        async with self.gateway.store.work("aguas") as work:
            await people.add_person(
                work,
                email=email,
                password=None,
                given_name="Ana",
                family_name="Paz",
                now=utc_now(),
                email_verified=True,
            )

    async def ask(self, query: str, peer: str = "203.0.113.9", /, *, token: str = "", **input: str) -> httpx2.Response:
        bearer = {"authorization": f"Bearer {token}"} if token else {}
        async with self.gateway.client(peer=peer, **bearer) as client:
            return await client.post("/graphql", json={"query": query, "variables": {"input": input}})

    async def data(self, query: str, /, **values: Any) -> Any:
        answer = (await self.ask(query, **values)).json()
        assert "errors" not in answer, answer
        return answer["data"]

    async def ticket(self, email: str = ANA, peer: str = "203.0.113.9") -> str:
        return (await self.ask(REQUEST, peer, email=email)).json()["data"]["requestSignInCode"]["ticket"]

    def code(self, ticket: str) -> str:
        challenge_id = self.proofs.read_ticket(ticket)
        assert challenge_id
        return self.proofs.code(challenge_id)

    async def bearer(self, email: str) -> str:
        """A token of somebody who signs in with a code."""
        await self.known(email)
        ticket = await self.ticket(email)
        entered = await self.data(ENTER, ticket=ticket, code=self.code(ticket), delivery="BEARER")
        return entered["signInWithCode"]["session"]["accessToken"]


@pytest.fixture
async def portal(tmp_path: Path) -> AsyncIterator[Portal]:
    settings = Settings(data=tmp_path, worker=False)
    store = await opened(settings.database)
    ways = (SignInWay.PASSWORD, SignInWay.EMAIL_CODE)
    await managers.add(store, msgspec.structs.replace(manager("aguas", "aguas.example"), sign_in_ways=ways), source="t")
    app = create_app(settings, SCHEMA)
    async with app.router.lifespan_context(app):
        gateway = Gateway(app, store, None)  # pyright: ignore[reportArgumentType]  this schema rings no bell
        yield Portal(gateway, Proofs(keys.load(None, tmp_path), "aguas"))
    await store.close()


def look(answer: httpx2.Response) -> tuple[Any, ...]:
    """All that a stranger sees of an answer, less its id, its date, its ticket, and moments in it."""
    kept = {"x-request-id", "date", "ratelimit"}
    headers = [(name, value) for name, value in answer.headers.items() if name not in kept]
    return answer.status_code, headers, _CHANGES.sub("…", answer.text)


async def test_somebody_and_nobody_look_alike(portal: Portal) -> None:
    await portal.known("pablo@example.com")
    for reasons in ([], ["RATE_LIMITED"]):
        one = await portal.ask(REQUEST, "203.0.113.1", email="pablo@example.com")
        other = await portal.ask(REQUEST, "203.0.113.2", email="paula@example.com")
        assert look(one) == look(other)
        assert [each["code"] for each in one.json()["data"]["requestSignInCode"]["userErrors"]] == reasons


async def test_wrong_codes_of_somebody_and_nobody_look_alike(portal: Portal) -> None:
    await portal.known("pablo@example.com")
    one, other = [await portal.ticket(f"{name}@example.com") for name in ("pablo", "paula")]
    for _ in range(7):
        answers = [await portal.ask(ENTER, ticket=ticket, code="wrong") for ticket in (one, other)]
        assert look(answers[0]) == look(answers[1])


@pytest.mark.alone
@pytest.mark.parametrize("what", ["asking", "trying"])
async def test_somebody_and_nobody_take_alike_long(portal: Portal, what: str) -> None:
    for number in range(PAIRS):
        await portal.known(f"known{number}@example.com")
    await portal.ticket("first@example.com", "192.0.2.1")
    times: dict[str, list[float]] = {"known": [], "other": []}
    for number in range(PAIRS):
        for name in sorted(times, reverse=number % 2 == 0):
            email, peer = f"{name}{number}@example.com", f"198.51.{number}.1"
            ticket = await portal.ticket(email, peer) if what == "trying" else ""
            begun_at = time.perf_counter()
            await (portal.ask(ENTER, peer, ticket=ticket, code="wrong") if ticket else portal.ticket(email, peer))
            times[name].append(time.perf_counter() - begun_at)
    assert 0.35 < auc(times["known"], times["other"]) < 0.65


async def test_a_code_gives_a_browser_its_cookie_and_ending_the_session_takes_it(portal: Portal) -> None:
    await portal.known(ANA)
    ticket = await portal.ticket()
    async with portal.gateway.client() as browser:
        entered = await browser.post(
            "/graphql", json={"query": ENTER, "variables": {"input": {"ticket": ticket, "code": portal.code(ticket)}}}
        )
        cookie, _, flags = entered.headers["set-cookie"].partition(";")
        assert "HttpOnly" in flags
        shown = {"cookie": cookie, **GUARD}
        listed = await browser.post("/graphql", json={"query": SESSIONS}, headers=shown)
        ((current,),) = [each["sessions"] for each in listed.json()["data"].values()]
        ended = await browser.post(
            "/graphql", json={"query": END, "variables": {"input": {"id": current["id"]}}}, headers=shown
        )
        after = await browser.post("/graphql", json={"query": SESSIONS}, headers=shown)

    assert current["current"] is True
    assert ended.json()["data"]["endSession"] == {"endedSessions": 1, "userErrors": []}
    assert "Max-Age=0" in ended.headers["set-cookie"]
    assert after.json()["data"] == {"viewer": None}


async def test_the_socket_of_a_session_that_is_ended_elsewhere_closes(portal: Portal) -> None:
    gateway = portal.gateway
    (route,) = (each for each in gateway.app.routes if isinstance(each, WebSocketRoute))
    route.endpoint._session_s = 0.2
    lost, kept = await portal.bearer(ANA), await portal.bearer("beto@example.com")
    async with (
        served(gateway.app) as running,
        begun(running, authorization=f"Bearer {lost}") as socket,
        begun(running, authorization=f"Bearer {kept}") as other,
    ):
        ((mine,),) = [each["sessions"] for each in (await portal.data(SESSIONS, token=lost)).values()]
        ended = await portal.data(END, token=lost, id=mine["id"])
        assert ended["endSession"]["endedSessions"] == 1
        assert await socket.closed() == 4401
        await other.ask("a", "{ viewer { name } }")
        assert (await other.hear())["payload"]["data"] == {"viewer": {"name": "Ana Paz"}}


@pytest.mark.parametrize("delivery", ["COOKIE", "BEARER"])
async def test_over_a_socket_a_code_gives_a_bearer_token_and_stays_good_if_a_cookie_is_wanted(
    portal: Portal, delivery: str
) -> None:
    await portal.known(ANA)
    ticket = await portal.ticket()
    async with served(portal.gateway.app) as running, begun(running) as socket:
        input = {"ticket": ticket, "code": portal.code(ticket), "delivery": delivery}
        await socket.ask("a", ENTER, variables={"input": input})
        answer = (await socket.hear())["payload"]
    if delivery == "COOKIE":
        assert answer["errors"][0]["extensions"]["code"] == "INVALID_ARGUMENT"
        again = await portal.data(ENTER, ticket=ticket, code=portal.code(ticket))
        assert again["signInWithCode"]["userErrors"] == []
    else:
        assert answer["data"]["signInWithCode"]["session"]["accessToken"].startswith("vs_")


@pytest.mark.usefixtures("loggers_as_they_were")
async def test_the_log_says_nothing_of_who_asks_or_with_what(
    portal: Portal, capsys: pytest.CaptureFixture[str]
) -> None:
    logs.configure(as_json=True)
    await portal.known("pablo@example.com")
    ticket = await portal.ticket("pablo@example.com")
    await portal.ask(ENTER, ticket=ticket, code="246810")
    entered = await portal.data(ENTER, ticket=ticket, code=portal.code(ticket), delivery="BEARER")
    token = entered["signInWithCode"]["session"]["accessToken"]
    ((mine,),) = [each["sessions"] for each in (await portal.data(SESSIONS, token=token)).values()]
    await portal.data(END, token=token, id=mine["id"])
    written = capsys.readouterr().err
    assert len(written.splitlines()) == 5
    for secret in ("pablo", "246810", ticket, portal.code(ticket), token, mine["id"]):
        assert secret not in written
