"""Letters as they stand: whose are due, whose can be swept, and how those of one manager fare.

Read by SQL text, a manager at a time and by the index: a look costs the same however many letters were sent.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from ventanilla.backoffice_adapters.database import stamp
from ventanilla.backoffice_adapters.records import Record
from ventanilla.store.due import Due, due
from ventanilla.store.letters import FAREWELL, KEPT, LetterKind, LetterState
from ventanilla.store.store import Store

_EARLIEST: Final = "SELECT MIN(due_at) FROM letter WHERE letter.manager = manager.slug AND state = '{}'"
_SHOWN: Final = 10


class Trouble(Record):
    """A letter that was not taken when it was last tried."""

    id: str
    kind: LetterKind
    state: LetterState
    at: datetime
    """When it was given up, or is tried again."""
    tries: int
    failure: str
    code: str | None


class Queue(Record):
    """How one manager's letters stand."""

    counts: Mapping[LetterState, int]
    """States that no letter is in are left out."""
    oldest_due: datetime | None
    """When the letter that waits longest was, or will be, due."""
    troubles: tuple[Trouble, ...]
    """The latest letters that were not taken, at most ten."""


async def due_managers(store: Store, now: datetime) -> Due:
    """Whose letters are due, and when the next ones will be."""
    return await due(store, now, "letter", "state", (LetterState.PENDING, LetterState.SENDING))


async def sweepable(store: Store, now: datetime) -> list[str]:
    """Slugs of the managers that have letters to be swept."""
    over = " OR ".join(f"({_EARLIEST.format(state)}) <= ${number}" for number, state in enumerate(KEPT, 1))
    # Those for nobody that wait are found by the same index, and by the last of those arguments; so are farewells.
    unwritten = (
        "EXISTS (SELECT 1 FROM letter WHERE letter.manager = manager.slug"
        f" AND state = '{LetterState.PENDING}' AND (for_nobody AND created_at <= ${len(KEPT)}"
        f" OR kind = '{LetterKind.DATA_ERASED}' AND created_at <= ${len(KEPT) + 1}))"
    )
    moments = [stamp(now - kept) for kept in (*KEPT.values(), FAREWELL)]
    rows = await store.rows(f"SELECT slug FROM manager WHERE {over} OR {unwritten}", moments)
    return [slug for (slug,) in rows]


async def queue(store: Store, manager: str) -> Queue:
    """How the letters of the manager with this slug stand, but for those for nobody; all empty where nobody has it."""
    counted = "SELECT state, COUNT(*) FROM letter WHERE manager = $1 AND NOT for_nobody GROUP BY state"
    counts = await store.rows(counted, [manager])
    waiting = "SELECT MIN(due_at) FROM letter WHERE manager = $1 AND state = $2 AND NOT for_nobody"
    ((oldest_due,),) = await store.rows(waiting, [manager, LetterState.PENDING])
    return Queue(
        counts={LetterState(state): count for state, count in counts},
        oldest_due=_moment(oldest_due),
        troubles=tuple(await _troubles(store, manager)),
    )


async def _troubles(store: Store, manager: str) -> list[Trouble]:
    sql = f"""
        SELECT id, kind, state, due_at, tries, failure, failure_code FROM letter
        WHERE manager = $1 AND state IN ('{LetterState.PENDING}', '{LetterState.FAILED}') AND failure IS NOT NULL
        ORDER BY due_at DESC, id LIMIT {_SHOWN}
    """
    return [
        Trouble(
            id=id,
            kind=LetterKind(kind),
            state=LetterState(state),
            at=datetime.fromisoformat(at),
            tries=tries,
            failure=failure,
            code=code,
        )
        for id, kind, state, at, tries, failure, code in await store.rows(sql, [manager])
    ]


def _moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
