"""Letters on their way: a row for each, written in the transaction of its cause, sent by a worker.

What a letter proves or opens is derived from its challenge when it is written down for sending, so a row holds no
secret. A row is PENDING until a worker takes it under a lease, and ends as SENT, FAILED or CANCELLED.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from uuid import uuid4

import msgspec

from ventanilla.backoffice_adapters.records import Record
from ventanilla.store.tables import LetterRow
from ventanilla.store.tenancy import Work


class LetterKind(StrEnum):
    """What a letter is about."""

    VERIFY_EMAIL = "VERIFY_EMAIL"
    """Somebody registers with this address: the link proves that they read it."""
    ALREADY_REGISTERED = "ALREADY_REGISTERED"
    """Somebody tried to register with the address of a person who is there already."""
    RESET_PASSWORD = "RESET_PASSWORD"  # noqa: S105  the name of a letter, not a secret
    PASSWORD_CHANGED = "PASSWORD_CHANGED"  # noqa: S105  the name of a letter, not a secret
    SIGN_IN_CODE = "SIGN_IN_CODE"
    NEW_DEVICE = "NEW_DEVICE"
    """Somebody signed in with a browser that is not known of this person."""


class LetterState(StrEnum):
    """What became of a letter."""

    PENDING = "PENDING"
    SENDING = "SENDING"
    SENT = "SENT"
    FAILED = "FAILED"
    CANCELLED = "CANCELLED"
    VOID = "VOID"
    """For nobody: written so that an address that nobody has takes the same work as a known one."""


class NewLetter(Record):
    """A letter to be sent."""

    kind: LetterKind
    recipient: str
    """The address."""
    language: str
    host: str
    """The portal's host that its links lead to, with its port."""
    secure: bool
    """Whether its links begin with https."""
    name: str = ""
    """How the recipient is addressed."""
    person_id: str | None = None
    challenge_id: str | None = None
    told: Mapping[str, str] = {}
    """What else it says, by name: no secret."""
    for_nobody: bool = False
    """Whether it is only written, and never sent."""


async def post(work: Work, letter: NewLetter, now: datetime) -> str:
    """Write a letter into the transaction of its cause, to be sent once that is committed; the letter's id."""
    row = LetterRow(
        id=uuid4().hex,
        kind=letter.kind.value,
        recipient=letter.recipient,
        name=letter.name,
        language=letter.language,
        host=letter.host,
        secure=letter.secure,
        person_id=letter.person_id,
        challenge_id=letter.challenge_id,
        told=msgspec.json.encode(letter.told).decode(),
        state=(LetterState.VOID if letter.for_nobody else LetterState.PENDING).value,
        due_at=now,
        created_at=now,
        ended_at=now if letter.for_nobody else None,
    )
    work.add(row)
    await work.flush()
    return row.id
