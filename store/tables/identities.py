"""Other ways to be somebody: accounts at identity providers, and passkeys."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKeyConstraint, Index, Text, UniqueConstraint
from sqlmodel import Field

from ventanilla.store.tables.base import ID, Instant, TenantRow

# The standing reason of the pyright ignores below: SQLModel types `__tablename__` as a declared_attr, and its
# documentation sets it to a plain string.


class IdentityRow(TenantRow, table=True):
    """Whom an identity provider knows under a subject."""

    __tablename__ = "identity"  # pyright: ignore[reportAssignmentType]  # see above
    __table_args__ = (
        ForeignKeyConstraint(["manager", "person_id"], ["person.manager", "person.id"], ondelete="CASCADE"),
        Index("ix_identity_person", "manager", "person_id"),
    )

    manager: str = Field(default=None, primary_key=True, foreign_key="manager.slug", ondelete="CASCADE", max_length=40)
    provider: str = Field(primary_key=True, max_length=60)
    """Its name in the manager's configuration."""
    subject: str = Field(primary_key=True, max_length=255)
    person_id: str = Field(max_length=ID)
    linked_at: datetime = Field(sa_type=Instant)
    seen_at: datetime = Field(sa_type=Instant)


class ProviderVisitRow(TenantRow, table=True):
    """Somebody on their way to an identity provider and back."""

    __tablename__ = "provider_visit"  # pyright: ignore[reportAssignmentType]  # see above

    __table_args__ = (
        ForeignKeyConstraint(["manager", "person_id"], ["person.manager", "person.id"], ondelete="CASCADE"),
    )

    state_hash: str = Field(primary_key=True, max_length=64)
    provider: str = Field(max_length=60)
    browser_hash: str = Field(max_length=64)
    """Of the cookie that only the browser has that left. Nonce and PKCE verifier are made of it and the state."""
    return_to: str = Field(max_length=2_000)
    """The path at the portal to go on at."""
    person_id: str | None = Field(default=None, max_length=ID)
    """Who links their account there; None for somebody who signs in."""
    accepted_terms: str | None = Field(default=None, max_length=60)
    """The version of the terms that they accepted before they left."""
    expires_at: datetime = Field(sa_type=Instant, index=True)
    used_at: datetime | None = Field(default=None, sa_type=Instant)


class PasskeyRow(TenantRow, table=True):
    """A key pair that a person's device keeps; the public half."""

    __tablename__ = "passkey"  # pyright: ignore[reportAssignmentType]  # see above
    __table_args__ = (
        ForeignKeyConstraint(["manager", "person_id"], ["person.manager", "person.id"], ondelete="CASCADE"),
        UniqueConstraint("manager", "credential_hash"),
        Index("ix_passkey_person", "manager", "person_id"),
    )

    id: str = Field(primary_key=True, max_length=ID)
    person_id: str = Field(max_length=ID)
    credential_hash: str = Field(max_length=64)
    """SHA-256 of the credential's id, which may be long."""
    credential: str = Field(sa_type=Text)
    """The credential's id, base64url."""
    public_key: str = Field(sa_type=Text)
    """COSE, base64url."""
    sign_count: int = Field(default=0, sa_type=BigInteger)
    transports: str = Field(default="", max_length=120)
    backed_up: bool = False
    name: str = Field(max_length=120)
    """What its person calls it."""
    created_at: datetime = Field(sa_type=Instant)
    used_at: datetime | None = Field(default=None, sa_type=Instant)
