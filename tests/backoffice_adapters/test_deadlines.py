from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress

import pytest

from ventanilla.backoffice_adapters.deadlines import Deadlines

pytestmark = pytest.mark.anyio
Way = Callable[[float], AbstractAsyncContextManager[object]]


def ours() -> Way:
    """Deadlines of one place, whose timer stands late already."""
    deadlines = Deadlines()

    @asynccontextmanager
    async def within(seconds: float) -> AsyncGenerator[None]:
        with deadlines.within(60), deadlines.within(seconds):
            yield

    return within


def asyncios() -> Way:
    return asyncio.timeout


@pytest.fixture(params=[ours, asyncios])
def way(request: pytest.FixtureRequest) -> Way:
    """What holds of `asyncio.timeout` holds of ours."""
    return request.param()


def cancelling() -> int:
    task = asyncio.current_task()
    assert task is not None
    return task.cancelling()


async def hang() -> None:
    await asyncio.sleep(30)


# -- as asyncio.timeout ------------------------------------------------------------------------------------------


async def test_what_ends_in_time_is_left_alone(way: Way) -> None:
    async with way(0.03):
        await asyncio.sleep(0)
    await asyncio.sleep(0.06)
    assert cancelling() == 0


@pytest.mark.parametrize("seconds", [0.03, 0, -1])
async def test_what_takes_too_long_is_cut_off_and_the_task_goes_on(way: Way, seconds: float) -> None:
    begun = time.monotonic()
    with pytest.raises(TimeoutError):
        async with way(seconds):
            await hang()
    assert seconds <= time.monotonic() - begun < 5
    assert cancelling() == 0
    await asyncio.sleep(0)


async def test_what_waits_for_nothing_is_not_cut_off(way: Way) -> None:
    async with way(-1):
        pass
    await asyncio.sleep(0)
    assert cancelling() == 0


@pytest.mark.parametrize(("outer", "inner"), [(0.02, 30), (30, 0.02)])
async def test_of_two_the_one_that_is_over_tells_it(way: Way, outer: float, inner: float) -> None:
    told: list[str] = []
    with suppress(TimeoutError):
        async with way(outer):
            try:
                async with way(inner):
                    await hang()
            except TimeoutError:
                told.append("inner")
            except asyncio.CancelledError:
                told.append("outer")
                raise
    assert told == ["outer" if outer < inner else "inner"]
    assert cancelling() == 0


async def test_a_callers_cancellation_goes_on(way: Way) -> None:
    async def work() -> None:
        async with way(30):
            await hang()

    task = asyncio.create_task(work())
    await asyncio.sleep(0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert task.cancelled()


async def test_a_callers_cancellation_goes_on_even_beside_ours(way: Way) -> None:
    async def work() -> None:
        async with way(0.02):
            try:
                await hang()
            finally:
                task.cancel()

    task = asyncio.create_task(work())
    with pytest.raises(asyncio.CancelledError):
        await task
    assert task.cancelled()


async def test_whoever_swallows_it_is_not_cut_off_again(way: Way) -> None:
    async with way(0.02):
        with suppress(asyncio.CancelledError):
            await hang()
        await asyncio.sleep(0.05)
    assert cancelling() == 0


async def test_what_is_raised_instead_is_what_is_told(way: Way) -> None:
    async def lose() -> None:
        async with way(0.02):
            try:
                await hang()
            except asyncio.CancelledError:
                raise KeyError from None

    with pytest.raises(KeyError):
        await lose()
    assert cancelling() == 0


# -- many --------------------------------------------------------------------------------------------------------


async def test_each_of_many_is_cut_off_at_its_own_time() -> None:
    deadlines = Deadlines()

    async def wait(seconds: float) -> float:
        begun = time.monotonic()
        with pytest.raises(TimeoutError), deadlines.within(seconds):
            await hang()
        return time.monotonic() - begun - seconds

    late = await asyncio.gather(*(wait(0.3 - number / 1_000) for number in range(250)))
    assert min(late) >= 0
    assert max(late) < 5


def test_one_timer_does_for_all() -> None:
    set_at: list[float] = []

    class Counting(asyncio.SelectorEventLoop):
        def call_at(self, when: float, *args: object, **options: object) -> asyncio.TimerHandle:
            set_at.append(when)
            return super().call_at(when, *args, **options)  # type: ignore[arg-type]  handed on as it came

    async def wait(deadlines: Deadlines) -> None:
        for _ in range(10):
            with deadlines.within(30):
                await asyncio.sleep(0)

    async def many() -> int:
        deadlines = Deadlines()
        await asyncio.gather(*(wait(deadlines) for _ in range(100)))
        return len(set_at)

    with asyncio.Runner(loop_factory=Counting) as runner:
        assert runner.run(many()) == 1


def test_in_another_loop_they_are_kept_too() -> None:
    deadlines = Deadlines()

    async def wait(seconds: float) -> None:
        with deadlines.within(seconds):
            await asyncio.sleep(0.2)

    asyncio.run(wait(30))
    with pytest.raises(TimeoutError):
        asyncio.run(wait(0.01))
    asyncio.run(wait(30))


async def test_only_a_task_can_be_cut_off() -> None:
    loop = asyncio.get_running_loop()
    told: asyncio.Future[str] = loop.create_future()

    def callback() -> None:
        try:
            with Deadlines().within(1):
                told.set_result("nothing")
        except RuntimeError as error:
            told.set_result(str(error))

    loop.call_soon(callback)
    assert "only a task can be cut off" in await told
