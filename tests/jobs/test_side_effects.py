"""The n-th effect fails, for every n, before it is done or after: every letter leaves once all the same.

One that has left, and whose answer was lost, leaves again under the same Message-ID: there is no other way to be sure.
"""

from contextlib import suppress
from dataclasses import replace

import pytest

from tests.effects import Effects, FragileStore, FragileTransport, each_effect
from tests.jobs.sending import Sending
from tests.store.letters import posted, states
from ventanilla.backoffice_adapters.database import DatabaseUnavailableError
from ventanilla.jobs.letters import send_due
from ventanilla.mail.post_office import PostOffice, Route
from ventanilla.store import managers
from ventanilla.store.manager import Manager

pytestmark = pytest.mark.anyio

LETTERS = 3


class FragilePostOffice(PostOffice):
    """A post office whose letters may fail to be handed over."""

    def __init__(self, effects: Effects) -> None:
        super().__init__()
        self._effects = effects

    def of(self, manager: Manager) -> Route:
        """As any post office does it, on a line that may break."""
        route = super().of(manager)
        return replace(route, transport=FragileTransport(route.transport, self._effects))


@pytest.mark.parametrize("done", [False, True])
async def test_whatever_fails_every_letter_leaves_once(post_room: Sending, store_url: str, *, done: bool) -> None:
    runs, repeated = 0, 0
    async for effects in each_effect(done=done):
        runs += 1
        before = len(post_room.server.accepted)
        await posted(post_room.store, LETTERS, post_room.clock())
        await sent(post_room, store_url, effects)
        left = [str(each.message["Message-ID"]) for each in post_room.server.accepted[before:]]
        assert len(set(left)) == LETTERS
        repeated += len(left) - LETTERS
        assert await states(post_room.store) == ["SENT"] * LETTERS * runs
    assert runs > 1 + 3 * LETTERS  # one to take them, and three for each
    assert repeated == (LETTERS if done else 0)


async def sent(post_room: Sending, store_url: str, effects: Effects) -> None:
    """Send what is due, again and again, while one effect fails."""
    store = FragileStore(store_url, effects)
    await store.open()
    found = await managers.get(store, "sur")
    assert found
    desk = replace(post_room.desk, store=store, office=FragilePostOffice(effects))
    for _ in range(4):
        with suppress(DatabaseUnavailableError):
            await send_due(desk, found.manager, lambda: False)
        post_room.clock.go(minutes=2)
    await store.close()
