"""Signing in and out."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from sqlmodel import col, select

from ventanilla.auth import access_passwords, attempts, devices, passwords, registration, sessions
from ventanilla.auth.applicant import is_document, plain_document
from ventanilla.auth.attempts import Kind, Try
from ventanilla.auth.audit import AuditKind, note_own
from ventanilla.auth.caller import Caller
from ventanilla.auth.passwords import Comparison
from ventanilla.auth.people import EmailTakenError, Person, is_email, normal_email, person_of
from ventanilla.auth.proofs import Proofs
from ventanilla.auth.sessions import Session
from ventanilla.backoffice_adapters.records import Record
from ventanilla.store.manager import Manager, SignInWay
from ventanilla.store.store import Store
from ventanilla.store.tables import PersonRow, SessionRow
from ventanilla.store.tenancy import Work

_WITHOUT_PASSWORD: Final = frozenset({SignInWay.PASSKEY, SignInWay.PROVIDER})
"""Ways of who never typed a password: nothing that is due to one concerns them."""


class Reason(StrEnum):
    """Why a sign-in was refused."""

    INVALID_CREDENTIALS = "INVALID_CREDENTIALS"
    """Unknown e-mail or wrong password: never which."""
    WAY_NOT_OFFERED = "WAY_NOT_OFFERED"
    """The manager lets nobody in this way."""
    CODE_INVALID = "CODE_INVALID"
    """Wrong code, or a ticket that is none."""
    CODE_EXPIRED = "CODE_EXPIRED"
    """Its time is over, or a newer code took its place."""
    CODE_USED = "CODE_USED"
    TOO_MANY_ATTEMPTS = "TOO_MANY_ATTEMPTS"
    ACCOUNT_DISABLED = "ACCOUNT_DISABLED"
    """Told only to somebody who knows the password or the code, or has the passkey."""
    EMAIL_NOT_VERIFIED = "EMAIL_NOT_VERIFIED"
    """Told only to somebody who knows the password."""
    NOT_AVAILABLE_HERE = "NOT_AVAILABLE_HERE"
    """Browsers have no passkeys at an address like the one that was asked."""
    PASSKEY_UNKNOWN = "PASSKEY_UNKNOWN"
    """Nobody has the passkey, or its signature is another's: never which."""
    PASSKEY_INVALID = "PASSKEY_INVALID"
    """No answer to what was asked, whosever passkey it is; or one of a passkey that was copied."""
    TICKET_EXPIRED = "TICKET_EXPIRED"
    """Its time is over, it was used, or it is none."""


class SignedIn(Record):
    """A sign-in that succeeded. The token is told this once."""

    token: str
    session: Session
    person: Person
    letter: bool = False
    """Whether a letter was posted: the worker has something to send."""

    def __repr__(self) -> str:
        return f"SignedIn(token=…, session={self.session!r}, person={self.person!r})"


class Refused(Record):
    """A sign-in that did not succeed."""

    reason: Reason
    retry_after: int | None = None
    """Whole seconds until another try is compared, with TOO_MANY_ATTEMPTS."""
    tries_left: int | None = None
    """How many more codes are compared for the same e-mail, with CODE_INVALID; alike for nobody's."""


class _Known(Record):
    """What a password is compared with, and whether its owner is a person already or still registers."""

    password_hash: str | None = None
    registers: bool = False
    mailed: str | None = None
    """The challenge of the password that a letter told them; None for who was told none, or is a person already."""

    def __repr__(self) -> str:
        return "_Known(…)"


async def sign_in(
    store: Store, manager: Manager, proofs: Proofs, *, email: str, password: str, caller: Caller, now: datetime
) -> SignedIn | Refused:
    """Sign a person in at `manager` with a password; their document's number serves as `email`, where they have one.

    A known and an unknown name are answered alike and take the same work: one counted try for each limit, three
    look-ups, one comparison with a hash and one with what a letter told. Raises only what the store raises.
    """
    if SignInWay.PASSWORD not in manager.sign_in_ways:
        return Refused(reason=Reason.WAY_NOT_OFFERED)
    name = normal_email(email) if "@" in email else plain_document(email)
    # The address first: one that is over its limit must not use up the tries of other people's accounts.
    tries = [await attempts.count(store, manager.slug, Kind.ADDRESS, caller.address, now)]
    if tries[-1].allowed:
        tries.append(await attempts.count(store, manager.slug, Kind.ACCOUNT, name, now))
    if not tries[-1].allowed:
        return too_many(tries[-1], now)
    known = await _known(store, manager, name, now)
    compared = await passwords.compare(password, known.password_hash)
    if access_passwords.is_right(proofs, known.mailed, password) and known.mailed:
        return await _first_time(store, manager, known.mailed, password, tries=tries, caller=caller, now=now)
    if not compared.right or known.registers:
        return Refused(reason=Reason.EMAIL_NOT_VERIFIED if compared.right else Reason.INVALID_CREDENTIALS)
    return await _once_more(store, manager, name, known, compared, tries=tries, caller=caller, now=now)


