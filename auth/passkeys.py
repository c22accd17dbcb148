"""The passkeys of people: made, listed, named and given up.

A passkey is made by who is signed in, and was not long ago: a session that somebody left open, or lost, must not become
a key of its own. What is written is the public half, and what its authenticator says of it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import uuid4

from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url

from ventanilla.auth import challenges, sessions, ways_in
from ventanilla.auth.audit import AuditKind, note_own
from ventanilla.auth.caller import Caller
from ventanilla.auth.challenges import LIFETIMES, Challenge, Ended
from ventanilla.auth.devices import circumstances
from ventanilla.auth.letters import letter_to
from ventanilla.auth.passkey_ceremonies import (
    Created,
    Credential,
    Owner,
    Site,
    UnbelievableError,
    created,
    creation_options,
    site_of,
)
from ventanilla.auth.people import held, is_name, person_of
from ventanilla.auth.proofs import Proofs
from ventanilla.backoffice_adapters.database import Row
from ventanilla.backoffice_adapters.records import Record
from ventanilla.store.letters import LetterKind, post
from ventanilla.store.manager import Manager, SignInWay
from ventanilla.store.store import Store
from ventanilla.store.tables import PasskeyRow
from ventanilla.store.tenancy import Work

MOST: Final = 10
"""How many passkeys one person may have. One ceremony of theirs can be finished at a time, so its start counts."""
_REGISTRATION: Final = challenges.Kind.PASSKEY_REGISTRATION
_THEIRS: Final = """
SELECT id, name, created_at, used_at, backed_up FROM passkey
WHERE manager = $1 AND person_id = $2 ORDER BY created_at, id
"""


class Reason(StrEnum):
    """Why a passkey was not made, named or given up."""

    WAY_NOT_OFFERED = "WAY_NOT_OFFERED"
    NOT_AVAILABLE_HERE = "NOT_AVAILABLE_HERE"
    """Browsers have no passkeys at an address like the one that was asked."""
    REAUTHENTICATION_REQUIRED = "REAUTHENTICATION_REQUIRED"
    """The session is older than `sessions.FRESH`."""
    TOO_MANY_PASSKEYS = "TOO_MANY_PASSKEYS"
    FIELD_INVALID = "FIELD_INVALID"
    """The name is none."""
    TICKET_EXPIRED = "TICKET_EXPIRED"
    """Its time is over, it was used, a newer one took its place, or it is none of this person's."""
    PASSKEY_INVALID = "PASSKEY_INVALID"
    """No answer to what was asked."""
    PASSKEY_EXISTS = "PASSKEY_EXISTS"
    """It is somebody's already."""
    NOT_FOUND = "NOT_FOUND"
    LAST_SIGN_IN_WAY = "LAST_SIGN_IN_WAY"
    """Without it its person could not sign in any more."""


class Passkey(Record):
    """A passkey as its owner sees it."""

    id: str
    name: str
    """What they call it."""
    created_at: datetime
    used_at: datetime | None
    backed_up: bool
    """Whether it is kept by a service that gives it to other devices, rather than by one device."""


class Ceremony(Record):
    """What a browser is asked, and what its answer is handed in with."""

    ticket: str
    """Told this once."""
    options: str
    """JSON text."""
    expires_at: datetime

    def __repr__(self) -> str:
        return "Ceremony(…)"


async def of_person(store: Store, manager: str, person_id: str) -> list[Passkey]:
    """The passkeys of a person, oldest first."""
    return [_read(row) for row in await store.rows(_THEIRS, [manager, person_id])]


async def start(
    store: Store,
    manager: Manager,
    proofs: Proofs,
    *,
    person_id: str,
    session_id: str | None,
    name: str,
    caller: Caller,
    now: datetime,
) -> Ceremony | Reason:
    """Begin to make a passkey for a person who is signed in; a ceremony that they began before cannot be finished."""
    site = offered(manager, caller)
    if isinstance(site, Reason):
        return site
    if not is_name(name.strip()):
        return Reason.FIELD_INVALID
    async with store.work(manager.slug) as work:
        person = await held(work, person_id)
        if person is None or not await sessions.is_fresh(work, person_id, session_id, now):
            return Reason.REAUTHENTICATION_REQUIRED
        existing = await _rows_of(work, person_id)
        if len(existing) >= MOST:
            return Reason.TOO_MANY_PASSKEYS
        body = {"name": name.strip()}
        challenge = await challenges.begin(
            work, _REGISTRATION, email=person.email, now=now, person_id=person_id, body=body
        )
        owner = Owner(handle=handle_of(person_id), email=person.email, name=person_of(person).name)
        known = [_credential(row) for row in existing]
    asked = proofs.signable(_REGISTRATION, challenge.id)
    return Ceremony(
        ticket=proofs.ticket(challenge.id),
        options=creation_options(site, manager.name, owner, asked, existing=known, lifetime=LIFETIMES[_REGISTRATION]),
        expires_at=challenge.expires_at,
    )


async def finish(
    store: Store,
    manager: Manager,
    proofs: Proofs,
    *,
    person_id: str,
    ticket: str,
    response: str,
    name: str | None = None,
    caller: Caller,
    now: datetime,
) -> Passkey | Reason:
    """Keep the passkey that a browser made for `ticket`, once, under `name` or the one that was given at the start.

    An answer that is not believed does not use the ticket up.
    """
    site = offered(manager, caller)
    if isinstance(site, Reason):
        return site
    if name is not None and not is_name(name.strip()):
        return Reason.FIELD_INVALID
    challenge = await _begun(store, manager.slug, proofs.read_ticket(ticket), person_id, now)
    if challenge is None:
        return Reason.TICKET_EXPIRED
    try:
        made = created(site, proofs.signable(_REGISTRATION, challenge.id), response)
    except UnbelievableError:
        return Reason.PASSKEY_INVALID
    try:
        async with store.work(manager.slug) as work:
            return await _kept(work, manager, challenge, made, name=name, caller=caller, now=now)
    except IntegrityError:  # somebody else made it their own at the same moment
        return Reason.PASSKEY_EXISTS


