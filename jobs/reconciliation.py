"""Reconciliation: every hour, what we know of money is compared with what the platform and the offices say.

A round goes step by step, each under a lease, with its place kept in between: no two workers do the same, and a killed
one costs a step. Offices and platforms are asked outside of transactions and not in a rush. What may be mended is, and
what does not fit is found as a stray.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import structlog

from ventanilla.jobs.office_reconciliation import compare_accounts, compare_booked
from ventanilla.jobs.platform_reconciliation import compare_platform
from ventanilla.jobs.reconciling import NotOursError, Reconciling, Step
from ventanilla.jobs.stray_reconciliation import look_at_strays
from ventanilla.store import reconciliation
from ventanilla.store.due import Due, Lease
from ventanilla.store.manager import Manager
from ventanilla.store.reconciliation import Place, Round, Stage
from ventanilla.store.tables import ReconciliationRow
from ventanilla.store.tenancy import Work

EVERY: Final = timedelta(hours=1)
"""From the beginning of a round to that of the next one."""
PACE: Final = timedelta(seconds=1)
"""From one step to the next: nobody waits for this."""
_OTHERS: Final = timedelta(seconds=1)
"""How long to leave a manager alone whose round another worker has taken by now."""
_STEPS: Final[Mapping[Stage, Callable[[Step], Awaitable[Place | None]]]] = {
    Stage.BOOKED: compare_booked,
    Stage.ACCOUNTS: compare_accounts,
    Stage.PLATFORM: compare_platform,
    Stage.STRAYS: look_at_strays,
}
_log = structlog.get_logger("ventanilla.payments")


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """The errand: managers' money is compared."""

    desk: Reconciling

    @property
    def doing(self) -> str:
        """What it is, for the log."""
        return "comparing payments"

    async def due(self, now: datetime) -> Due:
        """Whose round is to begin, or to go on."""
        return await reconciliation.due_managers(self.desk.store, now)

    async def serve(self, manager: Manager, stopping: Callable[[], bool]) -> datetime | None:
        """Do a step of a manager's round."""
        now = self.desk.clock()
        taken = None if stopping() else await self._taken(manager, at_once=False)
        if taken is None:
            return now + _OTHERS
        try:
            await self._do(manager, taken, PACE)
        except NotOursError:
            _log.warning("another worker compares payments", manager=manager.slug)
        return None

    async def round(self, manager: Manager) -> bool:
        """Do what is left of a manager's round, or a whole one, at once; False if another worker is at it."""
        while taken := await self._taken(manager, at_once=True):
            try:
                if await self._do(manager, taken, timedelta()):
                    return True
            except NotOursError:
                break
        return False

    async def _taken(self, manager: Manager, *, at_once: bool) -> Round | None:
        now = self.desk.clock()
        lease = Lease.begun(now, self.desk.lease)
        async with self.desk.store.work(manager.slug) as work:
            return await reconciliation.take(work, lease, at_once=at_once)

    async def _do(self, manager: Manager, taken: Round, pace: timedelta) -> bool:
        """Do a step and keep the place; whether the round is over. Raises `NotOursError`."""

        async def go_on() -> None:
            async with self.desk.store.work(manager.slug) as work:
                row = await _ours(work, taken)
                row.due_at = self.desk.clock() + self.desk.lease

        step = Step(self.desk, manager, taken.place, taken.begun_at, go_on)
        place = await _STEPS[taken.place.stage](step)
        async with self.desk.store.work(manager.slug) as work:
            row, now = await _ours(work, taken), self.desk.clock()
            if place:
                reconciliation.keep(row, place, now + pace)
            else:
                reconciliation.end(row, now, max(taken.begun_at + EVERY, now + pace))
        return place is None


async def _ours(work: Work, taken: Round) -> ReconciliationRow:
    row = await reconciliation.still(work, taken)
    if row is None:
        raise NotOursError
    return row
