"""Money that goes back, in a worker's hands: taken under a lease, and given out of them when it is settled or waits."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlmodel import col

from ventanilla.backoffice_adapters.records import Record
from ventanilla.store import due
from ventanilla.store.due import Due, Lease
from ventanilla.store.payment_states import PaymentReturnState as State
from ventanilla.store.store import Store
from ventanilla.store.tables import PaymentReturnRow as Row
from ventanilla.store.tenancy import Work

_WAITING: Final = (State.REQUESTED, State.ASKED, State.GIVEN)


class TakenReturn(Record):
    """A return that a worker has taken."""

    id: str
    payment_id: str
    leased_by: str
    state: State


async def due_managers(store: Store, now: datetime) -> Due:
    """Who has money that is to go back, or to be told of, and when the next ones will."""
    return await due.due(store, now, "payment_return", "state", _WAITING)


async def take(work: Work, lease: Lease) -> TakenReturn | None:
    """Take what waits longest; None where nothing is due."""
    rows = await due.take(work, Row, col(Row.state).in_([state.value for state in _WAITING]), lease, 1)
    if not rows:
        return None
    (row,) = rows
    return TakenReturn(id=row.id, payment_id=row.platform_payment_id, leased_by=lease.worker, state=State(row.state))


def is_still(row: Row, taken: TakenReturn) -> bool:
    """Whether a held row is yet the worker's, and as it was: news may have told of it, or its lease be over."""
    return row.id == taken.id and row.leased_by == taken.leased_by and row.state == taken.state.value


def postpone(row: Row, now: datetime, problem: str | None = None) -> None:
    """Let a held row wait, and say why, where something went wrong."""
    row.leased_by, row.problem = None, problem
    row.due_at = now + due.pause(row.tries)


def end(row: Row, state: State, now: datetime, problem: str | None = None) -> None:
    """Say of a held row what became of it, for good."""
    row.state, row.problem, row.ended_at = state.value, problem, now
    row.leased_by = row.due_at = None
