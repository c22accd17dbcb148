"""What the engine knows of a field: how its values come to be, many at a time.

A field of the schema that says nothing is a *property*: the attribute of its parent. Any other carries one of the
declarations below in its ``extensions``, under `DECLARATION`. They are all the engine needs; which rules stand
behind a batch function is not its business.

A function may put an exception at a position of its answer: that position becomes null with an error, the others
stay. An exception that it raises is the answer of every position.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

DECLARATION: Final = "ventanilla-field"
"""The key of a field's declaration in its ``extensions``."""


@dataclass(frozen=True, slots=True)
class Property:
    """The parent's attribute called `name`."""

    name: str


@dataclass(frozen=True, slots=True)
class Column:
    """`function(context, parents)` answers at once, one value for each parent: what is computed, not fetched."""

    function: Callable[[Any, Sequence[Any]], Sequence[Any]]


@dataclass(frozen=True, slots=True)
class Listing:
    """How long the list is that a field answers, or that hangs on what it answers (a connection).

    The greatest number among `arguments`, or the length of a list among them; `assumed` where none is given.
    """

    arguments: tuple[str, ...]
    assumed: int


@dataclass(frozen=True, slots=True)
class Batch:
    """`await function(context, parents, **arguments)` answers one value for each parent of a level."""

    function: Callable[..., Awaitable[Sequence[Any]]]
    listing: Listing | None = None


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
