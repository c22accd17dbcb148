"""Rounds of reconciliation: how far each manager's has come, and which worker goes on with it.

A round goes step by step. Each step keeps its place when it is done, so whoever takes over from a dead worker does one
step again, which changes nothing that it had found before.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import uuid4

import msgspec
from sqlmodel import col, select

from ventanilla.backoffice_adapters.database import stamp
from ventanilla.backoffice_adapters.records import Record
from ventanilla.store.due import Due, Lease
from ventanilla.store.platform_events import INSERT
from ventanilla.store.store import Store
from ventanilla.store.tables import ReconciliationRow as Row
from ventanilla.store.tenancy import Work

# Who has never had a checkout has nothing to compare; a first round is due at once.
_DUE: Final = """
SELECT slug, due_at FROM (
    SELECT slug, COALESCE(
        (SELECT due_at FROM reconciliation WHERE reconciliation.manager = manager.slug),
        CASE WHEN EXISTS (SELECT 1 FROM checkout WHERE checkout.manager = manager.slug) THEN '' END
    ) AS due_at FROM manager
) AS rounds WHERE due_at IS NOT NULL ORDER BY due_at
"""


class Stage(StrEnum):
    """What is compared, in this order."""

    BOOKED = "BOOKED"
    """What we say that offices have booked, with what they have."""
    ACCOUNTS = "ACCOUNTS"
    """What offices have under references of ours, with what we know."""
    PLATFORM = "PLATFORM"
    """What the platform was paid, with what we heard, and the other way round."""
    STRAYS = "STRAYS"
    """Strays that may have come right."""


class Place(Record):
    """How far a round has come."""

    stage: Stage = Stage.BOOKED
    after: tuple[str, ...] = ()
    """Behind what to go on within the stage; empty at its beginning."""

    def next(self) -> Place | None:
        """The beginning of the next stage; None behind the last."""
        stages = [*Stage]
        beyond = stages.index(self.stage) + 1
        return Place(stage=stages[beyond]) if beyond < len(stages) else None


class Round(Record):
    """A step of a round, in a worker's hands."""

    leased_by: str
    place: Place
    begun_at: datetime


async def due_managers(store: Store, now: datetime) -> Due:
    """Whose round is to go on, or to begin, and when the next one will be."""
    rows, limit = await store.rows(_DUE), stamp(now)
    later = next((due_at for _, due_at in rows if due_at > limit), None)
    return Due(
        managers=tuple(slug for slug, due_at in rows if due_at <= limit),
        next_at=None if later is None else datetime.fromisoformat(later),
    )


async def take(work: Work, lease: Lease, *, at_once: bool = False) -> Round | None:
    """Take the next step of a manager's round, if it is due, or nobody has it and it is to be done `at_once`."""
    fresh = {"id": uuid4().hex, "begun_at": lease.begins, "due_at": lease.begins}
    await work.exec(INSERT[work.get_bind().dialect.name](Row).values(**fresh).on_conflict_do_nothing())
    row = (await work.exec(select(Row).with_for_update(skip_locked=True))).first()
    if row is None or (row.due_at > lease.begins and (row.leased_by or not at_once)):
        return None
    if row.place is None:
        row.begun_at = lease.begins
    row.leased_by, row.due_at = lease.worker, lease.ends
    place = msgspec.json.decode(row.place, type=Place) if row.place else Place()
    return Round(leased_by=lease.worker, place=place, begun_at=row.begun_at)


async def still(work: Work, taken: Round) -> Row | None:
    """The row of a round that is yet the worker's, held."""
    return (await work.exec(select(Row).where(col(Row.leased_by) == taken.leased_by).with_for_update())).first()


def keep(row: Row, place: Place, due_at: datetime) -> None:
    """Keep how far a held round has come, and when to go on."""
    row.place, row.leased_by, row.due_at = msgspec.json.encode(place).decode(), None, due_at


def end(row: Row, now: datetime, due_at: datetime) -> None:
    """Say that a held round is over, and when the next one begins."""
    row.place, row.leased_by, row.ended_at, row.due_at = None, None, now, due_at
