"""Audit: what happened to an account or a person, written with it and readable by those whom it concerns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

import msgspec
from sqlmodel import col, delete, or_

from ventanilla.auth.caller import Caller
from ventanilla.auth.devices import names_of
from ventanilla.auth.sessions import ADDRESS
from ventanilla.backoffice_adapters.database import Argument, Row, stamp
from ventanilla.backoffice_adapters.records import Record
from ventanilla.store.store import Store
from ventanilla.store.tables import AuditEventRow
from ventanilla.store.tenancy import Work

KEPT: Final = timedelta(days=730)
"""How long it is kept what happened."""


class AuditKind(StrEnum):
    """What happened."""

    ACCOUNT_LINKED = "ACCOUNT_LINKED"
    ACCOUNT_UNLINKED = "ACCOUNT_UNLINKED"
    SECOND_FACTOR_SET_UP = "SECOND_FACTOR_SET_UP"
    SECOND_FACTOR_REMOVED = "SECOND_FACTOR_REMOVED"
    RECOVERY_CODE_USED = "RECOVERY_CODE_USED"
    PERSON_DISABLED = "PERSON_DISABLED"
    PERSON_ENABLED = "PERSON_ENABLED"
    STAFF_ROLE_SET = "STAFF_ROLE_SET"
    MANDATE_GRANTED = "MANDATE_GRANTED"
    MANDATE_ENDED = "MANDATE_ENDED"
    ACCESS_GENERATED = "ACCESS_GENERATED"
    """Access for many was asked for: ``batch``, as of the next two."""
    ACCESS_SENT = "ACCESS_SENT"
    """``people``: to how many."""
    ACCESS_CANCELLED = "ACCESS_CANCELLED"
    """``cancelled`` and ``inFlight``: how many."""
    ACCESS_GIVEN = "ACCESS_GIVEN"
    """Somebody followed their invitation: ``accounts`` and ``mandates``, how many they were given."""
    CLIENT_CREATED = "CLIENT_CREATED"
    CLIENT_SECRET_ROTATED = "CLIENT_SECRET_ROTATED"  # noqa: S105  the name of an event, not a secret
    CLIENT_REVOKED = "CLIENT_REVOKED"
    LETTERS_RETRIED = "LETTERS_RETRIED"
    LETTERS_CANCELLED = "LETTERS_CANCELLED"
    PASSWORD_POLICY_CHANGED = "PASSWORD_POLICY_CHANGED"  # noqa: S105  the name of an event, not a secret
    """``from`` and ``to``, each with what was changed alone: ``minLength=10 maxAgeDays=null``."""
    THEME_CHANGED = "THEME_CHANGED"
    """``from`` and ``to``, alike: ``primary=#1f4e79 dark.text=null``."""
    PAYMENT_CONFIRMED = "PAYMENT_CONFIRMED"
    """Money for an account has come, as its platform says: ``reference``, ``amount`` and ``currency``."""
    REFUND_ASKED = "REFUND_ASKED"
    """Staff let money of an account go back: ``reference``, ``amount`` and ``currency``."""
    STRAY_BOOKED = "STRAY_BOOKED"
    """Staff decided about money that did not fit: ``kind``, ``reference``, ``amount``, ``currency``; of the next two as
    well."""
    STRAY_REFUNDED = "STRAY_REFUNDED"
    STRAY_DISMISSED = "STRAY_DISMISSED"
    SIGNED_IN = "SIGNED_IN"
    """``way``, and ``provider`` where it was by way of one."""
    SIGNED_OUT = "SIGNED_OUT"
    """``sessions``: how many ended with it."""
    SESSION_ENDED = "SESSION_ENDED"
    """One of those in the list, chosen by its person."""
    PASSWORD_CHANGED = "PASSWORD_CHANGED"  # noqa: S105  the name of an event, not a secret
    PASSWORD_RESET = "PASSWORD_RESET"  # noqa: S105  the name of an event, not a secret
    EMAIL_CHANGED = "EMAIL_CHANGED"
    """``from`` and ``to``, both masked."""
    PROFILE_CHANGED = "PROFILE_CHANGED"
    """``fields``: which."""
    PASSKEY_ADDED = "PASSKEY_ADDED"
    """``name``, as of the next."""
    PASSKEY_REMOVED = "PASSKEY_REMOVED"
    IDENTITY_LINKED = "IDENTITY_LINKED"
    """``provider``, as of the next."""
    IDENTITY_UNLINKED = "IDENTITY_UNLINKED"
    PROGRAM_ALLOWED = "PROGRAM_ALLOWED"
    """``program``, as of the next, and ``scopes``."""
    PROGRAM_WITHDRAWN = "PROGRAM_WITHDRAWN"
    TERMS_ACCEPTED = "TERMS_ACCEPTED"
    """``version``."""
    SEEN_AS = "SEEN_AS"
    """Somebody of the staff saw the portal as the person: ``reason``, and ``until`` when at most."""
    SEEING_ENDED = "SEEING_ENDED"
    """They saw as themselves again before that."""
    ERASED = "ERASED"
    """Nothing is told: whom it was is not known any more."""


class AuditEvent(Record):
    """One thing that happened."""

    id: int
    kind: AuditKind
    at: datetime
    actor_id: str | None
    actor_name: str | None
    """As they are called now; None where nobody knows any more."""
    by_staff: bool
    """Whether they work for the manager now."""
    person_id: str | None
    """Whom it concerns."""
    told: Mapping[str, str]
    """What else there is to tell, by name."""


class AuditFilter(Record):
    """Which events; all conditions hold."""

    kinds: tuple[AuditKind, ...] = ()
    """Any of these; all if empty."""
    by_themselves: bool | None = None
    """Only what the person did whom it concerns, or only what they did not."""


