"""What is to be proved by a letter, and the letters themselves: written with their cause, sent by a worker."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKeyConstraint, Index, Text, false
from sqlmodel import Field

from ventanilla.store.tables.base import ID, Instant, TenantRow

# The standing reason of the pyright ignores below: SQLModel types `__tablename__` as a declared_attr, and its
# documentation sets it to a plain string.


class ChallengeRow(TenantRow, table=True):
    """Something that whoever reads an address can prove, once, for a while.

    What they prove it with, a link's token or a code, is derived from the id when the letter is written; it stands
    nowhere.
    """

    __tablename__ = "challenge"  # pyright: ignore[reportAssignmentType]  # see above
    __table_args__ = (
        ForeignKeyConstraint(["manager", "person_id"], ["person.manager", "person.id"], ondelete="CASCADE"),
        Index("ix_challenge_email", "manager", "kind", "email"),
    )

    id: str = Field(primary_key=True, max_length=ID)
    kind: str = Field(max_length=20)
    """A `challenges.Kind`."""
    email: str = Field(max_length=320)
    """The address that is proved, stripped and casefolded."""
    person_id: str | None = Field(default=None, max_length=ID)
    """Who is meant; None where there is nobody, or nobody yet."""
    body: str | None = Field(default=None, sa_type=Text)
    """What waits for the proof, as JSON: somebody who registers, with the hash of their password."""
    created_at: datetime = Field(sa_type=Instant)
    expires_at: datetime = Field(sa_type=Instant, index=True)
    used_at: datetime | None = Field(default=None, sa_type=Instant)
    replaced_at: datetime | None = Field(default=None, sa_type=Instant)
    """When a newer one took its place."""


class LetterRow(TenantRow, table=True):
    """A letter to be sent, and what became of it. It holds no secret: links and codes are made when it is written."""

    __tablename__ = "letter"  # pyright: ignore[reportAssignmentType]  # see above
    __table_args__ = (
        ForeignKeyConstraint(["manager", "person_id"], ["person.manager", "person.id"], ondelete="CASCADE"),
        Index("ix_letter_due", "manager", "state", "due_at"),
        Index("ix_letter_batch", "manager", "batch_id", "state"),
        Index("ix_letter_created", "manager", "created_at", "id"),
    )

    id: str = Field(primary_key=True, max_length=ID)
    """Random; the Message-ID is made of it, so that a repeat is recognised."""
    kind: str = Field(max_length=30)
    """A `LetterKind`."""
    recipient: str = Field(max_length=320)
    name: str = Field(default="", max_length=250)
    """How the recipient is addressed; empty where nobody knows."""
    language: str = Field(max_length=12)
    host: str = Field(max_length=260)
    """The portal's host that its links lead to."""
    secure: bool = True
    """Whether its links begin with https."""
    person_id: str | None = Field(default=None, max_length=ID)
    challenge_id: str | None = Field(default=None, max_length=ID)
    """What its link or code is made of. The letter is kept longer than the challenge."""
    for_nobody: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    """Whether it is only written down, and leaves for nobody."""
    batch_id: str | None = Field(default=None, max_length=ID)
    """The run of many letters that it is one of."""
    told: str = Field(default="{}", sa_type=Text)
    """What else it says, by name, as JSON: no secret and no data of an office."""
    state: str = Field(max_length=10)
    """A `LetterState`."""
    due_at: datetime = Field(sa_type=Instant)
    """When it is to be sent, or tried again; of one that is being sent, when its lease ends; else when it ended."""
    leased_by: str | None = Field(default=None, max_length=ID)
    recalled: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    """Whether it was cancelled while a worker had it: unless it is leaving at this moment, it does not leave."""
    tries: int = 0
    failure: str | None = Field(default=None, max_length=20)
    """Why the last try failed, a `Failure` of `mail`."""
    failure_code: str | None = Field(default=None, max_length=16)
    """What the mail server called it: ``550 5.1.1``."""
    created_at: datetime = Field(sa_type=Instant)
    ended_at: datetime | None = Field(default=None, sa_type=Instant)
    """When it was sent, given up or cancelled."""
