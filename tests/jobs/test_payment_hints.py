"""Notifications that are not understood yet: hints that the platform is asked about, and news that came too early."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from tests.cash_desk import notified
from tests.effects import each_effect, fragile
from tests.orders import NOW, PLATFORM, news, ordered
from tests.paid import Paid, open_paid
from ventanilla.backoffice_adapters.database import DatabaseUnavailableError
from ventanilla.jobs.payment_hints import Hints
from ventanilla.payments.contract import News, Notification
from ventanilla.resolvers.payment_news import hear
from ventanilla.store.tables import PlatformEventRow

pytestmark = pytest.mark.anyio

MINUTE = timedelta(minutes=1)


@pytest.fixture
async def paid(tmp_path: Path, store_url: str) -> AsyncIterator[Paid]:
    """A manager with a cash desk, on each kind of database in turn."""
    async with open_paid(tmp_path / "world", store_url) as found:
        yield found


def errand(paid: Paid) -> Hints:
    return Hints(store=paid.store, platforms=paid.world.services.platforms, clock=paid.clock)


async def heard(paid: Paid, event_id: str, *found: News, hint: str | None = None) -> bytes:
    """What a notification is answered."""
    body, _ = notified(event_id, *found, hint=hint)
    notification = msgspec.json.decode(body, type=Notification)
    return (await hear(paid.store, "sur", PLATFORM, notification, paid.clock())).body


async def look(paid: Paid) -> PlatformEventRow:
    """Look at the notification when it is due."""
    (row,) = (await paid.held()).events
    paid.clock.now = max(paid.clock.now, row.due_at or paid.clock.now)
    await errand(paid).serve(paid.manager, lambda: False)
    return (await paid.held()).events[0]


async def test_a_hint_is_asked_about_before_anything_is_believed(paid: Paid) -> None:
    await paid.unpaid()
    paid.server.paid(news())
    assert [await heard(paid, "e1", hint="p1") for _ in range(2)] == [b"accepted"] * 2
    found = await paid.held()
    assert (found.states, found.payments, found.events[0].state) == (["CREATED"], [], "HINT")
    assert (await errand(paid).due(NOW)).managers == ("sur",)

    assert (await look(paid)).state == "TAKEN"
    found = await paid.held()
    assert (found.states, found.bookings, paid.server.asked) == (["SUCCEEDED"], ["DUE"], ["payment"])
    assert await heard(paid, "e1", hint="p1") == b"accepted"
    assert (await errand(paid).due(NOW + timedelta(days=9))).managers == ()


async def test_a_hint_at_what_the_platform_does_not_know_yet_is_asked_about_again(paid: Paid) -> None:
    await paid.unpaid()
    await heard(paid, "e1", hint="p1")
    for _ in range(5):
        assert (await look(paid)).state == "HINT"
    paid.server.paid(news())
    assert (await look(paid)).state == "TAKEN"
    assert (await paid.held()).states == ["SUCCEEDED"]


async def test_a_hint_at_nothing_is_lost_after_a_minute(paid: Paid) -> None:
    await heard(paid, "e1", hint="p1")
    while (row := await look(paid)).state == "HINT":
        assert paid.clock() < NOW + MINUTE
    assert (row.state, row.due_at, paid.clock()) == ("LOST", None, NOW + MINUTE)


async def test_a_platform_that_is_away_is_asked_for_three_days(paid: Paid) -> None:
    await paid.unpaid()
    await heard(paid, "e1", hint="p1")
    paid.server.away = True
    pauses: list[float] = []
    while (row := await look(paid)).state == "HINT":
        assert row.due_at
        pauses.append((row.due_at - paid.clock()).total_seconds())
        if len(pauses) == 10:
            paid.clock.go(days=2, hours=23)
    assert pauses[:8] == [10, 20, 40, 80, 160, 320, 600, 600]
    assert row.state == "LOST"
    assert paid.clock() - NOW >= timedelta(days=3)


async def test_a_platform_that_refuses_to_tell_is_asked_a_few_times(paid: Paid) -> None:
    await heard(paid, "e1", hint="p1")
    elsewhere = msgspec.structs.replace(paid.manager, payments=None)
    asked = 0
    while (row := (await paid.held()).events[0]).state == "HINT":
        paid.clock.now = row.due_at or paid.clock.now
        await errand(paid).serve(elsewhere, lambda: False)
        asked += 1
    assert (row.state, asked) == ("LOST", 6)


async def test_news_that_came_before_our_own_commit_are_matched_within_a_minute(paid: Paid) -> None:
    assert await heard(paid, "e1", news()) == b"accepted"
    assert (await look(paid)).state == "PARKED"
    await paid.unpaid()
    assert (await look(paid)).state == "TAKEN"
    assert paid.clock() <= NOW + timedelta(seconds=15)
    found = await paid.held()
    assert (found.states, found.bookings) == (["SUCCEEDED"], ["DUE"])


async def test_news_of_nobodys_order_are_a_stray_after_a_minute(paid: Paid) -> None:
    await heard(paid, "e1", news())
    while (row := await look(paid)).state == "PARKED":
        assert paid.clock() < NOW + MINUTE
    assert (row.state, paid.clock()) == ("LOST", NOW + MINUTE)
    assert (await paid.held()).found == [("UNKNOWN_REFERENCE", "OPEN")]


async def test_a_hint_at_an_order_that_is_not_known_yet_is_parked(paid: Paid) -> None:
    paid.server.paid(news())
    await heard(paid, "e1", hint="p1")
    assert (await look(paid)).state == "PARKED"
    await paid.unpaid()
    paid.server.away = True
    assert (await look(paid)).state == "TAKEN"


async def test_many_workers_look_at_each_once(paid: Paid) -> None:
    for number in range(12):
        reference = f"rabcdefghijklmn{number:02}z"
        await ordered(paid.store, reference=reference, lines=((f"X{number}", 70_000),))
        paid.server.paid(news(reference=reference, payment_id=f"p{number}"))
        await heard(paid, f"e{number}", hint=f"p{number}")
    await asyncio.gather(*(errand(paid).serve(paid.manager, lambda: False) for _ in range(4)))
    found = await paid.held()
    assert {row.state for row in found.events} == {"TAKEN"}
    assert (len(paid.server.asked), len(found.audits), found.states) == (12, 12, ["SUCCEEDED"] * 12)


@pytest.mark.parametrize("done", [False, True])
@pytest.mark.parametrize("early", [False, True])
async def test_whatever_fails_each_counts_once(tmp_path: Path, store_url: str, *, done: bool, early: bool) -> None:
    runs = 0
    async for effects in each_effect(done=done):
        runs += 1
        async with open_paid(tmp_path / str(runs), store_url) as paid:
            paid.server.paid(news())
            if not early:
                await paid.unpaid()
            await heard(paid, "e1", hint="p1")
            async with fragile(paid.world.services, store_url, effects) as services:
                reading = replace(errand(paid), store=services.store, platforms=services.platforms)
                for number in range(4):
                    with suppress(DatabaseUnavailableError):
                        await reading.serve(paid.manager, lambda: False)
                    if early and not number:
                        await paid.unpaid()
                    paid.clock.go(seconds=61)
            found = await paid.held()
            assert (found.states, found.bookings, found.strays) == (["SUCCEEDED"], ["DUE"], [])
            assert (found.events[0].state, len(found.audits)) == ("TAKEN", 1)
    assert runs > 3
