"""Letters in workers' hands: who has one, who loses it, and who wins."""

import asyncio
from datetime import datetime, timedelta

import pytest

from tests.store.letters import NOW, posted, row_of, rows, states
from ventanilla.store import letter_leases, letters
from ventanilla.store.letter_leases import TakenLetter
from ventanilla.store.store import Store

pytestmark = pytest.mark.anyio

LEASE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)
LATER = NOW + LEASE


async def claim(
    store: Store, worker: str = "first", now: datetime = NOW, most: int = 20, slug: str = "sur"
) -> list[TakenLetter]:
    async with store.work(slug) as work:
        return await letter_leases.claim(work, now, worker, LEASE, most)


async def free(store: Store, now: datetime, per_minute: int) -> int:
    async with store.work("sur") as work:
        return (await letter_leases.room(work, now, per_minute)).free


async def test_the_oldest_are_taken_first_and_only_once(store: Store) -> None:
    late = await posted(store, 2, NOW - SECOND)
    early = await posted(store, 1, NOW - 2 * SECOND, told={"when": "hoy"})

    first = await claim(store, "first", most=2)
    assert [each.id for each in first] == [*early, min(late)]
    assert (first[0].told, first[0].tries, first[0].leased_by) == ({"when": "hoy"}, 1, "first")
    assert first[0].created_at == NOW - 2 * SECOND
    assert [each.id for each in await claim(store, "second")] == [max(late)]
    assert await claim(store, "third") == []
    assert set(await states(store)) == {"SENDING"}


async def test_what_is_not_due_or_of_another_is_left(store: Store) -> None:
    await posted(store, 1, NOW + SECOND)
    await posted(store, 1, slug="norte")

    assert await claim(store) == []
    assert len(await claim(store, now=NOW + SECOND)) == 1
    assert await states(store, "norte") == ["PENDING"]


async def test_a_lease_that_is_over_is_somebody_elses_to_take(store: Store) -> None:
    await posted(store)
    (mine,) = await claim(store)
    assert await claim(store, "second", LATER - SECOND) == []
    (theirs,) = await claim(store, "second", LATER)

    assert (theirs.id, theirs.tries) == (mine.id, 2)
    async with store.work("sur") as work:
        assert not await letter_leases.renewed(work, mine, LATER, LEASE)
        assert not await letter_leases.sent(work, mine, LATER)
        assert not await letter_leases.put_off(work, mine, "BUSY", None, now=NOW, due=LATER)
        assert not await letter_leases.failed(work, mine, "REFUSED", None, LATER)
        assert not await letter_leases.dropped(work, mine, LATER)
        assert await letter_leases.give_back(work, [mine], LATER) == 0
        assert await letter_leases.sent(work, theirs, LATER)
    assert await states(store) == ["SENT"]


async def test_a_lease_is_renewed(store: Store) -> None:
    await posted(store)
    (mine,) = await claim(store)
    async with store.work("sur") as work:
        assert await letter_leases.renewed(work, mine, NOW + 30 * SECOND, LEASE)

    assert await claim(store, "second", LATER) == []
    assert len(await claim(store, "second", LATER + 30 * SECOND)) == 1


async def test_each_way_out_says_what_became_of_a_letter(store: Store) -> None:
    await posted(store, 5)
    one, two, three, four, five = sorted(await claim(store), key=lambda each: each.recipient)
    async with store.work("sur") as work:
        assert await letter_leases.sent(work, one, NOW)
        assert await letter_leases.put_off(work, two, "BUSY", "451 4.7.1", now=NOW, due=LATER)
        assert await letter_leases.failed(work, three, "NO_SUCH_MAILBOX", "550 5.1.1", NOW)
        assert await letter_leases.dropped(work, four, NOW)
        assert await letter_leases.give_back(work, [five], LATER) == 1

    found = await rows(store)
    told = [(row.state, row.failure, row.failure_code, row.tries, row.due_at, row.ended_at) for row in found]
    assert told == [
        ("SENT", None, None, 1, NOW, NOW),
        ("PENDING", "BUSY", "451 4.7.1", 1, LATER, None),
        ("FAILED", "NO_SUCH_MAILBOX", "550 5.1.1", 1, NOW, NOW),
        ("CANCELLED", None, None, 1, NOW, NOW),
        ("PENDING", None, None, 0, LATER, None),
    ]
    assert {row.leased_by for row in found} == {None}


async def test_what_left_once_does_not_remember_that_it_was_put_off(store: Store) -> None:
    await posted(store)
    for ending in ("put off", "sent"):
        (mine,) = await claim(store)
        async with store.work("sur") as work:
            if ending == "sent":
                assert await letter_leases.sent(work, mine, NOW)
            else:
                assert await letter_leases.put_off(work, mine, "BUSY", "451", now=NOW, due=NOW)
    (row,) = await rows(store)
    assert (row.failure, row.failure_code, row.tries) == (None, None, 2)


async def test_many_workers_share_the_letters(store: Store) -> None:
    await posted(store, 60)
    shares = await asyncio.gather(*(claim(store, f"worker {number}", most=20) for number in range(5)))
    left = await claim(store, "last", most=60)  # on PostgreSQL somebody may have passed by what another one held

    taken = [each.id for share in (*shares, left) for each in share]
    assert len(taken) == len(set(taken)) == 60
    assert max(len(share) for share in shares) == 20


async def test_waiting_letters_are_held(store: Store) -> None:
    await posted(store, 2)
    await posted(store, 1, slug="norte")
    await claim(store, most=1)
    async with store.work("sur") as work:
        assert await letter_leases.hold(work, LATER) == 1
        assert await letter_leases.hold(work, LATER) == 0

    assert await claim(store, "second") == []
    assert len(await claim(store, "second", slug="norte")) == 1


