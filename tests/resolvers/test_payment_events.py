"""Notifications: each counts once, also at the same moment, and those of orders that we do not know wait a while."""

import asyncio
from datetime import datetime, timedelta

import pytest

from tests.orders import (
    ACCEPTED,
    DECLINED,
    NOW,
    PLATFORM,
    TOTAL,
    changed,
    heard,
    held,
    news,
    ordered,
    told,
)
from tests.store.fresh import migrated_postgres, migrated_sqlite, store, store_url
from ventanilla.backoffice_adapters.money import Money
from ventanilla.payments.contract import NewsStatus
from ventanilla.resolvers.payment_news import PARKED_FOR, read, settle
from ventanilla.store.store import Store
from ventanilla.store.tables import PlatformEventRow, PlatformPaymentRow

__all__ = ["migrated_postgres", "migrated_sqlite", "store", "store_url"]

pytestmark = pytest.mark.anyio

PENDING, CONFIRMED, REFUNDED = NewsStatus.PENDING, NewsStatus.CONFIRMED, NewsStatus.REFUNDED


@pytest.mark.parametrize("reference", ["", "x" * 500, "a\x00b", "ÑANDÚ", "' OR 1=1 --", "\ud800"])
async def test_a_reference_that_cannot_be_ours_is_nobodys(store: Store, reference: str) -> None:
    odd = news(CONFIRMED, "p\x001", reference=reference, method="\x00" * 100)
    assert (await told(store, odd)).unknown == (odd,)
    async with store.work("sur") as work:
        row = PlatformEventRow(
            id="0" * 32, platform=PLATFORM, event_key="0" * 64, told="{}", state="PARKED", received_at=NOW
        )
        work.add(row)
        await settle(work, row, [odd], NOW + PARKED_FOR)
    assert (await held(store)).found == [("UNKNOWN_REFERENCE", "OPEN")]


async def test_an_event_counts_once_and_is_answered_alike(store: Store) -> None:
    await ordered(store)
    assert [await heard(store, "e1", news()) for _ in range(3)] == [ACCEPTED] * 3
    wrong = news(CONFIRMED, "p2", amount=Money(1, "ARS"))
    assert [await heard(store, "e2", wrong) for _ in range(3)] == [DECLINED] * 3
    found = await held(store)
    assert [row.state for row in found.events] == ["TAKEN", "TAKEN"]
    assert (len(found.payments), len(found.strays), len(found.audits)) == (2, 1, 1)


async def test_at_the_same_moment_it_counts_once(store: Store) -> None:
    await ordered(store)
    replies = await asyncio.gather(
        *(heard(store, event_id, news(CONFIRMED, payment)) for payment in ("p1", "p2") for event_id in "aabbcc")
    )
    assert set(replies) == {ACCEPTED}
    found = await held(store)
    assert len(found.events) == 3
    assert (found.states, len(found.audits)) == (["SUCCEEDED"], 1)
    assert found.bookings in (["DUE"], ["DUE", "REVIEW"])
    assert len(found.strays) == len(found.payments) - 1


async def test_strays_found_at_the_same_moment_wait_for_each_other(store: Store) -> None:
    references = [f"rabcdefghijklmn{number:02}z" for number in range(8)]
    for number, reference in enumerate(references):
        await ordered(store, reference=reference, lines=((f"X{number}", 100),))
    wrong = [news(CONFIRMED, f"p{reference}", reference=reference) for reference in references]
    await asyncio.gather(*(heard(store, each.payment_id, each) for each in wrong))
    assert len((await held(store)).strays) == 8


async def test_news_before_our_own_commit_wait_for_it(store: Store) -> None:
    assert await heard(store, "e1", news()) == ACCEPTED
    (row,) = (await held(store)).events
    assert (row.state, row.due_at) == ("PARKED", NOW + timedelta(seconds=5))
    assert read(row.told).news == (news(),)

    await ordered(store)
    await _again(store, NOW + timedelta(seconds=5))
    found = await held(store)
    assert (found.states, found.bookings, found.events[0].state) == (["SUCCEEDED"], ["DUE"], "TAKEN")
    assert await heard(store, "e1", news()) == ACCEPTED


async def test_after_a_minute_they_are_money_of_nobody(store: Store) -> None:
    await heard(store, "e1", news(), news(PENDING, "p2"), news(REFUNDED, "p3"))
    await _again(store, NOW + timedelta(seconds=59))
    assert (await held(store)).payments == []
    await _again(store, NOW + PARKED_FOR)

    found = await held(store)
    assert (found.events[0].state, found.events[0].due_at) == ("LOST", None)
    booked = {row.payment_id: (row.checkout_id, row.booking) for row in found.payments}
    assert booked == {"p1": (None, "REVIEW"), "p2": (None, "NONE"), "p3": (None, "REVIEW")}
    assert found.found == [("UNKNOWN_REFERENCE", "OPEN")] * 2
    assert [row.amount_minor for row in found.returns] == [TOTAL]


async def test_an_order_that_comes_to_be_known_after_all_takes_its_money(store: Store) -> None:
    await heard(store, "e1", news())
    await _again(store, NOW + PARKED_FOR)
    checkout = await ordered(store)
    await told(store, news())
    found = await held(store)
    assert (found.states, found.bookings, found.payments[0].checkout_id) == (["SUCCEEDED"], ["DUE"], checkout)
    assert found.found == [("UNKNOWN_REFERENCE", "RESOLVED")]


async def test_money_that_staff_have_dealt_with_stays_so(store: Store) -> None:
    await heard(store, "e1", news())
    await _again(store, NOW + PARKED_FOR)
    await changed(store, PlatformPaymentRow, (await held(store)).payments[0].id, booking="DISMISSED")
    await ordered(store)
    await told(store, news())
    found = await held(store)
    assert (found.states, found.bookings, found.payments[0].checkout_id) == (["CREATED"], ["DISMISSED"], None)


async def test_one_payment_of_two_orders_is_money_of_one(store: Store) -> None:
    await ordered(store)
    await ordered(store, reference="rzyxwvutsrqponmlkjia", lines=(("B1", 70_000),))
    await told(store, news())
    other = news(reference="rzyxwvutsrqponmlkjia")
    assert (await told(store, other)).unknown == (other,)
    found = await held(store)
    assert (found.states, found.bookings) == (["CREATED", "SUCCEEDED"], ["DUE"])


async def _again(store: Store, now: datetime) -> None:
    """Look at the one event that waits again, as the errand does."""
    (seen,) = (await held(store)).events
    async with store.work("sur") as work:
        row = await work.get(PlatformEventRow, seen.id)
        assert row
        await settle(work, row, read(row.told).news, now)
