"""Access for many at once: what was asked for, and each person who is invited."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKeyConstraint, Index, Text, UniqueConstraint
from sqlmodel import Field

from ventanilla.store.tables.base import ID, Instant, TenantRow

# The standing reason of the pyright ignores below: SQLModel types `__tablename__` as a declared_attr, and its
# documentation sets it to a plain string.


class AccessBatchRow(TenantRow, table=True):
    """One run of invitations: whom it is for, how far it has come. Generating and sending are states of their own."""

    __tablename__ = "access_batch"  # pyright: ignore[reportAssignmentType]  # see above
    __table_args__ = (
        UniqueConstraint("manager", "id"),
        UniqueConstraint("manager", "created_by", "idempotency_key"),
        Index("ix_access_batch_state", "state", "due_at"),
    )

    id: str = Field(primary_key=True, max_length=ID)
    created_by: str = Field(max_length=ID)
    """Who asked for it. What happened outlives them, so it refers to nobody's row."""
    idempotency_key: str = Field(max_length=64)
    """SHA-256 of the client's key, hexadecimal."""
    asked: str = Field(sa_type=Text)
    """What was asked for, as JSON: audience, filter, selection, credential, user name, batch size, interval."""
    state: str = Field(max_length=12)
    """An `AccessBatchState`."""
    position: str | None = Field(default=None, sa_type=Text)
    """How far generating has come, as JSON; None when it has not begun, or is done."""
    due_at: datetime = Field(sa_type=Instant)
    """While it is generated: when a worker may take it, which is when the last one's lease ends."""
    leased_by: str | None = Field(default=None, max_length=ID)
    problem: str | None = Field(default=None, max_length=30)
    """Why it could not be generated."""
    created_at: datetime = Field(sa_type=Instant)
    generated_at: datetime | None = Field(default=None, sa_type=Instant)
    sending_at: datetime | None = Field(default=None, sa_type=Instant)
    """When somebody said that it may be sent."""
    cancelled_at: datetime | None = Field(default=None, sa_type=Instant)


class AccessInvitationRow(TenantRow, table=True):
    """One person of a batch. Whether their letter has left is told by the letter."""

    __tablename__ = "access_invitation"  # pyright: ignore[reportAssignmentType]  # see above
    __table_args__ = (
        ForeignKeyConstraint(["manager", "batch_id"], ["access_batch.manager", "access_batch.id"], ondelete="CASCADE"),
        UniqueConstraint("manager", "batch_id", "office", "party_key"),
        UniqueConstraint("manager", "letter_id"),
        Index("ix_access_invitation_party", "manager", "office", "party_key"),
        Index("ix_access_invitation_email", "manager", "email"),
        Index("ix_access_invitation_user_name", "manager", "user_name"),
        Index("ix_access_invitation_challenge", "manager", "challenge_id"),
    )

    id: str = Field(primary_key=True, max_length=ID)
    batch_id: str = Field(max_length=ID)
    office: str = Field(max_length=60)
    party_key: str = Field(max_length=120)
    name: str = Field(max_length=250)
    email: str | None = Field(default=None, max_length=320)
    user_name: str | None = Field(default=None, max_length=40)
    """The identity document, where that is what they sign in with."""
    standings: str = Field(default="[]", sa_type=Text)
    """What they reach once they have come in, as JSON: accounts with roles, mandates with their days."""
    state: str = Field(max_length=12)
    """An `InvitationState`."""
    problem: str | None = Field(default=None, max_length=30)
    """Why nothing is sent to them."""
    letter_id: str | None = Field(default=None, max_length=ID)
    """Of the letter, chosen before there is one: it is posted when somebody says that the batch may be sent."""
    challenge_id: str | None = Field(default=None, max_length=ID)
    """Of what the letter proves, chosen with it."""
    person_id: str | None = Field(default=None, max_length=ID)
    """Whom it became, once they have come in."""
    accepted_at: datetime | None = Field(default=None, sa_type=Instant)
