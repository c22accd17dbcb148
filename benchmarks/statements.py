"""The statements that our own functions send, as texts: recorded from them, so that both sides ask the same.

Each function is called once on a database that answers nothing and writes down what it was asked.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Sequence
from datetime import UTC, datetime
from typing import cast
from zoneinfo import ZoneInfo

import msgspec

from benchmarks.data import BOOK, HOST, OFFICE
from ventanilla.auth.identify import identify
from ventanilla.backoffice_adapters.contract import (
    Call,
    InvoiceFilter,
    InvoiceOrder,
    NoticeOrder,
    PaymentPlanFilter,
    PaymentPlanOrder,
    Position,
    Window,
)
from ventanilla.backoffice_adapters.database import Argument, Database, Dialect, Row
from ventanilla.backoffice_adapters.ledger.office import Ledger
from ventanilla.backoffice_adapters.records import AccountRef, AccountRole, Reader, ReaderStanding, Record
from ventanilla.store.store import Store

_NOW = datetime(2026, 1, 1, tzinfo=UTC)
_INVOICE = frozenset({"key", "number", "title", "status", "issued_on", "due_on", "total", "open"})
_LINE = frozenset({"position", "description", "quantity", "amount"})
_PLAN = frozenset({"key", "number", "status"})
_INSTALMENT = frozenset({"position", "due_on", "status", "amount"})
"""The attributes that the documents select."""
_COLUMNS = re.compile(r"SELECT ([^*]+?)\s+FROM", re.DOTALL)


class Statements(Record):
    """Texts of SQL; what they take is told by the functions that they are of."""

    who: str
    account: str
    balance: str
    invoices: str
    from_the_oldest: str
    after: str
    """Invoices from the oldest, after a place."""
    lines: str
    plans: str
    instalments: str
    enrolments: str
    notices: str


def places(sql: str, *columns: str) -> list[int]:
    """Where columns stand in the rows of a statement."""
    (selected,) = _COLUMNS.findall(sql)[:1]
    names = [each.split()[-1].rpartition(".")[2] for each in selected.split(",")]
    return [names.index(column) for column in columns]


class _Notes:
    """Stands where a database does, answers nothing and keeps the last statement."""

    dialect = Dialect.POSTGRESQL

    def __init__(self) -> None:
        self.last = ""

    async def rows(self, sql: str, args: Sequence[Argument] = ()) -> list[Row]:
        """Keep the statement."""
        self.last = sql
        return []


def recorded() -> Statements:
    """What our functions send to PostgreSQL for one account."""
    return asyncio.run(_recorded())


async def _recorded() -> Statements:
    notes = _Notes()
    ledger = Ledger(cast("Database", notes), BOOK, OFFICE, lambda: _NOW, ZoneInfo("UTC"))
    ref = AccountRef(office=OFFICE, key="A", number="1")
    call = Call(manager="bench", request_id="", locale="es", now=_NOW, today=_NOW.date(), deadline=0)
    for_invoice, for_line, for_plan, for_part = (
        msgspec.structs.replace(call, wanted=wanted) for wanted in (_INVOICE, _LINE, _PLAN, _INSTALMENT)
    )
    everything, newest, oldest = InvoiceFilter(), InvoiceOrder.ISSUED_ON_DESC, InvoiceOrder.ISSUED_ON_ASC
    after = Window(limit=1, start=Position(value="2026-01-01", key="A"))
    by_day, to_ana = (
        PaymentPlanOrder.AGREED_ON_DESC,
        Reader(standings=(ReaderStanding(account=ref, role=AccountRole.HOLDER),)),
    )

    async def of(asking: Awaitable[object]) -> str:
        await asking
        return notes.last

    return Statements(
        who=await of(identify(cast("Store", notes), HOST, None, _NOW)),
        account=await of(ledger.accounts(call, ["A"])),
        balance=await of(ledger.balances(call, [ref])),
        invoices=await of(ledger.invoices(for_invoice, [ref], everything, newest, Window(limit=1))),
        from_the_oldest=await of(ledger.invoices(for_invoice, [ref], everything, oldest, Window(limit=1))),
        after=await of(ledger.invoices(for_invoice, [ref], everything, oldest, after)),
        lines=await of(ledger.invoice_lines(for_line, ["A"])),
        plans=await of(ledger.payment_plans(for_plan, [ref], PaymentPlanFilter(), by_day, Window(limit=1))),
        instalments=await of(ledger.plan_instalments(for_part, ["A"])),
        enrolments=await of(ledger.enrolments(call, [ref])),
        notices=await of(ledger.notices(call, [to_ana], NoticeOrder.PUBLISHED_FROM_DESC, Window(limit=1))),
    )
