"""How a ledger is read: one statement for any number of subjects, rows back in the order that was asked."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import contextmanager
from typing import TypeVar
from zoneinfo import ZoneInfo

from ventanilla.backoffice_adapters.contract import (
    Call,
    Clock,
    Fault,
    FaultCode,
    Hit,
    ListOrder,
    OfficeError,
    Window,
)
from ventanilla.backoffice_adapters.database import Argument, Database, DatabaseUnavailableError, Row
from ventanilla.backoffice_adapters.ledger.check import well_formed
from ventanilla.backoffice_adapters.ledger.kinds.base import Kind, Listed, Present
from ventanilla.backoffice_adapters.ledger.pages import Selection, slice_of
from ventanilla.backoffice_adapters.records import AccountRef, Origin, Slice

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
        with office_errors():
            return await self._database.rows(sql, args)

    async def _grouped(self, sql: str, keys: Sequence[str | None]) -> dict[str, list[Row]]:
        """Rows by their first column, for a statement that takes the book and a list of keys."""
        asked = list({key: None for key in keys if key})
        return by_first(await self._rows(sql, [self._book, asked])) if asked else {}

    async def _answers(
        self, sql: str, keys: Sequence[str | None], make: Callable[[list[Row]], R | None]
    ) -> list[Hit[R]]:
        """What `make` makes of each key's rows; None for a key without."""
        answers = {key: make(rows) for key, rows in (await self._grouped(sql, keys)).items()}
        return [answers.get(key) if key else None for key in keys]

    async def _by_key(self, kind: Kind[R], call: Call, keys: Sequence[str]) -> list[Hit[R]]:
        columns = ", ".join(kind.columns)
        sql = f"SELECT key, {columns} FROM {kind.table} WHERE book = $1 AND key IN $2[] AND {kind.listed}"
        return await self._single(sql, call, formed(keys), kind)

    async def _single(self, sql: str, call: Call, keys: Sequence[str | None], kind: Kind[R]) -> list[Hit[R]]:
        """The one record of each key."""
        origin, today = self._origin(), call.today.isoformat()
        return await self._answers(sql, keys, lambda rows: kind.make(rows[0], origin, today))

    async def _several(
        self, sql: str, keys: Sequence[str | None], make: Callable[[Row], R]
    ) -> list[Hit[tuple[R, ...]]]:
        """The records of each key, of which a left join says that there may be none."""
        return await self._answers(sql, keys, lambda rows: tuple(make(row) for row in rows if row[1] is not None))

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
        origin, today = self._origin(), call.today.isoformat()
        conditions = kind.conditions(where, Present(today=call.today, zone=self._zone))
        selection = Selection(kind, self._book, asked, conditions)
        counts = dict(await self._rows(*selection.counts())) if window.count else None
        found = by_first(await self._rows(*selection.page(order, window)))

        def answer(key: str, rows: list[Row]) -> Slice[R]:
            documents = [row for row in rows if row[1] is not None]
            count = None if counts is None else counts.get(key, 0)
            return slice_of(documents, lambda row: kind.make(row, origin, today), window, count)

        answers = {key: answer(key, rows) for key, rows in found.items()}
        return [answers.get(key) if key else None for key in parents]


@contextmanager
def office_errors() -> Generator[None]:
    """Tell a database out of reach as an office that is."""
    try:
        yield
    except DatabaseUnavailableError as error:
        raise OfficeError(Fault(code=FaultCode.UNAVAILABLE, detail=str(error))) from error


def formed(keys: Sequence[str]) -> list[str | None]:
    """Each key, or None for what cannot be one."""
    return [key if well_formed(key) else None for key in keys]


def by_first(rows: Iterable[Row]) -> dict[str, list[Row]]:
    """Rows by their first column, in their order."""
    grouped: dict[str, list[Row]] = {}
    for row in rows:
        grouped.setdefault(row[0], []).append(row)
    return grouped
