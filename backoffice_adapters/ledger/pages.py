"""Pages of what belongs to something: keyset windows as SQL, one statement for any number of parents."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Generic, TypeVar

from ventanilla.backoffice_adapters.contract import Fault, FaultCode, ListOrder, OfficeError, Position, Window
from ventanilla.backoffice_adapters.database import Argument
from ventanilla.backoffice_adapters.ledger.check import keepable
from ventanilla.backoffice_adapters.ledger.conditions import Condition
from ventanilla.backoffice_adapters.ledger.kinds.base import Listed, Reader
from ventanilla.backoffice_adapters.records import Slice

R = TypeVar("R")
T = TypeVar("T")
Statement = tuple[str, list[Argument]]


class Selection(Generic[R]):
    """The parents whose rows are wanted, and the conditions on them: the part that pages and counts share."""

    def __init__(
        self,
        kind: Listed[R, Any],
        reader: Reader[R],
        book: str,
        parents: Sequence[str],
        conditions: Iterable[Condition],
    ) -> None:
        self._kind = kind
        self.reader = reader
        self._single = len(parents) == 1
        self._parents = "= $2" if self._single else "IN $2[]"
        self._args: list[Argument] = [book, parents[0] if self._single else parents]
        self._where = ["book = $1", f"{kind.parent} {self._parents}", kind.listed]
        for condition in conditions:
            self._where.append(worded(condition, self._args))

    def counts(self) -> Statement:
        """Parent → how many of its rows match; parents without any are left out."""
        parent, where = self._kind.parent, " AND ".join(self._where)
        return f"SELECT {parent}, COUNT(*) FROM {self._kind.table} WHERE {where} GROUP BY {parent}", list(self._args)

    def page(self, order: ListOrder, window: Window) -> Statement:
        """The rows of the window in the order they are read, one more than its limit; besides, a row of nulls for
        each parent that is known."""
        for condition in after(order, window, self._kind.place):
            self._where.append(worded(condition, self._args))
        self._args.append(window.limit + 1)
        sorting = sorted_by(order, window)
        nothing = ", ".join("NULL" for _ in self.reader.columns)
        # A union, because SQLite would search the whole page again for every parent that it is joined to.
        sql = (
            f"SELECT * FROM ({self._rows(sorting)}) part UNION ALL"
            f" SELECT key, {nothing} FROM {self._kind.parents} WHERE book = $1 AND key {self._parents}"
            f" ORDER BY {sorting}"
        )
        return sql, self._args

    def _rows(self, sorting: str) -> str:
        columns, where, limit = ", ".join(self.reader.columns), " AND ".join(self._where), f"${len(self._args)}"
        parent = self._kind.parent
        named, source = f"{parent} AS parent, {columns}", f"{self._kind.table} WHERE {where}"
        if self._single:
            return f"SELECT {named} FROM {source} ORDER BY {sorting} LIMIT {limit}"
        place = f"ROW_NUMBER() OVER (PARTITION BY {parent} ORDER BY {sorting}) AS place"
        return f"SELECT {named} FROM (SELECT {columns}, {place} FROM {source}) ranked WHERE place <= {limit}"


def worded(condition: Condition, args: list[Argument]) -> str:
    """The condition's SQL; its arguments go to the end of `args`."""
    text, values = condition
    first = len(args) + 1
    args.extend(values)
    return text.format(*(f"${first + offset}" for offset in range(len(values))))


def sorted_by(order: ListOrder, window: Window) -> str:
    """What a window's rows are read by: the list's order, or its reverse for a window that is read backwards."""
    direction = "DESC" if order.descending != window.backwards else "ASC"
    return f"{order.field} {direction}, key {direction}"


def after(order: ListOrder, window: Window, place: Callable[[str], str]) -> list[Condition]:
    """That a row lies beyond the window's start; `place` is as in `Listed`."""
    if not window.start:
        return []
    beyond = "<" if order.descending != window.backwards else ">"
    return [(f"({order.field}, key) {beyond} ({{}}, {{}})", _start(order, window.start, place))]


def _start(order: ListOrder, start: Position, place: Callable[[str], str]) -> list[str]:
    try:
        if not keepable(start.key):
            raise ValueError(start.key)
        return [place(start.value), start.key]
    except ValueError as error:
        detail = f"no position in a list by {order.field}: {start.value!r}, {start.key!r}"
        raise OfficeError(Fault(code=FaultCode.INVALID, detail=detail)) from error


def slice_of(
    rows: Sequence[T], make: Callable[[Sequence[T]], tuple[R, ...]], window: Window, count: int | None
) -> Slice[R]:
    """What makes the records of one parent, row by row, as `Selection.page` reads them, in the list's own order."""
    items = rows[: window.limit]
    if window.backwards:
        items = items[::-1]
    return Slice(items=make(items), more=len(rows) > window.limit, count=count)
