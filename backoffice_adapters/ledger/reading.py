"""How a ledger is read: one statement for any number of subjects, rows back in the order that was asked."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from contextlib import contextmanager
from typing import TypeVar
from zoneinfo import ZoneInfo

from ventanilla.backoffice_adapters.contract import (
    Call,
    ChangeWindow,
    Clock,
    Fault,
    FaultCode,
    Hit,
    ListOrder,
    OfficeError,
    Window,
)
from ventanilla.backoffice_adapters.database import Argument, Database, DatabaseUnavailableError, Row
from ventanilla.backoffice_adapters.ledger.changes import JournalPages, begins_after, changes_of, strange_mark
from ventanilla.backoffice_adapters.ledger.check import all_well_formed, well_formed
from ventanilla.backoffice_adapters.ledger.kinds.base import Kind, Listed, Make, Parts, Present
from ventanilla.backoffice_adapters.ledger.pages import Selection, slice_of
from ventanilla.backoffice_adapters.records import AccountRef, Changes, Origin, Slice, listed

R = TypeVar("R")
W = TypeVar("W")


class LedgerReader:
    """One `book` of a ledger, and the ways of asking it that its methods share."""

    def __init__(self, database: Database, book: str, source: str, as_of: Clock, zone: ZoneInfo) -> None:
        self._database = database
        self._book = book
        self._source = source
        self._as_of = as_of
        self._zone = zone

    def _origin(self) -> Origin:
        return Origin(source=self._source, as_of=self._as_of())

    def _keys(self, accounts: Iterable[AccountRef]) -> list[str | None]:
        """The keys of accounts at home here; another office's account may have the same key and is not ours."""
        return [ref.key if ref.office == self._source and well_formed(ref.key) else None for ref in accounts]

    async def _rows(self, sql: str, args: Sequence[Argument]) -> list[Row]:
        try:
            return await self._database.rows(sql, args)
        except DatabaseUnavailableError as error:
            raise unavailable(error) from error

    async def _asked(self, sql: str, keys: Sequence[str | None]) -> list[Row]:
        """The rows of a statement that takes the book and a list of keys."""
        asked = list({key: None for key in keys if key})
        return await self._rows(sql, [self._book, asked]) if asked else []

    async def _answers(
        self, sql: str, keys: Sequence[str | None], make: Callable[[list[Row]], R | None]
    ) -> list[Hit[R]]:
        """What `make` makes of each key's rows; None for a key without."""
        grouped = by_asked(await self._asked(sql, keys), keys)
        return aligned({key: make(rows) for key, rows in grouped.items()}, keys)

    async def _by_key(self, kind: Kind[R], call: Call, keys: Sequence[str]) -> list[Hit[R]]:
        """The record of each key."""
        reader = kind.reader(call.wanted)
        columns = ", ".join(reader.columns)
        sql = f"SELECT key, {columns} FROM {kind.table} WHERE book = $1 AND key IN $2[] AND {kind.listed}"
        return await self._single(sql, reader.make, call, formed(keys))

    async def _one_each(self, parts: Parts[R], call: Call, keys: Sequence[str | None]) -> list[Hit[R]]:
        """The one record that hangs on each key, where there is one."""
        sql, reader = parts.reader(call.wanted)
        return await self._single(sql, reader.make, call, keys)

    async def _single(self, sql: str, make: Make[R], call: Call, keys: Sequence[str | None]) -> list[Hit[R]]:
        rows = await self._asked(sql, keys)
        records = make(rows, self._origin(), call.today.isoformat())
        return aligned({row[0]: record for row, record in zip(rows, records, strict=True)}, keys)

    async def _several(self, parts: Parts[R], call: Call, keys: Sequence[str | None]) -> list[Hit[tuple[R, ...]]]:
        """The records that hang on each key, in order."""
        sql, reader = parts.reader(call.wanted)
        rows = await self._asked(sql, keys)
        origin, today, found = self._origin(), call.today.isoformat(), by_asked(rows, keys)
        return aligned({key: listed(reader, _joined(each), origin, today) for key, each in found.items()}, keys)

    async def _pages(
        self,
        kind: Listed[R, W],
        call: Call,
        parents: Sequence[str | None],
        where: W,
        *,
        order: ListOrder,
        window: Window,
    ) -> list[Hit[Slice[R]]]:
        asked = list({key: None for key in parents if key})
        if not asked:
            return [None] * len(parents)
        conditions = kind.conditions(where, Present(today=call.today, zone=self._zone))
        selection = Selection(kind, kind.reader(call.wanted, order.field), self._book, asked, conditions)
        counts = dict(await self._rows(*selection.counts())) if window.count else None
        found = by_asked(await self._rows(*selection.page(order, window)), asked)
        origin, today = self._origin(), call.today.isoformat()

        def answer(key: str, rows: list[Row]) -> Slice[R]:
            count = None if counts is None else counts.get(key, 0)
            return slice_of(there(rows), lambda part: listed(selection.reader, part, origin, today), window, count)

        return aligned({key: answer(key, rows) for key, rows in found.items()}, parents)

    async def _changes(
        self, kind: Listed[R, W], call: Call, wheres: Sequence[W], window: ChangeWindow
    ) -> list[Hit[Changes[R]]]:
        """What became of the records that each filter finds."""
        if begins_after(window) is None:
            return [strange_mark()] * len(wheres)
        return [await self._changed(kind, call, where, window) for where in wheres]

    async def _changed(self, kind: Listed[R, W], call: Call, where: W, window: ChangeWindow) -> Changes[R] | Fault:
        conditions = kind.conditions(where, Present(today=call.today, zone=self._zone))
        pages = JournalPages(kind, kind.reader(call.wanted), self._book, conditions)
        page = pages.read(await self._rows(*pages.page(begins_after(window) or 0, window.limit)), window)
        if isinstance(page, Fault):
            return page
        remaining = 0 if window.count else None
        if window.count and page.more:
            [(remaining,)] = await self._rows(*pages.remaining(page.mark.number))
        return changes_of(page, pages.reader, self._origin(), call.today.isoformat(), remaining)


