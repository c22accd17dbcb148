"""What the engine knows of a field: how its values come to be, many at a time.

A field of the schema that says nothing is a *property*: the attribute of its parent. Any other carries one of the
declarations below in its ``extensions``, under `DECLARATION`. They are all the engine needs; which rules stand
behind a batch function is not its business.

A function may put an exception at a position of its answer: that position becomes null with an error, the others
stay. An exception that it raises is the answer of every position.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, Protocol, runtime_checkable

DECLARATION: Final = "ventanilla-field"
"""The key of a field's declaration in its ``extensions``."""


@dataclass(frozen=True, slots=True)
class Property:
    """The parent's attribute called `name`."""

    name: str


Reads = frozenset[str]
"""Attributes, dotted as a property's name: of ``a`` all is read, of ``a.b`` that part alone."""


@dataclass(frozen=True, slots=True)
class Column:
    """`function(context, parents)` answers at once, one value for each parent: what is computed, not fetched.

    `reads` are the attributes of its parents that it reads; None if that may be any.
    """

    function: Callable[[Any, Sequence[Any]], Sequence[Any]]
    reads: Reads | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """How long the list is that a field answers, or that hangs on what it answers (a connection).

    The greatest number among `arguments`, or the length of a list among them; `assumed` where none is given.
    """

    arguments: tuple[str, ...]
    assumed: int


@dataclass(frozen=True, slots=True)
class Batch:
    """`await function(context, parents, **arguments)` answers one value for each parent of a level.

    `reads` is as in `Column`. A function that `takes_wanted` may be told, as ``wanted``, what will be read of its
    values (`Reads`); without it, or with None, anything may be.
    """

    function: Callable[..., Awaitable[Sequence[Any]]]
    listing: Listing | None = None
    reads: Reads | None = None
    takes_wanted: bool = False


@dataclass(frozen=True, slots=True)
class Call:
    """`await function(context, **arguments)` answers the field itself: roots, which have no parents."""

    function: Callable[..., Awaitable[Any]]
    listing: Listing | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """`function(context, **arguments)` is an async generator of events: the one root field of a subscription.

    It tells a state rather than news: its first event comes at once. The field's value is the event, or, with
    `answer`, what `await answer(context, **arguments)` says under the context of that event. A null without an error
    is the last answer: there is nothing left to tell of.
    """

    function: Callable[..., AsyncGenerator[Any, None]]
    answer: Callable[..., Awaitable[Any]] | None = None
    listing: Listing | None = None


Declaration = Property | Column | Batch | Call | Source


class Shape(Protocol):
    """How attributes are read of rows that stand for objects. It tells code of its own making, never a client's.

    The code speaks of ``row``, ``origin`` and ``today``, which its `Rows` hold, and of `names`.
    """

    @property
    def names(self) -> dict[str, Any]:
        """What the code takes from outside."""
        ...

    def code(self, name: str, /) -> str | None:
        """The code of an attribute; None for one that is not known."""
        ...

    def leaf(self, path: str, /) -> tuple[str, str] | None:
        """The code of the value of an attribute, or of a part of one that is never null, and what proves that it is
        written as it stands: ``str`` that it is a text, ``iso`` that it is what `iso` says of a date, either with a
        question mark if it may be null. None where there is no such code.
        """
        ...


@runtime_checkable
class Rows(Protocol):
    """Objects that a function may answer as the rows that they were read as, in place of a list.

    Row by row they are what iterating gives; but a level of which the shape can tell all that is read is made of the
    rows themselves.
    """

    shape: Shape
    rows: Sequence[Any]
    origin: Any
    today: str

    @staticmethod
    def joined(parts: Sequence[Any]) -> Rows | None:
        """All rows of `parts`, one list after another; None if they have not one shape."""
        ...

    def __len__(self) -> int: ...
    def __iter__(self) -> Iterator[Any]: ...
    def __getitem__(self, index: Any) -> Any: ...


def iso(value: date | datetime) -> str:
    """How a scalar of dates or of moments is written. A date may stand in an answer's data as it is: orjson, which
    encodes the answer, writes it alike.
    """
    return value.isoformat()
