"""Challenges: what somebody proves by a letter, once, and only with the newest of its kind."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final
from uuid import uuid4

import msgspec
from sqlmodel import col, delete, select, update

from ventanilla.backoffice_adapters.records import Record
from ventanilla.store.tables import ChallengeRow as Row
from ventanilla.store.tenancy import Work


class Kind(StrEnum):
    """What is proved, and for what."""

    REGISTER = "REGISTER"
    """Who registers reads the address that they gave."""
    RESET_PASSWORD = "RESET_PASSWORD"  # noqa: S105  the name of a challenge, not a secret
    SIGN_IN_CODE = "SIGN_IN_CODE"
    PASSKEY_REGISTRATION = "PASSKEY_REGISTRATION"
    PASSKEY_SIGN_IN = "PASSKEY_SIGN_IN"
    """Of nobody in particular: whose passkey it is turns out when it signs."""
    IDENTITY_LINK = "IDENTITY_LINK"
    """A person who is signed in wants to link their account at an identity provider; no letter tells of it."""
    NEW_EMAIL = "NEW_EMAIL"
    """A person reads the address, in the body, that they want in place of theirs, which it is begun for: so nobody
    else who wants it stands in their way."""
    ACCESS_LINK = "ACCESS_LINK"
    """Somebody who is given access reads the address that the manager's office has of them."""
    ACCESS_PASSWORD = "ACCESS_PASSWORD"  # noqa: S105  the name of a challenge, not a secret
    """The same, by a password that the letter tells instead of a link."""


LIFETIMES: Final[Mapping[Kind, timedelta]] = {
    Kind.REGISTER: timedelta(hours=24),
    Kind.RESET_PASSWORD: timedelta(hours=1),
    Kind.SIGN_IN_CODE: timedelta(minutes=10),
    Kind.PASSKEY_REGISTRATION: timedelta(minutes=5),
    Kind.PASSKEY_SIGN_IN: timedelta(minutes=5),
    Kind.IDENTITY_LINK: timedelta(minutes=5),
    Kind.NEW_EMAIL: timedelta(hours=24),
    Kind.ACCESS_LINK: timedelta(days=14),
    Kind.ACCESS_PASSWORD: timedelta(days=14),
}
"""How long each can be met, unless it is said otherwise."""
_KEPT: Final = timedelta(days=2)
"""How long after its end a challenge is kept, to say that it is over rather than unknown."""
_OF_NOBODY: Final = frozenset({Kind.PASSKEY_SIGN_IN})
"""Kinds that are begun without an address: any number may be open at once."""


class Ended(StrEnum):
    """Why a challenge cannot be met any more."""

    UNKNOWN = "UNKNOWN"
    EXPIRED = "EXPIRED"
    USED = "USED"
    REPLACED = "REPLACED"
    """A newer one was begun for the same address."""


class Challenge(Record):
    """A challenge that may still be met, or just was."""

    id: str
    kind: Kind
    email: str
    person_id: str | None
    body: Mapping[str, Any] | None
    """What waits for it."""
    created_at: datetime
    expires_at: datetime

    def __repr__(self) -> str:
        return f"Challenge(id={self.id!r}, kind={self.kind!r})"


async def begin(
    work: Work,
    kind: Kind,
    *,
    email: str,
    now: datetime,
    person_id: str | None = None,
    body: Mapping[str, Any] | None = None,
) -> Challenge:
    """Begin a challenge for a normalised address; one of the same kind that was not met yet cannot be any more."""
    await _sweep(work, now)
    if kind not in _OF_NOBODY:
        await withdraw(work, kind, email=email, now=now)
    row = Row(
        id=uuid4().hex,
        kind=kind.value,
        email=email,
        person_id=person_id,
        body=None if body is None else msgspec.json.encode(body).decode(),
        created_at=now,
        expires_at=now + LIFETIMES[kind],
    )
    work.add(row)
    await work.flush()
    return _challenge(row)


def row_of(kind: Kind, challenge_id: str, *, email: str, at: datetime, until: datetime) -> Row:
    """The row of one of many challenges, under an id chosen for it; older ones are the caller's to withdraw."""
    return Row(id=challenge_id, kind=kind.value, email=email, created_at=at, expires_at=until)


async def withdraw(work: Work, kind: Kind, *, email: str, now: datetime) -> None:
    """Let no challenge of this kind for a normalised address be met any more; what waited for it is forgotten."""
    await _replaced(work, [kind], email, now)


async def withdraw_all(work: Work, *, email: str, now: datetime) -> None:
    """Let no challenge at all for a normalised address be met any more: its person has another one."""
    await _replaced(work, [*Kind], email, now)


async def _replaced(work: Work, kinds: Collection[Kind], email: str, now: datetime) -> None:
    older = (col(Row.kind).in_([kind.value for kind in kinds]), col(Row.email) == email, col(Row.used_at).is_(None))
    await work.exec(update(Row).where(*older, col(Row.replaced_at).is_(None)).values(replaced_at=now, body=None))


async def meet(work: Work, kind: Kind, challenge_id: str, now: datetime) -> Challenge | Ended:
    """Use a challenge up, for whoever has proved it: of all who try at once, one does; why not, for the others.

    What waited for it is told this once, and kept no longer.
    """
    met = update(Row).where(*_open(kind, challenge_id), col(Row.expires_at) > now).values(used_at=now)
    if (await work.exec(met)).rowcount:
        row = (await work.exec(select(Row).where(col(Row.id) == challenge_id))).one()
        challenge = _challenge(row)
        row.body = None
        return challenge
    return await _ending(work, kind, challenge_id)


async def find(work: Work, kind: Kind, challenge_id: str, now: datetime) -> Challenge | Ended:
    """A challenge that may still be met, or why it cannot."""
    found = select(Row).where(*_open(kind, challenge_id), col(Row.expires_at) > now)
    row = (await work.exec(found)).first()
    return await _ending(work, kind, challenge_id) if row is None else _challenge(row)


def _open(kind: Kind, challenge_id: str) -> tuple[Any, ...]:
    return (
        col(Row.id) == challenge_id,
        col(Row.kind) == kind.value,
        col(Row.used_at).is_(None),
        col(Row.replaced_at).is_(None),
    )


async def _ending(work: Work, kind: Kind, challenge_id: str) -> Ended:
    found = select(Row).where(col(Row.id) == challenge_id, col(Row.kind) == kind.value)
    row = (await work.exec(found)).first()
    if row is None:
        return Ended.UNKNOWN
    if row.used_at is not None:
        return Ended.USED
    return Ended.EXPIRED if row.replaced_at is None else Ended.REPLACED


async def _sweep(work: Work, now: datetime) -> None:
    """Nobody else sweeps: what is long over at this manager goes when something begins."""
    await work.exec(delete(Row).where(col(Row.expires_at) <= now - _KEPT))


def _challenge(row: Row) -> Challenge:
    return Challenge(
        id=row.id,
        kind=Kind(row.kind),
        email=row.email,
        person_id=row.person_id,
        body=None if row.body is None else msgspec.json.decode(row.body),
        created_at=row.created_at,
        expires_at=row.expires_at,
    )
