"""Filling a ledger: whole or not at all, one book never touching another."""

import asyncio
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import msgspec
import pytest

from tests.backoffice_adapters import sample
from tests.backoffice_adapters.asking import ALL, BOOK, CALL, REFS, changed, expected, pages, ref
from tests.backoffice_adapters.sample import NOW, TODAY, ZONE, money
from ventanilla.backoffice_adapters.book import Book
from ventanilla.backoffice_adapters.contract import (
    InvoiceOrder,
    PaymentFilter,
    PaymentOrder,
)
from ventanilla.backoffice_adapters.database import Database
from ventanilla.backoffice_adapters.ledger.check import BookError
from ventanilla.backoffice_adapters.ledger.office import Ledger
from ventanilla.backoffice_adapters.ledger.tables import create_tables
from ventanilla.backoffice_adapters.money import Money
from ventanilla.backoffice_adapters.records import (
    InvoiceKind,
    InvoiceStatus,
    PaymentStatus,
)

pytestmark = pytest.mark.anyio


async def everything(ledger: Ledger) -> list[Any]:
    return [
        await ledger.accounts(CALL, [asked.key for asked in REFS]),
        await ledger.balances(CALL, REFS),
        await pages(ledger, REFS),
        await ledger.payments(CALL, REFS, PaymentFilter(), PaymentOrder.PAID_AT_ASC, ALL),
    ]


async def test_books_of_one_database_never_meet(database: Database, ledger: Ledger) -> None:
    before = await everything(ledger)
    other = Ledger(database, "osiedle/own2", "own", lambda: NOW, ZONE)
    assert await other.accounts(CALL, ["flat"]) == [None]
    assert await pages(other, [ref("flat")]) == [None]
    await other.fill(Book(currency="EUR"))
    await other.fill(BOOK)
    await other.fill(Book(currency="EUR"))
    assert await everything(ledger) == before
    assert await other.accounts(CALL, ["flat"]) == [None]


async def test_filling_again_replaces_everything(ledger: Ledger) -> None:
    before = await everything(ledger)
    await ledger.fill(BOOK)
    assert await everything(ledger) == before
    await ledger.fill(Book(currency="PLN"))
    assert await ledger.accounts(CALL, ["flat"]) == [None]
    assert await ledger.invoices_by_key(CALL, ["f-paid"]) == [None]


async def test_two_fills_at_once_leave_one_whole_book(database: Database, ledger: Ledger) -> None:
    smaller = Book(currency="PLN", parties=BOOK.parties)
    await asyncio.gather(*(ledger.fill(book) for book in (BOOK, smaller, BOOK, smaller, BOOK)))
    [[parties]] = await database.rows("SELECT COUNT(*) FROM party")
    [[accounts]] = await database.rows("SELECT COUNT(*) FROM account")
    assert parties == len(BOOK.parties)
    assert accounts in {0, len(BOOK.accounts)}


replace = msgspec.structs.replace


def with_invoice(key: str = "x", status: str = "ISSUED", **more: Any) -> Book:
    return changed(invoices=[sample.invoice(key, "empty", status, 500, TODAY, **more)])


def paying(minor: int, *, to: str = "x", allocated: int | None = None, status: str = "ISSUED", **more: Any) -> Book:
    """An invoice over 500 on account `empty`, and a payment of `minor` allocated to it."""
    return changed(
        invoices=[sample.invoice("x", "empty", status, 500, TODAY, **more)],
        payments=[sample.payment("y", "empty", minor, NOW)],
        allocations=[sample.allocation("y", to, minor if allocated is None else allocated, TODAY)],
    )


def taken_back(minor: int) -> Book:
    """A payment of 100 that nothing is allocated of."""
    part = sample.payment("y", "empty", 100, NOW, "PARTIALLY_REFUNDED")
    return changed(payments=[replace(part, taken_back=money(minor))])


