"""The reading side of a billing office over the ledger's tables, and the one way of filling them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import contextmanager
from typing import TypeVar
from zoneinfo import ZoneInfo

from ventanilla.backoffice_adapters.book import Book
from ventanilla.backoffice_adapters.contract import (
    Call,
    ChargeFilter,
    ChargeOrder,
    Clock,
    Fault,
    FaultCode,
    Hit,
    InvoiceFilter,
    InvoiceOrder,
    OfficeError,
    PaymentFilter,
    PaymentOrder,
    Window,
)
from ventanilla.backoffice_adapters.database import Argument, Database, DatabaseUnavailableError, Dialect, Row
from ventanilla.backoffice_adapters.ledger.check import plain, well_formed
from ventanilla.backoffice_adapters.ledger.content import content_of
from ventanilla.backoffice_adapters.ledger.kinds import (
    ACCOUNT_COLUMNS,
    CHARGES,
    INVOICES,
    PAYMENTS,
    Kind,
    account,
    allocation,
    line,
)
from ventanilla.backoffice_adapters.ledger.pages import (
    Condition,
    Order,
    Selection,
    charge_conditions,
    invoice_conditions,
    payment_conditions,
    slice_of,
)
from ventanilla.backoffice_adapters.ledger.standing import STANDING, balance
from ventanilla.backoffice_adapters.records import (
    Account,
    AccountRef,
    Allocation,
    Balance,
    Charge,
    Invoice,
    InvoiceLine,
    Origin,
    Payment,
    Slice,
)

R = TypeVar("R")

_ACCOUNTS = f"SELECT a.{{asked}}, {ACCOUNT_COLUMNS} WHERE a.book = $1 AND a.{{asked}} IN $2[]"
_LINES = """SELECT i.key, l.position, l.description, l.amount_minor, l.currency, l.quantity, l.unit, l.unit_price,
    l.tax_rate FROM invoice i LEFT JOIN invoice_line l ON l.book = i.book AND l.invoice_key = i.key
    WHERE i.book = $1 AND i.key IN $2[] AND i.status <> 'DRAFT' ORDER BY l.position"""
_ALLOCATIONS = """SELECT o.key, a.payment_key, a.invoice_key, a.amount_minor, a.currency, a.allocated_on
    FROM {table} o LEFT JOIN allocation a ON a.book = o.book AND a.{table}_key = o.key AND {counted}
    WHERE o.book = $1 AND o.key IN $2[] AND o.status <> 'DRAFT' ORDER BY a.allocated_on, a.position"""


class Ledger:
    """A whole office in SQL, bound to one `book`: every reading method of `BillingOffice`, and `fill`.

    `source` is what its records say they come from, and the only office whose accounts it answers for; `as_of` tells
    how old they are, `zone` what a day is. Each method runs one statement, lists two when a count is asked for.
    """

    def __init__(self, database: Database, book: str, source: str, as_of: Clock, zone: ZoneInfo) -> None:
        self._database = database
        self._book = book
        self._source = source
        self._as_of = as_of
        self._zone = zone

    async def fill(self, book: Book) -> None:
        """Replace everything with `book` in one transaction; `BookError` if it contradicts itself."""
        content = await asyncio.to_thread(content_of, self._book, book)
        with _office_errors():
            async with self._database.write() as work:
                # Two fills of one book wait for each other at this row.
                await work.execute(
                    "INSERT INTO book VALUES ($1, $2) ON CONFLICT (book) DO UPDATE SET currency = excluded.currency",
                    [self._book, book.currency],
                )
                for table, rows in content.items():
                    await work.execute(f"DELETE FROM {table} WHERE book = $1", [self._book])
                    places = ", ".join(f"${place}" for place in range(1, len(rows[0]) + 1)) if rows else ""
                    await work.many(f"INSERT INTO {table} VALUES ({places})", rows)
            # PostgreSQL plans by statistics, which after a fill describe what was there before, or nothing.
            if self._database.dialect is Dialect.POSTGRESQL:
                await self._database.rows(f"ANALYZE {', '.join(content)}")

    async def accounts(self, call: Call, keys: Sequence[str]) -> list[Hit[Account]]:
        """The accounts with these keys."""
        return await self._accounts("key", [key if well_formed(key) else None for key in keys])

    async def find_accounts(self, call: Call, numbers: Sequence[str]) -> list[Hit[Account]]:
        """The accounts with these printed numbers, compared without spaces and punctuation."""
        return await self._accounts("plain_number", [plain(number) or None for number in numbers])

    async def balances(self, call: Call, accounts: Sequence[AccountRef]) -> list[Hit[Balance]]:
        """What each account owes or is owed, what is overdue and what falls due next."""
        keys = self._keys(accounts)
        origin, today = self._origin(), call.today.isoformat()
        found = await self._grouped(STANDING, keys)
        answers = {key: balance(rows, origin, today) for key, rows in found.items()}
        return [answers.get(key) if key else None for key in keys]

    async def invoices(
        self,
        call: Call,
        accounts: Sequence[AccountRef],
        where: InvoiceFilter,
        order: InvoiceOrder,
        window: Window,
    ) -> list[Hit[Slice[Invoice]]]:
        """A part of each account's invoices."""
        conditions = invoice_conditions(where, call.today)
        return await self._pages(INVOICES, call, accounts, conditions, order=order, window=window)

    async def invoices_by_key(self, call: Call, keys: Sequence[str]) -> list[Hit[Invoice]]:
        """The invoices with these keys, DRAFT excepted."""
        return await self._by_key(INVOICES, call, keys)

    async def invoice_lines(self, call: Call, invoices: Sequence[str]) -> list[Hit[tuple[InvoiceLine, ...]]]:
        """The lines of each invoice, by position."""
        return await self._children(_LINES, invoices, line)

    async def invoice_allocations(self, call: Call, invoices: Sequence[str]) -> list[Hit[tuple[Allocation, ...]]]:
        """What counts as paid on each invoice, oldest first."""
        return await self._children(_ALLOCATIONS.format(table="invoice", counted="a.counted = 1"), invoices, allocation)

    async def charges(
        self,
        call: Call,
        accounts: Sequence[AccountRef],
        where: ChargeFilter,
        order: ChargeOrder,
        window: Window,
    ) -> list[Hit[Slice[Charge]]]:
        """A part of each account's charges."""
        return await self._pages(CHARGES, call, accounts, charge_conditions(where), order=order, window=window)

    async def charges_by_key(self, call: Call, keys: Sequence[str]) -> list[Hit[Charge]]:
        """The charges with these keys."""
        return await self._by_key(CHARGES, call, keys)

    async def payments(
        self,
        call: Call,
        accounts: Sequence[AccountRef],
        where: PaymentFilter,
        order: PaymentOrder,
        window: Window,
    ) -> list[Hit[Slice[Payment]]]:
        """A part of each account's payments."""
        conditions = payment_conditions(where, self._zone)
        return await self._pages(PAYMENTS, call, accounts, conditions, order=order, window=window)

    async def payments_by_key(self, call: Call, keys: Sequence[str]) -> list[Hit[Payment]]:
        """The payments with these keys."""
        return await self._by_key(PAYMENTS, call, keys)

    async def payment_allocations(self, call: Call, payments: Sequence[str]) -> list[Hit[tuple[Allocation, ...]]]:
        """What each payment was matched with, oldest first, whether or not the payment counts."""
        return await self._children(_ALLOCATIONS.format(table="payment", counted="1 = 1"), payments, allocation)

    def _origin(self) -> Origin:
        return Origin(source=self._source, as_of=self._as_of())

    def _keys(self, accounts: Iterable[AccountRef]) -> list[str | None]:
        """The keys of accounts at home here; another office's account may have the same key and is not ours."""
        return [ref.key if ref.office == self._source and well_formed(ref.key) else None for ref in accounts]

    async def _rows(self, sql: str, args: Sequence[Argument]) -> list[Row]:
        with _office_errors():
            return await self._database.rows(sql, args)

    async def _grouped(self, sql: str, keys: Sequence[str | None]) -> dict[str, list[Row]]:
        """Rows by their first column, for a statement that takes the book and a list of keys."""
        asked = list({key: None for key in keys if key})
        return _by_first(await self._rows(sql, [self._book, asked])) if asked else {}

    async def _accounts(self, asked: str, keys: Sequence[str | None]) -> list[Hit[Account]]:
        origin = self._origin()
        found = await self._grouped(_ACCOUNTS.format(asked=asked), keys)
        answers = {key: account(rows[0], origin) for key, rows in found.items()}
        return [answers.get(key) if key else None for key in keys]

    async def _by_key(self, kind: Kind[R], call: Call, keys: Sequence[str]) -> list[Hit[R]]:
        origin, today = self._origin(), call.today.isoformat()
        columns = ", ".join(kind.columns)
        sql = f"SELECT key, {columns} FROM {kind.table} WHERE book = $1 AND key IN $2[] AND {kind.listed}"
        found = await self._grouped(sql, [key if well_formed(key) else None for key in keys])
        answers = {key: kind.make(rows[0], origin, today) for key, rows in found.items()}
        return [answers.get(key) for key in keys]

    async def _children(self, sql: str, keys: Sequence[str], make: Callable[[Row], R]) -> list[Hit[tuple[R, ...]]]:
        found = await self._grouped(sql, [key if well_formed(key) else None for key in keys])
        answers = {key: tuple(make(row) for row in rows if row[1] is not None) for key, rows in found.items()}
        return [answers.get(key) for key in keys]

    async def _pages(
        self,
        kind: Kind[R],
        call: Call,
        accounts: Sequence[AccountRef],
        conditions: Iterable[Condition],
        *,
        order: Order,
        window: Window,
    ) -> list[Hit[Slice[R]]]:
        keys = self._keys(accounts)
        asked = list({key: None for key in keys if key})
        if not asked:
            return [None] * len(keys)
        origin, today = self._origin(), call.today.isoformat()
        selection = Selection(kind, self._book, asked, conditions)
        counts = dict(await self._rows(*selection.counts())) if window.count else None
        found = _by_first(await self._rows(*selection.page(order, window)))

        def answer(key: str, rows: list[Row]) -> Slice[R]:
            documents = [row for row in rows if row[1] is not None]
            count = None if counts is None else counts.get(key, 0)
            return slice_of(documents, lambda row: kind.make(row, origin, today), window, count)

        answers = {key: answer(key, rows) for key, rows in found.items()}
        return [answers.get(key) if key else None for key in keys]


@contextmanager
def _office_errors() -> Generator[None]:
    try:
        yield
    except DatabaseUnavailableError as error:
        raise OfficeError(Fault(code=FaultCode.UNAVAILABLE, detail=str(error))) from error


def _by_first(rows: Iterable[Row]) -> dict[str, list[Row]]:
    grouped: dict[str, list[Row]] = {}
    for row in rows:
        grouped.setdefault(row[0], []).append(row)
    return grouped
