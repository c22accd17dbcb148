"""Answers that come one after another, and can be closed at any moment."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from typing import Any, TypeVar

T = TypeVar("T")


class Answers(AsyncGenerator[T, None]):
    """The values of `inner`; closing lets go of what it holds, `release` included.

    A generator of the language's own cannot be closed by one task while another waits for its next value, and one that
    was never asked for a value closes nothing. Here the one who waits is told that it is over.
    """

    def __init__(self, inner: AsyncGenerator[T, None], release: Callable[[], Awaitable[None]]) -> None:
        self._inner = inner
        self._release = release
        self._next: asyncio.Task[T] | None = None
        self._closed = False

    async def asend(self, value: None, /) -> T:
        """The next value."""
        if self._closed:
            raise StopAsyncIteration
        self._next = asyncio.create_task(_next(self._inner))
        try:
            return await self._next
        except asyncio.CancelledError:
            if self._closed and not is_cancelled():
                raise StopAsyncIteration from None
            raise

    async def athrow(self, typ: Any, val: Any = None, tb: Any = None, /) -> T:
        """Close, and raise what was thrown."""
        await self.aclose()
        raise typ if isinstance(typ, BaseException) else val or typ()

    async def aclose(self) -> None:
        """Stop at once whatever is under way; whoever waits for a value gets no more."""
        self._closed = True
        if self._next is not None:
            self._next.cancel()
            await asyncio.wait({self._next})
        await self._inner.aclose()
        await self._release()


async def _next(inner: AsyncGenerator[T, None]) -> T:
    return await anext(inner)


def is_cancelled() -> bool:
    """Whether the present task itself is asked to stop."""
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0
