"""What tests of the ledger's bookings post, look at, and break."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from itertools import count
from typing import Any

from tests.backoffice_adapters.asking import CALL, ref
from tests.backoffice_adapters.sample import NOW, money
from ventanilla.backoffice_adapters.contract import Fault, FaultCode
from ventanilla.backoffice_adapters.database import Argument, Database, DatabaseUnavailableError, Scalar, Session, Work
from ventanilla.backoffice_adapters.ledger.office import Ledger
from ventanilla.backoffice_adapters.records import (
    NewPayment,
    NewReversal,
    PaymentItem,
    PostedPayment,
    ReversalKind,
)

_KEYS = count(1)
INVOICE_KEY = "f-issued"
"""An invoice of the account ``flat``: 100 000 minor units, ISSUED, not yet due."""


def new(account: str, minor: int, *items: tuple[str, int], key: str = "", at: datetime = NOW) -> NewPayment:
    """A payment with what it is meant for."""
    return NewPayment(
        key=key or f"key-{next(_KEYS)}",
        account=ref(account),
        amount=money(minor),
        paid_at=at,
        method="przelew",
        reference="ref",
        items=tuple(PaymentItem(invoice_key=invoice, amount=money(part)) for invoice, part in items),
    )


def back(posted: PostedPayment, minor: int, kind: ReversalKind = ReversalKind.REFUND, key: str = "") -> NewReversal:
    """Something taken back."""
    return NewReversal(
        key=key or f"key-{next(_KEYS)}", payment_key=posted.payment.key, amount=money(minor), at=NOW, kind=kind
    )


def only(found: list[Any]) -> Any:
    """The one answer of a ledger, which is there."""
    (hit,) = found
    assert hit
    return hit


def codes(hits: list[Any]) -> list[FaultCode | None]:
    """What each answer was refused with; None for what was booked."""
    return [hit.code if isinstance(hit, Fault) else None for hit in hits]


async def booked(ledger: Ledger, posting: NewPayment | NewReversal) -> PostedPayment:
    """What is answered to something that can be booked."""
    (hit,) = await tried(ledger, posting)
    assert isinstance(hit, PostedPayment), hit
    return hit


async def tried(ledger: Ledger, posting: NewPayment | NewReversal) -> list[Any]:
    """What is answered to one posting."""
    if isinstance(posting, NewPayment):
        return await ledger.post_payments(CALL, [posting])
    return await ledger.reverse_payments(CALL, [posting])


async def invoice_of(ledger: Ledger, key: str = INVOICE_KEY) -> Any:
    """An invoice as it is now."""
    return only(await ledger.invoices_by_key(CALL, [key]))


async def owed(ledger: Ledger, account: str = "flat") -> int:
    """An account's balance in minor units."""
    return only(await ledger.balances(CALL, [ref(account)])).amount.minor


async def content(database: Database) -> list[Any]:
    """Everything that booking may change, row by row."""
    tables = {
        "payment": "key",
        "allocation": "position",
        "posting": "key",
        "invoice": "key",
        "account": "key",
        "charge": "key",
    }
    return [
        tuple(row)
        for table, key in tables.items()
        for row in await database.rows(f"SELECT * FROM {table} ORDER BY book, {key}")
    ]


async def assert_sums(database: Database) -> None:
    """Every minor unit of a payment is somewhere once, and invoices know what was matched with them."""
    spread = await database.rows(
        """SELECT p.key FROM payment p WHERE p.amount_minor <> p.unallocated_minor + COALESCE(p.taken_back_minor, 0)
        + COALESCE((SELECT SUM(a.amount_minor) FROM allocation a WHERE a.book = p.book AND a.payment_key = p.key), 0)
        OR p.unallocated_minor < 0"""
    )
    assert [row[0] for row in spread] == []
    paid = await database.rows(
        """SELECT i.key FROM invoice i WHERE i.paid_minor <> COALESCE((SELECT SUM(a.amount_minor) FROM allocation a
        WHERE a.book = i.book AND a.invoice_key = i.key AND a.counted = 1), 0)
        OR i.paid_minor > COALESCE(i.later_minor, i.total_minor)
        OR (i.status = 'PARTIALLY_PAID' AND i.paid_minor = 0) OR (i.status = 'ISSUED' AND i.paid_minor > 0)"""
    )
    assert [row[0] for row in paid] == []


class FailingSession:
    """A session whose statements fail when their number is up, or after it: then they were run all the same."""

    def __init__(self, session: Session, database: FailingDatabase) -> None:
        self._session = session
        self._database = database

    async def rows(self, sql: str, args: Sequence[Argument]) -> Any:
        self._database.count_down()
        return await self._session.rows(sql, args)

    async def execute(self, sql: str, args: Sequence[Argument]) -> int:
        self._database.count_down()
        return await self._session.execute(sql, args)

    async def many(self, sql: str, rows: Sequence[Sequence[Scalar]]) -> None:
        self._database.count_down()
        await self._session.many(sql, rows)


class FailingDatabase(Database):
    """A database whose n-th statement of a transaction fails, or whose answer to a commit is lost."""

    left = -1
    """How many statements still work; negative: all."""
    loses_commit = False

    def count_down(self) -> None:
        """One statement more."""
        if self.left == 0:
            msg = "the server is gone"
            raise DatabaseUnavailableError(msg)
        self.left -= 1

    @asynccontextmanager
    async def write(self) -> AsyncGenerator[Work]:
        """A transaction that may be cut off."""
        async with self._backend.transaction() as session:
            work = Work(FailingSession(session, self), lambda: None)
            yield work
            work.end()
        if self.loses_commit:
            msg = "the server is gone"
            raise DatabaseUnavailableError(msg)
