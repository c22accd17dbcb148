"""Pages of a journal of changes, as SQL: what came or changed after a number, and what went, in one statement.

One statement sees one moment, so nothing is missed between what is told and how far it reaches.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from enum import IntEnum
from operator import itemgetter
from typing import Any, Final, Generic, TypeVar

from ventanilla.backoffice_adapters.contract import ChangeMark, ChangeWindow, Fault, FaultCode
from ventanilla.backoffice_adapters.database import Argument, Row
from ventanilla.backoffice_adapters.ledger.check.base import MOST
from ventanilla.backoffice_adapters.ledger.conditions import Condition
from ventanilla.backoffice_adapters.ledger.kinds.base import Listed, Reader
from ventanilla.backoffice_adapters.ledger.pages import Statement, worded
from ventanilla.backoffice_adapters.records import Changes, Origin, Record, listed

R = TypeVar("R")


class _Turn(IntEnum):
    """What a row of a page is: its last column."""

    TOLD = 0
    REMOVED = 1
    BOOK = 2


_TURN = itemgetter(-1, 0)
_NO_BOOK: Final[Row] = (0, "", _Turn.BOOK)
"""What is told of a book that was never filled."""


class Page(Record, Generic[R]):
    """What became of one kind of records since a mark, as far as it was asked for."""

    told: tuple[Row, ...]
    """The rows of records, as their reader takes them."""
    removed: tuple[str, ...]
    mark: ChangeMark
    more: bool


class JournalPages(Generic[R]):
    """A kind's journal in one book, by conditions."""

    def __init__(self, kind: Listed[R, Any], reader: Reader[R], book: str, conditions: Iterable[Condition]) -> None:
        self._kind = kind
        self.reader = reader
        self._args: list[Argument] = [book, 0]
        self._where = " AND ".join(
            ["book = $1", "change_number > $2", *(worded(condition, self._args) for condition in conditions)]
        )
        self._gone = f"FROM removal WHERE book = $1 AND journal = '{kind.journal}' AND number > $2"

    def page(self, after: int, limit: int) -> Statement:
        """What came or changed, what went, one more of each than the limit, and the book's own row, in any order."""
        columns, last = ", ".join(self.reader.columns), f"${len(self._args) + 1}"
        rest = "".join(", NULL" for _ in self.reader.columns[1:])
        # Sorting would cost SQLite as much as reading, and they stand nearly in order.
        sql = f"""SELECT * FROM (SELECT change_number, {columns}, {_Turn.TOLD} FROM {self._kind.table}
                WHERE {self._where} ORDER BY change_number LIMIT {last}) told
            UNION ALL SELECT number, key{rest}, {_Turn.REMOVED}
                FROM (SELECT number, key {self._gone} ORDER BY number LIMIT {last}) gone
            UNION ALL SELECT last_number, journal{rest}, {_Turn.BOOK} FROM book WHERE book = $1"""
        return sql, [*self._after(after), limit + 1]

    def remaining(self, after: int) -> Statement:
        """How many there are after a number."""
        told = f"SELECT COUNT(*) FROM {self._kind.table} WHERE {self._where}"
        return f"SELECT ({told}) + (SELECT COUNT(*) {self._gone})", self._after(after)

    def _after(self, number: int) -> list[Argument]:
        return [self._args[0], number, *self._args[2:]]

    def read(self, rows: Sequence[Row], window: ChangeWindow) -> Page[R] | Fault:
        """What the statement's rows say, up to the window's limit; or that its mark is none of this journal."""
        *rows, (last, name, *_) = sorted(rows, key=_TURN) or [_NO_BOOK]
        journal = f"{name}.{self._kind.journal}"
        if window.after and not (window.after.journal == journal and 0 <= window.after.number <= last):
            return strange_mark()
        limit, more = window.limit, len(rows) > window.limit
        at = bisect_left(rows, _Turn.REMOVED, key=itemgetter(-1))
        told, removed = rows[:at], rows[at:]
        if more:
            last = sorted(row[0] for row in rows)[limit - 1]
            told, removed = ([row for row in part if row[0] <= last] for part in (told, removed))
        return Page(
            told=tuple(told),
            removed=tuple(row[1] for row in removed),
            mark=ChangeMark(journal=journal, number=last),
            more=more,
        )


def begins_after(window: ChangeWindow) -> int | None:
    """The number that a page begins after; None for what cannot be one."""
    number = window.after.number if window.after else 0
    return number if 0 <= number <= MOST else None


def strange_mark() -> Fault:
    """The refusal of a mark that this journal did not give."""
    return Fault(code=FaultCode.INVALID, detail="this is no mark of the journal that is kept now; begin without one")


def changes_of(page: Page[R], reader: Reader[R], origin: Origin, today: str, remaining: int | None) -> Changes[R]:
    """A page as it is answered."""
    return Changes(
        items=listed(reader, page.told, origin, today),
        removed=page.removed,
        mark=page.mark,
        more=page.more,
        remaining=remaining,
    )