async def rename(store: Store, manager: str, *, person_id: str, passkey_id: str, name: str) -> Passkey | Reason:
    """Call one of a person's passkeys otherwise."""
    if not is_name(name.strip()):
        return Reason.FIELD_INVALID
    async with store.work(manager) as work:
        await held(work, person_id)
        found = [row for row in await _rows_of(work, person_id) if row.id == passkey_id]
        if not found:
            return Reason.NOT_FOUND
        found[0].name = name.strip()
        return _passkey(found[0])


async def remove(
    store: Store, manager: Manager, *, person_id: str, passkey_id: str, caller: Caller, now: datetime
) -> Passkey | Reason:
    """Give one of a person's passkeys up, unless it is all that they can sign in with; sessions stay."""
    async with store.work(manager.slug) as work:
        person = await held(work, person_id)  # of two that are given up at once, the second is the last
        found = [row for row in await _rows_of(work, person_id) if row.id == passkey_id]
        if person is None or not found:
            return Reason.NOT_FOUND
        in_use = SignInWay.PASSKEY in manager.sign_in_ways
        if in_use and not await ways_in.is_left(work, manager, person, without_passkey=passkey_id):
            return Reason.LAST_SIGN_IN_WAY
        gone = _passkey(found[0])
        await work.delete(found[0])
        await note_own(work, AuditKind.PASSKEY_REMOVED, person_id, now, caller=caller, name=gone.name)
        return gone


def offered(manager: Manager, caller: Caller) -> Site | Reason:
    """The site at which a passkey would be good, or why there is none."""
    if SignInWay.PASSKEY not in manager.sign_in_ways:
        return Reason.WAY_NOT_OFFERED
    return site_of(caller) or Reason.NOT_AVAILABLE_HERE


def handle_of(person_id: str) -> bytes:
    """What authenticators know a person by: it says nothing of them."""
    return bytes.fromhex(person_id)


def hash_of(credential_id: bytes) -> str:
    """What the store finds a credential by."""
    return hashlib.sha256(credential_id).hexdigest()


async def _rows_of(work: Work, person_id: str) -> Sequence[PasskeyRow]:
    return (await work.exec(select(PasskeyRow).where(col(PasskeyRow.person_id) == person_id))).all()


async def _begun(
    store: Store, manager: str, challenge_id: str | None, person_id: str, now: datetime
) -> Challenge | None:
    """The ceremony that this person began and may still finish."""
    if challenge_id is None:
        return None
    async with store.work(manager) as work:
        found = await challenges.find(work, _REGISTRATION, challenge_id, now)
    return None if isinstance(found, Ended) or found.person_id != person_id else found


async def _kept(
    work: Work,
    manager: Manager,
    challenge: Challenge,
    made: Created,
    *,
    name: str | None,
    caller: Caller,
    now: datetime,
) -> Passkey | Reason:
    """Use the ticket up and write the passkey down, and tell its person: of all who come with it at once, one."""
    met = await challenges.meet(work, _REGISTRATION, challenge.id, now)
    person = None if isinstance(met, Ended) else await held(work, met.person_id or "")
    if isinstance(met, Ended) or person is None:
        return Reason.TICKET_EXPIRED
    row = _row(made, person.id, name or (met.body or {})["name"], now)
    same = select(PasskeyRow.id).where(col(PasskeyRow.credential_hash) == row.credential_hash)
    if (await work.exec(same)).first():
        return Reason.PASSKEY_EXISTS
    work.add(row)
    await work.flush()
    await note_own(work, AuditKind.PASSKEY_ADDED, person.id, now, caller=caller, name=row.name)
    told = {"passkey": row.name, **circumstances(manager, person, caller, now)}
    await post(work, letter_to(person, LetterKind.PASSKEY_ADDED, manager, caller, told=told), now)
    return _passkey(row)


def _row(made: Created, person_id: str, name: str, now: datetime) -> PasskeyRow:
    return PasskeyRow(
        id=uuid4().hex,
        person_id=person_id,
        credential_hash=hash_of(made.credential.id),
        credential=bytes_to_base64url(made.credential.id),
        public_key=bytes_to_base64url(made.public_key),
        sign_count=made.sign_count,
        transports=" ".join(made.credential.transports),
        backed_up=made.backed_up,
        name=name.strip(),
        created_at=now,
    )


def _read(row: Row) -> Passkey:
    passkey_id, name, created_at, used_at, backed_up = row
    return Passkey(
        id=passkey_id,
        name=name,
        created_at=datetime.fromisoformat(created_at),
        used_at=datetime.fromisoformat(used_at) if used_at else None,
        backed_up=bool(backed_up),
    )


def _credential(row: PasskeyRow) -> Credential:
    return Credential(id=base64url_to_bytes(row.credential), transports=tuple(row.transports.split()))


def _passkey(row: PasskeyRow) -> Passkey:
    return Passkey(id=row.id, name=row.name, created_at=row.created_at, used_at=row.used_at, backed_up=row.backed_up)
