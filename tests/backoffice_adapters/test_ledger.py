"""The ledger answers what the contract promises, compared with the sample book read in plain Python."""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

import msgspec
import pytest

from tests.backoffice_adapters import sample
from tests.backoffice_adapters.sample import GREAT, NOW, TODAY, ZONE, money
from ventanilla.backoffice_adapters.book import Book
from ventanilla.backoffice_adapters.contract import (
    Call,
    ChargeFilter,
    ChargeOrder,
    DateSpan,
    Fault,
    FaultCode,
    InvoiceFilter,
    InvoiceOrder,
    InvoiceStatusFilter,
    OfficeError,
    PaymentFilter,
    PaymentOrder,
    Position,
    Window,
)
from ventanilla.backoffice_adapters.database import Database
from ventanilla.backoffice_adapters.ledger.check import BookError
from ventanilla.backoffice_adapters.ledger.office import Ledger
from ventanilla.backoffice_adapters.ledger.tables import create_tables
from ventanilla.backoffice_adapters.money import Money
from ventanilla.backoffice_adapters.records import (
    AccountRef,
    BalanceSide,
    ChargeStatus,
    DueItem,
    InvoiceKind,
    InvoiceStatus,
    Overdue,
    PaymentStatus,
)

pytestmark = pytest.mark.anyio
CALL = Call(manager="osiedle", request_id="r", locale="pl-PL", today=TODAY, deadline=0)
BOOK = sample.book()
ALL = Window(limit=1_000)
EVERY = InvoiceFilter()


def ref(key: str, office: str = "own") -> AccountRef:
    return AccountRef(office=office, key=key, number=f"number of {key}")


REFS = [ref(account.key) for account in BOOK.accounts]


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    database = Database(database_url)
    await database.open()
    await create_tables(database)
    yield database
    await database.close()


@pytest.fixture
async def ledger(database: Database) -> Ledger:
    ledger = Ledger(database, "osiedle/own", "own", lambda: NOW, ZONE)
    await ledger.fill(BOOK)
    return ledger


# -- accounts ----------------------------------------------------------------------------------------------------


async def test_accounts_are_aligned_and_whole(ledger: Ledger) -> None:
    flat, missing, again, *_ = await ledger.accounts(CALL, ["flat", "nobody", "flat", "", "x" * 121, "\0", "\ud800"])
    assert missing is None
    assert flat is again
    assert flat.origin.source == "own"
    assert flat.origin.as_of == NOW
    assert flat.holder == BOOK.parties[0]
    assert flat.unit == BOOK.units[0]
    assert flat.place == BOOK.properties[0]
    assert (flat.opened_on, flat.closed_on) == (date(2024, 2, 29), None)
    assert flat.ref == AccountRef(
        office="own", key="flat", number="KR-001/12", unit_key="d7-12", holder_document="85010112345"
    )


async def test_malformed_keys_are_none_and_ask_nobody(database: Database, ledger: Ledger) -> None:
    before = database.statements
    odd = ["", "x" * 121, "a\0b", "\ud800"]
    assert await ledger.accounts(CALL, odd) == [None] * 4
    assert await ledger.find_accounts(CALL, ["", " -/ "]) == [None] * 2
    assert await ledger.balances(CALL, [ref(key) for key in odd]) == [None] * 4
    assert await ledger.invoices_by_key(CALL, odd) == [None] * 4
    assert await ledger.invoice_lines(CALL, odd) == [None] * 4
    assert await pages(ledger, [ref(key) for key in odd]) == [None] * 4
    for empty in (ledger.accounts(CALL, []), ledger.payment_allocations(CALL, []), pages(ledger, [])):
        assert await empty == []
    assert database.statements == before


async def test_numbers_are_compared_without_spaces_and_punctuation(ledger: Ledger) -> None:
    asked = ["KR-001/12", "K R00112", "KR 004-12", "KR00413", "KR-001/12"]
    found = await ledger.find_accounts(CALL, asked)
    assert [account and account.key for account in found] == ["flat", "flat", "stated", None, "flat"]


