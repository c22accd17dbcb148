"""What platforms told: each notification once, however often it comes, and those that wait to be understood."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, Final
from uuid import uuid4

from sqlalchemy import CursorResult
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import col, delete, select

from ventanilla.backoffice_adapters.database import stamp
from ventanilla.backoffice_adapters.records import Record
from ventanilla.store import due
from ventanilla.store.due import Due, Lease
from ventanilla.store.payment_states import PlatformEventState as State
from ventanilla.store.store import Store
from ventanilla.store.tables import PlatformEventRow as Row
from ventanilla.store.tenancy import Work

KEPT: Final = timedelta(days=400)
"""How long a notification is known: far longer than any platform repeats one, and for a year's end."""
WAITING: Final = (State.HINT, State.PARKED)
INSERT: Final = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


class TakenEvent(Record):
    """A notification that a worker has taken."""

    id: str
    leased_by: str
    platform: str
    state: State
    told: str
    received_at: datetime
    tries: int
    """How often it was taken, this time included."""


async def meet(work: Work, platform: str, event_id: str, told: str, now: datetime) -> tuple[Row, bool]:
    """The notification that the platform calls `event_id`, and whether this is the first time that it comes.

    One that comes twice at the same moment is the first time once: the other waits until `work` ends.
    """
    named = {"platform": platform, "event_key": sha256(event_id.encode(errors="surrogatepass")).hexdigest()}
    fresh = {**named, "id": uuid4().hex, "told": told, "state": State.TAKEN.value, "received_at": now, "tries": 0}
    statement = INSERT[work.get_bind().dialect.name](Row).values(**fresh).on_conflict_do_nothing()
    inserted: CursorResult[Any] = await work.exec(statement)
    ours = (col(Row.platform) == platform, col(Row.event_key) == named["event_key"])
    return (await work.exec(select(Row).where(*ours))).one(), bool(inserted.rowcount)


async def due_managers(store: Store, now: datetime) -> Due:
    """Whose notifications are to be looked at again, and when the next ones will be."""
    return await due.due(store, now, "platform_event", "state", WAITING)


async def take(work: Work, lease: Lease, most: int) -> Sequence[TakenEvent]:
    """Take at most `most` notifications that wait to be understood, whoever waits longest first."""
    rows = await due.take(work, Row, col(Row.state).in_([state.value for state in WAITING]), lease, most)
    return [
        TakenEvent(
            id=row.id,
            leased_by=lease.worker,
            platform=row.platform,
            state=State(row.state),
            told=row.told,
            received_at=row.received_at,
            tries=row.tries,
        )
        for row in rows
    ]


async def still(work: Work, taken: TakenEvent) -> Row | None:
    """The row of a notification that is yet the worker's, held."""
    return await due.still(work, Row, taken.id, taken.leased_by)


def wait(row: Row, state: State, until: datetime) -> None:
    """Let a held notification wait."""
    row.state, row.due_at, row.leased_by = state.value, until, None


def end(row: Row, state: State) -> None:
    """Say of a held notification what became of it, for good."""
    row.state = state.value
    row.due_at = row.leased_by = None


async def sweepable(store: Store, now: datetime) -> list[str]:
    """Slugs of the managers that have notifications to be forgotten."""
    rows = await store.rows("SELECT DISTINCT manager FROM platform_event WHERE received_at <= $1", [stamp(now - KEPT)])
    return [slug for (slug,) in rows]


async def sweep(work: Work, now: datetime) -> int:
    """Forget the manager's notifications of long ago; how many there were. The money that they told of stays known."""
    return (await work.exec(delete(Row).where(col(Row.received_at) <= now - KEPT))).rowcount
