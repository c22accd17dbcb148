"""Notifications that are not understood yet: the platform is asked what a hint is about, and news of an order that we
do not know are looked at again until it is known, or a minute is over.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import structlog

from ventanilla.backoffice_adapters.contract import Clock
from ventanilla.jobs.letters import LEASE
from ventanilla.payments.contract import News, PlatformError, PlatformFault
from ventanilla.payments.platforms import Platforms
from ventanilla.resolvers import payment_news
from ventanilla.resolvers.payment_news import Told
from ventanilla.store import platform_events
from ventanilla.store.due import Due, Lease, pause
from ventanilla.store.manager import Manager
from ventanilla.store.payment_states import PlatformEventState as State
from ventanilla.store.platform_events import TakenEvent
from ventanilla.store.store import Store
from ventanilla.store.tables import PlatformEventRow

BATCH: Final = 20
"""How many notifications are looked at before other managers have their turn."""
_OTHERS: Final = timedelta(seconds=1)
"""How long to leave a manager alone whose notifications other workers have taken by now."""
_REFUSALS: Final = 6
"""How often a platform may refuse to tell what a hint is about."""
_GIVEN_UP_AFTER: Final = timedelta(days=3)
"""How old a hint is when it is asked about for the last time; checkouts themselves are asked about as long."""
_log = structlog.get_logger("ventanilla.payments")


@dataclass(frozen=True, slots=True, kw_only=True)
class Hints:
    """The errand: notifications that wait to be understood."""

    store: Store
    platforms: Platforms
    clock: Clock
    lease: timedelta = LEASE

    @property
    def doing(self) -> str:
        """What it is, for the log."""
        return "reading notifications"

    async def due(self, now: datetime) -> Due:
        """Whose notifications are to be looked at."""
        return await platform_events.due_managers(self.store, now)

    async def serve(self, manager: Manager, stopping: Callable[[], bool]) -> datetime | None:
        """Look at what is due of a manager, one after another, as much as a turn lets or until `stopping`."""
        for done in range(BATCH):
            if stopping():
                break
            async with self.store.work(manager.slug) as work:
                now = self.clock()
                lease = Lease.begun(now, self.lease)
                taken = await platform_events.take(work, lease, 1)
            if not taken:
                return None if done else now + _OTHERS
            await self._look(manager, taken[0])
        return None

    async def _look(self, manager: Manager, taken: TakenEvent) -> None:
        told = payment_news.read(taken.told)
        if told.hint is None:
            await self._settle(manager, taken, told)
            return
        try:
            news = await self._asked(manager, taken, told.hint)
        except PlatformError as error:
            await self._in_vain(manager, taken, error.fault)
        else:
            await self._settle(manager, taken, Told(news=tuple(news), hint=None if news else told.hint))

    async def _asked(self, manager: Manager, taken: TakenEvent, hint: str) -> Sequence[News]:
        platform = self.platforms.at(manager, taken.platform)
        if platform is None:
            raise PlatformError(PlatformFault.REFUSED, f"{taken.platform} is not the manager's platform now")
        return await self.platforms.ask(platform.hinted(hint))

    async def _settle(self, manager: Manager, taken: TakenEvent, told: Told) -> None:
        async with self.store.work(manager.slug) as work:
            row = await platform_events.still(work, taken)
            if row is None:
                return
            row.told, now = payment_news.written(told), self.clock()
            if told.hint is None:
                await payment_news.settle(work, row, told.news, now)
            else:
                _nothing_yet(row, now)

    async def _in_vain(self, manager: Manager, taken: TakenEvent, fault: PlatformFault) -> None:
        async with self.store.work(manager.slug) as work:
            row = await platform_events.still(work, taken)
            if row is None:
                return
            now = self.clock()
            refused = fault is PlatformFault.REFUSED and row.tries >= _REFUSALS
            lost = refused or now - row.received_at >= _GIVEN_UP_AFTER
            if lost:
                platform_events.end(row, State.LOST)
            else:
                platform_events.wait(row, State.HINT, now + pause(row.tries))
        _log.warning("notification lost" if lost else "notification waits", manager=manager.slug, fault=fault.value)


def _nothing_yet(row: PlatformEventRow, now: datetime) -> None:
    """The platform knows nothing of what it hinted at: perhaps in a moment."""
    if now - row.received_at < payment_news.PARKED_FOR:
        platform_events.wait(row, State.HINT, now + payment_news.PARKED_AGAIN)
    else:
        platform_events.end(row, State.LOST)
