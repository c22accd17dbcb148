"""How the schema says where a field's values come from.

A field without more is its record's attribute of the same name. `prop` reads another attribute, `column` computes a
value for each parent, `batch` asks a batch function, `call` is a root, `source` the root of a subscription. The types
in this room are never instantiated: they declare the shape, the records of the offices flow through it.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from inspect import signature
from typing import Annotated, Any, TypeVar

import msgspec
import strawberry

from ventanilla.execution.fields import DECLARATION, Batch, Call, Column, Declaration, Listing, Property, Source
from ventanilla.resolvers.connections import DEFAULT_PAGE
from ventanilla.resolvers.reads import reads_of

T = TypeVar("T")


def _declared(description: str, declaration: Declaration | None, name: str | None = None) -> Any:
    metadata = {DECLARATION: declaration} if declaration else {}
    return strawberry.field(description=description, name=name, metadata=metadata)


def prop(description: str, *, of: str | None = None, name: str | None = None) -> Any:
    """The record's attribute `of` (dotted), else the one of the field's own name."""
    return _declared(description, Property(of) if of else None, name)


def column(
    function: Callable[[Any, Sequence[Any]], Sequence[Any]], description: str, *, name: str | None = None
) -> Any:
    """What `function` computes from each parent."""
    return _declared(description, Column(function, reads_of(function)), name)


def batch(
    function: Callable[..., Awaitable[Sequence[Any]]], description: str, *, listing: Listing | None = None
) -> Any:
    """What the batch function answers for each parent; as a decorator, with the decorated function's arguments."""
    takes_wanted = "wanted" in signature(function).parameters
    return _declared(description, Batch(function, listing, reads_of(function), takes_wanted))


def call(function: Callable[..., Awaitable[Any]], description: str, *, listing: Listing | None = None) -> Any:
    """What the root function answers; as a decorator, with the decorated function's arguments."""
    return _declared(description, Call(function, listing))


def source(
    function: Callable[..., AsyncGenerator[Any, None]],
    description: str,
    *,
    answer: Callable[..., Awaitable[Any]] | None = None,
) -> Any:
    """What the source function tells of, event by event, or what the root function `answer` says at each of them."""
    return _declared(description, Source(function, answer))


PAGE = Listing(("first", "last"), assumed=DEFAULT_PAGE)
"""A connection: as long as its arguments say."""


def arg(description: str, name: str | None = None) -> Any:
    """Describe an argument, inside `Annotated`."""
    return strawberry.argument(description=description, name=name)


def distinct(values: Sequence[T] | None) -> tuple[T, ...]:
    """Each value of a filter's list once, however often it was given; none for all."""
    return tuple(dict.fromkeys(values or ()))


def given(value: T) -> T | msgspec.UnsetType:
    """A field of an input that may be left out, as records take it."""
    return msgspec.UNSET if value is strawberry.UNSET else value


ORDER = arg("How to sort.")
FORM = arg("In which form.")
First = Annotated[int | None, arg("Forwards: how many, 20 unless said; at most 100, unless set otherwise.")]
After = Annotated[str | None, arg("Forwards: begin after the row with this cursor.")]
Last = Annotated[int | None, arg("Backwards: how many before `before` or the end; at most as `first`.")]
Before = Annotated[str | None, arg("Backwards: end before the row with this cursor.")]
