"""Connections: keyset pages with opaque cursors, one statement with a LIMIT for each parent."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Generic, Self, TypeVar

import strawberry
from sqlalchemy import tuple_
from sqlmodel import col
from sqlmodel.sql.expression import SelectOfScalar
from strawberry.relay.utils import from_base64, to_base64

from benchmarks.stock.loaders import Sessions
from benchmarks.stock.models import Keyed

T = TypeVar("T")
R = TypeVar("R", bound=Keyed)
DEFAULT = 20
MOST = 1_000


@strawberry.type
class PageInfo:
    """What lies around a part of a list."""

    has_next_page: bool
    has_previous_page: bool
    start_cursor: str | None
    end_cursor: str | None

    @classmethod
    def around(cls, cursors: Sequence[str], *, after: str | None, more: bool) -> Self:
        """The page info of the rows that have these cursors."""
        return cls(
            has_next_page=more,
            has_previous_page=after is not None,
            start_cursor=cursors[0] if cursors else None,
            end_cursor=cursors[-1] if cursors else None,
        )


@strawberry.type
class Connection(Generic[T]):
    """A part of a list, in order."""

    nodes: list[T]
    page_info: PageInfo


def limit_of(first: int | None) -> int:
    """How many rows are asked for; `ValueError` for a number that is out of bounds."""
    limit = DEFAULT if first is None else first
    if not 1 <= limit <= MOST:
        msg = f"`first` is from 1 to {MOST}; it was {limit}."
        raise ValueError(msg)
    return limit


async def page(
    sessions: Sessions,
    statement: SelectOfScalar[R],
    model: type[R],
    order: StrEnum,
    *,
    first: int | None,
    after: str | None,
) -> tuple[Sequence[R], PageInfo]:
    """The rows of `model` that `statement` selects, after a cursor and in this order, and what lies around them."""
    limit = limit_of(first)
    field, _, direction = order.value.lower().rpartition("_")
    columns, descending = (col(getattr(model, field)), col(model.key)), direction == "desc"
    if after is not None:
        place, start = tuple_(*columns), _place(order, after)
        statement = statement.where(place < start if descending else place > start)
    sorting = [column.desc() for column in columns] if descending else columns
    async with sessions() as session:
        rows = (await session.exec(statement.order_by(*sorting).limit(limit + 1))).all()
    cursors = [to_base64(order.value, f"{getattr(row, field)}|{row.key}") for row in rows[:limit]]
    return rows[:limit], PageInfo.around(cursors, after=after, more=len(rows) > limit)


def _place(order: StrEnum, cursor: str) -> tuple[str, str]:
    name, place = from_base64(cursor)
    value, separator, key = place.partition("|")
    if name != order.value or not separator:
        msg = f"`after` is no cursor of a list in the order {order.value}; take `pageInfo.endCursor` of the same list."
        raise ValueError(msg)
    return value, key
