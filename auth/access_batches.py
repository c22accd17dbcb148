"""Batches: access for many people at once, as it was asked for, and how far each batch has come.

Generating and sending are steps of their own. Whether letters have left is told by the letters alone: a batch is SENT
once none of its letters is open.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import Final
from uuid import uuid4

import msgspec
from sqlmodel import col, delete, select

from ventanilla.auth.access_audiences import AccessAudience, FilterMode
from ventanilla.auth.audit import AuditKind, note
from ventanilla.backoffice_adapters.contract import ListOrder, Position, Window
from ventanilla.backoffice_adapters.database import Argument, Row, stamp
from ventanilla.backoffice_adapters.records import Record, Slice
from ventanilla.store.letters import LetterState
from ventanilla.store.manager import Credential, UserName
from ventanilla.store.store import Store
from ventanilla.store.tables import AccessBatchRow, LetterRow, ManagerRow
from ventanilla.store.tenancy import Work

KEPT: Final = timedelta(days=180)
"""How long a batch is kept, with its people and their letters."""
OPEN: Final = (LetterState.PENDING.value, LetterState.SENDING.value)
"""States of a letter that may yet leave."""


class AccessBatchState(StrEnum):
    """How far a batch has come."""

    GENERATING = "GENERATING"
    GENERATED = "GENERATED"
    """Ready to be sent."""
    FAILED = "FAILED"
    """It could not be generated: `problem` says why, and nothing of it is left."""
    SENDING = "SENDING"
    SENT = "SENT"
    """None of its letters is open any more. Never stored: the letters tell it."""
    CANCELLED = "CANCELLED"


class NotCreated(StrEnum):
    """Why there is no new batch."""

    ALREADY_RUNNING = "ALREADY_RUNNING"
    """Another one is being generated, or has letters that wait."""
    IDEMPOTENCY_CONFLICT = "IDEMPOTENCY_CONFLICT"
    """The key was used for something else."""


class BatchPlan(Record):
    """What was asked for, and what held at the manager when it was."""

    audience: AccessAudience
    filter_mode: FilterMode
    parties: tuple[tuple[str, str], ...]
    """The office and the key of each party that was picked, sorted."""
    credential: Credential
    user_name: UserName
    batch_size: int
    interval_s: int

    def asks_the_same(self, other: BatchPlan) -> bool:
        """Whether both ask for the same, whatever the pace."""
        return _asked(self) == _asked(other)


def _asked(plan: BatchPlan) -> tuple[object, ...]:
    return plan.audience, plan.filter_mode, plan.parties, plan.credential


class BatchCounts(Record):
    """How many people of a batch are in each state."""

    pending: int = 0
    sending: int = 0
    sent: int = 0
    failed: int = 0
    cancelled: int = 0
    skipped: int = 0
    accepted: int = 0

    @property
    def total(self) -> int:
        """All of them."""
        return sum(getattr(self, name) for name in self.__struct_fields__)


class AccessBatch(Record):
    """A batch as it stands."""

    id: str
    state: AccessBatchState
    plan: BatchPlan
    problem: str | None
    created_by: str | None
    """How who asked for it is called now; None where nobody knows any more."""
    created_at: datetime
    generated_at: datetime | None
    sending_at: datetime | None
    cancelled_at: datetime | None
    next_run_at: datetime | None
    """When the next letters leave."""
    counts: BatchCounts


class BatchOrder(ListOrder):
    """How batches are sorted: there is one way, so nobody is asked."""

    CREATED_AT_DESC = "CREATED_AT_DESC"


async def create(work: Work, plan: BatchPlan, *, created_by: str, key: str, now: datetime) -> str | NotCreated:
    """Ask for a batch under the client's `key`: its id; the same key gives the same batch."""
    await alone(work)
    if known := await asked_before(work, plan, created_by=created_by, key=key):
        return known
    if await is_running(work):
        return NotCreated.ALREADY_RUNNING
    row = AccessBatchRow(
        id=uuid4().hex,
        created_by=created_by,
        idempotency_key=_digest(key),
        asked=msgspec.json.encode(plan).decode(),
        state=AccessBatchState.GENERATING.value,
        due_at=now,
        created_at=now,
    )
    work.add(row)
    await work.flush()
    await note(work, AuditKind.ACCESS_GENERATED, now, actor_id=created_by, told={"batch": row.id})
    return row.id


