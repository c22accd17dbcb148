"""Mandates: as what somebody acts at a manager for a while, and for whom."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum
from uuid import uuid4

from sqlmodel import col, select, update

from ventanilla.backoffice_adapters.records import Record
from ventanilla.store.store import Store
from ventanilla.store.tables import MandateRow as Row
from ventanilla.store.tenancy import Work


class MandateRole(StrEnum):
    """As what somebody acts."""

    BOARD_MEMBER = "BOARD_MEMBER"
    """For the owners of one community."""
    SUPPLIER = "SUPPLIER"
    """For a party that supplies the manager."""


class Mandate(Record):
    """One thing that somebody may act as. Days are local to the manager; both are among those of the mandate."""

    id: str
    role: MandateRole
    office: str
    subject_key: str
    """The community's key at that office, of a board member; the party's, of a supplier."""
    subject_name: str
    starts_on: date
    ends_on: date | None = None

    def holds(self, today: date) -> bool:
        """Whether it is in force on that day."""
        return self.starts_on <= today and (self.ends_on is None or today <= self.ends_on)


async def grant(work: Work, person_id: str, mandate: Mandate, now: datetime) -> str:
    """Let a person act under a mandate, whose `id` is chosen here; that of the same first day is changed instead."""
    same = (
        col(Row.person_id) == person_id,
        col(Row.role) == mandate.role.value,
        col(Row.office) == mandate.office,
        col(Row.subject_key) == mandate.subject_key,
        col(Row.starts_on) == mandate.starts_on.isoformat(),
    )
    row = (await work.exec(select(Row).where(*same).with_for_update())).first()
    if row is None:
        row = Row(
            id=uuid4().hex,
            person_id=person_id,
            role=mandate.role.value,
            office=mandate.office,
            subject_key=mandate.subject_key,
            subject_name=mandate.subject_name,
            starts_on=mandate.starts_on.isoformat(),
            created_at=now,
        )
        work.add(row)
    row.subject_name, row.ends_on = mandate.subject_name, mandate.ends_on.isoformat() if mandate.ends_on else None
    await work.flush()
    return row.id


async def end(work: Work, mandate_id: str, last_day: date) -> bool:
    """Let a mandate end with that day; False if there is none of that id. Nothing of it is forgotten."""
    ended = update(Row).where(col(Row.id) == mandate_id).values(ends_on=last_day.isoformat())
    return bool((await work.exec(ended)).rowcount)


async def held(work: Work, mandate_id: str) -> tuple[str, Mandate] | None:
    """The mandate of that id and whose it is, which nobody else changes until `work` ends; None if there is none."""
    row = (await work.exec(select(Row).where(col(Row.id) == mandate_id).with_for_update())).first()
    if row is None:
        return None
    told = (row.id, row.role, row.office, row.subject_key, row.subject_name, row.starts_on, row.ends_on)
    return row.person_id, _mandate(told)


async def of_people(store: Store, manager: str, people: Sequence[str]) -> list[tuple[Mandate, ...]]:
    """All mandates of each person, in force or not, oldest first."""
    rows = await store.rows(_MANDATES, [manager, list(set(people))]) if people else []
    found: dict[str, list[Mandate]] = {person: [] for person in people}
    for person_id, *row in rows:
        found[person_id].append(_mandate(row))
    return [tuple(found[person]) for person in people]


_MANDATES = """
SELECT person_id, id, role, office, subject_key, subject_name, starts_on, ends_on FROM mandate
WHERE manager = $1 AND person_id IN $2[] ORDER BY starts_on, id
"""


def _mandate(row: Sequence[str | None]) -> Mandate:
    mandate_id, role, office, key, name, starts_on, ends_on = (text or "" for text in row)
    return Mandate(
        id=mandate_id,
        role=MandateRole(role),
        office=office,
        subject_key=key,
        subject_name=name,
        starts_on=date.fromisoformat(starts_on),
        ends_on=date.fromisoformat(ends_on) if ends_on else None,
    )
