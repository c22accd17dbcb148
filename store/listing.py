"""Lists of the staff's: parts of a table by moment and id, as records whose fields are its columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Generic, TypeVar

import msgspec

from ventanilla.backoffice_adapters.contract import ListOrder, Position, Window
from ventanilla.backoffice_adapters.database import Argument, stamp
from ventanilla.backoffice_adapters.records import Record, Slice
from ventanilla.store.store import Store

T = TypeVar("T", bound=Record)


class MomentFilter(Record):
    """Which rows are wanted."""

    equal: tuple[tuple[str, str | None], ...] = ()
    """Columns and what stands in each; None for anything."""
    among: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Columns and what stands in each, one of several; none for anything."""
    since: datetime | None = None
    until: datetime | None = None
    """Before this moment."""


class Listing(Record, Generic[T]):
    """A table, called ``one``, and what is read of it."""

    kind: type[T]
    """Its fields are the columns of ``one``, but for those in `columns`."""
    tables: str
    moment: str
    """The column that it is sorted by; after it by id."""
    columns: Mapping[str, str] = {}

    @property
    def read(self) -> str:
        """What is selected."""
        fields: tuple[str, ...] = self.kind.__struct_fields__
        return ", ".join(self.columns.get(field, f"one.{field}") for field in fields)

    def made(self, row: Sequence[Any]) -> T:
        """The record that a row is."""
        return msgspec.convert(dict(zip(self.kind.__struct_encode_fields__, row, strict=True)), self.kind)

    def position(self, _order: ListOrder, record: Any) -> Position:
        """Where a row stands in a list of either order."""
        return Position(value=stamp(getattr(record, self.moment)), key=record.id)


async def part(
    store: Store, manager: str, listing: Listing[T], order: ListOrder, view: Window, *, where: MomentFilter
) -> Slice[T]:
    """A part of a manager's list; how many there are in all where `view` counts."""
    args: list[Argument] = [manager]
    found = _conditions(listing, where, args)
    if view.count:
        ((count,),) = await store.rows(f"SELECT COUNT(*) FROM {listing.tables} WHERE {found}", args)
        return Slice(items=(), more=False, count=count)
    down = order.descending != view.backwards
    if view.start:
        args += [view.start.value, view.start.key]
        than = "<" if down else ">"
        found += f" AND (one.{listing.moment}, one.id) {than} (${len(args) - 1}, ${len(args)})"
    args.append(view.limit + 1)
    way = "DESC" if down else "ASC"
    sorted_by = f"ORDER BY one.{listing.moment} {way}, one.id {way} LIMIT ${len(args)}"
    rows = await store.rows(f"SELECT {listing.read} FROM {listing.tables} WHERE {found} {sorted_by}", args)
    items = [listing.made(row) for row in rows[: view.limit]]
    return Slice(items=tuple(reversed(items) if view.backwards else items), more=len(rows) > view.limit)


async def among(store: Store, manager: str, listing: Listing[T], column: str, values: Sequence[str]) -> list[T]:
    """Those of a manager's with one of `values` in a column of ``one``, oldest first."""
    if not values:
        return []
    where = f"one.manager = $1 AND one.{column} IN $2[] ORDER BY one.{listing.moment}, one.id"
    rows = await store.rows(
        f"SELECT {listing.read} FROM {listing.tables} WHERE {where}", [manager, list(dict.fromkeys(values))]
    )
    return [listing.made(row) for row in rows]


def _conditions(listing: Listing[Any], where: MomentFilter, args: list[Argument]) -> str:
    """What rows have to meet; its arguments are added to `args`."""
    said = ["one.manager = $1"]
    for column, wanted in where.equal:
        if wanted is not None:
            args.append("".join(filter(str.isprintable, wanted)))
            said.append(f"one.{column} = ${len(args)}")
    for column, several in where.among:
        if several:
            args.append([*several])
            said.append(f"one.{column} IN ${len(args)}[]")
    for sign, moment in ((">=", where.since), ("<", where.until)):
        if moment is not None:
            args.append(stamp(moment))
            said.append(f"one.{listing.moment} {sign} ${len(args)}")
    return " AND ".join(said)
