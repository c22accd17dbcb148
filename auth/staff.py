"""Who works for a manager, and who may come in at all: decided by its admins, or by the operator.

A manager that has an admin keeps one: of two who take the role from each other at once, one is too late.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlmodel import col, select

from ventanilla.auth import clients, sessions
from ventanilla.auth.actor import StaffRole
from ventanilla.auth.audit import AuditKind, note
from ventanilla.auth.people import held
from ventanilla.store.tables import PersonRow, is_id
from ventanilla.store.tenancy import Work


class NotDone(StrEnum):
    """Why nothing was changed."""

    NOT_FOUND = "NOT_FOUND"
    ONESELF = "ONESELF"
    """Nobody shuts themselves out."""
    LAST_ADMIN = "LAST_ADMIN"
    NO_ADMIN = "NO_ADMIN"
    """Who asks decides about access no more: somebody was quicker."""


async def set_role(
    work: Work, person_id: str, role: StaffRole | None, *, by: str | None, now: datetime
) -> NotDone | None:
    """Let a person work for the manager as `role`, or not at all; why not, else. `by` is None for the operator."""
    person = await _changeable(work, person_id, by, keeps=role is StaffRole.STAFF_ADMIN)
    if isinstance(person, NotDone):
        return person
    if person.staff_role != role:
        told = {"role": role.value} if role else {}
        person.staff_role = role.value if role else None
        await note(work, AuditKind.STAFF_ROLE_SET, now, actor_id=by, person_id=person_id, told=told)
    return None


async def disable(work: Work, person_id: str, *, by: str | None, now: datetime) -> NotDone | None:
    """Let a person in no more, and end their sessions and what programs may do for them; why not, else."""
    person = await _changeable(work, person_id, by, keeps=False)
    if isinstance(person, NotDone):
        return person
    if person.disabled_at is None:
        person.disabled_at = now
        await note(work, AuditKind.PERSON_DISABLED, now, actor_id=by, person_id=person_id)
    await _shut(work, person_id, now)
    return None


async def enable(work: Work, person_id: str, *, by: str | None, now: datetime) -> NotDone | None:
    """Let a person in again, by signing in anew; why not, else."""
    person = await _changeable(work, person_id, by, keeps=True)
    if isinstance(person, NotDone):
        return person
    if person.disabled_at is not None:
        person.disabled_at = None
        await note(work, AuditKind.PERSON_ENABLED, now, actor_id=by, person_id=person_id)
        # Whoever was signing in while the door was shut may have left a session that was good for nothing until now.
        await _shut(work, person_id, now)
    return None


async def _shut(work: Work, person_id: str, now: datetime) -> None:
    """End whatever lets a person in, or a program for them."""
    await sessions.end_all(work, person_id)
    await clients.end_tokens(work, person_id, now=now)


async def _changeable(work: Work, person_id: str, by: str | None, *, keeps: bool) -> PersonRow | NotDone:
    """The person, whom nobody else changes until `work` ends; `keeps` is whether an admin stays one."""
    # All admins are held before one of them is changed, by everybody in the same order: so each change sees the last.
    active = (col(PersonRow.staff_role) == StaffRole.STAFF_ADMIN.value, col(PersonRow.disabled_at).is_(None))
    ordered = select(PersonRow).where(*active).order_by(col(PersonRow.id)).with_for_update()
    admins = {row.id for row in (await work.exec(ordered)).all()}
    if by is not None and by not in admins:
        return NotDone.NO_ADMIN
    if person_id == by:
        return NotDone.ONESELF
    if admins == {person_id} and not keeps:
        return NotDone.LAST_ADMIN
    return (await held(work, person_id) if is_id(person_id) else None) or NotDone.NOT_FOUND
