"""Programs that ask on somebody's behalf: who they are, and the tokens that they hold. All secrets are hashes."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKeyConstraint, Index, Text, UniqueConstraint
from sqlmodel import Field

from ventanilla.store.tables.base import ID, Instant, TenantRow

# The standing reason of the pyright ignores below: SQLModel types `__tablename__` as a declared_attr, and its
# documentation sets it to a plain string.


class ClientRow(TenantRow, table=True):
    """A program that may ask for tokens at one manager."""

    __tablename__ = "client"  # pyright: ignore[reportAssignmentType]  # see above
    __table_args__ = (UniqueConstraint("manager", "id"),)

    id: str = Field(primary_key=True, max_length=ID)
    """What it calls itself by, ``client_id``: no secret."""
    name: str = Field(max_length=120)
    secret_hash: str | None = Field(default=None, max_length=64)
    """SHA-256 of its secret, hexadecimal; None for a program that cannot keep one."""
    former_secret_hash: str | None = Field(default=None, max_length=64)
    """Of the secret before the last rotation, which is good for a while longer."""
    former_until: datetime | None = Field(default=None, sa_type=Instant)
    scope: str = Field(sa_type=Text)
    """What it may ask for at most, by spaces: ``invoices:read payments:read``."""
    redirect_uris: str = Field(default="", sa_type=Text)
    """Where people may be sent back to, by line feeds; empty for a program that acts for no person."""
    created_at: datetime = Field(sa_type=Instant)
    created_by: str | None = Field(default=None, max_length=ID)
    used_at: datetime | None = Field(default=None, sa_type=Instant)
    disabled_at: datetime | None = Field(default=None, sa_type=Instant)


class AuthorizationCodeRow(TenantRow, table=True):
    """What a person's consent is handed over as: good for a minute, once, for one program."""

    __tablename__ = "authorization_code"  # pyright: ignore[reportAssignmentType]  # see above
    __table_args__ = (
        ForeignKeyConstraint(["manager", "client_id"], ["client.manager", "client.id"], ondelete="CASCADE"),
        ForeignKeyConstraint(["manager", "person_id"], ["person.manager", "person.id"], ondelete="CASCADE"),
    )

    code_hash: str = Field(primary_key=True, max_length=64)
    client_id: str = Field(max_length=ID)
    person_id: str = Field(max_length=ID)
    redirect_uri: str = Field(sa_type=Text)
    scope: str = Field(sa_type=Text)
    challenge: str = Field(max_length=128)
    """The S256 challenge of PKCE."""
    expires_at: datetime = Field(sa_type=Instant, index=True)
    used_at: datetime | None = Field(default=None, sa_type=Instant)
    family: str = Field(max_length=ID)
    """Of the tokens it is exchanged for: a code that comes again ends them."""


class TokenRow(TenantRow, table=True):
    """An access token, and the refresh token that came with it."""

    __tablename__ = "token"  # pyright: ignore[reportAssignmentType]  # see above
    __table_args__ = (
        ForeignKeyConstraint(["manager", "client_id"], ["client.manager", "client.id"], ondelete="CASCADE"),
        ForeignKeyConstraint(["manager", "person_id"], ["person.manager", "person.id"], ondelete="CASCADE"),
        UniqueConstraint("manager", "access_hash"),
        UniqueConstraint("manager", "refresh_hash"),
        Index("ix_token_family", "manager", "family"),
        Index("ix_token_person", "manager", "person_id"),
    )

    id: str = Field(primary_key=True, max_length=ID)
    family: str = Field(max_length=ID)
    """All that came of one consent: a refresh token that comes a second time ends them together."""
    client_id: str = Field(max_length=ID)
    person_id: str | None = Field(default=None, max_length=ID)
    """On whose behalf; None for a program of the manager's own."""
    scope: str = Field(sa_type=Text)
    """What the access token is good for."""
    granted: str = Field(sa_type=Text)
    """What the refresh token may be exchanged for at most, whatever its access token was asked for."""
    access_hash: str = Field(max_length=64)
    refresh_hash: str | None = Field(default=None, max_length=64)
    created_at: datetime = Field(sa_type=Instant)
    expires_at: datetime = Field(sa_type=Instant, index=True)
    """When the access token ends."""
    refresh_expires_at: datetime | None = Field(default=None, sa_type=Instant)
    rotated_at: datetime | None = Field(default=None, sa_type=Instant)
    """When the refresh token was exchanged."""
    revoked_at: datetime | None = Field(default=None, sa_type=Instant)
