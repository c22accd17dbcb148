"""Watching rows of our own: one look at the store and interval for all of a kind that anybody watches at a manager.

What watchers get is that there is news, not what led to it: one that is slow learns of the latest state once.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from functools import partial

from ventanilla.backoffice_adapters.guard import report
from ventanilla.store.store import Store

INTERVAL_S = 1.0
"""How long a change may go unseen."""
Find = Callable[[Store, str, Sequence[str]], Awaitable[Sequence[object]]]
"""`await find(store, manager, ids)` answers how each row stands, in order; what is other than before is news."""


class RowWatching:
    """All watches of rows of one process. Works in one event loop."""

    def __init__(self, interval_s: float = INTERVAL_S) -> None:
        self._interval_s = interval_s
        self._rounds: dict[tuple[Find, str], _Round] = {}

    @asynccontextmanager
    async def watch(self, find: Find, store: Store, manager: str, id: str) -> AsyncGenerator[asyncio.Event]:
        """Watch a row: the event is set whenever it stands otherwise than `find` said on entry, or last.

        Whoever looks clears the event first. Raises what the store raises where it cannot be read to begin with.
        """
        name = (find, manager)
        known = self._rounds.get(name)
        if known is None:
            known = self._rounds[name] = _Round(partial(find, store, manager), self._interval_s)
        changed = known.enter(id)
        try:
            await known.first(id)
            yield changed
        finally:
            known.leave(id, changed)
            if known.deserted and self._rounds.get(name) is known:
                del self._rounds[name]
                known.stop()


class _Round:
    """The rows of one kind that are watched at a manager, and the task that looks at them."""

    def __init__(self, find: Callable[[Sequence[str]], Awaitable[Sequence[object]]], interval_s: float) -> None:
        self._find = find
        self._interval_s = interval_s
        self._watchers: dict[str, set[asyncio.Event]] = {}
        self._begun: dict[str, asyncio.Task[None]] = {}
        self._said: dict[str, object] = {}
        self._task = asyncio.create_task(self._run())

    @property
    def deserted(self) -> bool:
        """Whether nobody watches."""
        return not self._watchers

    def enter(self, id: str) -> asyncio.Event:
        """Begin to watch."""
        changed = asyncio.Event()
        if id not in self._watchers:
            self._watchers[id] = set()
            self._begun[id] = asyncio.create_task(self._begin(id))
        self._watchers[id].add(changed)
        return changed

    async def first(self, id: str) -> None:
        """Wait until it is known what a change is a change from; all who enter meanwhile share one look."""
        await asyncio.shield(self._begun[id])

    def leave(self, id: str, changed: asyncio.Event) -> None:
        """End one watch."""
        watchers = self._watchers[id]
        watchers.discard(changed)
        if not watchers:
            del self._watchers[id]
            self._said.pop(id, None)
            self._begun.pop(id).cancel()

    def stop(self) -> None:
        """Look no more."""
        self._task.cancel()

    async def _run(self) -> None:
        while True:
            await asyncio.sleep(self._interval_s)
            try:
                await self._look()
            except Exception as error:  # noqa: BLE001  watching must outlive any one failure
                report("watching rows", error)

    async def _begin(self, id: str) -> None:
        (self._said[id],) = await self._find([id])

    async def _look(self) -> None:
        """Wake all who watch what is other than it was."""
        ids = list(self._said)
        for id, found in zip(ids, await self._find(ids), strict=True):
            if id in self._said and found != self._said[id]:
                self._said[id] = found
                for changed in self._watchers[id]:
                    changed.set()
