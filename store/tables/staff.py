"""What people are to a manager beside customers, and the second factor of those who work there."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKeyConstraint, Index, Text, UniqueConstraint
from sqlmodel import Field

from ventanilla.store.tables.base import ID, Instant, TenantRow

# The standing reason of the pyright ignores below: SQLModel types `__tablename__` as a declared_attr, and its
# documentation sets it to a plain string.


class MandateRow(TenantRow, table=True):
    """As what somebody acts for a while: member of a community's board, or supplier."""

    __tablename__ = "mandate"  # pyright: ignore[reportAssignmentType]  # see above
    __table_args__ = (
        ForeignKeyConstraint(["manager", "person_id"], ["person.manager", "person.id"], ondelete="CASCADE"),
        UniqueConstraint("manager", "person_id", "role", "office", "subject_key", "starts_on"),
        Index("ix_mandate_subject", "manager", "office", "subject_key"),
    )

    id: str = Field(primary_key=True, max_length=ID)
    person_id: str = Field(max_length=ID)
    role: str = Field(max_length=20)
    """A `MandateRole`."""
    office: str = Field(max_length=60)
    subject_key: str = Field(max_length=120)
    """The community's key there, of a board member; the party's, of a supplier."""
    subject_name: str = Field(max_length=250)
    """What that is called, kept so that a list needs no office."""
    starts_on: str = Field(max_length=10)
    """The first day, local to the manager."""
    ends_on: str | None = Field(default=None, max_length=10)
    """The last day; None while no end is known."""
    created_at: datetime = Field(sa_type=Instant)


class SecondFactorRow(TenantRow, table=True):
    """The secret that somebody's authenticator shares with us: sealed, never told again."""

    __tablename__ = "second_factor"  # pyright: ignore[reportAssignmentType]  # see above
    __table_args__ = (
        ForeignKeyConstraint(["manager", "person_id"], ["person.manager", "person.id"], ondelete="CASCADE"),
    )

    manager: str = Field(default=None, primary_key=True, foreign_key="manager.slug", ondelete="CASCADE", max_length=40)
    person_id: str = Field(primary_key=True, max_length=ID)
    secret: str | None = Field(default=None, sa_type=Text)
    """Sealed under a key of the manager, which the database does not hold; None until a first code was shown."""
    offered: str | None = Field(default=None, sa_type=Text)
    """Sealed too: one that counts for nothing until a code shows that the authenticator has it."""
    offered_at: datetime = Field(sa_type=Instant)
    confirmed_at: datetime | None = Field(default=None, sa_type=Instant)
    """When a code showed that the authenticator has `secret`."""
    last_step: int | None = Field(default=None, sa_type=BigInteger)
    """Of the last code that was taken: neither that one nor an older one is taken again."""


class RecoveryCodeRow(TenantRow, table=True):
    """A code for who has lost their authenticator: good once."""

    __tablename__ = "recovery_code"  # pyright: ignore[reportAssignmentType]  # see above
    __table_args__ = (
        ForeignKeyConstraint(["manager", "person_id"], ["person.manager", "person.id"], ondelete="CASCADE"),
    )

    manager: str = Field(default=None, primary_key=True, foreign_key="manager.slug", ondelete="CASCADE", max_length=40)
    person_id: str = Field(primary_key=True, max_length=ID)
    code_hash: str = Field(primary_key=True, max_length=64)
    """SHA-256, hexadecimal, of the code, which is random."""
    used_at: datetime | None = Field(default=None, sa_type=Instant)
