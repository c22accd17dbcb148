"""Sending a batch: all its letters are posted at once, due lot by lot; cancelled, and tried again.

Pace, leases, repeats and what becomes of a letter are the letter worker's, as with any other letter.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, TypeVar

import msgspec
from sqlmodel import SQLModel, col, func, insert, select, update

from ventanilla.auth import challenges
from ventanilla.auth.access_batches import AccessBatchState, BatchPlan, alone, held, is_running
from ventanilla.auth.access_invitations import INVITED
from ventanilla.auth.audit import AuditKind, note
from ventanilla.auth.caller import Caller
from ventanilla.auth.challenges import Kind
from ventanilla.store.letters import Cancelled, LetterKind, LetterState, NewLetter, cancel, retry, row_of
from ventanilla.store.manager import Credential, Manager
from ventanilla.store.tables import AccessBatchRow, ChallengeRow, LetterRow, PersonRow
from ventanilla.store.tables import AccessInvitationRow as Row
from ventanilla.store.tenancy import Work

T = TypeVar("T")
_TOGETHER: Final = 500
"""How many letters are written down before others get a turn in this process."""
_DAY: Final = timedelta(days=1)


class NotSent(StrEnum):
    """Why a batch is not sent, cancelled or tried again."""

    NOT_FOUND = "NOT_FOUND"
    NOT_GENERATED = "NOT_GENERATED"
    ALREADY_SENT = "ALREADY_SENT"
    CANCELLED = "CANCELLED"
    NOBODY_INVITED = "NOBODY_INVITED"
    """Nobody of the batch can be sent anything."""
    ALREADY_RUNNING = "ALREADY_RUNNING"
    """Another batch is being generated, or has letters that wait."""
    NOTHING_PENDING = "NOTHING_PENDING"
    NOTHING_FAILED = "NOTHING_FAILED"


_NOT_NOW: Final[Mapping[str, NotSent]] = {
    AccessBatchState.GENERATING.value: NotSent.NOT_GENERATED,
    AccessBatchState.FAILED.value: NotSent.NOT_GENERATED,
    AccessBatchState.SENDING.value: NotSent.ALREADY_SENT,
    AccessBatchState.CANCELLED.value: NotSent.CANCELLED,
}


async def send(
    work: Work, manager: Manager, batch_id: str, *, actor_id: str, caller: Caller, now: datetime
) -> int | NotSent:
    """Post the letters of a batch that is ready; how many, or why not. Their links lead to where `caller` asks."""
    await alone(work)
    batch = await held(work, batch_id)
    if batch is None:
        return NotSent.NOT_FOUND
    if batch.state in _NOT_NOW:
        return _NOT_NOW[batch.state]
    if await is_running(work, but=batch_id):
        return NotSent.ALREADY_RUNNING
    ours = select(Row).where(col(Row.batch_id) == batch_id, col(Row.state) == INVITED)
    people = (await work.exec(ours.order_by(col(Row.name), col(Row.id)))).all()
    if not people:
        return NotSent.NOBODY_INVITED
    batch.state, batch.sending_at = AccessBatchState.SENDING.value, now
    await _withdraw(work, batch_id, people, now)
    await _post(work, manager, batch, people, caller=caller, now=now)
    await note(
        work, AuditKind.ACCESS_SENT, now, actor_id=actor_id, told={"batch": batch_id, "people": str(len(people))}
    )
    return len(people)


async def _withdraw(work: Work, batch_id: str, people: Sequence[Row], now: datetime) -> None:
    """Let what the same people were sent before, and have not followed, be good no longer; nor another's password."""
    named = {(each.office, each.party_key) for each in people}
    for part in _lots(people, _TOGETHER):
        keys = col(Row.party_key).in_([each.party_key for each in part])
        others = (col(Row.batch_id) != batch_id, col(Row.accepted_at).is_(None), col(Row.challenge_id).is_not(None))
        found = (await work.exec(select(Row.challenge_id, Row.office, Row.party_key).where(keys, *others))).all()
        older = col(ChallengeRow.id).in_([challenge for challenge, *party in found if tuple(party) in named])
        password = col(ChallengeRow.kind) == Kind.ACCESS_PASSWORD.value
        same_name = password & col(ChallengeRow.email).in_([each.email for each in part])
        open_ = (col(ChallengeRow.used_at).is_(None), col(ChallengeRow.replaced_at).is_(None))
        await work.exec(update(ChallengeRow).where(older | same_name, *open_).values(replaced_at=now))


