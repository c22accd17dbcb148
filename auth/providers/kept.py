"""What is fetched now and then and kept in between: one fetch at a time, and seldom one that somebody waits for."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, Final, Generic, TypeVar

from ventanilla.auth.providers.trouble import ProviderError

T = TypeVar("T")
Ticks = Callable[[], float]
"""Seconds of a clock that never goes back."""
FRESH_S: Final = 3_600.0
"""From then on it is fetched anew, while the old one still serves."""
OLDEST_S: Final = 86_400.0
"""From then on it serves no more."""
AGAIN_S: Final = 60.0
"""How often at most it is fetched anew because something was not found in it."""
FAILED_S: Final = 10.0
"""How long after a failure nobody is made to wait for another one."""


class Kept(Generic[T]):
    """One document of a provider."""

    def __init__(self, fetch: Callable[[], Awaitable[T]], ticks: Ticks) -> None:
        self._fetch = fetch
        self._ticks = ticks
        self._value: T | None = None
        self._at = 0.0
        self._task: asyncio.Task[T] | None = None
        self._failure: tuple[ProviderError, float] | None = None
        self._forced_at: float | None = None

    async def get(self) -> T:
        """The document: the one at hand, else fetched; raises `ProviderError`."""
        if self._value is not None and self._age() < OLDEST_S:
            self.warm()
            return self._value
        if self._failure and self._ticks() - self._failure[1] < FAILED_S:
            raise ProviderError(self._failure[0].trouble, f"{self._failure[0].detail}, a moment ago")
        return await asyncio.shield(self._fetching())

    async def anew(self) -> T:
        """The document fetched anew, at most once a minute: else the one at hand. Raises `ProviderError`."""
        if self._forced_at is not None and self._ticks() - self._forced_at < AGAIN_S:
            return await self.get()
        self._forced_at = self._ticks()
        return await asyncio.shield(self._fetching())

    def warm(self) -> None:
        """Begin to fetch it in the background, if it is not at hand or no longer fresh."""
        recently = self._failure is not None and self._ticks() - self._failure[1] < FAILED_S
        if (self._value is None or self._age() >= FRESH_S) and not recently:
            self._fetching()

    async def close(self) -> None:
        """Fetch no further."""
        if self._task is not None and not self._task.done():
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    def _age(self) -> float:
        return self._ticks() - self._at

    def _fetching(self) -> asyncio.Task[T]:
        """The fetch that is under way, else a new one; whoever stops waiting for it does not end it."""
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(_awaited(self._fetch()))
            self._task.add_done_callback(self._settled)
        return self._task

    def _settled(self, task: asyncio.Task[T]) -> None:
        if task.cancelled():
            return
        error = task.exception()
        if isinstance(error, ProviderError):
            self._failure = (error, self._ticks())
        elif error is None:
            self._value, self._at, self._failure = task.result(), self._ticks(), None


def _awaited(awaitable: Awaitable[T]) -> Coroutine[Any, Any, T]:
    async def waiting() -> T:
        return await awaitable

    return waiting()
