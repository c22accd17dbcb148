"""Who of the staff sees the portal as a customer: for a while, with a reason, and the customer can read of it.

It is a mark on the session of who sees; `identify` reads it at each request, and nobody else writes it.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from sqlmodel import col, select

from ventanilla.auth.audit import AuditKind, note
from ventanilla.auth.people import held
from ventanilla.backoffice_adapters.database import stamp
from ventanilla.backoffice_adapters.records import Record
from ventanilla.store.tables import SessionRow, is_id
from ventanilla.store.tenancy import Work

LONGEST_REASON: Final = 300
"""In characters."""


class NotSeen(StrEnum):
    """Why nobody is seen as somebody."""

    NOT_FOUND = "NOT_FOUND"
    """Nobody has that id, or they are disabled, or work for the manager."""
    REASON_REQUIRED = "REASON_REQUIRED"
    """No reason is given, or none that can be shown to the customer."""


class View(Record):
    """Whose session sees as whom, why, and for how long at most."""

    session_id: str
    staff_id: str
    person_id: str
    reason: str
    lasts: timedelta


async def begin(work: Work, view: View, now: datetime) -> NotSeen | None:
    """Let a session see the portal as a customer, who is told of it; why not, else.

    Whoever the session saw until now is seen no more. A session that has ended meanwhile is NOT_FOUND.
    """
    reason = " ".join(view.reason.split())
    if not 0 < len(reason) <= LONGEST_REASON or not reason.isprintable():
        return NotSeen.REASON_REQUIRED
    person = await held(work, view.person_id) if is_id(view.person_id) else None
    session = await _session(work, view.session_id, view.staff_id)
    if person is None or session is None or person.disabled_at is not None or person.staff_role is not None:
        return NotSeen.NOT_FOUND
    await _ended(work, session, now)
    session.sees_person_id, session.sees_until = person.id, min(now + view.lasts, session.expires_at)
    told = {"reason": reason, "until": stamp(session.sees_until)}
    await note(work, AuditKind.SEEN_AS, now, actor_id=view.staff_id, person_id=person.id, told=told)
    return None


async def end(work: Work, session_id: str, staff_id: str, now: datetime) -> bool:
    """Let a session of the staff be its person's again; False if it was already."""
    session = await _session(work, session_id, staff_id)
    return session is not None and await _ended(work, session, now)


async def _session(work: Work, session_id: str, staff_id: str) -> SessionRow | None:
    theirs = (col(SessionRow.id) == session_id, col(SessionRow.person_id) == staff_id)
    return (await work.exec(select(SessionRow).where(*theirs).with_for_update())).first()


async def _ended(work: Work, session: SessionRow, now: datetime) -> bool:
    """End what a session sees, and note it; what ended by its time is noted by that."""
    person_id, until = session.sees_person_id, session.sees_until
    session.sees_person_id = session.sees_until = None
    await work.flush()
    if person_id is None or until is None or until <= now:
        return False
    await note(work, AuditKind.SEEING_ENDED, now, actor_id=session.person_id, person_id=person_id)
    return True
