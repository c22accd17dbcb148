"""Watching batches: one look at the store and interval for each batch that anybody watches in this process.

What watchers get is that there is news, not what led to it: one that is slow learns of the latest state once.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from ventanilla.auth import access_batches
from ventanilla.auth.access_batches import AccessBatch
from ventanilla.backoffice_adapters.guard import report
from ventanilla.store.store import Store

INTERVAL_S = 1.0
"""How long a change may go unseen."""


class BatchWatching:
    """All watches of batches of one process. Works in one event loop."""

    def __init__(self, interval_s: float = INTERVAL_S) -> None:
        self._interval_s = interval_s
        self._known: dict[tuple[str, str], _Watch] = {}

    @asynccontextmanager
    async def watch(self, store: Store, manager: str, batch_id: str) -> AsyncGenerator[asyncio.Event]:
        """Watch a batch: the event is set whenever its state or its counts have changed since entry.

        Whoever looks clears the event first. Raises what the store raises where it cannot be read to begin with.
        """
        name = (manager, batch_id)
        known = self._known.get(name)
        if known is None:
            known = self._known[name] = _Watch(store, manager, batch_id, self._interval_s)
        changed = asyncio.Event()
        known.watchers.add(changed)
        try:
            await known.first()
            yield changed
        finally:
            known.watchers.discard(changed)
            if not known.watchers and self._known.get(name) is known:
                del self._known[name]
                known.stop()


class _Watch:
    """One batch that is watched, and the task that looks at it."""

    def __init__(self, store: Store, manager: str, batch_id: str, interval_s: float) -> None:
        self.watchers: set[asyncio.Event] = set()
        self._store = store
        self._manager = manager
        self._batch_id = batch_id
        self._interval_s = interval_s
        self._said: AccessBatch | None = None
        self._begun = asyncio.create_task(self._begin())
        self._task = asyncio.create_task(self._run())

    async def first(self) -> None:
        """Wait until it is known what a change is a change from; all who enter meanwhile share one look."""
        await asyncio.shield(self._begun)

    def stop(self) -> None:
        """Look no more."""
        self._task.cancel()

    async def _run(self) -> None:
        await asyncio.wait({self._begun})
        while True:
            await asyncio.sleep(self._interval_s)
            try:
                await self._look()
            except Exception as error:  # noqa: BLE001  watching must outlive any one failure
                report("watching access", error)

    async def _begin(self) -> None:
        self._said = await self._found()

    async def _found(self) -> AccessBatch | None:
        (found,) = await access_batches.find(self._store, self._manager, [self._batch_id])
        return found

    async def _look(self) -> None:
        """Wake all who watch if anything is other than it was."""
        found = await self._found()
        if found != self._said:
            self._said = found
            for changed in self.watchers:
                changed.set()