async def test_accounts_of_another_office_are_not_ours(ledger: Ledger) -> None:
    other = ref("flat", office="other")
    assert await ledger.balances(CALL, [other, ref("empty")]) == [
        None,
        (await ledger.balances(CALL, [ref("empty")]))[0],
    ]
    assert await pages(ledger, [other]) == [None]


# -- balances ----------------------------------------------------------------------------------------------------


async def test_a_balance_is_what_the_documents_add_up_to(ledger: Ledger) -> None:
    [flat] = await ledger.balances(CALL, [ref("flat")])
    owed = 100_000 + 65_000 + 100_000 + 7_000 + 9_000 + 52_500 + 30_000 + 2_000
    unallocated = 10_000 + 1_000
    assert flat.amount == money(owed - 4_000 - unallocated)
    assert flat.overdue == Overdue(
        amount=money(65_000 + 9_000 + 52_500), oldest_due_on=TODAY - timedelta(days=40), document_count=3
    )
    assert flat.next_due == (
        DueItem(due_on=TODAY, amount=money(7_000), invoice_key="f-today"),
        DueItem(due_on=TODAY + timedelta(days=3), amount=money(30_000), invoice_key="f-second"),
        DueItem(due_on=TODAY + timedelta(days=20), amount=money(100_000), invoice_key="f-issued"),
        DueItem(due_on=TODAY + timedelta(days=40), amount=money(2_000), invoice_key="f-debit"),
    )


async def test_balances_of_every_kind_of_account(ledger: Ledger) -> None:
    empty, credit, stated, great, none = await ledger.balances(
        CALL, [ref("empty"), ref("credit"), ref("stated"), ref("great/ż 1"), ref("nobody")]
    )
    assert (empty.amount, empty.side, empty.next_due) == (money(0), BalanceSide.SETTLED, ())
    assert (credit.amount, credit.side) == (money(-77_700), BalanceSide.CREDIT)
    assert stated.amount == money(-12_345)
    assert great.amount == money(1)
    assert none is None


async def test_at_most_twelve_due_dates(ledger: Ledger) -> None:
    coming = [sample.invoice(f"n{day:02}", "empty", "ISSUED", 100, TODAY + timedelta(days=day)) for day in range(15)]
    await ledger.fill(changed(invoices=coming))
    [empty] = await ledger.balances(CALL, [ref("empty")])
    assert [item.invoice_key for item in empty.next_due] == [f"n{day:02}" for day in range(12)]
    assert empty.amount == money(1_500)


async def test_time_alone_moves_what_is_open(ledger: Ledger) -> None:
    async def second_on(days: int) -> Money:
        call = msgspec.structs.replace(CALL, today=TODAY + timedelta(days=days))
        [invoice] = await ledger.invoices_by_key(call, ["f-second"])
        [flat] = await ledger.balances(call, [ref("flat")])
        assert invoice.overdue_on(call.today) == (days > 3)
        assert flat.overdue.document_count == 3 + (days > 0) + (days > 3)
        return invoice.open

    assert [await second_on(days) for days in (0, 3, 4, 13, 14)] == [money(30_000)] * 2 + [money(31_500)] * 3


# -- invoices, charges, payments by key --------------------------------------------------------------------------


async def test_an_invoice_is_whole(ledger: Ledger) -> None:
    paid, surcharge, today, draft, partly = await ledger.invoices_by_key(
        CALL, ["f-paid", "f-surcharge", "f-today", "f-draft", "f-partially_paid"]
    )
    entry = next(entry for entry in BOOK.invoices if entry.key == "f-paid")
    assert (paid.number, paid.title, paid.status) == (entry.number, entry.title, InvoiceStatus.PAID)
    assert (paid.total, paid.paid, paid.open) == (money(100_000), money(100_000), money(0))
    assert (paid.paid_at, paid.official_reference) == (entry.paid_at, entry.official_reference)
    assert [(due.due_on, due.amount) for due in surcharge.due_dates] == [
        (TODAY - timedelta(days=5), money(50_000)),
        (TODAY + timedelta(days=5), money(52_500)),
    ]
    assert surcharge.open == money(52_500)
    assert (today.period_from, today.period_to) == (date(2026, 10, 1), date(2026, 10, 31))
    assert not today.overdue_on(TODAY)
    assert draft is None
    assert (partly.paid, partly.open) == (money(35_000), money(65_000))


