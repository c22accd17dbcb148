"""Invitations: each person of a batch, written down part by part, and how they fare."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import uuid4

import msgspec
from sqlmodel import col, select

from ventanilla.auth.access_batches import OF_INVITATIONS, STATE_OF_INVITATION
from ventanilla.auth.access_invitees import InvitationProblem, Invitee
from ventanilla.backoffice_adapters.contract import ListOrder, Position, Window
from ventanilla.backoffice_adapters.database import Argument, Row, stamp
from ventanilla.backoffice_adapters.records import Record, Slice
from ventanilla.store.store import Store
from ventanilla.store.tables import AccessInvitationRow
from ventanilla.store.tenancy import Work

INVITED: Final = "INVITED"
"""What the column of somebody says whom a letter is for; SKIPPED of others. The rest is told by the letter."""
SKIPPED: Final = "SKIPPED"


class InvitationState(StrEnum):
    """How one person of a batch fares."""

    PENDING = "PENDING"
    SENDING = "SENDING"
    SENT = "SENT"
    FAILED = "FAILED"
    CANCELLED = "CANCELLED"
    SKIPPED = "SKIPPED"
    ACCEPTED = "ACCEPTED"


class InvitationOrder(ListOrder):
    """How the people of a batch are sorted: there is one way, so nobody is asked."""

    NAME_ASC = "NAME_ASC"


class InvitationFilter(Record):
    """Which people of a batch are wanted."""

    states: tuple[InvitationState, ...] = ()
    """Empty for all."""


class Invitation(Record):
    """One person of a batch, as they stand."""

    id: str
    name: str
    email: str | None
    user_name: str | None
    state: InvitationState
    problem: InvitationProblem | None
    due_at: datetime | None
    """When their letter leaves, or is tried again; of one that has ended, when it did."""
    tries: int
    failure: str | None
    failure_code: str | None
    accepted_at: datetime | None


async def write(work: Work, batch_id: str, invitees: Sequence[Invitee]) -> None:
    """Write a part of a batch down. Who stands in it already is left out; who shares with another is skipped."""
    there, emails, documents = await _taken(work, batch_id, invitees)
    for each in invitees:
        if (each.office, each.party_key) in there:
            continue
        there.add((each.office, each.party_key))
        problem = each.problem or _shared(each, emails, documents)
        if problem is None:
            emails.add(each.email)
            documents |= {each.user_name} - {None}
        work.add(_row(batch_id, each, problem))
    await work.flush()


async def _taken(
    work: Work, batch_id: str, invitees: Sequence[Invitee]
) -> tuple[set[tuple[str, str]], set[str | None], set[str | None]]:
    """Of these people: who stands in the batch, and which of their addresses and user names letters go to already."""
    ours, invited = col(AccessInvitationRow.batch_id) == batch_id, col(AccessInvitationRow.state) == INVITED
    keys = select(AccessInvitationRow.office, AccessInvitationRow.party_key).where(
        ours, col(AccessInvitationRow.party_key).in_([e.party_key for e in invitees])
    )
    emails = select(AccessInvitationRow.email).where(
        ours, invited, col(AccessInvitationRow.email).in_({e.email for e in invitees} - {None})
    )
    names = select(AccessInvitationRow.user_name).where(
        ours, invited, col(AccessInvitationRow.user_name).in_({e.user_name for e in invitees} - {None})
    )
    return (
        {(office, key) for office, key in (await work.exec(keys)).all()},
        set((await work.exec(emails)).all()),
        set((await work.exec(names)).all()),
    )


def _shared(invitee: Invitee, emails: set[str | None], documents: set[str | None]) -> InvitationProblem | None:
    if invitee.user_name in documents:
        return InvitationProblem.DUPLICATE_DOCUMENT
    return InvitationProblem.SHARED_EMAIL if invitee.email in emails else None


def _row(batch_id: str, invitee: Invitee, problem: InvitationProblem | None) -> AccessInvitationRow:
    return AccessInvitationRow(
        id=uuid4().hex,
        batch_id=batch_id,
        office=invitee.office,
        party_key=invitee.party_key,
        name=invitee.name,
        email=invitee.email,
        user_name=invitee.user_name,
        standings=msgspec.json.encode(invitee.grant).decode(),
        state=SKIPPED if problem else INVITED,
        problem=problem and problem.value,
        letter_id=None if problem else uuid4().hex,
        challenge_id=None if problem else uuid4().hex,
    )


_LIVING: Final = f"""
SELECT DISTINCT invitation.office, invitation.party_key {OF_INVITATIONS}
JOIN challenge ON challenge.id = invitation.challenge_id AND challenge.manager = invitation.manager
WHERE invitation.manager = $1 AND invitation.party_key IN $2[] AND invitation.accepted_at IS NULL
  AND letter.state IN ('PENDING', 'SENDING', 'SENT') AND challenge.replaced_at IS NULL AND challenge.expires_at > $3
