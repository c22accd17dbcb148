"""Deadlines for many short waits: cut off as `asyncio.timeout` cuts off, without a timer for each of them.

Nearly every wait ends long before its deadline. So one timer stands at the earliest deadline there was, and only when
it rings is looked through what is still under way.
"""

from __future__ import annotations

import asyncio
from math import inf
from types import TracebackType
from typing import Final

_GRAIN_S: Final = 0.01
"""How much later than its deadline a wait may be cut off, so that thousands of them at a time need few looks."""


class Deadlines:
    """The deadlines of one place where many wait, in one event loop: ``with deadlines.within(seconds): …``."""

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._under_way: set[Deadline] = set()
        self._timer: asyncio.TimerHandle | None = None
        self._rings_at = inf

    def within(self, seconds: float) -> Deadline:
        """Cut the block off after `seconds`, by cancelling its task; it then raises `TimeoutError`."""
        return Deadline(self, seconds)

    def begin(self, wait: Deadline, loop: asyncio.AbstractEventLoop) -> None:
        """Watch `wait`, which has begun in a task of `loop`."""
        if self._loop is not loop:  # the timer of a loop that has ended rings no more
            self._loop, self._under_way, self._timer, self._rings_at = loop, set(), None, inf
        self._under_way.add(wait)
        if wait.at < self._rings_at:
            self._ring_at(loop, wait.at)

    def end(self, wait: Deadline) -> None:
        """Watch `wait` no longer."""
        self._under_way.discard(wait)

    def _ring_at(self, loop: asyncio.AbstractEventLoop, at: float) -> None:
        if self._timer:
            self._timer.cancel()
        self._rings_at = at
        self._timer = loop.call_at(at, self._ring, loop)

    def _ring(self, loop: asyncio.AbstractEventLoop) -> None:
        now = loop.time()
        for wait in [wait for wait in self._under_way if wait.at <= now]:
            self._under_way.remove(wait)
            wait.cut_off()
        self._timer, self._rings_at = None, inf
        earliest = min((wait.at for wait in self._under_way), default=inf)
        if earliest < inf:
            self._ring_at(loop, max(earliest, now + _GRAIN_S))


class Deadline:
    """One wait, of one task, once."""

    __slots__ = ("_cancelling", "_cut_off", "_deadlines", "_seconds", "_task", "at")

    def __init__(self, deadlines: Deadlines, seconds: float) -> None:
        self._deadlines = deadlines
        self._seconds = seconds
        self._cut_off = False

    def __enter__(self) -> None:
        task = asyncio.current_task()
        if task is None:
            msg = "only a task can be cut off; await this in one"
            raise RuntimeError(msg)
        loop = task.get_loop()
        self._task = task
        self._cancelling = task.cancelling()
        self.at = loop.time() + self._seconds
        self._deadlines.begin(self, loop)

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        self._deadlines.end(self)
        # Somebody else's cancellation goes on as it is, even if it came together with ours.
        if self._cut_off and self._task.uncancel() <= self._cancelling and kind is asyncio.CancelledError:
            raise TimeoutError from error

    def cut_off(self) -> None:
        """Cancel the task; nobody watches this wait any longer."""
        self._cut_off = True
        self._task.cancel()
