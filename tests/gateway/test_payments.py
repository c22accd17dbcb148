"""Notifications of payment platforms: taken once, answered alike, and nothing believed without a signature."""

import asyncio
import shutil
import sqlite3
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx2
import pytest
from msgspec.structs import replace
from structlog.testing import capture_logs

from tests.cash_desk import notified
from tests.effects import each_effect, fragile
from tests.gateway.conftest import Gateway, Start, manager
from tests.gateway.stock import gateway_data
from tests.gateway.test_letters import running
from tests.jobs.sending import until
from tests.orders import NOW, PLATFORM, REFERENCE, TOTAL, all_of, held, news, ordered
from tests.paid import open_paid
from tests.payments.autopay_forge import KEY, SERVICE, fields_of, posted, xml_of
from tests.payments.forging import Paid as Told
from tests.store.fresh import migrated_postgres, migrated_sqlite, store_url
from ventanilla.backoffice_adapters.money import Money
from ventanilla.gateway.application import Application
from ventanilla.gateway.lobby import Lobby
from ventanilla.gateway.payments.routes import FORGERIES, MOST_BYTES, payment_routes
from ventanilla.gateway.settings import Settings
from ventanilla.payments.contract import NewsStatus
from ventanilla.resolvers.context import Services
from ventanilla.resolvers.payment_news import take
from ventanilla.store import managers
from ventanilla.store.manager import PaymentChoice
from ventanilla.store.store import Store
from ventanilla.store.tables import PlatformEventRow

__all__ = ["migrated_postgres", "migrated_sqlite", "store_url"]

pytestmark = pytest.mark.anyio

PATH = "/payments/autopay"
CHOICE = PaymentChoice(platform="autopay", configuration={"service_id": SERVICE, "shared_key": "env:AUTOPAY_KEY"})


@pytest.fixture
async def paying(start: Start, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Gateway]:
    """A gateway at which people of ``aguas`` pay by Autopay, with one checkout."""
    monkeypatch.setenv("AUTOPAY_KEY", KEY)
    async with start() as gateway:
        owner = replace(manager("aguas", "aguas.example"), payments=CHOICE)
        await managers.add(gateway.store, owner, source="test")
        await ordered(gateway.store, "aguas", platform="autopay", currency="PLN")
        yield gateway


def itn(status: NewsStatus = NewsStatus.CONFIRMED, *, minor: int = TOTAL, key: str = KEY) -> bytes:
    """The body of Autopay's notification about the checkout."""
    told = Told(id="AP1", reference=REFERENCE, amount=Money(minor, "PLN"), status=status, at=NOW)
    return posted(xml_of(fields_of(told), key=key)).body


async def sent(
    gateway: Gateway,
    body: bytes,
    host: str = "aguas.example",
    path: str = PATH,
    peer: str = "198.51.100.7",
    **headers: str,
) -> httpx2.Response:
    kind = {"content_type": "application/x-www-form-urlencoded"}
    async with gateway.client(host, peer=peer, **{**kind, **headers}) as client:
        return await client.post(path, content=body)


async def test_a_notification_is_taken_and_answered_as_the_platform_wants_it(paying: Gateway) -> None:
    answer = await sent(paying, itn())
    assert answer.status_code == 200
    assert "<confirmation>CONFIRMED</confirmation>" in answer.text
    assert "set-cookie" not in answer.headers
    found = await held(paying.store, "aguas")
    assert (found.states, found.bookings, len(found.events)) == (["SUCCEEDED"], ["DUE"], 1)


async def test_however_often_it_comes_it_counts_once_and_is_answered_alike(paying: Gateway) -> None:
    answers = await asyncio.gather(*(sent(paying, itn()) for _ in range(8)))
    assert len({(answer.status_code, answer.content) for answer in answers}) == 1
    found = await held(paying.store, "aguas")
    assert (found.bookings, len(found.events), len(found.audits)) == (["DUE"], 1, 1)


async def test_no_session_is_looked_at(paying: Gateway) -> None:
    token = await paying.token()
    sessions = [
        {},
        {"cookie": f"ventanilla={token}"},
        {"authorization": "Bearer wrong"},
        {"origin": "https://evil.example"},
    ]
    for status, headers in zip(NewsStatus, sessions, strict=False):
        if status in {NewsStatus.PENDING, NewsStatus.CONFIRMED, NewsStatus.FAILED}:
            assert (await sent(paying, itn(status), **headers)).status_code == 200


