"""Generating a batch: a worker takes it under a lease, and writes its people down part by part.

How far it has come is written with each part, in one transaction: whoever takes over begins exactly there.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

import msgspec
from sqlmodel import col, delete, select

from ventanilla.auth.access_batches import AccessBatchState, BatchPlan
from ventanilla.backoffice_adapters.contract import Position
from ventanilla.backoffice_adapters.records import Record
from ventanilla.store.due import Due
from ventanilla.store.store import Store
from ventanilla.store.tables import AccessBatchRow as Row
from ventanilla.store.tables import AccessInvitationRow
from ventanilla.store.tenancy import Work


class Place(Record):
    """How far generating has come: at which office, and after whom there."""

    office: str
    after: Position | None = None


class TakenBatch(Record):
    """A batch that a worker has taken."""

    id: str
    leased_by: str
    plan: BatchPlan
    place: Place | None
    """None: nowhere yet."""


_DUE: Final = f"""
SELECT manager, MIN(due_at) FROM access_batch WHERE state = '{AccessBatchState.GENERATING}' GROUP BY manager
ORDER BY 2
"""


async def due_managers(store: Store, now: datetime) -> Due:
    """Whose batches are to be generated, and when the next ones will be."""
    found = [(slug, datetime.fromisoformat(due_at)) for slug, due_at in await store.rows(_DUE)]
    return Due(
        managers=tuple(slug for slug, due_at in found if due_at <= now),
        next_at=next((due_at for _, due_at in found if due_at > now), None),
    )


async def take(work: Work, now: datetime, worker: str, lease: timedelta) -> TakenBatch | None:
    """Take a batch that is to be generated; until `lease` is over nobody else takes it. None where there is none."""
    due = (col(Row.state) == AccessBatchState.GENERATING.value, col(Row.due_at) <= now)
    oldest = select(Row).where(*due).order_by(col(Row.due_at)).limit(1).with_for_update(skip_locked=True)
    row = (await work.exec(oldest)).first()
    if row is None:
        return None
    row.leased_by, row.due_at = worker, now + lease
    return TakenBatch(
        id=row.id,
        leased_by=worker,
        plan=msgspec.json.decode(row.asked, type=BatchPlan),
        place=msgspec.json.decode(row.position, type=Place) if row.position else None,
    )


async def still(work: Work, taken: TakenBatch) -> Row | None:
    """The row of a batch that is yet the worker's, held; None for one that was cancelled, or that another has."""
    ours = (col(Row.id) == taken.id, col(Row.leased_by) == taken.leased_by)
    generating = col(Row.state) == AccessBatchState.GENERATING.value
    return (await work.exec(select(Row).where(*ours, generating).with_for_update())).first()


def go_on(row: Row, place: Place, until: datetime) -> None:
    """Keep how far a held batch has come; the lease lasts `until` then."""
    row.position, row.due_at = msgspec.json.encode(place).decode(), until


def finish(row: Row, now: datetime) -> None:
    """Say that a held batch is whole, and ready to be sent."""
    row.state, row.generated_at = AccessBatchState.GENERATED.value, now
    row.position = row.leased_by = None


async def fail(work: Work, row: Row, problem: str) -> None:
    """Say that a held batch cannot be generated, and why; what there was of it goes."""
    await work.exec(delete(AccessInvitationRow).where(col(AccessInvitationRow.batch_id) == row.id))
    row.state, row.problem = AccessBatchState.FAILED.value, problem
    row.position = row.leased_by = None


async def give_back(work: Work, taken: TakenBatch, now: datetime) -> None:
    """Let another worker go on at once."""
    if row := await still(work, taken):
        row.leased_by, row.due_at = None, now