async def asked_before(work: Work, plan: BatchPlan, *, created_by: str, key: str) -> str | NotCreated | None:
    """The batch that was asked for under this key; None where it is new."""
    ours = (col(AccessBatchRow.created_by) == created_by, col(AccessBatchRow.idempotency_key) == _digest(key))
    known = (await work.exec(select(AccessBatchRow).where(*ours))).first()
    if known is None:
        return None
    same = msgspec.json.decode(known.asked, type=BatchPlan).asks_the_same(plan)
    return known.id if same else NotCreated.IDEMPOTENCY_CONFLICT


async def alone(work: Work) -> None:
    """Let nobody else begin or send a batch at this manager meanwhile."""
    await work.exec(select(ManagerRow.slug).where(col(ManagerRow.slug) == work.manager).with_for_update())


async def is_running(work: Work, but: str = "") -> bool:
    """Whether a batch, other than `but`, is being generated or has letters that may yet leave."""
    generating = (col(AccessBatchRow.state) == AccessBatchState.GENERATING.value, col(AccessBatchRow.id) != but)
    if (await work.exec(select(AccessBatchRow.id).where(*generating).limit(1))).first():
        return True
    ours = (col(LetterRow.batch_id).is_not(None), col(LetterRow.batch_id) != but, col(LetterRow.state).in_(OPEN))
    return (await work.exec(select(LetterRow.id).where(*ours).limit(1))).first() is not None


async def held(work: Work, batch_id: str) -> AccessBatchRow | None:
    """The row of a batch that nobody else changes until `work` ends; None if the manager has none of that id."""
    found = select(AccessBatchRow).where(col(AccessBatchRow.id) == batch_id)
    return (await work.exec(found.with_for_update())).first()


def _digest(key: str) -> str:
    return sha256(key.encode(errors="surrogatepass")).hexdigest()


async def sweepable(store: Store, now: datetime) -> list[str]:
    """Slugs of the managers that have batches to be forgotten."""
    rows = await store.rows("SELECT DISTINCT manager FROM access_batch WHERE created_at <= $1", [stamp(now - KEPT)])
    return [slug for (slug,) in rows]


async def sweep(work: Work, now: datetime) -> int:
    """Forget the manager's batches of long ago, with all that hangs on them; how many there were."""
    old = col(AccessBatchRow.created_at) <= now - KEPT
    ids = (await work.exec(select(AccessBatchRow.id).where(old))).all()
    await work.exec(delete(LetterRow).where(col(LetterRow.batch_id).in_(ids)))
    return (await work.exec(delete(AccessBatchRow).where(col(AccessBatchRow.id).in_(ids)))).rowcount


async def find(store: Store, manager: str, ids: Sequence[str]) -> list[AccessBatch | None]:
    """The batches of these ids; None where the manager has no such batch."""
    rows = await store.rows(_BATCHES.format(which="batch.id IN $2[]", rest=""), [manager, list(set(ids))])
    found = {batch.id: batch for batch in await _told(store, manager, rows)}
    return [found.get(each) for each in ids]


