"""Platforms are asked how checkouts stand: a notification may be late, or lost, and not every payer comes back.

What a checkout holds is let go when its time is over and its platform says that nobody has paid, and not before.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import structlog

from ventanilla.backoffice_adapters.contract import Clock
from ventanilla.jobs.letters import LEASE
from ventanilla.payments.contract import Capability, News, NewsStatus, PlatformError
from ventanilla.payments.platforms import Platforms
from ventanilla.resolvers import payment_news
from ventanilla.store import checkout_status, checkouts, platform_payments
from ventanilla.store.checkout_status import TakenCheckout
from ventanilla.store.due import LONGEST_PAUSE, Due, Lease
from ventanilla.store.manager import Manager
from ventanilla.store.payment_states import Booking, CheckoutState
from ventanilla.store.store import Store
from ventanilla.store.tables import CheckoutRow
from ventanilla.store.tenancy import Work

BATCH: Final = 5
"""How many checkouts of a manager are asked about at once."""
LINGERS: Final = timedelta(hours=24)
"""How long a checkout waits beyond its time while its platform says that a payment of it is under way."""
GIVEN_UP_AFTER: Final = timedelta(days=7)
"""How long after its end a checkout is still asked about of a platform that does not answer."""
_OTHERS: Final = timedelta(seconds=1)
"""How long to leave a manager alone whose checkouts other workers have taken by now."""
_log = structlog.get_logger("ventanilla.payments")


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckoutStatus:
    """The errand: platforms are asked how checkouts stand, and those end whose time is over."""

    store: Store
    platforms: Platforms
    clock: Clock
    lease: timedelta = LEASE

    @property
    def doing(self) -> str:
        """What it is, for the log."""
        return "asking about checkouts"

    async def due(self, now: datetime) -> Due:
        """Whose checkouts are to be asked about."""
        return await checkout_status.due_managers(self.store, now)

    async def serve(self, manager: Manager, stopping: Callable[[], bool]) -> datetime | None:
        """Ask about some of a manager's checkouts."""
        if stopping():
            return None
        async with self.store.work(manager.slug) as work:
            now = self.clock()
            lease = Lease.begun(now, self.lease)
            taken = await checkout_status.take(work, lease, BATCH)
        if not taken:
            return now + _OTHERS
        for failure in await asyncio.gather(*(self._look(manager, each) for each in taken), return_exceptions=True):
            if failure is not None:
                raise failure
        return None

    async def _look(self, manager: Manager, taken: TakenCheckout) -> None:
        try:
            news = await self._asked(manager, taken)
        except PlatformError as error:
            _log.warning("checkout not known", manager=manager.slug, checkout=taken.id, fault=error.fault.value)
            await self._in_vain(manager, taken)
        else:
            await self._answered(manager, taken, news)

    async def _asked(self, manager: Manager, taken: TakenCheckout) -> Sequence[News] | None:
        """What the platform says of a checkout; None where it cannot be asked, or is the manager's no more."""
        platform = self.platforms.at(manager, taken.platform)
        if platform is None or Capability.STATUS not in self.platforms.manifest(taken.platform).capabilities:
            return None
        return await self.platforms.ask(platform.status(taken.reference, taken.platform_id))

    async def _in_vain(self, manager: Manager, taken: TakenCheckout) -> None:
        """Let a checkout wait whose platform does not answer: nothing is let go before it does."""
        async with self.store.work(manager.slug) as work:
            if row := await checkout_status.still(work, taken):
                now = self.clock()
                given_up = row.ended_at is not None and now >= row.ended_at + GIVEN_UP_AFTER
                later = None if given_up else now + LONGEST_PAUSE
                running = checkout_status.is_running(row)
                checkout_status.look_again(row, checkout_status.after_running(row, now) if running else later)

    async def _answered(self, manager: Manager, taken: TakenCheckout, news: Sequence[News] | None) -> None:
        """Take what the platform says, if it can be asked at all, and see when to ask again."""
        async with self.store.work(manager.slug) as work:
            now = self.clock()
            row = await checkout_status.still(work, taken)
            about_it = [each for each in news or () if each.reference == taken.reference]
            await payment_news.take(work, taken.platform, about_it, now)
            if row and row.leased_by:  # which the news have ended, where it is paid
                if checkout_status.is_running(row) and await _is_over(work, row, now):
                    await checkouts.move(work, row, CheckoutState.EXPIRED, now)
                checkout_status.look_again(row, _next(row, now, tells=news is not None))


def _next(row: CheckoutRow, now: datetime, *, tells: bool) -> datetime | None:
    if checkout_status.is_running(row):
        only = row.expires_at if now < row.expires_at else now + LONGEST_PAUSE
        return checkout_status.after_running(row, now) if tells else only
    return checkout_status.after_end(row, now) if tells else None


async def _is_over(work: Work, row: CheckoutRow, now: datetime) -> bool:
    """Whether a checkout's time is over, and none of its money is under way or waits for the staff."""
    if now < row.expires_at:
        return False
    payments = await platform_payments.of_checkout(work, row.id)
    if any(each.booking == Booking.REVIEW.value for each in payments):
        return False
    under_way = any(each.status == NewsStatus.PENDING.value for each in payments)
    return not under_way or now >= row.expires_at + LINGERS
