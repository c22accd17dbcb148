"""Letters in a worker's hands: taken under a lease, and given out of them in one of six ways.

Whoever takes letters does so under a name of its own, and loses them when the lease is over: a worker that died is
missed by nobody. Each change says whether the letter was still the worker's; where it was not, nothing is changed.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any, Final, cast

import msgspec
from sqlalchemy import UpdateBase
from sqlmodel import col, or_, select, update

from ventanilla.backoffice_adapters.records import Record
from ventanilla.store.letters import TAKEN, WAITING, LetterKind, LetterState, ended
from ventanilla.store.tables import LetterRow as Row
from ventanilla.store.tables import ManagerRow
from ventanilla.store.tenancy import Work

_MINUTE: Final = timedelta(minutes=1)


class TakenLetter(Record):
    """A letter that a worker has taken."""

    id: str
    leased_by: str
    kind: LetterKind
    recipient: str
    name: str
    language: str
    host: str
    secure: bool
    challenge_id: str | None
    for_nobody: bool
    told: Mapping[str, str]
    created_at: datetime
    tries: int
    """How often it was taken to be sent, this time included."""

    def __repr__(self) -> str:
        return f"TakenLetter(id={self.id!r}, kind={self.kind!r}, tries={self.tries!r})"


class Room(Record):
    """How many letters of a manager may leave now."""

    free: int
    opens_at: datetime
    """When to look again, where none is free."""


async def room(work: Work, now: datetime, per_minute: int) -> Room:
    """How many letters may be claimed in this unit of work, so that no more than `per_minute` leave in any minute.

    Counted are those that left within the last minute and those that are in a worker's hands. Until `work` ends no
    other worker counts or claims for this manager.
    """
    manager = select(ManagerRow.slug).where(col(ManagerRow.slug) == work.manager)
    await work.exec(manager.with_for_update(key_share=True))  # letters may be posted meanwhile: they refer to it only
    left = (col(Row.state) == LetterState.SENT.value) & (col(Row.due_at) > now - _MINUTE)
    leaving = (col(Row.state) == TAKEN) & (col(Row.due_at) > now)
    counted = sorted(await work.exec(select(Row.due_at).where(or_(left, leaving))))
    if len(counted) < per_minute:
        return Room(free=per_minute - len(counted), opens_at=now)
    return Room(free=0, opens_at=min(counted[len(counted) - per_minute], now) + _MINUTE)


async def claim(work: Work, now: datetime, worker: str, lease: timedelta, most: int) -> list[TakenLetter]:
    """Take at most `most` letters that are due, the oldest first; until `lease` is over nobody else takes them.

    Due are those that wait, and those in the hands of a worker whose lease is over: it may have died. Those that were
    recalled from it end here, though one may have left right before it died.
    """
    lapsed = (col(Row.state) == TAKEN, col(Row.due_at) <= now, col(Row.recalled))
    await work.exec(update(Row).where(*lapsed).values(**ended(LetterState.CANCELLED, now)))
    due = (
        select(Row.id)
        .where(col(Row.manager) == work.manager, col(Row.state).in_((WAITING, TAKEN)), col(Row.due_at) <= now)
        .order_by(col(Row.due_at), col(Row.created_at), col(Row.id))
        .limit(most)
        .with_for_update(skip_locked=True)
        .cte("due")  # read once; a subquery that locks may be read, and lock, again for each row
    )
    values: dict[str, Any] = {"state": TAKEN, "leased_by": worker, "due_at": now + lease, "tries": col(Row.tries) + 1}
    columns: Any = (getattr(Row, name) for name in TakenLetter.__struct_fields__)
    taken: Any = update(Row).where(col(Row.id).in_(select(due.c.id))).values(**values)
    statement: UpdateBase = taken.returning(*columns).execution_options(synchronize_session=False)
    rows = cast("list[dict[str, Any]]", (await work.exec(statement)).mappings().all())
    return sorted((_taken(row) for row in rows), key=lambda letter: (letter.created_at, letter.id))


def _taken(row: dict[str, Any]) -> TakenLetter:
    decoded: dict[str, Any] = {"kind": LetterKind(row["kind"]), "told": msgspec.json.decode(row["told"])}
    return TakenLetter(**{**row, **decoded})


async def renewed(work: Work, letter: TakenLetter, now: datetime, lease: timedelta) -> bool:
    """Begin a letter's lease anew, right before it is sent. One that is the worker's no more must not be sent, nor one
    that was recalled, which ends here."""
    ours = (*_ours([letter]), ~col(Row.recalled))
    if (await work.exec(update(Row).where(*ours).values(due_at=now + lease))).rowcount:
        return True
    await _end_recalled(work, [letter], now)
    return False


async def sent(work: Work, letter: TakenLetter, now: datetime) -> bool:
    """Say that a letter has left."""
    return await _moved(work, letter, **ended(LetterState.SENT, now), failure=None, failure_code=None)


async def thrown_away(work: Work, letter: TakenLetter, now: datetime) -> bool:
    """Say that a letter for nobody was written down."""
    return await _moved(work, letter, **ended(LetterState.VOID, now))


async def put_off(
    work: Work, letter: TakenLetter, failure: str, code: str | None, *, now: datetime, due: datetime
) -> bool:
    """Let a letter wait until `due` that the mail server did not take, and say why; one that was recalled ends."""
    await _end_recalled(work, [letter], now, failure=failure, failure_code=code)
    return await _moved(work, letter, **_waiting(due), failure=failure, failure_code=code)


async def failed(work: Work, letter: TakenLetter, failure: str, code: str | None, now: datetime) -> bool:
    """Give a letter up, and say why."""
    return await _moved(work, letter, **ended(LetterState.FAILED, now), failure=failure, failure_code=code)


async def dropped(work: Work, letter: TakenLetter, now: datetime) -> bool:
    """Cancel a letter that has nothing to say any more."""
    return await _moved(work, letter, **ended(LetterState.CANCELLED, now))


async def give_back(work: Work, letters: Collection[TakenLetter], due: datetime) -> int:
    """Let letters wait until `due` that nobody tried to send, as if they had not been taken; how many there were.

    Those that were recalled end.
    """
    await _end_recalled(work, letters, due)
    values: dict[str, Any] = {**_waiting(due), "tries": col(Row.tries) - 1}
    return (await work.exec(update(Row).where(*_ours(letters)).values(**values))).rowcount


async def hold(work: Work, until: datetime) -> int:
    """Let every letter of the manager that waits wait until then at least; how many that changed."""
    early = (col(Row.state) == WAITING, col(Row.due_at) < until)
    return (await work.exec(update(Row).where(*early).values(due_at=until))).rowcount


async def _moved(work: Work, letter: TakenLetter, **values: Any) -> bool:
    return bool((await work.exec(update(Row).where(*_ours([letter])).values(**values))).rowcount)


async def _end_recalled(work: Work, letters: Collection[TakenLetter], now: datetime, **told: Any) -> None:
    recalled = (*_ours(letters), col(Row.recalled))
    await work.exec(update(Row).where(*recalled).values(**ended(LetterState.CANCELLED, now), **told))


def _ours(letters: Collection[TakenLetter]) -> tuple[Any, ...]:
    """What holds of the rows of these letters while they are in the hands that took them."""
    ids, workers = {letter.id for letter in letters}, {letter.leased_by for letter in letters}
    return (col(Row.id).in_(ids), col(Row.leased_by).in_(workers), col(Row.state) == TAKEN)


def _waiting(due: datetime) -> dict[str, Any]:
    return {"state": WAITING, "leased_by": None, "due_at": due}
