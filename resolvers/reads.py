"""What functions read of their parents: said once on each, so that offices need not fetch what nobody will look at."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

F = TypeVar("F", bound=Callable[..., Any])
Wanted = frozenset[str] | None
"""The attributes of records that will be read, by name; None for all."""


def reads(*attributes: str) -> Callable[[F], F]:
    """Declare the attributes of its parents that a column or batch function reads; undeclared, it may read any.

    What a parent knows by itself (a derived attribute, a method) counts by the attributes that it is made of.
    """

    def mark(function: F) -> F:
        function.__reads__ = frozenset(attributes)  # type: ignore[attr-defined]  read by `reads_of`
        return function

    return mark


def fields_of(wanted: Wanted) -> Wanted:
    """The attributes themselves, of attributes told with their parts (``total.amount``)."""
    return None if wanted is None else frozenset(path.partition(".")[0] for path in wanted)


def reads_of(function: Callable[..., Any]) -> Wanted:
    """What `function` was declared to read."""
    return getattr(function, "__reads__", None)
