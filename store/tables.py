"""The tables of our own drawer.

A **tenant table** derives from `TenantRow`: each row belongs to one manager, and a unit of work sees and changes only
the rows of the manager it is bound to. Tenant tables refer to each other by (manager, id), so the database itself
refuses a row of one manager that points at a row of another.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Dialect, ForeignKeyConstraint, Index, String, Text, UniqueConstraint, text
from sqlalchemy.types import TypeDecorator
from sqlmodel import Field, SQLModel

from ventanilla.backoffice_adapters.database import stamp

# The standing reason of the pyright ignores below: SQLModel types `__tablename__` as a declared_attr, and its
# documentation sets it to a plain string.

# Constraints with names can be changed by a later migration on SQLite too.
SQLModel.metadata.naming_convention = {
    "pk": "pk_%(table_name)s",
    "fk": "fk_%(table_name)s_%(referred_table_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
}

_ID = 32
"""Length of our own random ids: 128 bits in hexadecimal."""


class Instant(TypeDecorator[datetime]):
    """A column of aware UTC datetimes, kept as the text of `stamp`: on both databases text order is time order."""

    impl = String(32)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:
        """Write a value, or what a column is compared with."""
        return None if value is None else stamp(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """Read a value."""
        return None if value is None else datetime.fromisoformat(value)


class ManagerRow(SQLModel, table=True):
    """A manager as its file and its staff left it."""

    __tablename__ = "manager"  # pyright: ignore[reportAssignmentType]  # see above

    slug: str = Field(primary_key=True, max_length=40)
    version: int = Field(sa_type=BigInteger)
    """Another number after each change, never one that was used before: what caches are keyed by."""
    body: str = Field(sa_type=Text)
    """The whole `Manager` as JSON."""
    source: str = Field(sa_type=Text)
    """Where the operator's keys came from, such as the file's name."""


class HostRow(SQLModel, table=True):
    """A host name, which is one manager's portal and nobody else's."""

    __tablename__ = "host"  # pyright: ignore[reportAssignmentType]  # see above

    name: str = Field(primary_key=True, max_length=260)
    manager: str = Field(foreign_key="manager.slug", ondelete="CASCADE", index=True, max_length=40)


class TenantRow(SQLModel):
    """Base of every row that belongs to one manager. The unit of work fills `manager` in."""

    manager: str = Field(default=None, foreign_key="manager.slug", ondelete="CASCADE", max_length=40)


class PersonRow(TenantRow, table=True):
    """Somebody who may sign in at one manager's portal."""

    __tablename__ = "person"  # pyright: ignore[reportAssignmentType]  # see above
    __table_args__ = (UniqueConstraint("manager", "email"), UniqueConstraint("manager", "id"))

    id: str = Field(primary_key=True, max_length=_ID)
    email: str = Field(max_length=320)
    """Stripped and casefolded: what people are found by."""
    email_verified_at: datetime | None = Field(default=None, sa_type=Instant)
    password_hash: str | None = Field(default=None, max_length=255)
    """Argon2id with its parameters; None for somebody who cannot sign in with a password."""
    password_set_at: datetime | None = Field(default=None, sa_type=Instant)
    given_name: str = Field(max_length=120)
    family_name: str = Field(max_length=120)
    created_at: datetime = Field(sa_type=Instant)
    disabled_at: datetime | None = Field(default=None, sa_type=Instant)


class SessionRow(TenantRow, table=True):
    """A sign-in that still holds. Ending one deletes it; the token itself is held nowhere."""

    __tablename__ = "session"  # pyright: ignore[reportAssignmentType]  # see above
    __table_args__ = (
        ForeignKeyConstraint(["manager", "person_id"], ["person.manager", "person.id"], ondelete="CASCADE"),
        UniqueConstraint("manager", "token_hash"),
        Index("ix_session_person", "manager", "person_id"),
    )

    id: str = Field(primary_key=True, max_length=_ID)
    person_id: str = Field(max_length=_ID)
    token_hash: str = Field(max_length=64)
    """SHA-256 of the token, hexadecimal."""
    created_at: datetime = Field(sa_type=Instant)
    seen_at: datetime = Field(sa_type=Instant)
    """When it was last used, to the minute."""
    idle_at: datetime = Field(sa_type=Instant)
    """When it ends unless it is used."""
    expires_at: datetime = Field(sa_type=Instant)
    """When it ends in any case."""
    address: str | None = Field(default=None, max_length=64)
    user_agent: str | None = Field(default=None, max_length=300)


class AccountLinkRow(TenantRow, table=True):
    """One account of an office that a person reaches."""

    __tablename__ = "account_link"  # pyright: ignore[reportAssignmentType]  # see above
    __table_args__ = (
        ForeignKeyConstraint(["manager", "person_id"], ["person.manager", "person.id"], ondelete="CASCADE"),
        UniqueConstraint("manager", "person_id", "office", "account_key"),
        Index(
            "ix_account_link_default",
            "manager",
            "person_id",
            unique=True,
            sqlite_where=text("is_default"),
            postgresql_where=text("is_default"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    person_id: str = Field(max_length=_ID)
    office: str = Field(max_length=60)
    account_key: str = Field(max_length=120)
    number: str = Field(max_length=120)
    """The number printed on papers, kept so that a list needs no office."""
    role: str = Field(max_length=20)
    """An `AccountRole`."""
    is_default: bool = False
    """At most one for each person."""
    created_at: datetime = Field(sa_type=Instant)


class SignInAttemptRow(TenantRow, table=True):
    """How often somebody tried to sign in within the current window."""

    __tablename__ = "sign_in_attempt"  # pyright: ignore[reportAssignmentType]  # see above

    manager: str = Field(default=None, primary_key=True, foreign_key="manager.slug", ondelete="CASCADE", max_length=40)
    kind: str = Field(primary_key=True, max_length=10)
    """ACCOUNT or ADDRESS."""
    subject: str = Field(primary_key=True, max_length=64)
    """SHA-256 of the e-mail or network address: what strangers type is not kept."""
    tries: int
    ends_at: datetime = Field(sa_type=Instant, index=True)
    """When the window closes and counting begins anew."""


class StoredDocumentRow(TenantRow, table=True):
    """A GraphQL document that requests may name instead of sending it."""

    __tablename__ = "stored_document"  # pyright: ignore[reportAssignmentType]  # see above

    manager: str = Field(default=None, primary_key=True, foreign_key="manager.slug", ondelete="CASCADE", max_length=40)
    id: str = Field(primary_key=True, max_length=128)
    """What requests name it by: ``sha256:`` and its hash in hexadecimal."""
    text: str = Field(sa_type=Text)
    source: str = Field(sa_type=Text)
    """Where it came from, such as the file's name."""
