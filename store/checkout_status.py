"""Asking how checkouts stand: when each is asked about next, and those that a worker has in hand.

What runs is asked about soon after it began and ever more seldom, and once more when its time is over; what ended
without money is asked about thrice more, so that a notification that was lost is found.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from sqlmodel import col

from ventanilla.backoffice_adapters.records import Record
from ventanilla.store import checkouts, due
from ventanilla.store.due import Due, Lease
from ventanilla.store.payment_states import RUNNING, CheckoutState
from ventanilla.store.store import Store
from ventanilla.store.tables import CheckoutRow as Row
from ventanilla.store.tenancy import Work

PAUSES: Final = (
    timedelta(seconds=10),
    timedelta(seconds=20),
    timedelta(seconds=30),
    timedelta(minutes=1),
    timedelta(minutes=3),
    timedelta(minutes=10),
)
"""How long after its commit one that runs is looked at, and how long after each look again; the last for ever."""
LATER: Final = (timedelta(hours=1), timedelta(hours=24), timedelta(hours=72))
"""When one that ended without money is looked at, after its end."""
_STATES: Final = tuple(state for state in CheckoutState if state is not CheckoutState.SUCCEEDED)


class TakenCheckout(Record):
    """A checkout that a worker has taken to ask about."""

    id: str
    leased_by: str
    reference: str
    platform: str
    platform_id: str | None


async def due_managers(store: Store, now: datetime) -> Due:
    """Whose checkouts are to be asked about, and when the next ones will be."""
    return await due.due(store, now, "checkout", "state", _STATES)


async def take(work: Work, lease: Lease, most: int) -> list[TakenCheckout]:
    """Take at most `most` checkouts that are to be asked about, whichever wait longest."""
    rows = await due.take(work, Row, col(Row.state).in_([state.value for state in _STATES]), lease, most)
    return [
        TakenCheckout(
            id=row.id,
            leased_by=lease.worker,
            reference=row.reference,
            platform=row.platform,
            platform_id=row.platform_id,
        )
        for row in rows
    ]


async def still(work: Work, taken: TakenCheckout) -> Row | None:
    """The row of a checkout that is yet the worker's, held."""
    row = await checkouts.held(work, taken.id)
    return row if row and row.leased_by == taken.leased_by else None


def after_running(row: Row, now: datetime) -> datetime:
    """When to ask next about a checkout that runs: not beyond its time, if that is to come."""
    again = now + PAUSES[min(row.tries, len(PAUSES) - 1)]
    return min(again, row.expires_at) if now < row.expires_at else again


def after_end(row: Row, now: datetime) -> datetime | None:
    """When to ask next about one that ended without money; None once it was asked about often enough."""
    ended = row.ended_at or now
    return next((ended + later for later in LATER if ended + later > now), None)


def is_running(row: Row) -> bool:
    """Whether what it pays is held for it."""
    return CheckoutState(row.state) in RUNNING


def look_again(row: Row, due_at: datetime | None) -> None:
    """Let a held checkout be asked about next at a moment, or never again."""
    row.due_at, row.leased_by = due_at, None
