"""Audit: what happened to an account or a person, written with it and readable by those whom it concerns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum

import msgspec

from ventanilla.backoffice_adapters.database import Argument
from ventanilla.backoffice_adapters.records import Record
from ventanilla.store.store import Store
from ventanilla.store.tables import AuditEventRow
from ventanilla.store.tenancy import Work


class AuditKind(StrEnum):
    """What happened."""

    ACCOUNT_LINKED = "ACCOUNT_LINKED"
    ACCOUNT_UNLINKED = "ACCOUNT_UNLINKED"


class AuditEvent(Record):
    """One thing that happened."""

    id: int
    kind: AuditKind
    at: datetime
    actor_id: str | None
    actor_name: str | None
    """As they are called now; None where nobody knows any more."""
    told: Mapping[str, str]
    """What else there is to tell, by name."""


async def note(
    work: Work,
    kind: AuditKind,
    now: datetime,
    *,
    actor_id: str | None,
    person_id: str | None = None,
    account: tuple[str, str] | None = None,
    told: Mapping[str, str] | None = None,
) -> None:
    """Write down what happens in this transaction; `account` is its home office and its key there."""
    office, key = account or (None, None)
    work.add(
        AuditEventRow(
            kind=kind.value,
            at=now,
            actor_id=actor_id,
            person_id=person_id,
            office=office,
            account_key=key,
            told=msgspec.json.encode(told or {}).decode(),
        )
    )
    await work.flush()


_EVENTS = """
SELECT event.id, event.kind, event.at, event.actor_id, person.given_name, person.family_name, event.told
FROM audit_event event
LEFT JOIN person ON person.manager = event.manager AND person.id = event.actor_id
WHERE event.manager = $1 AND event.office = $2 AND event.account_key = $3 AND {beyond}
ORDER BY event.id {direction} LIMIT {limit}
"""
_COUNT = "SELECT COUNT(*) FROM audit_event WHERE manager = $1 AND office = $2 AND account_key = $3"


async def of_account(
    store: Store, manager: str, account: tuple[str, str], *, start: int | None, older: bool, limit: int
) -> Sequence[AuditEvent]:
    """At most `limit` events of an account from beyond event `start`: newest first if `older`, else oldest first."""
    arguments: list[Argument] = [manager, *account]
    beyond = "1 = 1" if start is None else f"event.id {'<' if older else '>'} $4"
    if start is not None:
        arguments.append(start)
    arguments.append(limit)
    sql = _EVENTS.format(beyond=beyond, direction="DESC" if older else "ASC", limit=f"${len(arguments)}")
    return [
        AuditEvent(
            id=row[0],
            kind=AuditKind(row[1]),
            at=datetime.fromisoformat(row[2]),
            actor_id=row[3],
            actor_name=f"{row[4]} {row[5]}".strip() if row[4] is not None else None,
            told=msgspec.json.decode(row[6], type=dict[str, str]),
        )
        for row in await store.rows(sql, arguments)
    ]


async def count_of_account(store: Store, manager: str, account: tuple[str, str]) -> int:
    """How many events there are of an account."""
    return (await store.rows(_COUNT, [manager, *account]))[0][0]