"""


async def invited(store: Store, manager: str, keys: Iterable[str], now: datetime) -> set[tuple[str, str]]:
    """Of the parties of these keys, the office and the key of those with an invitation that they can still follow."""
    asked = sorted(set(keys))
    rows = await store.rows(_LIVING, [manager, asked, stamp(now)]) if asked else []
    return {(office, key) for office, key in rows}


_LISTED: Final = f"""
SELECT * FROM (
    SELECT invitation.id AS id, invitation.name AS name, invitation.email, invitation.user_name,
           {STATE_OF_INVITATION} AS state, invitation.problem, letter.due_at, COALESCE(letter.tries, 0),
           letter.failure, letter.failure_code, invitation.accepted_at
    {OF_INVITATIONS} WHERE invitation.manager = $1 AND invitation.batch_id = $2
) AS told WHERE {{which}}
"""


async def listed(store: Store, manager: str, batch_id: str, where: InvitationFilter, view: Window) -> Slice[Invitation]:
    """A part of the people of a batch; how many there are in all where `view` counts."""
    conditions, arguments = _chosen(manager, batch_id, where.states)
    if view.count:
        sql = f"SELECT COUNT(*) FROM ({_LISTED.format(which=' AND '.join(conditions))}) AS counted"
        return Slice(items=(), more=False, count=(await store.rows(sql, arguments))[0][0])
    than, way = ("<", "DESC") if view.backwards else (">", "ASC")
    if view.start:
        arguments += [view.start.value, view.start.key]
        conditions.append(f"(name, id) {than} (${len(arguments) - 1}, ${len(arguments)})")
    sql = _LISTED.format(which=" AND ".join(conditions))
    sql += f" ORDER BY name {way}, id {way} LIMIT ${len(arguments) + 1}"
    rows = await store.rows(sql, [*arguments, view.limit + 1])
    items = [_invitation(row) for row in rows[: view.limit]]
    return Slice(items=tuple(reversed(items) if view.backwards else items), more=len(rows) > view.limit)


def position(_order: InvitationOrder, invitation: Invitation) -> Position:
    """Where somebody stands in the list of a batch."""
    return Position(value=invitation.name, key=invitation.id)


def _chosen(manager: str, batch_id: str, states: Sequence[InvitationState]) -> tuple[list[str], list[Argument]]:
    if not states:
        return ["1 = 1"], [manager, batch_id]
    return ["state IN $3[]"], [manager, batch_id, [state.value for state in states]]


def _invitation(row: Row) -> Invitation:
    invitation_id, name, email, user_name, state, problem, due_at, tries, failure, code, accepted_at = row
    return Invitation(
        id=invitation_id,
        name=name,
        email=email,
        user_name=user_name,
        state=InvitationState(state),
        problem=InvitationProblem(problem) if problem else None,
        due_at=datetime.fromisoformat(due_at) if due_at else None,
        tries=tries,
        failure=failure,
        failure_code=code,
        accepted_at=datetime.fromisoformat(accepted_at) if accepted_at else None,
    )
