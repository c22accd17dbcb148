"""People, what they sign in with, and what they reach."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKeyConstraint, Index, UniqueConstraint, false, text
from sqlmodel import Field

from ventanilla.store.tables.base import ID, Instant, TenantRow

# The standing reason of the pyright ignores below: SQLModel types `__tablename__` as a declared_attr, and its
# documentation sets it to a plain string.


class PersonRow(TenantRow, table=True):
    """Somebody who may sign in at one manager's portal."""

    __tablename__ = "person"  # pyright: ignore[reportAssignmentType]  # see above
    __table_args__ = (
        UniqueConstraint("manager", "email"),
        UniqueConstraint("manager", "id"),
        UniqueConstraint("manager", "user_name"),
    )

    id: str = Field(primary_key=True, max_length=ID)
    email: str = Field(max_length=320)
    """Stripped and casefolded: what people are found by."""
    email_verified_at: datetime | None = Field(default=None, sa_type=Instant)
    password_hash: str | None = Field(default=None, max_length=255)
    """Argon2id with its parameters; None for somebody who cannot sign in with a password."""
    password_set_at: datetime | None = Field(default=None, sa_type=Instant)
    must_change_password: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    """Whether nothing but another password is given to who signs in with it: it was somebody else's to choose."""
    given_name: str = Field(max_length=120)
    family_name: str = Field(max_length=120)
    document_type: str | None = Field(default=None, max_length=20)
    """What kind of identity document it is, as the country calls it: DNI, CC, PESEL."""
    document_number: str | None = Field(default=None, max_length=40)
    """Of the identity document, capital letters and digits alone: what people say of themselves, proved by nobody."""
    phone: str | None = Field(default=None, max_length=40)
    language: str | None = Field(default=None, max_length=12)
    """What letters are written in; None for the manager's first language."""
    user_name: str | None = Field(default=None, max_length=40)
    """The number of the identity document, as the manager knows it, that they may sign in with beside the e-mail."""
    staff_role: str | None = Field(default=None, max_length=20)
    """A `StaffRole`; None for who does not work for the manager."""
    second_factor_at: datetime | None = Field(default=None, sa_type=Instant)
    """Since when they are asked for a second factor."""
    created_at: datetime = Field(sa_type=Instant)
    disabled_at: datetime | None = Field(default=None, sa_type=Instant)


class FormerPasswordRow(TenantRow, table=True):
    """A password that a person had before, which policy may not let come back."""

    __tablename__ = "former_password"  # pyright: ignore[reportAssignmentType]  # see above
    __table_args__ = (
        ForeignKeyConstraint(["manager", "person_id"], ["person.manager", "person.id"], ondelete="CASCADE"),
        Index("ix_former_password_person", "manager", "person_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    person_id: str = Field(max_length=ID)
    password_hash: str = Field(max_length=255)
    replaced_at: datetime = Field(sa_type=Instant)


class ConsentRow(TenantRow, table=True):
    """Evidence that a person agreed to something: who, when, to which version, from where. Never changed."""

    __tablename__ = "consent"  # pyright: ignore[reportAssignmentType]  # see above
    __table_args__ = (
        ForeignKeyConstraint(["manager", "person_id"], ["person.manager", "person.id"], ondelete="CASCADE"),
        Index("ix_consent_person", "manager", "person_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    person_id: str = Field(max_length=ID)
    kind: str = Field(max_length=20)
    """What was agreed to: TERMS, or that a PROGRAM acts on their behalf."""
    version: str = Field(max_length=60)
    """Of the terms; of a program, its id."""
    accepted_at: datetime = Field(sa_type=Instant)
    address: str | None = Field(default=None, max_length=64)
    """The network address it came from."""


class KnownDeviceRow(TenantRow, table=True):
    """A browser that a person has signed in with: another one is told of by letter."""

    __tablename__ = "known_device"  # pyright: ignore[reportAssignmentType]  # see above
    __table_args__ = (
        ForeignKeyConstraint(["manager", "person_id"], ["person.manager", "person.id"], ondelete="CASCADE"),
    )

    manager: str = Field(default=None, primary_key=True, foreign_key="manager.slug", ondelete="CASCADE", max_length=40)
    person_id: str = Field(primary_key=True, max_length=ID)
    digest: str = Field(primary_key=True, max_length=64)
    """SHA-256 of what the browser calls itself, less its version numbers."""
    first_seen_at: datetime = Field(sa_type=Instant)
    seen_at: datetime = Field(sa_type=Instant)


class SessionRow(TenantRow, table=True):
    """A sign-in that still holds. Ending one deletes it; the token itself is held nowhere."""

    __tablename__ = "session"  # pyright: ignore[reportAssignmentType]  # see above
    __table_args__ = (
        ForeignKeyConstraint(["manager", "person_id"], ["person.manager", "person.id"], ondelete="CASCADE"),
        UniqueConstraint("manager", "token_hash"),
        Index("ix_session_person", "manager", "person_id"),
    )

    id: str = Field(primary_key=True, max_length=ID)
    person_id: str = Field(max_length=ID)
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
    second_factor_at: datetime | None = Field(default=None, sa_type=Instant)
    """When a second factor was shown in it; a passkey is one."""
    sees_person_id: str | None = Field(default=None, max_length=ID)
    """As whom its person, of the staff, sees the portal."""
    sees_until: datetime | None = Field(default=None, sa_type=Instant)


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
    person_id: str = Field(max_length=ID)
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
    """How often somebody tried to sign in, or asked for a letter, within the current window."""

    __tablename__ = "sign_in_attempt"  # pyright: ignore[reportAssignmentType]  # see above

    manager: str = Field(default=None, primary_key=True, foreign_key="manager.slug", ondelete="CASCADE", max_length=40)
    kind: str = Field(primary_key=True, max_length=10)
    """An `attempts.Kind`."""
    subject: str = Field(primary_key=True, max_length=64)
    """SHA-256 of the e-mail or network address: what strangers type is not kept."""
    tries: int
    ends_at: datetime = Field(sa_type=Instant, index=True)
    """When the window closes and counting begins anew."""