@contextmanager
def office_errors() -> Generator[None]:
    """Tell a database out of reach as an office that is."""
    try:
        yield
    except DatabaseUnavailableError as error:
        raise unavailable(error) from error


def unavailable(error: DatabaseUnavailableError) -> OfficeError:
    """A database out of reach, as an office that is."""
    return OfficeError(Fault(code=FaultCode.UNAVAILABLE, detail=str(error)))


def aligned(answers: Mapping[str, R], keys: Sequence[str | None]) -> list[Hit[R]]:
    """The answer to each key; None for what is no key, or has none."""
    return [answers.get(key) if key else None for key in keys]


def formed(keys: Sequence[str]) -> list[str | None]:
    """Each key, or None for what cannot be one."""
    if all_well_formed(keys):
        return [*keys]
    return [key if well_formed(key) else None for key in keys]


def by_asked(rows: list[Row], keys: Sequence[str | None]) -> dict[str, list[Row]]:
    """The rows of a statement that was asked for `keys`, by the key that each begins with."""
    return {rows[0][0]: rows} if len(keys) == 1 and rows else by_first(rows)


def by_first(rows: Iterable[Row]) -> dict[str, list[Row]]:
    """Rows by their first column, in their order."""
    grouped: dict[str, list[Row]] = {}
    for row in rows:
        key = row[0]
        if key in grouped:
            grouped[key].append(row)
        else:
            grouped[key] = [row]
    return grouped


def _joined(rows: list[Row]) -> Sequence[Row]:
    """The rows that are records: a left join answers one of nulls where there is none."""
    return () if rows[0][1] is None else rows


def there(rows: list[Row]) -> list[Row]:
    """The rows that are records; a row of nulls says that there is a parent."""
    return [row for row in rows if row[1] is not None]
