"""DataLoaders: one statement for all the keys of a batch, each batch in a session of its own.

Siblings run concurrently, and an `AsyncSession` may not be shared between concurrent tasks.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple, TypeVar

from sqlalchemy.ext.asyncio import async_sessionmaker
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar
from strawberry.dataloader import DataLoader

from benchmarks.stock.models import Account, Booked, Enrolment, Instalment, Invoice, InvoiceLine, Payment

R = TypeVar("R", bound=Booked)
Sessions = async_sessionmaker[AsyncSession]


class Key(NamedTuple):
    """A key and the book it stands in."""

    book: str
    key: str


class Loaders:
    """The loaders of one request."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions
        self.accounts = DataLoader(self._accounts)
        self.open_invoices = DataLoader(self._open_invoices)
        self.unmatched_payments = DataLoader(self._unmatched_payments)
        self.enrolments = DataLoader(self._enrolments)
        self.lines = DataLoader(self._lines)
        self.instalments = DataLoader(self._instalments)

    async def _accounts(self, keys: list[Key]) -> list[Account | None]:
        found = await self._rows(select(Account).where(*_among(keys, Account.book, Account.key)))
        accounts = {Key(account.book, account.key): account for account in found}
        return [accounts.get(key) for key in keys]

    async def _open_invoices(self, keys: list[Key]) -> list[list[Invoice]]:
        statement = select(Invoice).where(
            *_among(keys, Invoice.book, Invoice.account_key),
            col(Invoice.status).in_(["ISSUED", "PARTIALLY_PAID", "IN_PLAN"]),
        )
        return _by_key(keys, await self._rows(statement), lambda row: row.account_key)

    async def _unmatched_payments(self, keys: list[Key]) -> list[list[Payment]]:
        statement = select(Payment).where(
            *_among(keys, Payment.book, Payment.account_key),
            col(Payment.status).in_(["CONFIRMED", "SETTLED"]),
            col(Payment.unallocated_minor) > 0,
        )
        return _by_key(keys, await self._rows(statement), lambda row: row.account_key)

    async def _enrolments(self, keys: list[Key]) -> list[list[Enrolment]]:
        statement = select(Enrolment).where(*_among(keys, Enrolment.book, Enrolment.account_key))
        return _by_key(keys, await self._rows(statement), lambda row: row.account_key)

    async def _lines(self, keys: list[Key]) -> list[list[InvoiceLine]]:
        statement = (
            select(InvoiceLine)
            .where(*_among(keys, InvoiceLine.book, InvoiceLine.invoice_key))
            .order_by(col(InvoiceLine.position))
        )
        return _by_key(keys, await self._rows(statement), lambda row: row.invoice_key)

    async def _instalments(self, keys: list[Key]) -> list[list[Instalment]]:
        statement = (
            select(Instalment)
            .where(*_among(keys, Instalment.book, Instalment.plan_key))
            .order_by(col(Instalment.position))
        )
        return _by_key(keys, await self._rows(statement), lambda row: row.plan_key)

    async def _rows(self, statement: SelectOfScalar[R]) -> Sequence[R]:
        async with self._sessions() as session:
            return (await session.exec(statement)).all()


def _among(keys: list[Key], book: str, key: str) -> tuple[Any, Any]:
    return col(book).in_({each.book for each in keys}), col(key).in_([each.key for each in keys])


def _by_key(keys: list[Key], rows: Iterable[R], key_of: Callable[[R], str]) -> list[list[R]]:
    groups: dict[Key, list[R]] = defaultdict(list)
    for row in rows:
        groups[Key(row.book, key_of(row))].append(row)
    return [groups[key] for key in keys]