EVERYTHING: Final = AuditFilter()


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


async def note_own(
    work: Work, kind: AuditKind, person_id: str, now: datetime, *, caller: Caller | None = None, **told: str
) -> None:
    """Write down what a person does with what is their own, from where, and what else there is to tell."""
    await note(work, kind, now, actor_id=person_id, person_id=person_id, told={**told, **_whence(caller)})


def _whence(caller: Caller | None) -> dict[str, str]:
    """``address`` of the network, ``browser`` and ``system``, as far as they are known."""
    if caller is None:
        return {}
    browser, system = names_of(caller.user_agent)
    found = {"address": caller.address[:ADDRESS], "browser": browser, "system": system}
    return {name: value for name, value in found.items() if value}


async def sweepable(store: Store, now: datetime) -> list[str]:
    """Slugs of the managers at which something happened so long ago that it is to be forgotten."""
    rows = await store.rows(_OLD, [stamp(now - KEPT)])
    return [slug for (slug,) in rows]


async def sweep(work: Work, now: datetime) -> int:
    """Forget what happened long ago at the manager of `work`; how many events there were."""
    return (await work.exec(delete(AuditEventRow).where(col(AuditEventRow.at) <= now - KEPT))).rowcount


async def forget(work: Work, person_id: str) -> None:
    """Forget what a person did with what is their own; what happened to accounts, or was the staff's doing, stays."""
    own = (col(AuditEventRow.person_id) == person_id, col(AuditEventRow.office).is_(None))
    theirs = or_(col(AuditEventRow.actor_id).is_(None), col(AuditEventRow.actor_id) == person_id)
    await work.exec(delete(AuditEventRow).where(*own, theirs))


_OLD: Final = """
SELECT slug FROM manager
WHERE EXISTS (SELECT 1 FROM audit_event WHERE audit_event.manager = manager.slug AND audit_event.at <= $1)
"""
_EVENTS: Final = """
SELECT event.id, event.kind, event.at, event.actor_id, person.given_name, person.family_name, person.staff_role,
       event.person_id, event.told
FROM audit_event event
LEFT JOIN person ON person.manager = event.manager AND person.id = event.actor_id
WHERE {concerns} AND {beyond}
ORDER BY event.id {direction} LIMIT {limit}
"""
_OF_ACCOUNT: Final = "event.manager = $1 AND event.office = $2 AND event.account_key = $3"
_OF_PERSON: Final = "event.manager = $1 AND event.person_id = $2"
_COUNT: Final = "SELECT COUNT(*) FROM audit_event event WHERE {concerns}"
_OWN: Final = {
    True: " AND event.actor_id = event.person_id",
    False: " AND (event.actor_id IS NULL OR event.actor_id <> event.person_id)",
    None: "",
}


async def of_account(
    store: Store, manager: str, account: tuple[str, str], *, start: int | None, older: bool, limit: int
) -> Sequence[AuditEvent]:
    """At most `limit` events of an account from beyond event `start`: newest first if `older`, else oldest first."""
    return await _events(store, _OF_ACCOUNT, [manager, *account], start=start, older=older, limit=limit)


async def of_person(
    store: Store,
    manager: str,
    person_id: str,
    *,
    where: AuditFilter = EVERYTHING,
    start: int | None,
    older: bool,
    limit: int,
) -> Sequence[AuditEvent]:
    """At most `limit` events that concern a person from beyond event `start`, in the order of `of_account`."""
    concerns, named = _that_concern(manager, person_id, where)
    return await _events(store, concerns, named, start=start, older=older, limit=limit)


async def count_of_account(store: Store, manager: str, account: tuple[str, str]) -> int:
    """How many events there are of an account."""
    return (await store.rows(_COUNT.format(concerns=_OF_ACCOUNT), [manager, *account]))[0][0]


async def count_of_person(store: Store, manager: str, person_id: str, where: AuditFilter = EVERYTHING) -> int:
    """How many events there are that concern a person."""
    concerns, named = _that_concern(manager, person_id, where)
    return (await store.rows(_COUNT.format(concerns=concerns), named))[0][0]


def _that_concern(manager: str, person_id: str, where: AuditFilter) -> tuple[str, list[Argument]]:
    """The condition of the events of a person that are wanted, and its arguments."""
    concerns = _OF_PERSON + _OWN[where.by_themselves]
    if where.kinds:
        concerns += f" AND event.kind IN ({', '.join(f'${at}' for at in range(3, 3 + len(where.kinds)))})"
    return concerns, [manager, person_id, *(kind.value for kind in where.kinds)]


async def _events(
    store: Store, concerns: str, named: Sequence[Argument], *, start: int | None, older: bool, limit: int
) -> Sequence[AuditEvent]:
    arguments: list[Argument] = [*named]
    beyond = "1 = 1" if start is None else f"event.id {'<' if older else '>'} ${len(named) + 1}"
    if start is not None:
        arguments.append(start)
    arguments.append(limit)
    direction = "DESC" if older else "ASC"
    sql = _EVENTS.format(concerns=concerns, beyond=beyond, direction=direction, limit=f"${len(arguments)}")
    return [_event(row) for row in await store.rows(sql, arguments)]


def _event(row: Row) -> AuditEvent:
    event_id, kind, at, actor_id, given_name, family_name, staff_role, person_id, told = row
    return AuditEvent(
        id=event_id,
        kind=AuditKind(kind),
        at=datetime.fromisoformat(at),
        actor_id=actor_id,
        actor_name=f"{given_name} {family_name}".strip() if given_name is not None else None,
        by_staff=staff_role is not None,
        person_id=person_id,
        told=msgspec.json.decode(told, type=dict[str, str]),
    )