FORGED = {
    "other key": itn(key="another"),
    "no form": b"\x00\xff",
    "empty": b"",
    "amount": itn().replace(b"transactions=", b"transactions=x"),
    "entities": b"transactions=" + b"A" * 60_000,
}


@pytest.mark.parametrize("body", FORGED.values(), ids=FORGED)
async def test_what_is_not_the_platforms_changes_nothing(paying: Gateway, body: bytes) -> None:
    with capture_logs() as logs:
        answer = await sent(paying, body)
    assert answer.status_code < 500
    assert "<confirmation>CONFIRMED</confirmation>" not in answer.text
    found = await held(paying.store, "aguas")
    assert (found.states, found.events, found.payments) == (["CREATED"], [], [])
    (line,) = [line for line in logs if line["event"] == "notification not verified"]
    assert {**line, "log_level": ""} == {
        "event": "notification not verified",
        "log_level": "",
        "manager": "aguas",
        "platform": "autopay",
        "count": 1,
    }


async def test_another_amount_is_declined_and_set_aside(paying: Gateway) -> None:
    answers = [await sent(paying, itn(minor=TOTAL - 1)) for _ in range(2)]
    assert all("<confirmation>NOTCONFIRMED</confirmation>" in answer.text for answer in answers)
    found = await held(paying.store, "aguas")
    assert (found.bookings, found.found) == (["REVIEW"], [("AMOUNT_MISMATCH", "OPEN")])


@pytest.mark.parametrize(
    ("host", "path", "status"),
    [
        ("lares.example", PATH, 404),
        ("aguas.example", "/payments/wompi", 404),
        ("aguas.example", "/payments/nowhere", 404),
        ("aguas.example", "/payments/", 404),
        ("aguas.example", "/payments/autopay/x", 404),
        ("evil.example", PATH, 421),
    ],
)
async def test_at_any_other_address_there_is_nothing(paying: Gateway, host: str, path: str, status: int) -> None:
    answer = await sent(paying, itn(), host, path)
    assert answer.status_code == status
    if status == 404:
        assert answer.json()["errors"][0]["message"] == "Nothing answers at this address."
    assert await all_of(paying.store, PlatformEventRow, "aguas") == []


