"""Batches under graphql-core: what it resolves parent by parent is gathered and asked for once.

graphql-core calls a field's resolver for each parent; the resolver leaves its parent here and gets a future. When the
event loop has run everything that was ready, all parents of that field have been left, and the batch function is
called once for them. Nothing is remembered beyond that: a level is asked once because it is gathered, not cached.

Completing thousands of rows takes long, and nobody else is served meanwhile. So answers are given out a few at a time,
with a turn for everybody in between, and what is left here during that is asked for once all have been given out.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from graphql import FieldNode

from ventanilla.execution.fields import Batch

TURN_S: Final = 0.01
"""How long one execution may compute before others have their turn."""


@dataclass(slots=True)
class _Load:
    batch: Batch
    arguments: dict[str, Any]
    parents: list[Any] = field(default_factory=list[Any])
    futures: list[asyncio.Future[Any]] = field(default_factory=list[asyncio.Future[Any]])


class MisalignedError(Exception):
    """A batch function must answer as many values as it was given parents."""


class Frame:
    """What graphql-core carries as its context during one execution: ours, and the loads under way."""

    __slots__ = ("_gathering", "_loads", "_loop", "_paced", "_running", "context")

    def __init__(self, context: Any, *, paced: bool = True) -> None:
        """`paced` executions let others have their turn; what is put off would be asked for piece by piece then."""
        self.context = context
        self._paced = paced
        self._loop = asyncio.get_running_loop()
        self._loads: dict[tuple[int, int], _Load] = {}
        self._running: set[asyncio.Task[None]] = set()
        self._gathering = 0

    def load(self, batch: Batch, node: FieldNode, parent: Any, arguments: dict[str, Any]) -> asyncio.Future[Any]:
        """Leave `parent` for the next call of `batch`; equal nodes have equal arguments within one execution."""
        key = (id(node), id(batch))
        load = self._loads.get(key)
        if load is None:
            load = self._loads[key] = _Load(batch, arguments)
            if not self._gathering:
                self._loop.call_soon(self._start, key)
        future = self._loop.create_future()
        load.parents.append(parent)
        load.futures.append(future)
        return future

    def cancel(self) -> None:
        """Stop what is under way, and begin nothing that is not: nobody waits for it any more."""
        self._loads.clear()
        for task in self._running:
            task.cancel()

    def _start(self, key: tuple[int, int]) -> None:
        load = self._loads.pop(key, None)
        if load is None:
            return
        task = self._loop.create_task(self._run(load))
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def _run(self, load: _Load) -> None:
        try:
            values = await load.batch.function(self.context, load.parents, **load.arguments)
            if len(values) != len(load.parents):
                msg = f"{load.batch.function!r} answered {len(values)} values for {len(load.parents)} parents"
                raise MisalignedError(msg)
        except Exception as error:  # noqa: BLE001  every position of the level has this one answer
            values = [error] * len(load.parents)
        await self._settle(load.futures, values)

    async def _settle(self, futures: list[asyncio.Future[Any]], values: Sequence[Any]) -> None:
        """Give out the values: all, or as many between two turns as can be completed in the time of one."""
        given, many = 0, 1 if self._paced else len(futures)
        self._gathering += 1
        while given < len(futures):
            _give(futures[given : given + many], values[given : given + many])
            given += many
            begun = time.monotonic()
            await asyncio.sleep(0)
            many = many * 2 if time.monotonic() - begun < TURN_S else 1
        self._gathering -= 1
        if not self._gathering:
            for key in self._loads:
                self._loop.call_soon(self._start, key)


def _give(futures: Sequence[asyncio.Future[Any]], values: Sequence[Any]) -> None:
    for future, value in zip(futures, values, strict=True):
        if not future.done():
            future.set_result(value)