LATER = {"later_due_on": TODAY + timedelta(days=9), "later_total": money(550)}
FLAT = BOOK.accounts[0]
CONTRADICTIONS = {
    "party 'anna' stands 2 times": changed(parties=[BOOK.parties[0]]),
    "account key '' is not 1–120": changed(accounts=[replace(FLAT, key="", number="N1")]),
    "unit key 'a\\x00b'": changed(units=[replace(BOOK.units[0], key="a\0b")]),
    "same number 'KR00112'": changed(accounts=[replace(FLAT, key="twin", number="KR 001 12")]),
    "number without letters and digits": changed(accounts=[replace(FLAT, key="twin", number="-")]),
    "names party 'nobody'": changed(accounts=[replace(FLAT, key="n", number="N1", holder="nobody")]),
    "names unit 'nowhere'": changed(accounts=[replace(FLAT, key="n", number="N1", unit="nowhere")]),
    "names property 'nowhere'": changed(accounts=[replace(FLAT, key="n", number="N1", place="nowhere")]),
    "names account 'nobody'": changed(payments=[sample.payment("y", "nobody", 1, NOW)]),
    "names invoice 'nothing'": paying(100, to="nothing"),
    "of another account": paying(100, to="f-issued"),
    "is in EUR, the book in PLN": with_invoice(total=Money(500, "EUR")),
    "line 1 of invoice 'x' is in EUR": with_invoice(
        lines=(replace(sample.invoice("z", "empty", "ISSUED", 5, TODAY).lines[0], amount=Money(500, "EUR")),)
    ),
    "balance of account 'n' is in EUR": changed(
        accounts=[replace(FLAT, key="n", number="N1", stated_balance=Money(0, "EUR"))]
    ),
    "add up to 500, its total is 501": with_invoice(total=money(501)),
    "is -500 minor units": with_invoice(total=money(-500)),
    "it may be from 0 to 9223372036854775807": changed(payments=[sample.payment("y", "empty", 2**63, NOW)]),
    "same position": with_invoice(
        lines=(sample.invoice("z", "empty", "ISSUED", -500, TODAY).lines[0],) * 2, total=money(1_000)
    ),
    "only one of later_due_on": with_invoice(later_due_on=TODAY + timedelta(days=1)),
    "not after": with_invoice(**{**LATER, "later_due_on": TODAY}),
    "later total of invoice 'x' is 400": with_invoice(**{**LATER, "later_total": money(400)}),
    "paid_at of invoice 'x' has no time zone": with_invoice(paid_at=datetime(2026, 1, 1)),  # noqa: DTZ001  refused
    "paid_at of payment 'y' has no time zone": changed(
        payments=[sample.payment("y", "empty", 5, datetime(2026, 1, 1))]  # noqa: DTZ001  refused
    ),
    "is PAID, but 0 of 500": with_invoice(status="PAID"),
    "is PAID, but 499 of 500": paying(499, status="PAID"),
    "is ISSUED, but 100 of 500": paying(100),
    "is PARTIALLY_PAID, but 0 of": with_invoice(status="PARTIALLY_PAID"),
    "is PARTIALLY_PAID, but 500 of": paying(500, status="PARTIALLY_PAID"),
    "is CANCELLED, but 100": paying(100, status="CANCELLED"),
    "more is allocated to invoice 'x'": paying(501, status="PAID"),
    "'y' of 100 minor units is allocated 101": paying(100, allocated=101, status="PARTIALLY_PAID"),
    "more was taken back of payment 'y' than it is not allocated": taken_back(101),
    "what was taken back of payment 'y' is -1 minor units": taken_back(-1),
    "allocation of payment 'y' to invoice 'x' is 0": paying(100, allocated=0),
    "is ISSUED, but 5 of": paying(5, kind=InvoiceKind.CREDIT_NOTE),
    "invoice 'x' has a text with a NUL": with_invoice(title="a\0b"),
    "street line": changed(
        properties=[
            replace(BOOK.properties[0], key="s", address=replace(BOOK.properties[0].address, lines=("\ud800",)))
        ]
    ),
}


@pytest.mark.parametrize("problem", CONTRADICTIONS)
async def test_a_book_that_contradicts_itself_changes_nothing(problem: str) -> None:
    database = Database("sqlite://")
    await database.open()
    await create_tables(database)
    ledger = Ledger(database, "b", "own", lambda: NOW, ZONE)
    await ledger.fill(BOOK)
    with pytest.raises(BookError) as caught:
        await ledger.fill(CONTRADICTIONS[problem])
    assert any(problem in told for told in caught.value.problems)
    assert await ledger.invoices_by_key(CALL, ["x"]) == [None]
    assert (await ledger.accounts(CALL, ["flat"]))[0] is not None
    await database.close()


@pytest.mark.parametrize(
    "book",
    [
        paying(550, status="PAID", **LATER),
        paying(520, status="PARTIALLY_PAID", **LATER),
        paying(100, status="IN_PLAN"),
        with_invoice(status="PAID", kind=InvoiceKind.CREDIT_NOTE),
        Book(currency="CLP"),
    ],
)
async def test_what_offices_really_have_is_no_contradiction(ledger: Ledger, book: Book) -> None:
    await ledger.fill(book)


async def test_every_problem_is_told_at_once(ledger: Ledger) -> None:
    strays = [sample.payment(f"y{number}", "nobody", 1, NOW) for number in range(60)]
    with pytest.raises(BookError, match="and 10 more") as caught:
        await ledger.fill(changed(payments=strays))
    assert len(caught.value.problems) == 60


def test_the_sample_is_ordered_enough_to_be_worth_a_test() -> None:
    """Orders, ties and states that the tests above lean on are really in the book."""
    ties = expected("ties", InvoiceOrder.ISSUED_ON_ASC)
    assert len(ties) == 25
    assert any(first > second for first, second in pairwise(ties))
    states = {entry.status for entry in BOOK.invoices if entry.account == "flat"}
    assert states == set(InvoiceStatus)
    assert {entry.status for entry in BOOK.payments} == set(PaymentStatus)
