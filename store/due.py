"""What waits for a worker: for whom it is due, and taking it under a lease, so that no two do the same.

Whoever takes rows does so under a name of its own, and loses them when the lease is over: a worker that died is missed
by nobody.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final, TypeVar
from uuid import uuid4

from sqlmodel import col, select

from ventanilla.backoffice_adapters.database import stamp
from ventanilla.backoffice_adapters.records import Record
from ventanilla.store.store import Store
from ventanilla.store.tables import CheckoutRow, PaymentReturnRow, PlatformEventRow, PlatformPaymentRow
from ventanilla.store.tenancy import Work

Row = TypeVar("Row", CheckoutRow, PaymentReturnRow, PlatformEventRow, PlatformPaymentRow)

FIRST_PAUSE: Final = timedelta(seconds=10)
LONGEST_PAUSE: Final = timedelta(minutes=10)
# By the index, a manager and state at a time: a look costs the same however much is over. Moments are never empty.
_EARLIEST: Final = """
SELECT slug, (
    SELECT MIN(due_at) FROM {table} WHERE {table}.manager = manager.slug AND {column} = '{state}' AND due_at > ''
) AS due_at FROM manager
"""


class Due(Record):
    """For whom something waits."""

    managers: tuple[str, ...]
    """Slugs of the managers that have something due, whoever waits longest first."""
    next_at: datetime | None
    """When something of any other manager is due; None where nothing waits."""


class Lease(Record):
    """For whom and how long something is taken."""

    worker: str
    """A name of this taking's own."""
    begins: datetime
    ends: datetime

    @classmethod
    def begun(cls, now: datetime, lasts: timedelta) -> Lease:
        """A lease that begins now, under a new name."""
        return cls(worker=uuid4().hex, begins=now, ends=now + lasts)


async def due(store: Store, now: datetime, table: str, column: str, states: Sequence[StrEnum]) -> Due:
    """For whom rows of `table` whose `column` is one of `states` are due, and when the next ones will be."""
    each = " UNION ALL ".join(_EARLIEST.format(table=table, column=column, state=state) for state in states)
    rows = await store.rows(f"SELECT slug, due_at FROM ({each}) AS earliest WHERE due_at IS NOT NULL ORDER BY due_at")
    limit = stamp(now)
    managers = tuple(dict.fromkeys(slug for slug, due_at in rows if due_at <= limit))
    later = next((due_at for slug, due_at in rows if slug not in managers), None)
    return Due(managers=managers, next_at=None if later is None else datetime.fromisoformat(later))


async def take(work: Work, kind: type[Row], waits: Any, lease: Lease, most: int) -> Sequence[Row]:
    """Take at most `most` rows that are due and of which `waits` holds, the oldest first."""
    found = select(kind).where(waits, col(kind.due_at) <= lease.begins).order_by(col(kind.due_at), col(kind.id))
    rows = (await work.exec(found.limit(most).with_for_update(skip_locked=True))).all()
    for row in rows:
        row.leased_by, row.due_at, row.tries = lease.worker, lease.ends, row.tries + 1
    return rows


async def still(work: Work, kind: type[Row], id: str, worker: str) -> Row | None:
    """The row of this id, held, if it is still in the hands of `worker`."""
    ours = (col(kind.id) == id, col(kind.leased_by) == worker)
    return (await work.exec(select(kind).where(*ours).with_for_update())).first()


def pause(tries: int) -> timedelta:
    """How long something waits after so many tries: ten seconds, then twice as long each time, ten minutes at most."""
    return min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** min(tries - 1, 10))
