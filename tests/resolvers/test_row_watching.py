"""Watching rows: one look for all of a kind at a manager, news to whom it concerns, and nothing left behind."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from tests.execution.small import nothing_left
from ventanilla.resolvers.row_watching import RowWatching
from ventanilla.store.store import Store

pytestmark = pytest.mark.anyio


class Shelf:
    """Rows that tests change; every look at them is written down, and those of broken ones fail."""

    def __init__(self) -> None:
        self.rows: dict[str, int] = {}
        self.looks: list[tuple[str, frozenset[str]]] = []
        self.broken = False

    async def find(self, store: Store, manager: str, ids: Sequence[str]) -> list[int | None]:
        self.looks.append((manager, frozenset(ids)))
        await asyncio.sleep(0)
        if self.broken:
            msg = "no shelf"
            raise ConnectionError(msg)
        return [self.rows.get(id) for id in ids]

    async def looked(self, times: int = 3) -> None:
        """Wait for so many more looks."""
        until = len(self.looks) + times
        async with asyncio.timeout(10):
            while len(self.looks) < until:  # noqa: ASYNC110  a list tells nobody
                await asyncio.sleep(0.002)


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


STORE = Store("postgresql://nobody:nothing@127.0.0.1:1/nowhere")


async def news(changed: asyncio.Event) -> None:
    async with asyncio.timeout(10):
        await changed.wait()
    changed.clear()


async def test_all_that_is_watched_at_a_manager_is_one_look(shelf: Shelf) -> None:
    watching = RowWatching(0.005)
    find = shelf.find
    async with (
        nothing_left(),
        watching.watch(find, STORE, "sur", "a") as one,
        watching.watch(find, STORE, "sur", "a") as same,
        watching.watch(find, STORE, "sur", "b") as other,
    ):
        assert [ids for _, ids in shelf.looks] == [{"a"}, {"b"}]
        await shelf.looked()
        assert set(shelf.looks[2:]) == {("sur", frozenset("ab"))}
        shelf.rows["a"] = 1
        await asyncio.gather(news(one), news(same))
        await shelf.looked()
        assert not one.is_set()
        assert not other.is_set()
        shelf.rows["b"] = 1
        await news(other)
        shelf.rows["a"] = 2
        await news(one)


async def test_managers_and_kinds_are_looked_at_apart(shelf: Shelf) -> None:
    watching, find, others = RowWatching(0.005), shelf.find, Shelf()
    async with (
        nothing_left(),
        watching.watch(find, STORE, "sur", "a"),
        watching.watch(find, STORE, "norte", "a"),
        watching.watch(others.find, STORE, "sur", "a") as theirs,
    ):
        await shelf.looked(6)
        assert {manager for manager, _ in shelf.looks} == {"sur", "norte"}
        shelf.rows["a"] = 1
        await shelf.looked(4)
        assert not theirs.is_set()


async def test_who_left_is_not_looked_for(shelf: Shelf) -> None:
    watching, find = RowWatching(0.005), shelf.find
    async with nothing_left(), watching.watch(find, STORE, "sur", "a") as one:
        async with watching.watch(find, STORE, "sur", "b"):
            await shelf.looked(1)
        await shelf.looked(3)
        assert shelf.looks[-1] == ("sur", frozenset("a"))
        async with watching.watch(find, STORE, "sur", "b"):
            await shelf.looked(2)
        shelf.rows["a"] = 1
        await news(one)
    before = len(shelf.looks)
    await asyncio.sleep(0.05)
    assert len(shelf.looks) == before


async def test_what_cannot_be_read_to_begin_with_is_told_to_all_who_wait(shelf: Shelf) -> None:
    watching, find = RowWatching(0.005), shelf.find
    shelf.broken = True

    async def enter() -> None:
        async with watching.watch(find, STORE, "sur", "a"):
            pytest.fail("nothing can be watched")

    async with nothing_left():
        found = await asyncio.gather(enter(), enter(), return_exceptions=True)
        assert [type(each) for each in found] == [ConnectionError, ConnectionError]
        shelf.broken = False
        async with watching.watch(find, STORE, "sur", "a") as changed:
            shelf.rows["a"] = 1
            await news(changed)


async def test_a_look_in_vain_is_no_news_and_not_the_end(shelf: Shelf, caplog: pytest.LogCaptureFixture) -> None:
    watching, find = RowWatching(0.005), shelf.find
    async with nothing_left(), watching.watch(find, STORE, "sur", "a") as changed:
        shelf.broken = True
        await shelf.looked()
        assert not changed.is_set()
        shelf.broken = False
        shelf.rows["a"] = 1
        await news(changed)
    assert "watching rows" in caplog.text


async def test_who_gives_up_while_it_begins_leaves_the_look_to_the_others(shelf: Shelf) -> None:
    watching, find = RowWatching(0.005), shelf.find

    async def enter() -> None:
        async with watching.watch(find, STORE, "sur", "a") as changed:
            await news(changed)

    async with nothing_left():
        first, second = asyncio.create_task(enter()), asyncio.create_task(enter())
        await asyncio.sleep(0)
        first.cancel()
        await shelf.looked(2)
        shelf.rows["a"] = 1
        await second
        assert first.cancelled()
