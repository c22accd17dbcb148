"""Notifications are known for as long as any platform may repeat them, then forgotten."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.store.paying import NOW
from ventanilla.store import platform_events
from ventanilla.store.store import Store

pytestmark = pytest.mark.anyio


async def met(store: Store, event: str, manager: str = "sur") -> bool:
    async with store.work(manager) as work:
        return (await platform_events.meet(work, "till", event, "{}", NOW))[1]


async def test_one_is_the_first_time_once_at_each_manager(store: Store) -> None:
    assert [await met(store, "e1"), await met(store, "e1"), await met(store, "e2")] == [True, False, True]
    assert await met(store, "e1", "norte")


async def test_it_is_forgotten_after_its_time(store: Store) -> None:
    await met(store, "e1")
    await met(store, "e1", "norte")
    over = NOW + platform_events.KEPT
    assert await platform_events.sweepable(store, over - timedelta(seconds=1)) == []
    assert sorted(await platform_events.sweepable(store, over)) == ["norte", "sur"]
    async with store.work("sur") as work:
        assert await platform_events.sweep(work, over - timedelta(seconds=1)) == 0
        assert await platform_events.sweep(work, over) == 1
    assert [await met(store, "e1"), await met(store, "e1", "norte")] == [True, False]