async def test_no_more_leave_in_a_minute_than_may(store: Store) -> None:
    await posted(store, 5)
    await posted(store, 5, slug="norte")
    assert await free(store, NOW, 3) == 3
    one, two = await claim(store, most=2)
    assert await free(store, NOW, 3) == 1
    async with store.work("sur") as work:
        assert await letter_leases.sent(work, one, NOW)
        assert await letter_leases.failed(work, two, "REFUSED", None, NOW)
    assert await free(store, NOW + SECOND, 3) == 2
    (three,) = await claim(store, now=NOW + SECOND, most=1)
    async with store.work("sur") as work:
        assert await letter_leases.sent(work, three, NOW + SECOND)
        room = await letter_leases.room(work, NOW + 2 * SECOND, 2)
    assert (room.free, room.opens_at) == (0, LATER)
    assert await free(store, LATER, 2) == 1
    assert await free(store, LATER + SECOND, 2) == 2


async def test_workers_that_count_at_once_do_not_exceed_it(store: Store) -> None:
    await posted(store, 40)

    async def share(worker: str) -> int:
        async with store.work("sur") as work:
            most = (await letter_leases.room(work, NOW, 7)).free
            await asyncio.sleep(0.01)
            return len(await letter_leases.claim(work, NOW, worker, LEASE, most)) if most else 0

    assert sum(await asyncio.gather(*(share(f"worker {number}") for number in range(4)))) == 7


async def test_letters_are_posted_while_somebody_counts(store: Store) -> None:
    async with store.work("sur") as work:
        await letter_leases.room(work, NOW, 7)
        if work.get_bind().dialect.name == "postgresql":  # on SQLite units of work queue
            async with asyncio.timeout(5):
                await posted(store)
    assert await free(store, NOW, 7) == 7


async def test_a_cancel_and_a_worker_have_one_winner(store: Store) -> None:
    (first, second) = await posted(store, 2)
    (mine,) = await claim(store, most=1)
    async with store.work("sur") as work:
        assert await letter_leases.renewed(work, mine, NOW, LEASE)
        found = await letters.cancel(work, NOW)
    assert (found.cancelled, found.in_flight) == (1, 1)
    async with store.work("sur") as work:
        assert await letter_leases.sent(work, mine, NOW)

    other = second if mine.id == first else first
    assert (await row_of(store, mine.id)).state == "SENT"
    assert (await row_of(store, other)).state == "CANCELLED"
    assert await claim(store, "second", LATER) == []


async def test_cancels_and_claims_at_once_share_the_letters(store: Store) -> None:
    await posted(store, 60)

    async def cancel() -> letters.Cancelled:
        async with store.work("sur") as work:
            return await letters.cancel(work, NOW)

    first, found, second = await asyncio.gather(claim(store, "first"), cancel(), claim(store, "second"))
    taken = len(first) + len(second)
    seen = (await states(store)).count("CANCELLED")
    assert (seen + taken, found.cancelled) == (60, seen)
    assert found.in_flight <= taken


@pytest.mark.parametrize(
    ("step", "found", "end"),
    [(0, (1, 0), "CANCELLED"), (1, (0, 1), "CANCELLED"), (2, (0, 1), "SENT"), (3, (0, 0), "SENT")],
)
async def test_in_every_order_of_a_cancel_and_a_sending_one_wins(
    store: Store, step: int, found: tuple[int, int], end: str
) -> None:
    (id,) = await posted(store)
    mine: list[TakenLetter] = []

    async def take() -> None:
        mine.extend(await claim(store))

    async def renew() -> None:
        async with store.work("sur") as work:
            mine[:] = [each for each in mine if await letter_leases.renewed(work, each, NOW, LEASE)]

    async def finish() -> None:
        async with store.work("sur") as work:
            for each in mine:
                assert await letter_leases.sent(work, each, NOW)

    told: list[tuple[int, int]] = []

    async def cancel() -> None:
        async with store.work("sur") as work:
            each = await letters.cancel(work, NOW)
            told.append((each.cancelled, each.in_flight))

    steps = [take, renew, finish]
    for do in (*steps[:step], cancel, *steps[step:]):
        await do()

    assert told == [found]
    assert (await row_of(store, id)).state == end
    assert len(mine) == (end == "SENT")


@pytest.mark.parametrize("then", ["put off", "given back", "lost"])
async def test_a_letter_that_was_recalled_is_tried_no_more(store: Store, then: str) -> None:
    await posted(store)
    (mine,) = await claim(store)
    async with store.work("sur") as work:
        assert (await letters.cancel(work, NOW)).in_flight == 1
        if then == "put off":
            assert not await letter_leases.put_off(work, mine, "BUSY", None, now=NOW, due=NOW)
        if then == "given back":
            assert await letter_leases.give_back(work, [mine], NOW) == 0
    assert await claim(store, "second", LATER) == []
    row = await row_of(store, mine.id)
    assert (row.state, row.ended_at) == ("CANCELLED", LATER if then == "lost" else NOW)
    assert row.failure == ("BUSY" if then == "put off" else None)


async def test_a_cancel_names_a_letter_that_is_just_being_taken(store: Store) -> None:
    async def cancel() -> letters.Cancelled:
        async with store.work("sur") as work:
            return await letters.cancel(work, NOW)

    await posted(store)
    async with store.work("sur") as work:
        await letter_leases.claim(work, NOW, "worker", LEASE, 1)
        cancelling = asyncio.create_task(cancel())
        await asyncio.sleep(0.3)
    found = await cancelling

    assert (found.cancelled, found.in_flight) == (0, 1)
