"""One list out of several offices': parts of each, read by keyset, are one part of all.

The merged list is sorted by the order's field, rows of one moment or day by their office's name, and rows of one office
as the office sorts them, all in the order's direction. A place in it names the office beside the key. An office that
the place is not of goes on before or after everything of that moment, which is a position for any office: the empty key
comes before every other, and moments are told to the microsecond. Several lists of one office are told apart by names
of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from itertools import chain
from typing import Any, TypeVar

import msgspec

from ventanilla.backoffice_adapters.contract import ListOrder, Position, Window
from ventanilla.backoffice_adapters.records import Slice, Sourced

R = TypeVar("R", bound=Sourced)

_PARTED = ":"
"""Between office and key; no office's name holds it."""


def office_of(row: Sourced) -> str:
    """Which list a row is of, where each office has one."""
    return row.origin.source


def position(order: ListOrder, row: Any, source: Callable[[Any], str] = office_of) -> Position:
    """Where a row stands in the merged list; `source` tells of which list it is."""
    place = order.position(row)
    return Position(value=place.value, key=f"{source(row)}{_PARTED}{place.key}")


def window_at(office: str, view: Window) -> Window:
    """The window of one office's own list (by its name) that `view` of the merged list needs; its limit is the same."""
    if view.start is None:
        return view
    source, _, key = view.start.key.partition(_PARTED)
    value = view.start.value
    if office != source:
        key, value = "", value if office > source else _next(value)
    return msgspec.structs.replace(view, start=Position(value=value, key=key))


def merged(
    parts: Sequence[Slice[R]], order: ListOrder, view: Window, source: Callable[[Any], str] = office_of
) -> Slice[R]:
    """The part that `view` names, out of the parts that the offices answered to their windows."""
    rows = sorted(
        chain.from_iterable(part.items for part in parts),
        key=lambda row: (getattr(row, order.field), source(row)),
        reverse=order.descending,
    )
    sure = min(view.limit, *(_sure(rows, part, view) for part in parts)) if parts else 0
    chosen = rows[len(rows) - sure :] if view.backwards else rows[:sure]
    counts = [part.count for part in parts]
    return Slice(
        items=tuple(chosen),
        more=len(chosen) < len(rows) or any(part.more for part in parts),
        count=sum(count for count in counts if count is not None) if view.count else None,
    )


def _sure(rows: Sequence[Any], part: Slice[Any], view: Window) -> int:
    """How many rows of the merged ones come before anything that `part` may yet hold: all, or up to its last row.

    An office whose pages are small answers fewer rows than it was asked for, and says that there are more.
    """
    if not (part.more and part.items):
        return len(rows)
    if view.backwards:
        return len(rows) - rows.index(part.items[0])
    return rows.index(part.items[-1]) + 1


def _next(value: str) -> str:
    """The moment after a moment, the day after a day."""
    if len(value) == len("2026-11-22"):
        return (date.fromisoformat(value) + timedelta(days=1)).isoformat()
    return (datetime.fromisoformat(value) + timedelta(microseconds=1)).isoformat()