async def test_amounts_beyond_floats_stay_exact(ledger: Ledger) -> None:
    [invoice] = await ledger.invoices_by_key(CALL, ["g-1"])
    assert (invoice.total, invoice.paid, invoice.open) == (money(GREAT), money(GREAT - 1), money(1))
    [lines] = await ledger.invoice_lines(CALL, ["g-1"])
    assert sum(line.amount.minor for line in lines) == GREAT


async def test_lines_come_by_position(ledger: Ledger) -> None:
    backwards = sample.invoice("x-1", "empty", "ISSUED", 500, TODAY)
    backwards = msgspec.structs.replace(backwards, lines=backwards.lines[::-1])
    bare = sample.invoice("x-2", "empty", "ISSUED", 500, TODAY, lines=())
    await ledger.fill(changed(invoices=[backwards, bare]))
    turned, none, without, draft = await ledger.invoice_lines(CALL, ["x-1", "nothing", "x-2", "f-draft"])
    assert turned == backwards.lines[::-1]
    assert (none, without, draft) == (None, (), None)


async def test_only_what_counts_is_allocated_to_an_invoice(ledger: Ledger) -> None:
    partly, issued, draft = await ledger.invoice_allocations(CALL, ["f-partially_paid", "f-issued", "f-draft"])
    assert [(part.payment_key, part.amount) for part in partly] == [
        ("p-settled", money(20_000)),
        ("p-confirmed", money(15_000)),
    ]
    assert (issued, draft) == ((), None)
    settled, pending, reversed_, none = await ledger.payment_allocations(
        CALL, ["p-settled", "p-pending", "p-reversed", "nothing"]
    )
    assert [part.invoice_key for part in settled] == ["f-paid", "f-partially_paid"]
    assert (pending, none) == ((), None)
    assert [part.amount for part in reversed_] == [money(5_003)]


async def test_paid_is_the_sum_of_its_allocations(ledger: Ledger) -> None:
    keys = [entry.key for entry in BOOK.invoices if entry.status is not InvoiceStatus.DRAFT]
    invoices = await ledger.invoices_by_key(CALL, keys)
    for invoice, parts in zip(invoices, await ledger.invoice_allocations(CALL, keys), strict=True):
        assert invoice.paid.minor == sum(part.amount.minor for part in parts)
    keys = [entry.key for entry in BOOK.payments]
    payments = await ledger.payments_by_key(CALL, keys)
    for payment, parts in zip(payments, await ledger.payment_allocations(CALL, keys), strict=True):
        assert payment.unallocated.minor == payment.amount.minor - sum(part.amount.minor for part in parts)


async def test_charges_and_payments_are_whole(ledger: Ledger) -> None:
    charge, gone = await ledger.charges_by_key(CALL, ["c-1", "c-9"])
    assert (charge.description, charge.amount, charge.charged_on) == ("Opłata c-1", money(100), date(2026, 11, 1))
    assert (charge.status, charge.invoice_key, gone) == (ChargeStatus.SETTLED, "f-paid", None)
    [payment] = await ledger.payments_by_key(CALL, ["p-credit"])
    assert payment.paid_at == datetime(2026, 11, 2, 8, 0, 0, 123_456, tzinfo=UTC)
    assert (payment.method, payment.reference) == ("przelew", "ref p-credit")
    assert (payment.status, payment.unallocated) == (PaymentStatus.SETTLED, money(77_700))


# -- lists -------------------------------------------------------------------------------------------------------