async def _once_more(
    store: Store,
    manager: Manager,
    name: str,
    known: _Known,
    compared: Comparison,
    *,
    tries: list[Try],
    caller: Caller,
    now: datetime,
) -> SignedIn | Refused:
    """Begin a session of somebody whose password was right, unless they may not come in."""
    async with store.work(manager.slug) as work:
        person = (await work.exec(select(PersonRow).where(_is_named(name)).with_for_update())).first()
        if person is None or person.password_hash != known.password_hash:
            # Changed or removed while its password was compared: what was right a moment ago is not now.
            return Refused(reason=Reason.INVALID_CREDENTIALS)
        if refused := _standing(person):
            return refused
        if person.must_change_password and access_passwords.is_over(manager, person, now):
            return Refused(reason=Reason.INVALID_CREDENTIALS)
        person.password_hash = compared.renewed or person.password_hash
        return await admitted(work, manager, person, tries, way=SignInWay.PASSWORD, caller=caller, now=now)


async def _first_time(
    store: Store,
    manager: Manager,
    challenge_id: str,
    password: str,
    *,
    tries: list[Try],
    caller: Caller,
    now: datetime,
) -> SignedIn | Refused:
    """Begin the first session of somebody with the password that a letter told them: they become a person by it."""
    new_hash = await passwords.hashed(password.strip())
    try:
        async with store.work(manager.slug) as work:
            person = await access_passwords.come_in(work, manager, challenge_id, new_hash, now)
            if person is not None:
                return await admitted(work, manager, person, tries, way=SignInWay.PASSWORD, caller=caller, now=now)
    except EmailTakenError:
        pass
    return Refused(reason=Reason.INVALID_CREDENTIALS)


async def admitted(
    work: Work,
    manager: Manager,
    person: PersonRow,
    tries: list[Try],
    *,
    way: SignInWay,
    caller: Caller,
    now: datetime,
    **told: str,
) -> SignedIn:
    """Begin a session for somebody who has proved who they are; hold the person's row.

    Their tries are forgotten, and a browser that is not known of them is told of by a letter. That they came is noted,
    with what is `told` of the way.
    """
    await attempts.succeeded(work, tries)
    # Nobody else sweeps: what is over at this manager goes when somebody comes in.
    await attempts.sweep(work, now)
    await sessions.sweep(work, now)
    issued = await sessions.issue(
        work,
        person.id,
        now=now,
        address=caller.address,
        user_agent=caller.user_agent,
        without_password=way in _WITHOUT_PASSWORD,
        # Something that they have, opened by something that they know or are: that is two factors already.
        second_factor=way is SignInWay.PASSKEY,
    )
    await note_own(work, AuditKind.SIGNED_IN, person.id, now, caller=caller, way=way.value, **told)
    letter = await devices.noted(work, manager, person, caller, now)
    return SignedIn(token=issued.token, session=issued.session, person=person_of(person), letter=letter)


async def _known(store: Store, manager: Manager, name: str, now: datetime) -> _Known:
    """Whom a name stands for: all look-ups for everybody."""
    if not (is_email(name) or is_document(name)):
        return _Known()
    column = "email" if is_email(name) else "user_name"
    sql = f"SELECT password_hash FROM person WHERE manager = $1 AND {column} = $2"
    rows = await store.rows(sql, [manager.slug, name])
    pending = await registration.pending_hash(store, manager.slug, name, now)
    mailed = await access_passwords.mailed_to(store, manager.slug, name, now)
    if rows or pending is None:
        return _Known(password_hash=rows[0][0] if rows else None, mailed=None if rows else mailed)
    return _Known(password_hash=pending, registers=True, mailed=mailed)


def _is_named(name: str) -> Any:
    """What holds of the row of who signs in under this name."""
    return (col(PersonRow.email) if is_email(name) else col(PersonRow.user_name)) == name


def too_many(last: Try, now: datetime) -> Refused:
    """The refusal of a try that is one too many."""
    return Refused(reason=Reason.TOO_MANY_ATTEMPTS, retry_after=last.wait(now))


def _standing(person: PersonRow) -> Refused | None:
    if person.disabled_at is not None:
        return Refused(reason=Reason.ACCOUNT_DISABLED)
    if person.email_verified_at is None:
        return Refused(reason=Reason.EMAIL_NOT_VERIFIED)
    return None


async def sign_out(
    store: Store, manager: Manager, session_id: str, *, caller: Caller, now: datetime, all_sessions: bool = False
) -> int:
    """End a session, or all sessions of its person; how many ended (0 when it was over already)."""
    async with store.work(manager.slug) as work:
        person_id = await _person_of(work, session_id)
        if person_id is None:
            return 0
        ended = await (sessions.end_all(work, person_id) if all_sessions else sessions.end(work, session_id))
        if ended:
            await note_own(work, AuditKind.SIGNED_OUT, person_id, now, caller=caller, sessions=str(ended))
        return ended


async def end_session(
    store: Store, manager: Manager, session_id: str, *, person_id: str, caller: Caller, now: datetime
) -> int:
    """End one of a person's sessions, as they choose in the list; 0 for one that was over or is another's."""
    async with store.work(manager.slug) as work:
        ended = await sessions.end(work, session_id, person_id=person_id)
        if ended:
            await note_own(work, AuditKind.SESSION_ENDED, person_id, now, caller=caller)
        return ended


async def _person_of(work: Work, session_id: str) -> str | None:
    return (await work.exec(select(SessionRow.person_id).where(col(SessionRow.id) == session_id))).first()
