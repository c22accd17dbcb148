"""What is kept of a provider's documents: for how long, how often it is fetched, and what a failure does."""

import asyncio

import pytest

from ventanilla.auth.providers.kept import AGAIN_S, FAILED_S, FRESH_S, OLDEST_S, Kept
from ventanilla.auth.providers.trouble import ProviderError, Trouble

pytestmark = pytest.mark.anyio


class Source:
    """A document that is another each time, a clock, and a provider that may be down."""

    def __init__(self) -> None:
        self.now = 5_000.0
        self.fetched = 0
        self.down = False
        self.answering = asyncio.Event()
        self.answering.set()
        self.kept = Kept(self._fetch, lambda: self.now)

    async def _fetch(self) -> int:
        self.fetched += 1
        number = self.fetched
        await self.answering.wait()
        if self.down:
            raise ProviderError(Trouble.UNREACHABLE, "down")
        return number

    async def settled(self) -> None:
        """Let what is under way in the background come to its end."""
        for _ in range(5):
            await asyncio.sleep(0)


async def test_all_who_ask_at_once_wait_for_one_fetch() -> None:
    source = Source()
    assert await asyncio.gather(*(source.kept.get() for _ in range(20))) == [1] * 20
    assert source.fetched == 1


async def test_who_stops_waiting_does_not_end_it_for_the_others() -> None:
    source = Source()
    source.answering.clear()
    first, second = (asyncio.create_task(source.kept.get()) for _ in range(2))
    await source.settled()
    first.cancel()
    await source.settled()
    source.answering.set()
    assert await second == 1


async def test_what_is_no_longer_fresh_serves_while_it_is_renewed() -> None:
    source = Source()
    assert await source.kept.get() == 1
    source.now += FRESH_S - 1
    assert (await source.kept.get(), source.fetched) == (1, 1)
    source.now += 1
    assert await source.kept.get() == 1
    await source.settled()
    assert (await source.kept.get(), source.fetched) == (2, 2)


async def test_what_cannot_be_renewed_serves_for_a_day_and_no_longer() -> None:
    source = Source()
    await source.kept.get()
    source.down = True
    source.now += FRESH_S
    for _ in range(3):
        assert await source.kept.get() == 1
        await source.settled()
    assert source.fetched == 2, "a failure is not repeated at once"
    source.now += OLDEST_S
    with pytest.raises(ProviderError):
        await source.kept.get()


async def test_after_a_failure_nobody_waits_for_the_next_one() -> None:
    source = Source()
    source.down = True
    with pytest.raises(ProviderError, match="UNREACHABLE: down"):
        await source.kept.get()
    source.down = False
    source.now += FAILED_S - 1
    source.kept.warm()
    with pytest.raises(ProviderError, match="down, a moment ago"):
        await source.kept.get()
    assert source.fetched == 1
    source.now += 1
    assert await source.kept.get() == 2


async def test_what_was_not_found_makes_it_be_fetched_once_a_minute() -> None:
    source = Source()
    await source.kept.get()
    assert await source.kept.anew() == 2
    assert await source.kept.anew() == 2
    source.now += AGAIN_S - 1
    assert await source.kept.anew() == 2
    source.now += 1
    assert (await source.kept.anew(), source.fetched) == (3, 3)


async def test_what_is_under_way_ends_with_the_process() -> None:
    source = Source()
    source.answering.clear()
    source.kept.warm()
    await source.settled()
    await source.kept.close()
    assert source.fetched == 1
    await source.kept.close()
