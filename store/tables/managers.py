"""Managers, their hosts, and the documents stored for them."""

from __future__ import annotations

from sqlalchemy import BigInteger, Text
from sqlmodel import Field, SQLModel

from ventanilla.store.tables.base import TenantRow

# The standing reason of the pyright ignores below: SQLModel types `__tablename__` as a declared_attr, and its
# documentation sets it to a plain string.


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


class StoredDocumentRow(TenantRow, table=True):
    """A GraphQL document that requests may name instead of sending it."""

    __tablename__ = "stored_document"  # pyright: ignore[reportAssignmentType]  # see above

    manager: str = Field(default=None, primary_key=True, foreign_key="manager.slug", ondelete="CASCADE", max_length=40)
    id: str = Field(primary_key=True, max_length=128)
    """What requests name it by: ``sha256:`` and its hash in hexadecimal."""
    text: str = Field(sa_type=Text)
    source: str = Field(sa_type=Text)
    """Where it came from, such as the file's name."""