async def pages(
    ledger: Ledger,
    refs: list[AccountRef],
    where: InvoiceFilter = EVERY,
    order: InvoiceOrder = InvoiceOrder.ISSUED_ON_DESC,
    window: Window = ALL,
) -> list[Any]:
    return await ledger.invoices(CALL, refs, where, order, window)


def expected(
    key: str, order: Any, matches: Callable[[Any], bool] = lambda _: True, kind: str = "invoices"
) -> list[str]:
    rows = [
        entry for entry in getattr(BOOK, kind) if entry.account == key and entry.status != "DRAFT" and matches(entry)
    ]
    rows.sort(key=lambda entry: (getattr(entry, order.field), entry.key), reverse=order.descending)
    return [entry.key for entry in rows]


def keys_of(answer: Any) -> list[str]:
    return [item.key for item in answer.items]


def overdue(entry: Any) -> bool:
    return entry.status in {"ISSUED", "PARTIALLY_PAID"} and entry.due_on < TODAY


SPAN = DateSpan(since=TODAY - timedelta(days=61), until=TODAY)
INVOICE_FILTERS: list[tuple[InvoiceFilter, Callable[[Any], bool]]] = [
    (InvoiceFilter(), lambda _: True),
    (InvoiceFilter(statuses=(InvoiceStatusFilter.OPEN,)), lambda entry: entry.status == "ISSUED"),
    (InvoiceFilter(statuses=(InvoiceStatusFilter.OVERDUE,)), overdue),
    (
        InvoiceFilter(statuses=(InvoiceStatusFilter.OVERDUE, InvoiceStatusFilter.IN_PLAN, InvoiceStatusFilter.PAID)),
        lambda entry: overdue(entry) or entry.status in {"IN_PLAN", "PAID"},
    ),
    (InvoiceFilter(statuses=(InvoiceStatusFilter.CANCELLED,)), lambda entry: entry.status == "CANCELLED"),
    (InvoiceFilter(issued=SPAN), lambda entry: SPAN.since <= entry.issued_on <= SPAN.until),
    (InvoiceFilter(due=SPAN), lambda entry: SPAN.since <= entry.due_on <= SPAN.until),
    (InvoiceFilter(due=DateSpan(since=TODAY)), lambda entry: entry.due_on >= TODAY),
    (InvoiceFilter(number="FV/f-paid"), lambda entry: entry.number == "FV/f-paid"),
    (InvoiceFilter(number="FV\0"), lambda _: False),
    (
        InvoiceFilter(
            statuses=(InvoiceStatusFilter.OPEN,), issued=DateSpan(until=TODAY), due=SPAN, number="FV/f-today"
        ),
        lambda entry: entry.key == "f-today",
    ),
]


@pytest.mark.parametrize("order", InvoiceOrder)
async def test_invoices_by_every_order_and_filter(ledger: Ledger, order: InvoiceOrder) -> None:
    window = Window(limit=1_000, count=True)
    for where, matches in INVOICE_FILTERS:
        *answers, none = await pages(ledger, [*REFS, ref("nobody")], where, order, window)
        assert none is None
        for asked, answer in zip(REFS, answers, strict=True):
            wanted = expected(asked.key, order, matches)
            assert (keys_of(answer), answer.more, answer.count) == (wanted, False, len(wanted)), where
            assert await pages(ledger, [asked], where, order, window) == [answer]


@pytest.mark.parametrize("order", InvoiceOrder)
@pytest.mark.parametrize("backwards", [False, True])
@pytest.mark.parametrize("refs", [[ref("ties")], [ref("m01"), ref("ties"), ref("flat"), ref("empty")]])
async def test_a_walk_by_pages_meets_every_invoice_once(
    ledger: Ledger, order: InvoiceOrder, backwards: bool, refs: list[AccountRef]
) -> None:
    for place, asked in enumerate(refs):
        walked: list[str] = []
        window = Window(limit=4, backwards=backwards)
        while True:
            answer = (await pages(ledger, refs, order=order, window=window))[place]
            walked = keys_of(answer) + walked if backwards else walked + keys_of(answer)
            if not answer.more:
                break
            edge = answer.items[0 if backwards else -1]
            window = Window(limit=4, backwards=backwards, start=order.position(edge))
        assert walked == expected(asked.key, order)


