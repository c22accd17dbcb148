"""Several things awaited at the same time."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

import pytest

from ventanilla.execution.plan.together import together

pytestmark = pytest.mark.anyio


async def task_of(name: str) -> tuple[str, asyncio.Task[Any] | None]:
    await asyncio.sleep(0)
    return name, asyncio.current_task()


async def test_answers_stand_in_order_and_the_first_needs_no_task() -> None:
    (a, mine), (b, other), (c, third) = await together([task_of("a"), task_of("b"), task_of("c")])
    assert (a, b, c) == ("a", "b", "c")
    assert mine is asyncio.current_task()
    assert len({mine, other, third}) == 3


async def test_one_alone_is_awaited() -> None:
    assert await together([task_of("a")]) == [("a", asyncio.current_task())]


async def test_nothing_is_nothing() -> None:
    nothing: list[Coroutine[Any, Any, None]] = []
    assert await together(nothing) == []


async def test_all_are_under_way_at_the_same_time() -> None:
    barrier = asyncio.Barrier(3)
    async with asyncio.timeout(5):
        assert sorted(await together([barrier.wait() for _ in range(3)])) == [0, 1, 2]


class Sleeper:
    """Tells how its sleep ended."""

    def __init__(self) -> None:
        self.began, self.ended = asyncio.Event(), ""

    async def sleep(self) -> None:
        self.began.set()
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            self.ended = "cancelled"
            raise


async def fails_once(began: asyncio.Event) -> None:
    await began.wait()
    raise ValueError


@pytest.mark.parametrize("place", [0, 1])
async def test_what_fails_stops_the_others_and_is_raised(place: int) -> None:
    sleeper = Sleeper()
    work = [asyncio.sleep(0), sleeper.sleep()]
    work.insert(place, fails_once(sleeper.began))
    with pytest.raises(ValueError, match=r"^$"):
        await together(work)
    assert sleeper.ended == "cancelled"


async def test_who_is_cancelled_stops_all() -> None:
    own, other = Sleeper(), Sleeper()
    task = asyncio.create_task(together([own.sleep(), other.sleep()]))
    await asyncio.gather(own.began.wait(), other.began.wait())
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await asyncio.sleep(0)
    assert (own.ended, other.ended) == ("cancelled", "cancelled")