async def listed(store: Store, manager: str, order: BatchOrder, view: Window) -> Slice[AccessBatch]:
    """A part of a manager's batches; how many there are in all where `view` counts."""
    if view.count:
        ((count,),) = await store.rows("SELECT COUNT(*) FROM access_batch WHERE manager = $1", [manager])
        return Slice(items=(), more=False, count=count)
    down = order.descending != view.backwards
    than, way = ("<", "DESC") if down else (">", "ASC")
    beyond = f"(batch.created_at, batch.id) {than} ($2, $3)" if view.start else "1 = 1"
    arguments: list[Argument] = [manager, *((view.start.value, view.start.key) if view.start else ()), view.limit + 1]
    rest = f"ORDER BY batch.created_at {way}, batch.id {way} LIMIT ${len(arguments)}"
    rows = await store.rows(_BATCHES.format(which=beyond, rest=rest), arguments)
    items = await _told(store, manager, rows[: view.limit])
    return Slice(items=tuple(reversed(items) if view.backwards else items), more=len(rows) > view.limit)


def position(_order: BatchOrder, batch: AccessBatch) -> Position:
    """Where a batch stands in the list."""
    return Position(value=stamp(batch.created_at), key=batch.id)


STATE_OF_INVITATION: Final = """
CASE WHEN invitation.accepted_at IS NOT NULL THEN 'ACCEPTED'
     WHEN invitation.state = 'SKIPPED' THEN 'SKIPPED'
     WHEN letter.state IS NOT NULL THEN letter.state
     WHEN batch.cancelled_at IS NOT NULL OR batch.sending_at IS NOT NULL THEN 'CANCELLED'
     ELSE 'PENDING' END
"""
"""How one person of a batch fares, in SQL. The letter of who was erased goes with them."""
OF_INVITATIONS: Final = """
FROM access_invitation invitation
JOIN access_batch batch ON batch.manager = invitation.manager AND batch.id = invitation.batch_id
LEFT JOIN letter ON letter.id = invitation.letter_id AND letter.manager = invitation.manager
"""
_BATCHES: Final = """
SELECT batch.id, batch.state, batch.asked, batch.problem, person.given_name, person.family_name,
       batch.created_at, batch.generated_at, batch.sending_at, batch.cancelled_at
FROM access_batch batch
LEFT JOIN person ON person.manager = batch.manager AND person.id = batch.created_by
WHERE batch.manager = $1 AND {which} {rest}
"""
_COUNTS: Final = f"""
SELECT invitation.batch_id, {STATE_OF_INVITATION}, COUNT(*),
       MIN(CASE letter.state WHEN 'PENDING' THEN letter.due_at END)
{OF_INVITATIONS}
WHERE invitation.manager = $1 AND invitation.batch_id IN $2[]
GROUP BY 1, 2
"""


async def _told(store: Store, manager: str, rows: Sequence[Row]) -> list[AccessBatch]:
    counted = await store.rows(_COUNTS, [manager, [row[0] for row in rows]]) if rows else []
    counts: dict[str, dict[str, int]] = {}
    due: dict[str, str] = {}
    for batch_id, state, number, due_at in counted:
        counts.setdefault(batch_id, {})[state.lower()] = number
        if due_at is not None:
            due[batch_id] = due_at
    return [_batch(row, counts.get(row[0], {}), due.get(row[0])) for row in rows]


def _batch(row: Row, counts: Mapping[str, int], due: str | None) -> AccessBatch:
    batch_id, state, asked, problem, given_name, family_name, *moments = row
    created_at, generated_at, sending_at, cancelled_at = (each and datetime.fromisoformat(each) for each in moments)
    return AccessBatch(
        id=batch_id,
        state=_state(AccessBatchState(state), counts),
        plan=msgspec.json.decode(asked, type=BatchPlan),
        problem=problem,
        created_by=f"{given_name} {family_name}".strip() if given_name is not None else None,
        created_at=created_at,
        generated_at=generated_at,
        sending_at=sending_at,
        cancelled_at=cancelled_at,
        next_run_at=datetime.fromisoformat(due) if due else None,
        counts=BatchCounts(**counts),
    )


def _state(stored: AccessBatchState, counts: Mapping[str, int]) -> AccessBatchState:
    is_over = not (counts.get("pending") or counts.get("sending"))
    return AccessBatchState.SENT if stored is AccessBatchState.SENDING and is_over else stored
