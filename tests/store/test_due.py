"""What waits for a worker: for whom it is due, who takes it, and what becomes of two who want the same."""

import asyncio
from datetime import timedelta

import pytest

from tests.orders import NOW, ordered
from ventanilla.backoffice_adapters.database import DatabaseUnavailableError
from ventanilla.store import checkouts, due
from ventanilla.store.due import Due, Lease
from ventanilla.store.payment_states import CheckoutState
from ventanilla.store.store import Store
from ventanilla.store.tables import CheckoutRow

pytestmark = pytest.mark.anyio

RUNNING = (CheckoutState.CREATED, CheckoutState.PENDING)
FIRST, SECOND = "rabcdefghijklmnopqrz", "rzyxwvutsrqponmlkjia"
SOON, LATER = NOW + timedelta(seconds=1), NOW + timedelta(hours=1)


async def looked(store: Store, *states: CheckoutState) -> Due:
    return await due.due(store, NOW, "checkout", "state", states or RUNNING)


async def test_whoever_waits_longest_comes_first(store: Store) -> None:
    assert await looked(store) == Due(managers=(), next_at=None)
    await ordered(store, "sur", due_at=NOW)
    await ordered(store, "norte", due_at=NOW - timedelta(seconds=5), state="PENDING")
    await ordered(store, "norte", SECOND, lines=(), due_at=LATER)
    assert await looked(store) == Due(managers=("norte", "sur"), next_at=None)


async def test_what_is_due_later_says_when(store: Store) -> None:
    await ordered(store, "sur", due_at=LATER)
    await ordered(store, "norte", due_at=SOON)
    assert await looked(store) == Due(managers=(), next_at=SOON)


async def test_what_is_over_or_never_due_waits_for_nobody(store: Store) -> None:
    await ordered(store, "sur", due_at=None)
    await ordered(store, "norte", due_at=NOW, state="FAILED")
    assert await looked(store) == Due(managers=(), next_at=None)


async def test_what_is_taken_is_nobody_elses_until_its_lease_is_over(store: Store) -> None:
    checkout = await ordered(store, due_at=NOW)
    minute = timedelta(minutes=1)
    for worker, moment, taken in (("a", NOW, True), ("b", NOW + minute / 2, False), ("c", NOW + minute, True)):
        async with store.work("sur") as work:
            lease = Lease(worker=worker, begins=moment, ends=moment + minute)
            found = await due.take(work, CheckoutRow, CheckoutRow.state == "CREATED", lease, 5)
            assert [row.id for row in found] == [checkout] * taken
    async with store.work("sur") as work:
        assert await due.still(work, CheckoutRow, checkout, "a") is None
        row = await due.still(work, CheckoutRow, checkout, "c")
        assert row
        assert (row.tries, row.due_at) == (2, NOW + 2 * minute)


async def test_one_managers_are_not_taken_for_another(store: Store) -> None:
    await ordered(store, "norte", due_at=NOW)
    async with store.work("sur") as work:
        lease = Lease(worker="a", begins=NOW, ends=LATER)
        assert await due.take(work, CheckoutRow, CheckoutRow.state == "CREATED", lease, 5) == []


def test_pauses_double_up_to_ten_minutes() -> None:
    seconds = [due.pause(tries).total_seconds() for tries in (1, 2, 3, 6, 7, 99)]
    assert seconds == [10, 20, 40, 320, 600, 600]


@pytest.mark.parametrize("store_url", ["postgresql"], indirect=True)  # on SQLite units of work queue
async def test_of_two_who_wait_for_each_other_one_may_try_again(store: Store) -> None:
    ids = [await ordered(store, reference=FIRST), await ordered(store, reference=SECOND, lines=())]
    both = asyncio.Barrier(2)

    async def hold(*order: str) -> None:
        async with store.work("sur") as work:
            await checkouts.held(work, order[0])
            await both.wait()
            await checkouts.held(work, order[1])

    answers = await asyncio.gather(hold(*ids), hold(*reversed(ids)), return_exceptions=True)
    assert {type(each) for each in answers} == {type(None), DatabaseUnavailableError}
