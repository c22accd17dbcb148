"""Seeing as a customer over the wire: by cookie and by socket, for a while, and without what is theirs alone."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import col, select, update

from tests.gateway.browsers import Browser, Portals, portals_in
from tests.gateway.live import begun
from ventanilla.auth import people, sessions
from ventanilla.gateway.services import utc_now
from ventanilla.store.manager import SignInWay, StaffRules
from ventanilla.store.tables import PersonRow, SessionRow

pytestmark = pytest.mark.anyio
EXAMPLES = Path(__file__).parents[2] / "examples" / "queries"
SEE, STOP = ((EXAMPLES / f"{name}.graphql").read_text("utf-8") for name in ("see-as", "stop-seeing-as"))
WHO = "{ viewer { name seenBy { name } } }"
AS_ANA = {"name": "Ana Paz", "seenBy": {"name": "Mirta Sosa"}}
AS_MIRTA = {"name": "Mirta Sosa", "seenBy": None}


class Desk:
    """Mirta of the staff, and Ana, as whom she may see."""

    def __init__(self, portals: Portals, browser: Browser, token: str, mirta: str, ana: str) -> None:
        self.portals, self.browser, self.token, self.mirta, self.ana = portals, browser, token, mirta, ana

    async def see(self) -> None:
        answer = await self.browser.ask(SEE, input={"personId": self.ana, "reason": "Llamó por su factura"})
        assert answer["seeAs"]["userErrors"] == []

    async def viewer(self) -> Any:
        return (await self.browser.ask(WHO))["viewer"]

    async def codes(self, query: str) -> list[str]:
        """The codes of an answer with errors."""
        answer = await self.browser.client.post(
            f"{self.browser.address}/graphql", json={"query": query}, headers={"x-ventanilla-request": "1"}
        )
        return [error["extensions"]["code"] for error in answer.json()["errors"]]


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with portals_in(tmp_path) as portals:
        await portals.offer(ways=(SignInWay.PASSWORD,), staff=StaffRules(second_factor=False))
        ana = await portals.person("ana@example.org")
        async with portals.store.work("aguas") as work:
            mirta = await people.add_person(
                work, email="mirta@example.org", password=None, given_name="Mirta", family_name="Sosa", now=utc_now()
            )
            await work.exec(update(PersonRow).where(col(PersonRow.id) == mirta.id).values(staff_role="STAFF"))
            token = (await sessions.issue(work, mirta.id, now=utc_now())).token
        browser = portals.browser()
        browser.client.cookies.set(f"ventanilla-{portals.port}", token, domain="127.0.0.1")
        yield Desk(portals, browser, token, mirta.id, ana)


async def test_a_browser_sees_as_a_customer_and_as_itself_again(desk: Desk) -> None:
    await desk.see()
    assert await desk.viewer() == AS_ANA
    await desk.browser.ask(STOP)
    assert await desk.viewer() == AS_MIRTA


async def test_a_session_that_sees_is_in_use(desk: Desk) -> None:
    await desk.see()
    async with desk.portals.store.work("aguas") as work:
        before = utc_now() - timedelta(minutes=90)
        await work.exec(update(SessionRow).values(seen_at=before, idle_at=before + sessions.IDLE))
    assert await desk.viewer() == AS_ANA
    async with asyncio.timeout(10):  # it is written once the answer is on its way
        while await seen_at(desk) <= before + timedelta(minutes=89):  # noqa: ASYNC110  it is a database that is asked
            await asyncio.sleep(0.05)


async def seen_at(desk: Desk) -> datetime:
    """When the one session there is was last used."""
    async with desk.portals.store.work("aguas") as work:
        (row,) = (await work.exec(select(SessionRow))).all()
    return row.seen_at


async def test_it_ends_when_its_time_is_over(desk: Desk) -> None:
    await desk.see()
    async with desk.portals.store.work("aguas") as work:
        await work.exec(update(SessionRow).values(sees_until=utc_now()))
    assert await desk.viewer() == AS_MIRTA


async def test_it_ends_at_once_when_they_are_let_in_no_more(desk: Desk) -> None:
    await desk.see()
    async with desk.portals.store.work("aguas") as work:
        await work.exec(update(PersonRow).where(col(PersonRow.id) == desk.mirta).values(disabled_at=utc_now()))
    assert await desk.viewer() is None


@pytest.mark.parametrize(
    "query",
    [
        "{ staff { __typename } }",
        "{ viewer { sessions { id } } }",
        "{ viewer { personalData } }",
        'mutation { startIdentityLink(input: {provider: "acme"}) { url } }',
        'mutation { startPasskeyRegistration(input: {name: "x"}) { ticket } }',
        'mutation { eraseMyData(input: {email: "ana@example.org"}) { userErrors { reason } } }',
        'mutation { endSession(input: {id: "x"}) { endedSessions } }',
        'mutation { signIn(input: {email: "ana@example.org", password: "x"}) { userErrors { reason } } }',
    ],
)
async def test_nothing_is_changed_and_nothing_told_of_how_they_sign_in(desk: Desk, query: str) -> None:
    await desk.see()
    assert await desk.codes(query) == ["FORBIDDEN"]


async def test_a_socket_is_the_customers_and_one_from_before_ends(desk: Desk) -> None:
    host, bearer = desk.portals.hosts["aguas"], f"Bearer {desk.token}"
    async with begun(desk.portals.running, host, authorization=bearer) as before:
        await before.ask("1", WHO)
        assert (await before.hear())["payload"]["data"] == {"viewer": AS_MIRTA}
        await desk.see()
        await before.ask("2", WHO)
        assert await before.closed() == 4401
    async with begun(desk.portals.running, host, authorization=bearer) as socket:
        await socket.ask("1", WHO)
        assert (await socket.hear())["payload"]["data"] == {"viewer": AS_ANA}
        await socket.hear()
        await socket.ask("2", SEE, variables={"input": {"personId": desk.ana, "reason": "Llamó"}})
        assert (await socket.hear())["payload"]["errors"][0]["extensions"]["code"] == "FORBIDDEN"
        await socket.hear()
        await socket.ask("3", STOP)
        assert (await socket.hear())["payload"]["data"] == {"stopSeeingAs": {"userErrors": []}}
        await socket.hear()
        await socket.ask("4", WHO)
        assert await socket.closed() == 4401


async def test_to_sign_out_ends_the_session_of_the_staff(desk: Desk) -> None:
    await desk.see()
    assert await desk.browser.ask("mutation { signOut { endedSessions } }") == {"signOut": {"endedSessions": 1}}
    assert await desk.viewer() is None
    async with desk.portals.store.work("aguas") as work:
        assert (await work.exec(select(SessionRow))).all() == []
