"""Sessions: what a sign-in leaves behind. The token is opaque and random; the store holds only its hash.

A session ends two hours after it was last used, and twelve hours after the sign-in in any case: a day at work, and not
a night on a shared computer. It is good at the manager where it was issued and nowhere else.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import uuid4

from sqlalchemy import CursorResult
from sqlmodel import col, delete, or_, select, update

from ventanilla.backoffice_adapters.database import Row, stamp
from ventanilla.backoffice_adapters.records import Record
from ventanilla.store.store import Store
from ventanilla.store.tables import SessionRow, is_id
from ventanilla.store.tenancy import Work

LIFETIME: Final = timedelta(hours=12)
"""How long a session lasts in any case."""
IDLE: Final = timedelta(hours=2)
"""How long a session lasts unused."""
FRESH: Final = timedelta(minutes=15)
"""How long after signing in somebody may do what needs more than a session that somebody left open."""
SEEN_EVERY: Final = timedelta(minutes=1)
"""How often at most it is written that a session was used."""
PREFIX: Final = "vs_"
"""What tokens begin with, so that scanners for leaked secrets know one."""
OTHER_PREFIX: Final = "vk_"
"""What the tokens of sessions begin with that a passkey, or an identity provider, began: nothing of a password concerns
them."""
_TOKEN_LENGTH = len(PREFIX) + 43
_AGENT = 300
ADDRESS: Final = 64
"""How much of a network address is kept."""
_THEIRS = """
SELECT id, created_at, seen_at, expires_at, address, user_agent FROM session
WHERE manager = $1 AND person_id = $2 AND idle_at > $3 AND expires_at > $3
ORDER BY created_at DESC, id LIMIT 100
"""


class Session(Record):
    """A session as its owner may see it."""

    id: str
    created_at: datetime
    seen_at: datetime
    """When it was last used, to the minute."""
    expires_at: datetime
    """When it ends in any case."""
    address: str | None = None
    user_agent: str | None = None


class Issued(Record):
    """A new session and its token, which is told this once and cannot be found out again."""

    token: str
    session: Session

    def __repr__(self) -> str:
        return f"Issued(token=…, session={self.session!r})"


async def issue(
    work: Work,
    person_id: str,
    *,
    now: datetime,
    address: str | None = None,
    user_agent: str | None = None,
    without_password: bool = False,
    second_factor: bool = False,
) -> Issued:
    """Begin a session for a person of the manager of `work`; that person's sessions which are over are swept out.

    `second_factor` says that what began it is as good as one.
    """
    await work.exec(delete(SessionRow).where(col(SessionRow.person_id) == person_id, _over(now)))
    token = (OTHER_PREFIX if without_password else PREFIX) + secrets.token_urlsafe(32)
    row = SessionRow(
        id=uuid4().hex,
        person_id=person_id,
        token_hash=hash_of(token),
        created_at=now,
        seen_at=now,
        idle_at=now + IDLE,
        expires_at=now + LIFETIME,
        address=address[:ADDRESS] if address else None,
        user_agent=_printable(user_agent)[:_AGENT] if user_agent else None,
        second_factor_at=now if second_factor else None,
    )
    work.add(row)
    await work.flush()
    return Issued(token=token, session=_session(row))


def _printable(text: str) -> str:
    return "".join(filter(str.isprintable, text))


def hash_of(token: str) -> str:
    """What the store knows a token by. A random token of 256 bits needs no salt and no slow hash."""
    return hashlib.sha256(token.encode()).hexdigest()


def is_token(text: str) -> bool:
    """Whether `text` could be a token of ours; what could not is never looked up."""
    return len(text) == _TOKEN_LENGTH and text.startswith((PREFIX, OTHER_PREFIX)) and text.isascii()


def is_without_password(token: str) -> bool:
    """Whether a passkey, or a provider, began the session of `token`. Its hash covers the prefix: nobody can say
    otherwise."""
    return token.startswith(OTHER_PREFIX)


async def touch(store: Store, manager: str, session_id: str, now: datetime) -> None:
    """Write that a session was used, at most once a minute however many requests say so at once."""
    due = (col(SessionRow.id) == session_id, col(SessionRow.seen_at) <= now - SEEN_EVERY, ~_over(now))
    async with store.work(manager) as work:
        await work.exec(update(SessionRow).where(*due).values(seen_at=now, idle_at=now + IDLE))


async def is_fresh(work: Work, person_id: str, session_id: str | None, now: datetime) -> bool:
    """Whether a session is this person's and began within the last `FRESH`."""
    theirs = (col(SessionRow.id) == session_id, col(SessionRow.person_id) == person_id)
    young = col(SessionRow.created_at) >= now - FRESH
    return (await work.exec(select(SessionRow.id).where(*theirs, young))).first() is not None