async def _post(
    work: Work, manager: Manager, batch: AccessBatchRow, people: Sequence[Row], *, caller: Caller, now: datetime
) -> None:
    plan = msgspec.json.decode(batch.asked, type=BatchPlan)
    known = await _known(work, people) if plan.credential is Credential.MAILED_PASSWORD else set[str]()
    valid = timedelta(hours=manager.mass_access.valid_hours)
    for start, part in zip(range(0, len(people), _TOGETHER), _lots(people, _TOGETHER), strict=True):
        challenged: list[SQLModel] = []
        letters: list[SQLModel] = []
        for number, each in enumerate(part, start):
            due = now + timedelta(seconds=number // plan.batch_size * plan.interval_s)
            # Who is here has a password of their own: the link adds what is new without touching it.
            by_link = plan.credential is Credential.ACTIVATION_LINK or each.email in known
            kind = Kind.ACCESS_LINK if by_link else Kind.ACCESS_PASSWORD
            proof = challenges.row_of(kind, each.challenge_id or "", email=each.email or "", at=due, until=due + valid)
            challenged.append(proof)
            letters.append(row_of(_letter(manager, each, kind, valid, caller), each.letter_id or "", due))
        await _insert(work, challenged)
        await _insert(work, letters)


async def _insert(work: Work, rows: Sequence[SQLModel]) -> None:
    """Add rows of one table at once: many times as quick as one by one."""
    found = [{**row.model_dump(), "manager": work.manager} for row in rows]
    await work.exec(insert(type(rows[0])), params=found)


async def _known(work: Work, people: Sequence[Row]) -> set[str]:
    """Which of their addresses somebody has who can sign in already."""
    found: set[str] = set()
    for part in _lots(people, _TOGETHER):
        emails = select(PersonRow.email).where(col(PersonRow.email).in_([each.email for each in part]))
        found |= set((await work.exec(emails)).all())
    return found


def _letter(manager: Manager, invitation: Row, kind: Kind, valid: timedelta, caller: Caller) -> NewLetter:
    by_password = kind is Kind.ACCESS_PASSWORD
    told = _life(valid)
    if by_password or invitation.user_name:
        told["user"] = invitation.user_name or invitation.email or ""
    return NewLetter(
        kind=LetterKind.ACCESS_PASSWORD if by_password else LetterKind.ACCESS_LINK,
        recipient=invitation.email or "",
        language=manager.languages[0],
        host=caller.host,
        secure=caller.secure,
        name=invitation.name,
        challenge_id=invitation.challenge_id,
        batch_id=invitation.batch_id,
        told=told,
    )


def _life(valid: timedelta) -> dict[str, str]:
    """How long it is good, in the greatest unit that tells it whole."""
    if valid % _DAY or valid < 2 * _DAY:
        return {"hours": str(valid // timedelta(hours=1))}
    return {"days": str(valid // _DAY)}


async def cancel_pending(work: Work, batch_id: str, *, actor_id: str, now: datetime) -> Cancelled | NotSent:
    """Cancel what of a batch has not left: once this is committed nothing of it leaves but what is in flight."""
    batch = await held(work, batch_id)
    if batch is None:
        return NotSent.NOT_FOUND
    if batch.state in (AccessBatchState.GENERATING.value, AccessBatchState.GENERATED.value):
        ours = (col(Row.batch_id) == batch_id, col(Row.state) == INVITED)
        waiting = (await work.exec(select(func.count()).select_from(Row).where(*ours))).one()
        found = Cancelled(cancelled=waiting, in_flight=0)
        batch.position = batch.leased_by = None
    else:
        found = await cancel(work, now, batch=batch_id)
        if not found.cancelled + found.in_flight:
            return NotSent.NOTHING_PENDING
    batch.state, batch.cancelled_at = AccessBatchState.CANCELLED.value, now
    told = {"batch": batch_id, "cancelled": str(found.cancelled), "inFlight": str(found.in_flight)}
    await note(work, AuditKind.ACCESS_CANCELLED, now, actor_id=actor_id, told=told)
    return found


async def retry_failed(work: Work, manager: Manager, batch_id: str, *, actor_id: str, now: datetime) -> int | NotSent:
    """Let the letters of a batch that were given up leave once more, lot by lot; how many, or why not."""
    await alone(work)
    batch = await held(work, batch_id)
    if batch is None:
        return NotSent.NOT_FOUND
    if batch.state != AccessBatchState.SENDING.value:
        return NotSent.CANCELLED if batch.cancelled_at else NotSent.NOTHING_FAILED
    if await is_running(work, but=batch_id):
        return NotSent.ALREADY_RUNNING
    given_up = (col(LetterRow.batch_id) == batch_id, col(LetterRow.state) == LetterState.FAILED.value)
    ids = (await work.exec(select(LetterRow.id, LetterRow.challenge_id).where(*given_up).order_by(LetterRow.id))).all()
    if not ids:
        return NotSent.NOTHING_FAILED
    plan = msgspec.json.decode(batch.asked, type=BatchPlan)
    for number, lot in enumerate(_lots(ids, plan.batch_size)):
        due = now + timedelta(seconds=number * plan.interval_s)
        until = due + timedelta(hours=manager.mass_access.valid_hours)
        proved = update(ChallengeRow).where(col(ChallengeRow.id).in_([challenge for _, challenge in lot]))
        await work.exec(proved.values(created_at=due, expires_at=until))
        await retry(work, due, ids=[letter for letter, _ in lot])
    told = {"batch": batch_id, "people": str(len(ids))}
    await note(work, AuditKind.ACCESS_SENT, now, actor_id=actor_id, told=told)
    return len(ids)


def _lots(items: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    return (items[start : start + size] for start in range(0, len(items), size))
