"""Changing a password that one knows, and knowing it."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import col, select

from ventanilla.auth import attempts, passwords, sessions
from ventanilla.auth.attempts import Kind, Try
from ventanilla.auth.audit import AuditKind, note_own
from ventanilla.auth.caller import Caller
from ventanilla.auth.new_passwords import holder_of, replace
from ventanilla.auth.policy import Violation, violations
from ventanilla.auth.refused import RefusedPasswords
from ventanilla.backoffice_adapters.records import Record
from ventanilla.store.manager import Manager
from ventanilla.store.store import Store
from ventanilla.store.tables import PersonRow
from ventanilla.store.tenancy import Work


class Passwords(Record):
    """The password that somebody has and the one that they want."""

    current: str
    new: str

    def __repr__(self) -> str:
        return "Passwords(…)"


class WrongPassword(Record):
    """The current password is not what was given, or not any more."""


async def change(
    store: Store,
    manager: Manager,
    given: Passwords,
    *,
    person_id: str,
    session_id: str,
    refused: RefusedPasswords,
    caller: Caller,
    now: datetime,
) -> int | WrongPassword | Try | tuple[Violation, ...]:
    """Change the password of a person who is signed in; how many sessions ended, all but `session_id`.

    Each try counts as one of signing in. It is forgotten once the current password was right, unless the new one is one
    that they had. A `Try` is one too many.
    """
    policy = manager.presentation.password_policy
    async with store.work(manager.slug) as work:
        person = await _person(work, person_id)
        holder = await holder_of(work, policy, person) if person else None
    if person is None or holder is None:
        return WrongPassword()
    tries = await _tries(store, manager, caller.address, person.email, now)
    if not tries[-1].allowed:
        return tries[-1]
    if not (await passwords.compare(given.current, person.password_hash)).right:
        return WrongPassword()
    broken = await violations(policy, given.new, holder, refused)
    new_hash = None if broken else await passwords.hashed(given.new)
    async with store.work(manager.slug) as work:
        if Violation.REUSED not in broken:  # which took as many hashes as there are former passwords
            await attempts.succeeded(work, tries)
        if new_hash is None:
            return broken
        person = await _person(work, person_id)
        if person is None or await holder_of(work, policy, person) != holder:
            # Changed while it was compared: what was right a moment ago is not now.
            return WrongPassword()
        await replace(work, manager, person, new_hash, caller=caller, now=now)
        await note_own(work, AuditKind.PASSWORD_CHANGED, person.id, now, caller=caller)
        return await sessions.end_all(work, person.id, keep=session_id)


async def proved(
    store: Store, manager: Manager, password: str, *, person_id: str, caller: Caller, now: datetime
) -> bool | Try:
    """Whether a person who is signed in knows their password; each try counts as one of signing in.

    A `Try` is one too many.
    """
    async with store.work(manager.slug) as work:
        person = await _person(work, person_id)
    if person is None:
        return False
    tries = await _tries(store, manager, caller.address, person.email, now)
    if not tries[-1].allowed:
        return tries[-1]
    if not (await passwords.compare(password, person.password_hash)).right:
        return False
    async with store.work(manager.slug) as work:
        await attempts.succeeded(work, tries)
    return True


async def _tries(store: Store, manager: Manager, address: str, email: str, now: datetime) -> list[Try]:
    """Count the try, for the address and then for the e-mail; the last is the one that decides."""
    tries = [await attempts.count(store, manager.slug, Kind.ADDRESS, address, now)]
    if tries[-1].allowed:
        tries.append(await attempts.count(store, manager.slug, Kind.ACCOUNT, email, now))
    return tries


async def _person(work: Work, person_id: str) -> PersonRow | None:
    enabled = col(PersonRow.disabled_at).is_(None)
    return (await work.exec(select(PersonRow).where(col(PersonRow.id) == person_id, enabled).with_for_update())).first()