async def has_shown(work: Work, person_id: str, session_id: str | None) -> bool:
    """Whether a session is this person's and a second factor was shown in it."""
    theirs = (col(SessionRow.id) == session_id, col(SessionRow.person_id) == person_id)
    shown = col(SessionRow.second_factor_at).is_not(None)
    return (await work.exec(select(SessionRow.id).where(*theirs, shown))).first() is not None


async def show(work: Work, person_id: str, session_id: str, now: datetime) -> None:
    """Write that a second factor was shown in a session of this person."""
    theirs = (col(SessionRow.id) == session_id, col(SessionRow.person_id) == person_id)
    await work.exec(update(SessionRow).where(*theirs).values(second_factor_at=now))


async def unshow(work: Work, person_id: str) -> None:
    """Let no session of a person count as one in which a second factor was shown."""
    await work.exec(update(SessionRow).where(col(SessionRow.person_id) == person_id).values(second_factor_at=None))


async def of_person(store: Store, manager: str, person_id: str, now: datetime) -> list[Session]:
    """The sessions of a person that are not over, newest first, at most a hundred."""
    rows = await store.rows(_THEIRS, [manager, person_id, stamp(now)])
    return [_read(row) for row in rows]


def _read(row: Row) -> Session:
    session_id, created_at, seen_at, expires_at, address, user_agent = row
    return Session(
        id=session_id,
        created_at=datetime.fromisoformat(created_at),
        seen_at=datetime.fromisoformat(seen_at),
        expires_at=datetime.fromisoformat(expires_at),
        address=address,
        user_agent=user_agent,
    )


async def end(work: Work, session_id: str, *, person_id: str | None = None) -> int:
    """End one session at once, if it is of that person; how many ended, so 0 for one that was over or another's."""
    if not is_id(session_id):
        return 0
    ours = delete(SessionRow).where(col(SessionRow.id) == session_id)
    return _count(await work.exec(ours if person_id is None else ours.where(col(SessionRow.person_id) == person_id)))


async def end_all(work: Work, person_id: str, *, keep: str | None = None) -> int:
    """End every session of a person, except the one with the id `keep`; how many ended."""
    theirs = delete(SessionRow).where(col(SessionRow.person_id) == person_id)
    return _count(await work.exec(theirs if keep is None else theirs.where(col(SessionRow.id) != keep)))


async def sweep(work: Work, now: datetime) -> int:
    """Delete the sessions of the manager of `work` that are over; how many there were."""
    return _count(await work.exec(delete(SessionRow).where(_over(now))))


def _over(now: datetime) -> Any:
    return or_(col(SessionRow.expires_at) <= now, col(SessionRow.idle_at) <= now)


def _count(result: CursorResult[*tuple[Any, ...]]) -> int:
    return result.rowcount


def _session(row: SessionRow) -> Session:
    return Session(
        id=row.id,
        created_at=row.created_at,
        seen_at=row.seen_at,
        expires_at=row.expires_at,
        address=row.address,
        user_agent=row.user_agent,
    )
