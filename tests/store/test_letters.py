"""Letters from outside: posted, cancelled, tried again, swept, counted."""

from datetime import timedelta

import pytest

from tests.store.letters import NOW, posted, row_of, rows, states
from ventanilla.store import letter_leases, letters
from ventanilla.store.letter_queues import due_managers, queue, sweepable
from ventanilla.store.letters import LetterKind, LetterState
from ventanilla.store.store import Store

pytestmark = pytest.mark.anyio

LEASE = timedelta(minutes=1)
DAY = timedelta(days=1)


async def test_a_letter_waits_until_it_is_taken(store: Store) -> None:
    (waiting,) = await posted(store, name="Ana", told={"minutes": "60"})
    (void,) = await posted(store, for_nobody=True)

    row = await row_of(store, waiting)
    assert (row.state, row.due_at, row.ended_at, row.tries, row.told) == ("PENDING", NOW, None, 0, '{"minutes":"60"}')
    row = await row_of(store, void)
    assert (row.state, row.for_nobody, row.ended_at) == ("PENDING", True, None)


async def test_chosen_letters_are_cancelled(store: Store) -> None:
    ids = await posted(store, 3)
    codes = await posted(store, 2, kind=LetterKind.SIGN_IN_CODE)
    await posted(store, 1, slug="norte")
    async with store.work("sur") as work:
        assert (await letters.cancel(work, NOW, ids=ids[:1], kind=LetterKind.SIGN_IN_CODE)).cancelled == 0
        assert (await letters.cancel(work, NOW, ids=ids[:1])).cancelled == 1
        assert (await letters.cancel(work, NOW, ids=ids[:1])).cancelled == 0
        assert (await letters.cancel(work, NOW, kind=LetterKind.SIGN_IN_CODE)).cancelled == 2
    assert {(await row_of(store, each)).state for each in codes} == {"CANCELLED"}
    async with store.work("sur") as work:
        assert (await letters.cancel(work, NOW)).cancelled == 2
    assert await states(store, "norte") == ["PENDING"]


async def test_letters_that_were_given_up_are_tried_again(store: Store) -> None:
    await posted(store, 2)
    async with store.work("sur") as work:
        one, _ = await letter_leases.claim(work, NOW, "worker", LEASE, 2)
        await letter_leases.failed(work, one, "REFUSED", "554", NOW)
        assert await letters.retry(work, NOW + DAY) == 1
        assert await letters.retry(work, NOW + DAY) == 0

    row = await row_of(store, one.id)
    assert (row.state, row.due_at, row.ended_at, row.tries, row.failure) == ("PENDING", NOW + DAY, None, 0, "REFUSED")


async def test_what_has_ended_long_ago_goes(store: Store) -> None:
    (void,) = await posted(store, for_nobody=True)
    ids = await posted(store, 2)
    async with store.work("sur") as work:
        await letters.cancel(work, NOW, ids=ids[:1])
    assert await sweepable(store, NOW + timedelta(minutes=59)) == []
    assert await sweepable(store, NOW + timedelta(hours=1)) == ["sur"]

    async def swept(days: int) -> set[str]:
        async with store.work("sur") as work:
            await letters.sweep(work, NOW + days * DAY)
        return {row.id for row in await rows(store)}

    assert await swept(89) == {*ids}
    assert await sweepable(store, NOW + 90 * DAY) == ["sur"]
    assert await swept(90) == {ids[1]}
    assert void not in ids


async def test_whose_letters_are_due_is_told_in_order(store: Store) -> None:
    assert await due_managers(store, NOW) == await due_managers(store, NOW + DAY)
    await posted(store, 1, NOW - timedelta(seconds=1), slug="sur")
    await posted(store, 2, NOW - timedelta(seconds=2), slug="norte")
    due = await due_managers(store, NOW)
    assert (due.managers, due.next_at) == (("norte", "sur"), None)

    async with store.work("norte") as work:
        await letter_leases.claim(work, NOW, "worker", LEASE, 9)
    due = await due_managers(store, NOW)
    assert (due.managers, due.next_at) == (("sur",), NOW + LEASE)
    assert (await due_managers(store, NOW + LEASE)).managers == ("sur", "norte")


async def test_how_a_managers_letters_fare(store: Store) -> None:
    nothing = await queue(store, "sur")
    assert (nothing.counts, nothing.oldest_due, nothing.troubles) == ({}, None, ())
    await posted(store, 4)
    await posted(store, 4, slug="norte")
    async with store.work("sur") as work:
        one, two, three = await letter_leases.claim(work, NOW, "worker", LEASE, 3)
        await letter_leases.failed(work, one, "NO_SUCH_MAILBOX", "550 5.1.1", NOW)
        await letter_leases.put_off(work, two, "TIMEOUT", None, now=NOW, due=NOW + LEASE)
        await letter_leases.sent(work, three, NOW)

    found = await queue(store, "sur")
    assert found.counts == {LetterState.PENDING: 2, LetterState.FAILED: 1, LetterState.SENT: 1}
    assert found.oldest_due == NOW
    told = [(each.id, each.state, each.at, each.tries, each.failure, each.code) for each in found.troubles]
    assert told == [
        (two.id, "PENDING", NOW + LEASE, 1, "TIMEOUT", None),
        (one.id, "FAILED", NOW, 1, "NO_SUCH_MAILBOX", "550 5.1.1"),
    ]