async def test_a_window_begins_after_a_row_that_is_gone(ledger: Ledger) -> None:
    order = InvoiceOrder.DUE_ON_ASC
    wanted = expected("ties", order)
    gone = Position(value="2026-05-01", key="t-04-gone")
    [answer] = await pages(ledger, [ref("ties")], order=order, window=Window(limit=100, start=gone))
    [before] = await pages(ledger, [ref("ties")], order=order, window=Window(limit=100, start=gone, backwards=True))
    assert (before.items[-1].key, answer.items[0].key) == ("t-04", "t-06")
    assert keys_of(before) + keys_of(answer) == wanted


async def test_a_walk_meets_every_row_that_was_there_while_rows_are_inserted(ledger: Ledger) -> None:
    order, there = InvoiceOrder.ISSUED_ON_DESC, expected("ties", InvoiceOrder.ISSUED_ON_DESC)
    walked: list[str] = []
    window = Window(limit=3)
    for step in range(100):
        [answer] = await pages(ledger, [ref("ties")], order=order, window=window)
        walked += keys_of(answer)
        if not answer.more:
            break
        window = Window(limit=3, start=order.position(answer.items[-1]))
        days = (date(2026, 5, 1), date(2026, 6, 1))
        added = [sample.invoice(f"t-{n:02}x{step}", "ties", "ISSUED", 1, days[n % 2]) for n in range(0, 25, 4)]
        await ledger.fill(changed(invoices=added))
    assert len(walked) == len(set(walked))
    assert [key for key in walked if key in set(there)] == there


async def test_the_smallest_and_the_last_window(ledger: Ledger) -> None:
    [none] = await pages(ledger, [ref("ties")], window=Window(limit=0, count=True))
    assert (none.items, none.more, none.count) == ((), True, 25)
    [exact] = await pages(ledger, [ref("ties")], window=Window(limit=25))
    assert not exact.more


@pytest.mark.parametrize("start", [Position(value="yesterday", key="k"), Position(value="2026-05-01", key="\0")])
async def test_a_start_that_is_no_position_is_invalid(ledger: Ledger, start: Position) -> None:
    with pytest.raises(OfficeError) as caught:
        await pages(ledger, [ref("ties")], window=Window(limit=5, start=start))
    assert caught.value.fault.code is FaultCode.INVALID


@pytest.mark.parametrize("order", ChargeOrder)
async def test_charges_by_filter_and_page(ledger: Ledger, order: ChargeOrder) -> None:
    where = ChargeFilter(
        statuses=(ChargeStatus.PENDING, ChargeStatus.INVOICED), charged=DateSpan(since=date(2026, 11, 2))
    )
    flat, empty, none = await ledger.charges(CALL, [ref("flat"), ref("empty"), ref("nobody")], where, order, ALL)
    wanted = expected("flat", order, lambda entry: entry.key in {"c-2", "c-3", "c-5"}, "charges")
    assert (keys_of(flat), empty.items, none) == (wanted, (), None)
    first = Window(limit=1, start=order.position(flat.items[0]), count=True)
    [second] = await ledger.charges(CALL, [ref("flat")], where, order, first)
    assert (keys_of(second), second.more, second.count) == (wanted[1:2], True, 3)


@pytest.mark.parametrize("order", PaymentOrder)
async def test_payments_walk_by_their_moment(ledger: Ledger, order: PaymentOrder) -> None:
    walked: list[str] = []
    window = Window(limit=3)
    for _ in range(4):
        [answer] = await ledger.payments(CALL, [ref("flat")], PaymentFilter(), order, window)
        walked += keys_of(answer)
        window = Window(limit=3, start=order.position(answer.items[-1]))
    assert walked == expected("flat", order, kind="payments")
    [pending] = await ledger.payments(CALL, [ref("flat")], PaymentFilter(statuses=(PaymentStatus.PENDING,)), order, ALL)
    assert keys_of(pending) == ["p-pending"]


