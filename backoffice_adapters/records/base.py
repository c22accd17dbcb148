"""What all records have in common: their shape, where they come from, and lists of them."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any, Final, Generic, TypeVar, dataclass_transform

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


class UnreadError(Exception):
    """An attribute was read that nobody said would be: name it in what the function `reads`."""


class _Unread:
    """Stands for what was not asked for. Whatever is done with it raises, so that it never passes for a value."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "UNREAD"

    def _raise(self, *_: Any) -> Any:
        raise UnreadError

    __bool__ = __eq__ = __hash__ = __iter__ = __len__ = __lt__ = __le__ = __gt__ = __ge__ = _raise
    __add__ = __radd__ = __sub__ = __rsub__ = __getitem__ = __getattr__ = __str__ = __format__ = _raise


UNREAD: Final[Any] = _Unread()
"""What an attribute holds that `Call.wanted` does not name, if its office left it out."""


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


class Sourced(Record, gc=False):
    """A record that was read from an office and can tell its age.

    It holds values, texts and records of the same kind, never what could point back at it, so the garbage collector
    need not walk through the thousands of an answer.
    """

    key: str
    origin: Origin


class Slice(Record, Generic[T]):
    """A part of an ordered list. `more` tells whether rows lie beyond it in the direction that was read.

    In process, `items` may be `Rows`, which stand for a tuple.
    """

    items: tuple[T, ...]
    more: bool
    count: int | None = None
    """All rows that match the filter, whatever the window; None unless asked for."""


class ChangeMark(Record):
    """A place in a journal of changes, good for as long as the journal is."""

    journal: str
    """Which journal; it is another one once the office was set up anew, and marks of the former mean nothing then."""
    number: int
    """Everything up to this number was told; 0 for nothing yet."""


class Changes(Record, Generic[T]):
    """A page of a journal of changes: records that came or changed, and keys of those that went.

    In process, `items` may be `Rows`, which stand for a tuple.
    """

    items: tuple[T, ...]
    """As they are now, in the order of their last changes."""
    removed: tuple[str, ...]
    """The keys of what is no longer there, among the changes of this page."""
    mark: ChangeMark
    """How far this page reaches, also if it found nothing: ask with it to go on, now or another night."""
    more: bool
    """Whether changes lie beyond it."""
    remaining: int | None = None
    """How many items and removed ones come after this page; None unless asked for."""
