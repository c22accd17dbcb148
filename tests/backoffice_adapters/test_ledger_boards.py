"""What boards and suppliers are told, out of the sample book; and what a book must not say."""

from datetime import date
from typing import Any

import pytest
from msgspec.structs import replace

from tests.backoffice_adapters.asking import BOOK, CALL
from tests.backoffice_adapters.postings import back, booked, new, only
from ventanilla.backoffice_adapters.book import Book, CommunityEntry, SupplierInvoiceEntry
from ventanilla.backoffice_adapters.contract import (
    ArrearsOrder,
    OfficeError,
    Position,
    SupplierInvoiceFilter,
    SupplierInvoiceOrder,
    Window,
)
from ventanilla.backoffice_adapters.database import Database
from ventanilla.backoffice_adapters.ledger.check import BookError
from ventanilla.backoffice_adapters.ledger.content import content_of
from ventanilla.backoffice_adapters.ledger.office import Ledger
from ventanilla.backoffice_adapters.money import Money
from ventanilla.backoffice_adapters.records import InvoiceStatus, ReversalKind, SupplierInvoiceStatus

pytestmark = pytest.mark.anyio
ARGS = SupplierInvoiceFilter(), SupplierInvoiceOrder.ISSUED_ON_ASC, Window(limit=50)
OLDEST = ArrearsOrder.OLDEST_DUE_ON_ASC


def billed(**changes: Any) -> Book:
    """The sample with one invoice of a supplier."""
    entry = SupplierInvoiceEntry(
        key="s1",
        number="1",
        supplier="sklep",
        community="wm-dluga",
        title="Okna",
        amount=Money(100, BOOK.currency),
        issued_on=date(2026, 10, 1),
        due_on=date(2026, 10, 15),
        status=SupplierInvoiceStatus.APPROVED,
    )
    return replace(BOOK, supplier_invoices=(replace(entry, **changes),))


async def test_arrears_are_those_of_the_balances(ledger: Ledger) -> None:
    (part,) = await ledger.community_arrears(CALL, ["wm-dluga"], OLDEST, Window(limit=50, count=True))
    refs = {account.key: account.ref for account in await ledger.accounts(CALL, [row.key for row in part.items])}
    balances = await ledger.balances(CALL, [*refs.values()])
    assert part.count == len(part.items) > 0
    for row, balance in zip(part.items, balances, strict=True):
        overdue = balance.overdue
        assert (row.amount, row.oldest_due_on, row.document_count) == (
            overdue.amount,
            overdue.oldest_due_on,
            overdue.document_count,
        )


async def test_finances_of_a_community_without_accounts_are_nothing(ledger: Ledger) -> None:
    dluga, new, none = await ledger.community_finances(CALL, ["wm-dluga", "wm-new", "nobody"])
    nothing = Money(0, BOOK.currency)
    assert (new.billed, new.paid, new.outstanding, new.overdue) == (nothing,) * 4
    assert dluga.outstanding.minor >= dluga.overdue.minor > 0
    assert (dluga.since, dluga.until, none) == (date(CALL.today.year, 1, 1), CALL.today, None)


async def test_what_was_taken_back_was_not_received(ledger: Ledger) -> None:
    (account,) = only(await ledger.community_arrears(CALL, ["wm-dluga"], OLDEST, Window(limit=1))).items
    before = await received(ledger)
    posted = await booked(ledger, new(account.key, 900))
    assert await received(ledger) == before + 900
    await booked(ledger, back(posted, 200))
    assert await received(ledger) == before + 700
    await booked(ledger, back(posted, 700, ReversalKind.REVERSAL))
    assert await received(ledger) == before


async def received(ledger: Ledger) -> int:
    return only(await ledger.community_finances(CALL, ["wm-dluga"])).paid.minor