async def test_days_of_payments_are_the_managers(ledger: Ledger) -> None:
    async def paid(since: date | None, until: date | None) -> set[str]:
        where = PaymentFilter(paid=DateSpan(since=since, until=until))
        [answer] = await ledger.payments(CALL, [ref("flat")], where, PaymentOrder.PAID_AT_ASC, ALL)
        return set(keys_of(answer))

    assert await paid(date(2026, 10, 1), date(2026, 10, 1)) == {"p-midnight"}
    assert await paid(date(2026, 9, 30), date(2026, 9, 30)) == {"p-confirmed"}
    assert await paid(None, date(2026, 9, 30)) == {"p-settled", "p-confirmed"}
    assert await paid(date.min, date.max) == {entry.key for entry in BOOK.payments if entry.account == "flat"}


# -- what a call costs -------------------------------------------------------------------------------------------


async def test_one_statement_a_call_and_one_more_for_counts(database: Database, ledger: Ledger) -> None:
    invoices = [entry.key for entry in BOOK.invoices]
    payments = [entry.key for entry in BOOK.payments]
    page = Window(limit=5, count=True)
    calls = [
        (1, ledger.accounts(CALL, [asked.key for asked in REFS])),
        (1, ledger.find_accounts(CALL, [entry.number for entry in BOOK.accounts])),
        (1, ledger.balances(CALL, REFS)),
        (1, pages(ledger, REFS, window=Window(limit=5))),
        (2, pages(ledger, REFS, window=page)),
        (2, ledger.charges(CALL, REFS, ChargeFilter(), ChargeOrder.CHARGED_ON_ASC, page)),
        (2, ledger.payments(CALL, REFS, PaymentFilter(), PaymentOrder.PAID_AT_ASC, page)),
        (1, ledger.invoices_by_key(CALL, invoices)),
        (1, ledger.charges_by_key(CALL, ["c-1", "c-2"])),
        (1, ledger.payments_by_key(CALL, payments)),
        (1, ledger.invoice_lines(CALL, invoices)),
        (1, ledger.invoice_allocations(CALL, invoices)),
        (1, ledger.payment_allocations(CALL, payments)),
    ]
    for cost, asking in calls:
        before = database.statements
        answers = await asking
        assert any(answers)
        assert database.statements - before == cost


async def test_an_outage_is_an_unavailable_office(database: Database, ledger: Ledger) -> None:
    await database.close()
    for asking in (ledger.accounts(CALL, ["flat"]), ledger.fill(BOOK)):
        with pytest.raises(OfficeError) as caught:
            await asking
        assert caught.value.fault.code is FaultCode.UNAVAILABLE
        assert isinstance(caught.value.fault, Fault)
    await database.open()


# -- filling -----------------------------------------------------------------------------------------------------


def changed(**added: Any) -> Book:
    """The sample with more of something."""
    return msgspec.structs.replace(BOOK, **{kind: (*getattr(BOOK, kind), *more) for kind, more in added.items()})


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


def with_invoice(key: str = "x", status: str = "ISSUED", **more: Any) -> Book:
    return changed(invoices=[sample.invoice(key, "empty", status, 500, TODAY, **more)])


def paying(minor: int, *, to: str = "x", allocated: int | None = None, status: str = "ISSUED", **more: Any) -> Book:
    """An invoice over 500 on account `empty`, and a payment of `minor` allocated to it."""
    return changed(
        invoices=[sample.invoice("x", "empty", status, 500, TODAY, **more)],
        payments=[sample.payment("y", "empty", minor, NOW)],
        allocations=[sample.allocation("y", to, minor if allocated is None else allocated, TODAY)],
    )


LATER = {"later_due_on": TODAY + timedelta(days=9), "later_total": money(550)}
FLAT = BOOK.accounts[0]
replace = msgspec.structs.replace
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
