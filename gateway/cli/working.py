"""Doing something to a manager's rows from the command line: one unit of work, at this moment."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TypeVar

from ventanilla.gateway.cli.serving import with_store
from ventanilla.gateway.mistake import MistakeError
from ventanilla.gateway.services import utc_now
from ventanilla.store import managers
from ventanilla.store.managers import UnknownManagerError
from ventanilla.store.store import Store
from ventanilla.store.tenancy import Work

T = TypeVar("T")


def within(slug: str, act: Callable[[Work, datetime], Awaitable[T]], refused: type[Exception]) -> T:
    """Do `act` in a unit of work of the manager; `MistakeError` in the words of what `refused` it."""
    try:
        return asyncio.run(with_store(lambda store: _done(store, slug, act)))
    except refused as error:
        raise MistakeError(str(error)) from None


async def known(store: Store, slug: str) -> None:
    """Make sure that there is a manager with this slug; `UnknownManagerError`."""
    if await managers.get(store, slug) is None:
        raise UnknownManagerError(slug)


async def _done(store: Store, slug: str, act: Callable[[Work, datetime], Awaitable[T]]) -> T:
    await known(store, slug)
    async with store.work(slug) as work:
        return await act(work, utc_now())
