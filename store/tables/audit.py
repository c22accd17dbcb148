"""What happened, for those whom it concerns to read."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, Index, Integer, Text
from sqlmodel import Field

from ventanilla.store.tables.base import ID, Instant, TenantRow


class AuditEventRow(TenantRow, table=True):
    """One thing that somebody did. Written in the transaction of what it tells of, and never changed."""

    __tablename__ = "audit_event"  # pyright: ignore[reportAssignmentType]  SQLModel's documentation sets a plain string
    __table_args__ = (
        Index("ix_audit_event_account", "manager", "office", "account_key", "id"),
        Index("ix_audit_event_person", "manager", "person_id", "id"),
        Index("ix_audit_event_at", "manager", "at"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger().with_variant(Integer, "sqlite"))  # pyright: ignore[reportArgumentType, reportCallIssue]  SQLModel's overloads know classes of types only
    kind: str = Field(max_length=30)
    """An `AuditKind`."""
    at: datetime = Field(sa_type=Instant)
    actor_id: str | None = Field(default=None, max_length=ID)
    """Who did it; None for the manager's own programs. What happened outlives them, so it refers to nobody's row."""
    person_id: str | None = Field(default=None, max_length=ID)
    """Whom it concerns."""
    office: str | None = Field(default=None, max_length=60)
    account_key: str | None = Field(default=None, max_length=120)
    """The account that it concerns, at its home office."""
    told: str = Field(default="{}", sa_type=Text)
    """What else there is to tell, by name, as JSON."""