async def test_a_list_takes_one_statement_and_its_count_another(database: Database, ledger: Ledger) -> None:
    keys = [entry.key for entry in BOOK.communities]
    for asking, statements in (
        (ledger.communities_by_key(CALL, keys), 1),
        (ledger.community_finances(CALL, keys), 1),
        (ledger.community_arrears(CALL, keys, OLDEST, Window(limit=2)), 1),
        (ledger.community_arrears(CALL, keys, OLDEST, Window(limit=2, count=True)), 2),
        (ledger.supplier_invoices(CALL, keys, *ARGS), 1),
        (ledger.supplier_invoices_of_parties(CALL, ["sklep"], *ARGS), 1),
        (ledger.community_finances(CALL, ["\0"]), 0),
        (ledger.community_arrears(CALL, [], OLDEST, Window(limit=2)), 0),
    ):
        before = database.statements
        await asking
        assert database.statements - before == statements


async def test_a_position_that_is_none_is_told(ledger: Ledger) -> None:
    window = Window(limit=2, start=Position(value="tomorrow", key="x"))
    with pytest.raises(OfficeError, match="no position in a list by oldest_due_on"):
        await ledger.community_arrears(CALL, ["wm-dluga"], OLDEST, window)


async def test_both_sides_read_the_same_invoice(ledger: Ledger) -> None:
    await ledger.fill(billed())
    ((one,),) = [part.items for part in await ledger.supplier_invoices(CALL, ["wm-dluga"], *ARGS)]
    ((other,),) = [part.items for part in await ledger.supplier_invoices_of_parties(CALL, ["sklep"], *ARGS)]
    assert one == other
    assert (one.supplier.key, one.supplier.name) == ("sklep", "Sklep „Żółw” sp. z o.o.")
    assert (one.community_key, one.community_name) == ("wm-dluga", "WM Długa 7–9")


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"supplier": "nobody"}, "supplier invoice 's1' names party 'nobody', which the book does not have"),
        ({"community": "wm-old"}, "supplier invoice 's1' names community 'wm-old', which the book does not have"),
        ({"paid_on": date(2026, 10, 2)}, "supplier invoice 's1' is APPROVED and has the day it was paid"),
        ({"status": SupplierInvoiceStatus.PAID}, "supplier invoice 's1' is PAID and lacks the day it was paid"),
        ({"due_on": date(2026, 9, 30)}, "supplier invoice 's1' falls due on 2026-09-30, before it was issued"),
        ({"amount": Money(-1, BOOK.currency)}, "amount of supplier invoice 's1' is -1 minor units"),
        ({"amount": Money(1, "USD")}, "amount of supplier invoice 's1' is in USD"),
        ({"title": "\0"}, "supplier_invoice 's1' has a text with a NUL"),
        ({"key": ""}, "supplier invoice key '' is not 1–120 ordinary characters"),
    ],
)
def test_what_a_book_must_not_say_of_them(changes: dict[str, Any], told: str) -> None:
    with pytest.raises(BookError) as raised:
        content_of("book", billed(**changes))
    assert any(told in problem for problem in raised.value.problems)


def test_what_a_community_adds_up_to_can_be_kept() -> None:
    """Each invoice alone is the most that can be kept."""
    most = 2**63 - 1
    open_ones = [entry for entry in BOOK.invoices if entry.account == "flat" and entry.status is InvoiceStatus.ISSUED]
    great = [replace(entry, total=Money(most, BOOK.currency), lines=()) for entry in open_ones[:2]]
    great = [replace(entry, later_due_on=None, later_total=None) for entry in great]
    rest = [entry for entry in BOOK.invoices if entry not in open_ones[:2]]
    with pytest.raises(BookError) as raised:
        content_of("book", replace(BOOK, invoices=(*rest, *great)))
    assert raised.value.problems == (f"the invoices of community 'wm-dluga' add up to more than {most} minor units",)


def test_a_community_may_stand_alone() -> None:
    alone = CommunityEntry(key="wm", name="WM", address=BOOK.communities[0].address)
    assert content_of("book", Book(currency="PLN", communities=(alone,)))["community"]
