"""Work that has had its first turn: done without a timer, or awaited like any other."""

import asyncio

import pytest

from ventanilla.gateway.begun import Begun

pytestmark = pytest.mark.anyio


async def at_once() -> str:
    return "done"


async def after(event: asyncio.Event) -> str:
    for _ in range(3):
        await asyncio.sleep(0)
    await event.wait()
    return "done"


async def failing(turns: int) -> str:
    for _ in range(turns):
        await asyncio.sleep(0)
    raise ValueError(turns)


async def test_what_waits_for_nothing_is_done_when_it_is_made() -> None:
    begun = Begun(at_once())
    assert (begun.is_done, begun.value) == (True, "done")


async def test_what_waits_is_awaited_as_if_it_had_not_begun() -> None:
    event = asyncio.Event()
    begun = Begun(after(event))
    assert not begun.is_done
    asyncio.get_running_loop().call_later(0.01, event.set)
    assert await begun == "done"


async def test_what_it_raises_is_raised_in_its_first_turn_and_later() -> None:
    with pytest.raises(ValueError, match="0"):
        Begun(failing(0))
    begun = Begun(failing(2))
    with pytest.raises(ValueError, match="2"):
        await begun


async def test_it_hears_that_it_is_cut_off() -> None:
    heard: list[str] = []

    async def waiting() -> None:
        try:
            await asyncio.sleep(60)
        finally:
            heard.append("stop")

    begun = Begun(waiting())
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.01):
            await begun
    assert heard == ["stop"]