async def test_one_managers_notification_is_none_of_another(paying: Gateway, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OTHER_KEY", "another")
    theirs = replace(CHOICE, configuration={"service_id": SERVICE, "shared_key": "env:OTHER_KEY"})
    await managers.add(paying.store, replace(manager("lares", "lares.example"), payments=theirs), source="test")
    assert "<confirmation>CONFIRMED</confirmation>" not in (await sent(paying, itn(), "lares.example")).text
    assert "<confirmation>CONFIRMED</confirmation>" in (await sent(paying, itn(key="another"), "lares.example")).text
    found = await held(paying.store, "aguas")
    assert (found.states, found.events) == (["CREATED"], [])


async def test_it_is_posted_and_of_a_length(paying: Gateway) -> None:
    async with paying.client("aguas.example") as client:
        assert (await client.get(PATH)).status_code == 405
    assert (await sent(paying, b"x" * (MOST_BYTES + 1))).status_code == 413
    many = await sent(paying, itn(), path=f"{PATH}?{'a=1&' * 200}")
    assert many.status_code == 400


async def test_a_platform_whose_settings_cannot_be_read_is_told_to_come_again(
    paying: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AUTOPAY_KEY")
    answer = await sent(paying, itn())
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "60")


async def test_forgeries_do_not_flood(paying: Gateway) -> None:
    with capture_logs() as logs:
        answers = [await sent(paying, itn(key="another")) for _ in range(FORGERIES + 5)]
    assert [answer.status_code for answer in answers].count(429) == 5
    assert 0 < int(answers[-1].headers["retry-after"]) <= 60
    assert [line["count"] for line in logs if "count" in line] == [*range(1, FORGERIES + 1)]
    assert (await sent(paying, itn())).status_code == 429  # also who tells the truth from there: they come again
    assert (await sent(paying, itn(), peer="198.51.100.8")).status_code == 200
    assert (await held(paying.store, "aguas")).states == ["SUCCEEDED"]


async def test_while_the_database_does_not_take_it_the_platform_is_told_to_come_again(
    paying: Gateway, tmp_path: Path
) -> None:
    other = sqlite3.connect(tmp_path / "gateway.sqlite", isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    begun = time.monotonic()
    answer = await sent(paying, itn())
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "2"
    assert time.monotonic() - begun < 8  # 2 s, on a machine that others use too, and less than the file is waited for
    other.execute("ROLLBACK")
    other.close()

    assert "<confirmation>CONFIRMED</confirmation>" in (await sent(paying, itn())).text
    assert (await held(paying.store, "aguas")).bookings == ["DUE"]


async def test_the_gateways_own_worker_tells_the_office(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUTOPAY_KEY", KEY)
    owner = replace(manager("aguas", "aguas.example"), payments=CHOICE)
    async with start(worker=True) as gateway:
        await managers.add(gateway.store, owner, source="test")
        moment = datetime.now(UTC)
        await ordered(gateway.store, "aguas", platform="autopay", currency="PLN", office="office", now=moment)
        assert (await sent(gateway, itn())).status_code == 200
        await until(lambda: _refused(gateway.store))


async def test_a_worker_of_its_own_tells_the_office(shared_folder: Path, tmp_path: Path) -> None:
    data = Path(shutil.copytree(gateway_data(shared_folder), tmp_path / "data"))
    store = Store(Settings(data=data).database)
    await store.open()
    await ordered(store, "aguas", office="comercial", now=datetime.now(UTC))
    async with store.work("aguas") as work:
        await take(work, PLATFORM, [news()], datetime.now(UTC))
    async with running(data, "worker"):
        await until(lambda: _refused(store))
    await store.close()


async def _refused(store: Store) -> bool:
    """Whether the office has said that it knows no such account: its books are empty."""
    found = await held(store, "aguas")
    return (found.bookings, found.found) == (["REFUSED"], [("BOOKING_REFUSED", "OPEN")])


def portal(services: Services) -> Any:
    """The route alone, in front of services of the test's own."""
    return Application({}, (), routes=payment_routes(Lobby(services, (), None), services, ()))


async def told(app: Any, event_id: str, **what: Any) -> httpx2.Response:
    """Send a notification once."""
    found = what.pop("news", ())
    body, headers = notified(event_id, *found, **what)
    transport = httpx2.ASGITransport(app=app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://sur.example") as client:
        return await client.post(f"/payments/{PLATFORM}", content=body, headers=headers)


async def test_the_worker_is_woken(tmp_path: Path) -> None:
    async with open_paid(tmp_path) as paid:
        await paid.unpaid()
        assert (await told(portal(paid.world.services), "e1", news=[news()])).text == "accepted"
        assert paid.rung == [1]


@pytest.mark.parametrize("done", [False, True])
@pytest.mark.parametrize("hint", [False, True])
async def test_whatever_fails_a_notification_that_is_repeated_counts_once(
    tmp_path: Path, store_url: str, *, done: bool, hint: bool
) -> None:
    runs = 0
    what: dict[str, Any] = {"hint": "p1"} if hint else {"news": [news()]}
    async for effects in each_effect(done=done):
        runs += 1
        async with open_paid(tmp_path / str(runs), store_url) as paid:
            await paid.unpaid()
            paid.server.paid(news())
            async with fragile(paid.world.services, store_url, effects) as services:
                answer = await told(portal(services), "e1", **what)
                if effects.struck:
                    assert answer.status_code == 503
                    answer = await told(portal(services), "e1", **what)
            again = await told(portal(paid.world.services), "e1", **what)
            assert (answer.text, again.text) == ("accepted", "accepted")
            await paid.read_hints()
            await paid.book()
            found = await paid.held()
            assert (found.states, found.bookings, len(found.events)) == (["SUCCEEDED"], ["BOOKED"], 1)
            assert (len(found.payments), len(found.audits), found.strays) == (1, 1, [])
    assert runs == 2
