"""A payer on the way: what a browser can bring about, and what it cannot."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from tests.store.paying import NOW, intent, rows
from ventanilla.store import checkouts
from ventanilla.store.checkout_commits import commit
from ventanilla.store.payment_states import RUNNING, CheckoutState
from ventanilla.store.store import Store
from ventanilla.store.tables import CheckoutRow

pytestmark = pytest.mark.anyio
SOON = NOW + timedelta(minutes=2)


async def made(store: Store, redirect: str | None = '{"url":"https://till.example"}') -> str:
    found = await commit(store, "sur", intent("A"), NOW)
    assert isinstance(found, str)
    if redirect:
        async with store.work("sur") as work:
            await checkouts.lead(work, found, redirect, "T1")
    return found


async def changed(store: Store, checkout_id: str, **values: object) -> None:
    async with store.work("sur") as work:
        row, _ = await checkouts.whole(work, checkout_id)
        for name, value in values.items():
            setattr(row, name, value)
        work.add(row)


async def one(store: Store) -> CheckoutRow:
    (row,) = await rows(store)
    return row


async def left(store: Store, checkout_id: str, now: datetime = SOON) -> bool:
    async with store.work("sur") as work:
        row, _ = await checkouts.whole(work, checkout_id)
        return await checkouts.leave(work, row, now)


async def came_back(store: Store, checkout_id: str, seconds: float = 120) -> bool:
    async with store.work("sur") as work:
        row, _ = await checkouts.whole(work, checkout_id)
        return await checkouts.come_back(work, row, NOW + timedelta(seconds=seconds))


async def test_where_somebody_is_sent_is_written_down_once(store: Store) -> None:
    checkout = await made(store)
    async with store.work("sur") as work:
        await checkouts.lead(work, checkout, '{"url":"https://other.example"}', "T2")
        await checkouts.lead(work, "f" * 32, "{}", None)
    row = await one(store)
    assert (row.redirect, row.platform_id) == ('{"url":"https://till.example"}', "T1")


async def test_leaving_is_told_once_and_may_be_repeated(store: Store) -> None:
    checkout = await made(store)
    assert await left(store, checkout)
    assert await left(store, checkout, SOON + timedelta(minutes=1))
    row = await one(store)
    assert (row.state, row.redirected_at) == ("REDIRECTED", SOON)


async def test_nobody_leaves_before_the_platform_knows_or_after_its_time(store: Store) -> None:
    checkout = await made(store, redirect=None)
    assert not await left(store, checkout)
    async with store.work("sur") as work:
        await checkouts.lead(work, checkout, "{}", None)
    assert not await left(store, checkout, NOW + timedelta(hours=1))
    assert (await one(store)).state == "CREATED"
    assert await left(store, checkout)


@pytest.mark.parametrize("state", [state for state in CheckoutState if state not in RUNNING])
async def test_what_has_ended_is_neither_left_for_nor_come_back_from(store: Store, state: CheckoutState) -> None:
    checkout = await made(store)
    async with store.work("sur") as work:
        row, _ = await checkouts.whole(work, checkout)
        await checkouts.move(work, row, state, NOW)
    assert not await left(store, checkout)
    assert not await came_back(store, checkout)
    assert (await one(store)).state == state


@pytest.mark.parametrize("state", [CheckoutState.CREATED, CheckoutState.REDIRECTED])
async def test_coming_back_lets_the_platform_be_asked_at_once(store: Store, state: CheckoutState) -> None:
    checkout = await made(store)
    await changed(store, checkout, state=state.value, tries=4, due_at=NOW + timedelta(minutes=10))
    assert await came_back(store, checkout)
    row = await one(store)
    assert (row.state, row.returned_at, row.due_at, row.tries) == ("PENDING", SOON, SOON, 0)
    assert row.ended_at is None


async def test_whoever_reloads_does_not_make_us_ask_each_time(store: Store) -> None:
    checkout = await made(store)
    assert await came_back(store, checkout)
    await changed(store, checkout, due_at=NOW + timedelta(minutes=10))
    assert not await came_back(store, checkout, 124.9)
    assert (await one(store)).due_at == NOW + timedelta(minutes=10)
    assert await came_back(store, checkout, 125)


async def test_who_asks_at_this_moment_keeps_the_lease(store: Store) -> None:
    checkout = await made(store)
    lease = NOW + timedelta(minutes=5)
    await changed(store, checkout, leased_by="b" * 32, due_at=lease, tries=2)
    assert await came_back(store, checkout)
    row = await one(store)
    assert (row.state, row.due_at, row.leased_by, row.tries) == ("PENDING", lease, "b" * 32, 2)
