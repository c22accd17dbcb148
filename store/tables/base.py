"""What every table is made of: instants as text, constraints with names, and rows that belong to one manager."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Dialect, String
from sqlalchemy.types import TypeDecorator
from sqlmodel import Field, SQLModel

from ventanilla.backoffice_adapters.database import stamp

# Constraints with names can be changed by a later migration on SQLite too.
SQLModel.metadata.naming_convention = {
    "pk": "pk_%(table_name)s",
    "fk": "fk_%(table_name)s_%(referred_table_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
}

ID: Final = 32
"""Length of our own random ids: 128 bits in hexadecimal."""
_ID: Final = re.compile(rf"[0-9a-f]{{{ID}}}")


def is_id(text: str) -> bool:
    """Whether `text` could be one of our own random ids. What clients send may be no text that a database takes."""
    return _ID.fullmatch(text) is not None


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


class TenantRow(SQLModel):
    """Base of every row that belongs to one manager. The unit of work fills `manager` in."""

    manager: str = Field(default=None, foreign_key="manager.slug", ondelete="CASCADE", max_length=40)
