"""The n-th transaction fails, for every n, before it is committed or after: every letter leaves once all the same."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress

import pytest

from tests.jobs.sending import Sending
from tests.store.letters import posted, states
from ventanilla.backoffice_adapters.database import DatabaseUnavailableError
from ventanilla.store.store import Store
from ventanilla.store.tenancy import Work

pytestmark = pytest.mark.anyio

LETTERS = 3
TRANSACTIONS = 1 + 2 * LETTERS
"""One to take them, and two for each."""


class Failing(Store):
    """A store of which one transaction fails: nothing is written, or it is and nobody is told."""

    def __init__(self, url: str, number: int, *, written: bool) -> None:
        super().__init__(url)
        self.left = number
        self._written = written

    @asynccontextmanager
    async def work(self, manager: str | None = None) -> AsyncGenerator[Work]:
        """As any store does it, but for the one."""
        self.left -= 1
        async with super().work(manager) as work:
            yield work
            if not self.left and not self._written:
                raise DatabaseUnavailableError
        if not self.left:
            raise DatabaseUnavailableError


@pytest.mark.parametrize("written", [False, True])
@pytest.mark.parametrize("number", range(1, TRANSACTIONS + 2))
async def test_whatever_fails_every_letter_leaves_once(
    post_room: Sending, store_url: str, number: int, *, written: bool
) -> None:
    await posted(post_room.store, LETTERS)
    post_room.store = failing = Failing(store_url, number, written=written)
    await failing.open()
    try:
        for _ in range(4):
            await sent_or_failed(post_room)
            post_room.clock.go(minutes=1)
        assert failing.left < 0
        assert await states(failing) == ["SENT"] * LETTERS
        assert len(post_room.recipients) == len(set(post_room.recipients)) == LETTERS
    finally:
        await failing.close()


async def sent_or_failed(post_room: Sending) -> None:
    with suppress(DatabaseUnavailableError):
        await post_room.send()
