"""Several things awaited at the same time, as cheaply as may be."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Sequence
from typing import Any, TypeVar

T = TypeVar("T")


async def together(work: Sequence[Coroutine[Any, Any, T]]) -> list[T]:
    """What comes of each, in order. The first runs in the task of whoever awaits, so one alone makes no other.

    What one of them raises is raised when all before it have ended; those still under way are cancelled and waited for.
    Who is cancelled waits for nobody.
    """
    if not work:
        return []
    own, *others = work
    if not others:
        return [await own]
    tasks = [asyncio.ensure_future(each) for each in others]
    try:
        return [await own, *[await task for task in tasks]]
    except BaseException as error:
        ending = asyncio.gather(*map(_cancelled, tasks), return_exceptions=True)
        if isinstance(error, Exception):
            await ending
        raise


def _cancelled(task: asyncio.Task[Any]) -> asyncio.Task[Any]:
    task.cancel()
    return task
