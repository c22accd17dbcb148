"""What all records have in common: their shape, where they come from, and lists of them."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any, Generic, TypeVar, dataclass_transform

import msgspec

T = TypeVar("T")


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(msgspec.field,))
class RecordMeta(msgspec.StructMeta):
    """Make every record immutable and keyword-only without saying so at each class."""

    def __new__(cls, name: str, bases: tuple[type, ...], namespace: dict[str, Any], **options: Any) -> RecordMeta:
        """Create the struct type; a class may still overrule the defaults."""
        merged: dict[str, Any] = {"frozen": True, "kw_only": True, **options}
        return super().__new__(cls, name, bases, namespace, **merged)


class Record(msgspec.Struct, metaclass=RecordMeta, rename="camel"):
    """The common shape: immutable, keyword-only, camel-case on the wire."""


class Licence(StrEnum):
    """What a manager is licensed for; each licence held is served by one office."""

    RENT = "RENT"
    COMMUNITY = "COMMUNITY"
    UTILITY = "UTILITY"
    MAINTENANCE = "MAINTENANCE"


class Origin(Record):
    """Where a record came from and how old it is. One object is shared by all records of an answer.

    `source` is the office's name in the manager's configuration; `as_of` the moment the data was true there (the
    time of the export file for a file drop); `stale` that the office did not answer and this is what it said last.
    """

    source: str
    as_of: datetime
    stale: bool = False


class Sourced(Record):
    """A record that was read from an office and can tell its age."""

    key: str
    origin: Origin


class Slice(Record, Generic[T]):
    """A part of an ordered list. `more` tells whether rows lie beyond it in the direction that was read."""

    items: tuple[T, ...]
    more: bool
    count: int | None = None
    """All rows that match the filter, whatever the window; None unless asked for."""
