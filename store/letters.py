"""Letters on their way: a row for each, written in the transaction of its cause, sent by a worker.

What a letter proves or opens is derived from its challenge when it is written down for sending, so a row holds no
secret. A row is PENDING until a worker takes it under a lease, and ends as SENT, FAILED or CANCELLED.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final
from uuid import uuid4

import msgspec
from sqlalchemy import case
from sqlmodel import col, delete, or_, select, update

from ventanilla.backoffice_adapters.records import Record
from ventanilla.store.tables import LetterRow as Row
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
    SECOND_FACTOR_SET_UP = "SECOND_FACTOR_SET_UP"
    SECOND_FACTOR_REMOVED = "SECOND_FACTOR_REMOVED"
    VERIFY_NEW_EMAIL = "VERIFY_NEW_EMAIL"
    """A person wants this address in place of theirs: the link proves that they read it."""
    EMAIL_IN_USE = "EMAIL_IN_USE"
    """Another person wanted the address of this one in place of theirs."""
    NEW_EMAIL_ASKED = "NEW_EMAIL_ASKED"
    """To the address that somebody wants to replace."""
    EMAIL_CHANGED = "EMAIL_CHANGED"
    """To the address that was replaced."""
    PASSKEY_ADDED = "PASSKEY_ADDED"
    IDENTITY_LINKED = "IDENTITY_LINKED"
    DATA_ERASED = "DATA_ERASED"
    """To the address of who was erased: once it has ended it is known no longer to whom it was."""
    ACCESS_LINK = "ACCESS_LINK"
    """The manager gives somebody access: behind the link they choose their password."""
    ACCESS_PASSWORD = "ACCESS_PASSWORD"  # noqa: S105  the name of a letter, not a secret
    """The manager gives somebody access: with a password that is good until they change it, which comes first."""


class LetterState(StrEnum):
    """What became of a letter."""

    PENDING = "PENDING"
    SENDING = "SENDING"
    SENT = "SENT"
    FAILED = "FAILED"
    CANCELLED = "CANCELLED"
    VOID = "VOID"
    """Of a letter for nobody: it was written down and thrown away."""


WAITING: Final = LetterState.PENDING.value
TAKEN: Final = LetterState.SENDING.value
KEPT: Final[Mapping[LetterState, timedelta]] = {
    LetterState.SENT: timedelta(days=90),
    LetterState.FAILED: timedelta(days=90),
    LetterState.CANCELLED: timedelta(days=90),
    LetterState.VOID: timedelta(hours=1),
}
"""How long a letter that has ended is kept, to tell what became of it."""
FAREWELL: Final = timedelta(hours=24)
"""How long a letter to somebody who was erased may wait for a mail server."""


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
    batch_id: str | None = None
    """The run of many letters that it is one of."""
    for_nobody: bool = False
    """Whether it leaves for nobody. It is written down like any other, so that an address that nobody has takes the
    same work as a known one, also after the answer, where a worker in the same process would be noticed."""


async def post(work: Work, letter: NewLetter, now: datetime) -> str:
    """Write a letter into the transaction of its cause, to be sent once that is committed; the letter's id."""
    row = row_of(letter, uuid4().hex, now)
    work.add(row)
    await work.flush()
    return row.id


def row_of(letter: NewLetter, letter_id: str, due: datetime) -> Row:
    """The row of a letter that is to leave when it is `due`; its age counts from then."""
    return Row(
        id=letter_id,
        kind=letter.kind.value,
        recipient=letter.recipient,
        name=letter.name,
        language=letter.language,
        host=letter.host,
        secure=letter.secure,
        person_id=letter.person_id,
        challenge_id=letter.challenge_id,
        told=msgspec.json.encode(letter.told).decode(),
        for_nobody=letter.for_nobody,
        batch_id=letter.batch_id,
        state=WAITING,
        due_at=due,
        created_at=due,
    )


class Cancelled(Record):
    """What a cancellation has reached."""

    cancelled: int
    """Letters that do not leave any more."""
    in_flight: int
    """Letters that a worker had taken before: at most these leave yet, if they are leaving at this moment."""


async def cancel(
    work: Work,
    now: datetime,
    *,
    ids: Collection[str] | None = None,
    kind: LetterKind | None = None,
    batch: str | None = None,
) -> Cancelled:
    """Cancel the manager's letters that wait, all or those chosen: once this is committed, none of them leaves.

    Those in a worker's hands are recalled: the worker asks once more before it sends one, and tries none again.
    """
    chosen = [] if ids is None else [col(Row.id).in_(ids)]
    chosen += [] if kind is None else [col(Row.kind) == kind.value]
    chosen += [] if batch is None else [col(Row.batch_id) == batch]
    # All are locked before any is changed, so that none goes unseen from one state to the other.
    open_ = select(Row.state).where(*chosen, col(Row.state).in_((WAITING, TAKEN))).with_for_update()
    states = (await work.exec(open_)).all()
    waiting = update(Row).where(*chosen, col(Row.state) == WAITING).values(**ended(LetterState.CANCELLED, now))
    cancelled = (await work.exec(waiting)).rowcount
    await work.exec(update(Row).where(*chosen, col(Row.state) == TAKEN).values(recalled=True))
    return Cancelled(cancelled=cancelled, in_flight=states.count(TAKEN))


async def retry(work: Work, now: datetime, *, ids: Collection[str] | None = None) -> int:
    """Let the manager's letters that were given up, all or those chosen, be sent once more; how many there are."""
    again: dict[str, Any] = {"state": WAITING, "due_at": now, "ended_at": None, "tries": 0}
    given_up = [col(Row.state) == LetterState.FAILED.value, col(Row.recipient) != ""]
    given_up += [] if ids is None else [col(Row.id).in_(ids)]
    return (await work.exec(update(Row).where(*given_up).values(**again))).rowcount


async def sweep(work: Work, now: datetime) -> int:
    """Delete the manager's letters that have ended long ago; how many there were. Those of a run go with it."""
    alone = col(Row.batch_id).is_(None)
    over = [(col(Row.state) == state.value) & (col(Row.due_at) <= now - kept) & alone for state, kept in KEPT.items()]
    # Where there is no mail server nothing is written down, and strangers' addresses are not for us to keep.
    unwritten = col(Row.for_nobody) & (col(Row.created_at) <= now - KEPT[LetterState.VOID])
    farewell = (col(Row.kind) == LetterKind.DATA_ERASED.value) & (col(Row.state) == WAITING)
    unsaid = farewell & (col(Row.created_at) <= now - FAREWELL)
    return (await work.exec(delete(Row).where(or_(unwritten, unsaid, *over)))).rowcount


def ended(state: LetterState, now: datetime) -> dict[str, Any]:
    """What the columns of a letter hold that ends in this state."""
    # Its end is also what it is found by in the order of time: to be swept, and to count what left of late.
    values = {"state": state.value, "leased_by": None, "due_at": now, "ended_at": now}
    personal = {"recipient": "", "name": "", "told": "{}"}
    erased = col(Row.kind) == LetterKind.DATA_ERASED.value  # nobody is to know any more who they were
    forgotten = {name: case((erased, empty), else_=getattr(Row, name)) for name, empty in personal.items()}
    return {**values, **forgotten}
