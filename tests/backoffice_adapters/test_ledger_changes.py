"""A ledger's journal of changes: where its numbers come from, what a page costs, and what happens between pages."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import Any

import msgspec
import pytest

from tests.backoffice_adapters.asking import BOOK, CALL, changed, ref
from tests.backoffice_adapters.sample import NOW, ZONE, invoice, money
from ventanilla.backoffice_adapters.book import Book
from ventanilla.backoffice_adapters.contract import (
    AccountFilter,
    ChangeMark,
    Changes,
    ChangeWindow,
    ChargeFilter,
    Fault,
    FaultCode,
    InvoiceFilter,
    InvoiceStatusFilter,
    MeterReadingFilter,
    PaymentFilter,
)
from ventanilla.backoffice_adapters.database import Database
from ventanilla.backoffice_adapters.ledger.changes import JournalPages
from ventanilla.backoffice_adapters.ledger.kinds.invoice import INVOICES
from ventanilla.backoffice_adapters.ledger.office import Ledger
from ventanilla.backoffice_adapters.records import NewPayment, PaymentItem, Rows

pytestmark = pytest.mark.anyio

replace = msgspec.structs.replace
EVERY: dict[str, Any] = {
    "accounts": AccountFilter(),
    "invoices": InvoiceFilter(),
    "charges": ChargeFilter(),
    "payments": PaymentFilter(),
    "meter_readings": MeterReadingFilter(),
}


async def page(ledger: Ledger, kind: str, after: ChangeMark | None = None, limit: int = 1_000, **more: Any) -> Any:
    window = ChangeWindow(limit=limit, after=after, count=more.pop("count", False))
    (found,) = await getattr(ledger, f"changed_{kind}")(CALL, [more.pop("where", EVERY[kind])], window)
    return found


async def marks(ledger: Ledger) -> dict[str, ChangeMark]:
    return {kind: (await page(ledger, kind)).mark for kind in EVERY}


async def since(ledger: Ledger, before: dict[str, ChangeMark]) -> dict[str, Any]:
    """Kind → keys that came or changed, and keys that went; kinds without any are left out."""
    found = {kind: await page(ledger, kind, mark) for kind, mark in before.items()}
    told = {kind: ([row.key for row in part.items], sorted(part.removed)) for kind, part in found.items()}
    return {kind: keys for kind, keys in told.items() if any(keys)}


def paying(key: str, minor: int, *items: tuple[str, int]) -> NewPayment:
    return NewPayment(
        key=key,
        account=ref("flat"),
        amount=money(minor),
        paid_at=NOW,
        method="przelew",
        items=tuple(PaymentItem(invoice_key=invoice, amount=money(amount)) for invoice, amount in items),
    )


def with_entry(field: str, key: str, **changes: Any) -> Book:
    """The sample with one entry otherwise."""
    rows = getattr(BOOK, field)
    return replace(BOOK, **{field: tuple(replace(row, **changes) if row.key == key else row for row in rows)})


async def test_a_first_fill_tells_everything_in_the_order_of_the_book(ledger: Ledger) -> None:
    for kind in EVERY:
        found = await page(ledger, kind)
        shown = [entry.key for entry in getattr(BOOK, kind) if getattr(entry, "status", "") != "DRAFT"]
        assert [row.key for row in found.items] == shown
        assert (found.removed, found.more, found.remaining) == ((), False, None)


async def test_a_book_that_was_never_filled_tells_nothing(database: Database) -> None:
    other = Ledger(database, "osiedle/other", "own", lambda: NOW, ZONE)
    found = await page(other, "invoices", count=True)
    assert (found.items, found.removed, found.more, found.remaining) == ((), (), False, 0)
    assert (await page(other, "invoices", found.mark)).items == ()
    await other.fill(BOOK)
    refused = await page(other, "invoices", found.mark)
    assert isinstance(refused, Fault)
    assert refused.code is FaultCode.INVALID


@pytest.mark.parametrize(
    ("field", "key", "what", "told"),
    [
        ("invoices", "f-issued", {"title": "Other"}, {"invoices": (["f-issued"], [])}),
        ("parties", "anna", {"name": "Anna Nowak"}, "accounts"),
        ("charges", "c-1", {"description": "Other"}, {"charges": (["c-1"], [])}),
        ("payments", "p-settled", {"method": "other"}, {"payments": (["p-settled"], [])}),
        ("accounts", "stated", {"stated_balance": money(99)}, {}),
        ("accounts", "flat", {"title": "Other"}, {"accounts": (["flat"], [])}),
        ("invoices", "f-issued", {"status": "DRAFT"}, {"invoices": ([], ["f-issued"])}),
    ],
)
async def test_filling_anew_tells_what_differs(ledger: Ledger, field: str, key: str, what: Any, told: Any) -> None:
    before = await marks(ledger)
    if what.get("status"):
        what = {"status": type(BOOK.invoices[0].status)(what["status"])}
    await ledger.fill(with_entry(field, key, **what))
    found = await since(ledger, before)
    if told == "accounts":
        held = [account.key for account in BOOK.accounts if account.holder == key]
        assert found == {"accounts": (held, [])}
    else:
        assert found == told
    middle = await marks(ledger)
    await ledger.fill(BOOK)
    assert (await since(ledger, middle)).keys() == found.keys(), "and again once it is as it was"
    assert {mark.journal for mark in middle.values()} == {mark.journal for mark in before.values()}


async def test_what_went_is_told_once_and_comes_back_as_new(ledger: Ledger) -> None:
    before = await marks(ledger)
    await ledger.fill(changed(invoices=[invoice("x", "empty", "ISSUED", 500, NOW.date())]))
    assert await since(ledger, before) == {"invoices": (["x"], [])}
    await ledger.fill(BOOK)
    assert await since(ledger, before) == {"invoices": ([], ["x"])}
    after = await marks(ledger)
    assert await since(ledger, after) == {}
    await ledger.fill(changed(invoices=[invoice("x", "empty", "ISSUED", 500, NOW.date())]))
    assert await since(ledger, after) == {"invoices": (["x"], [])}
    assert await since(ledger, before) == {"invoices": (["x"], [])}, "what is there again did not go"


async def test_a_posting_tells_payment_invoice_and_charges(ledger: Ledger) -> None:
    bound = next(entry for entry in BOOK.charges if entry.invoice and entry.status == "INVOICED")
    open_book = with_entry("charges", bound.key, invoice="f-issued")
    await ledger.fill(open_book)
    before = await marks(ledger)
    [posted] = await ledger.post_payments(CALL, [paying("a", 100_000_000, ("f-issued", 100_000_000))])
    assert not isinstance(posted, Fault)
    assert posted is not None
    told = await since(ledger, before)
    assert told["payments"] == ([posted.payment.key], [])
    assert told["invoices"] == (["f-issued"], [])
    assert told.keys() <= {"payments", "invoices", "charges"}
    if bound.account == "flat":
        assert told["charges"] == ([bound.key], [])
    again = await marks(ledger)
    await ledger.post_payments(CALL, [paying("a", 100_000_000, ("f-issued", 100_000_000))])
    assert await since(ledger, again) == {}, "what was replayed changed nothing"


async def test_a_payment_under_a_key_that_went_is_there(ledger: Ledger) -> None:
    [first] = await ledger.post_payments(CALL, [paying("a", 5)])
    assert first is not None
    assert not isinstance(first, Fault)
    await ledger.fill(BOOK)
    assert first.payment.key in (await page(ledger, "payments")).removed
    [second] = await ledger.post_payments(CALL, [paying("b", 6)])
    assert second is not None
    assert not isinstance(second, Fault)
    assert second.payment.key == first.payment.key, "the office counts on from its own"
    found = await page(ledger, "payments")
    assert found.removed == ()
    assert found.items[-1] == second.payment


async def test_a_page_is_rows_of_one_statement(database: Database, ledger: Ledger) -> None:
    for count, cost in ((False, 1), (True, 2)):
        before = database.statements
        found = await page(ledger, "invoices", limit=10, count=count)
        assert database.statements - before == cost
        assert isinstance(found.items, Rows)
    before = database.statements
    end = await page(ledger, "invoices", count=True)
    assert (database.statements - before, end.remaining) == (1, 0)


async def test_a_page_reads_no_more_of_the_journal_than_it_tells(database: Database, ledger: Ledger) -> None:
    pages = JournalPages(INVOICES, INVOICES.reader(None), "osiedle/own", [])
    sql, args = pages.page(5, 10)
    if database.dialect == "sqlite":
        plan = " ".join(str(row[3]) for row in await database.rows(f"EXPLAIN QUERY PLAN {sql}", args))
        assert "invoice_by_change" in plan
        assert "SCAN invoice" not in plan
        assert "TEMP B-TREE" not in plan
    else:
        async with database.write() as work:
            await work.execute("SET LOCAL enable_seqscan = off")
            plan = " ".join(str(row[0]) for row in await work.rows(f"EXPLAIN {sql}", args))
        assert "invoice_by_change" in plan
        assert "Sort" not in plan


async def test_filters_pass_over_and_move_on(ledger: Ledger) -> None:
    paid = InvoiceFilter(statuses=(InvoiceStatusFilter.PAID,))
    found = await page(ledger, "invoices", where=paid)
    assert {row.status for row in found.items} == {"PAID"}
    assert (await page(ledger, "invoices", found.mark)).items == ()


async def test_books_keep_journals_of_their_own(database: Database, ledger: Ledger) -> None:
    before = await marks(ledger)
    other = Ledger(database, "osiedle/own2", "own", lambda: NOW, ZONE)
    await other.fill(BOOK)
    await other.post_payments(CALL, [paying("a", 5)])
    assert await since(ledger, before) == {}
    for kind, mark in before.items():
        refused = await page(other, kind, mark)
        assert isinstance(refused, Fault)
        assert refused.code is FaultCode.INVALID


# -- while others write ------------------------------------------------------------------------------------------


@pytest.fixture
async def writers(database: Database) -> AsyncIterator[list[Ledger]]:
    """Others at the same book, each as if in a process of its own."""
    others = [Database(database.url) for _ in range(3)]
    for other in others:
        await other.open()
    yield [Ledger(other, "osiedle/own", "own", lambda: NOW, ZONE) for other in others]
    for other in others:
        await other.close()


async def followed(ledger: Ledger, kind: str, writing: asyncio.Future[Any]) -> dict[str, Any]:
    """Key → the record as it was told last to one who goes on, page by page, until after the writing."""
    latest: dict[str, Any] = {}
    mark: ChangeMark | None = None
    over = False
    while not over:
        over = writing.done()
        more = True
        while more:
            found = await page(ledger, kind, mark, limit=7)
            assert isinstance(found, Changes)
            latest |= {row.key: row for row in found.items}
            mark, more = found.mark, found.more
    return latest


async def write(ledger: Ledger, number: int) -> None:
    for step in range(8):
        new = paying(f"w{number}-{step}", 3, ("f-issued", 1), ("f-today", 1))
        [hit] = await ledger.post_payments(CALL, [new])
        assert not isinstance(hit, Fault)


async def test_nothing_is_lost_to_who_reads_while_others_write(ledger: Ledger, writers: Sequence[Ledger]) -> None:
    writing = asyncio.gather(*(write(other, number) for number, other in enumerate(writers)))
    kinds = ("payments", "invoices")
    told = await asyncio.gather(*(followed(ledger, kind, writing) for kind in kinds))
    await writing
    for kind, latest in zip(kinds, told, strict=True):
        whole = (await page(ledger, kind)).items
        assert len(whole) >= 24
        assert {row.key: row for row in whole} == latest
        keys = [row.key for row in whole]
        assert len(set(keys)) == len(keys)
