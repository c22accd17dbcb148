"""Signing in and out."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlmodel import col, select

from ventanilla.auth import attempts, passwords, sessions
from ventanilla.auth.attempts import Kind, Try
from ventanilla.auth.people import Person, is_email, normal_email, person_of
from ventanilla.auth.sessions import Session
from ventanilla.backoffice_adapters.records import Record
from ventanilla.store.manager import Manager
from ventanilla.store.store import Store
from ventanilla.store.tables import PersonRow, SessionRow
from ventanilla.store.tenancy import Work


class Reason(StrEnum):
    """Why a sign-in was refused."""

    INVALID_CREDENTIALS = "INVALID_CREDENTIALS"
    """Unknown e-mail or wrong password: never which."""
    TOO_MANY_ATTEMPTS = "TOO_MANY_ATTEMPTS"
    ACCOUNT_DISABLED = "ACCOUNT_DISABLED"
    """Told only to somebody who knows the password."""
    EMAIL_NOT_VERIFIED = "EMAIL_NOT_VERIFIED"
    """Told only to somebody who knows the password."""


class SignedIn(Record):
    """A sign-in that succeeded. The token is told this once."""

    token: str
    session: Session
    person: Person

    def __repr__(self) -> str:
        return f"SignedIn(token=…, session={self.session!r}, person={self.person!r})"


class Refused(Record):
    """A sign-in that did not succeed."""

    reason: Reason
    retry_after: int | None = None
    """Whole seconds until another try is compared, with TOO_MANY_ATTEMPTS."""


async def sign_in(
    store: Store,
    manager: Manager,
    *,
    email: str,
    password: str,
    address: str,
    user_agent: str | None,
    now: datetime,
) -> SignedIn | Refused:
    """Sign a person in at `manager` from network address `address`.

    A known and an unknown e-mail are answered alike and take the same work: one counted try for each limit, one
    look-up, one comparison. Raises only what the store raises.
    """
    name = normal_email(email)
    tries: list[Try] = []
    # The address first: one that is over its limit must not use up the tries of other people's accounts.
    for kind, subject in ((Kind.ADDRESS, address), (Kind.ACCOUNT, name)):
        tries.append(await attempts.count(store, manager.slug, kind, subject, now))
        if not tries[-1].allowed:
            return _too_many(tries[-1], now)
    stored = await _stored_hash(store, manager, name)
    compared = await passwords.compare(password, stored)
    if not compared.right:
        return Refused(reason=Reason.INVALID_CREDENTIALS)
    async with store.work(manager.slug) as work:
        person = (await work.exec(select(PersonRow).where(col(PersonRow.email) == name).with_for_update())).first()
        if person is None or person.password_hash != stored:
            # Changed or removed while its password was compared: what was right a moment ago is not now.
            return Refused(reason=Reason.INVALID_CREDENTIALS)
        if refused := _standing(person):
            return refused
        person.password_hash = compared.renewed or stored
        await attempts.succeeded(work, tries)
        # Nobody else sweeps: what is over at this manager goes when somebody comes in.
        await attempts.sweep(work, now)
        await sessions.sweep(work, now)
        issued = await sessions.issue(work, person.id, now=now, address=address, user_agent=user_agent)
        return SignedIn(token=issued.token, session=issued.session, person=person_of(person))


async def _stored_hash(store: Store, manager: Manager, name: str) -> str | None:
    if not is_email(name):
        return None
    rows = await store.rows("SELECT password_hash FROM person WHERE manager = $1 AND email = $2", [manager.slug, name])
    return rows[0][0] if rows else None


def _too_many(last: Try, now: datetime) -> Refused:
    wait = max(1, -int((now - last.ends_at).total_seconds() // 1))
    return Refused(reason=Reason.TOO_MANY_ATTEMPTS, retry_after=wait)


def _standing(person: PersonRow) -> Refused | None:
    if person.disabled_at is not None:
        return Refused(reason=Reason.ACCOUNT_DISABLED)
    if person.email_verified_at is None:
        return Refused(reason=Reason.EMAIL_NOT_VERIFIED)
    return None


async def sign_out(store: Store, manager: Manager, session_id: str, *, all_sessions: bool = False) -> int:
    """End a session, or all sessions of its person; how many ended (0 when it was over already)."""
    async with store.work(manager.slug) as work:
        if not all_sessions:
            return await sessions.end(work, session_id)
        person_id = await _person_of(work, session_id)
        return 0 if person_id is None else await sessions.end_all(work, person_id)


async def _person_of(work: Work, session_id: str) -> str | None:
    return (await work.exec(select(SessionRow.person_id).where(col(SessionRow.id) == session_id))).first()
