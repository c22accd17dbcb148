"""Accounts, balances and documents by key: what the contract promises, compared with the sample book."""

from datetime import UTC, date, datetime, timedelta

import msgspec
import pytest

from tests.backoffice_adapters import sample
from tests.backoffice_adapters.asking import BOOK, CALL, REFS, changed, pages, ref
from tests.backoffice_adapters.sample import GREAT, NOW, TODAY, money
from ventanilla.backoffice_adapters.contract import (
    ChargeFilter,
    ChargeOrder,
    Fault,
    FaultCode,
    OfficeError,
    PaymentFilter,
    PaymentOrder,
    Window,
)
from ventanilla.backoffice_adapters.database import Database
from ventanilla.backoffice_adapters.ledger.office import Ledger
from ventanilla.backoffice_adapters.money import Money
from ventanilla.backoffice_adapters.records import (
    AccountRef,
    BalanceSide,
    ChargeStatus,
    DueItem,
    InvoiceStatus,
    Overdue,
    PaymentStatus,
)

pytestmark = pytest.mark.anyio


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
        rest = payment.amount.minor - sum(part.amount.minor for part in parts)
        # What was taken back of it was not told: then it is all that is not allocated.
        assert payment.unallocated.minor == (0 if payment.status is PaymentStatus.PARTIALLY_REFUNDED else rest)


async def test_charges_and_payments_are_whole(ledger: Ledger) -> None:
    charge, gone = await ledger.charges_by_key(CALL, ["c-1", "c-9"])
    assert (charge.description, charge.amount, charge.charged_on) == ("Opłata c-1", money(100), date(2026, 11, 1))
    assert (charge.status, charge.invoice_key, gone) == (ChargeStatus.SETTLED, "f-paid", None)
    [payment] = await ledger.payments_by_key(CALL, ["p-credit"])
    assert payment.paid_at == datetime(2026, 11, 2, 8, 0, 0, 123_456, tzinfo=UTC)
    assert (payment.method, payment.reference) == ("przelew", "ref p-credit")
    assert (payment.status, payment.unallocated) == (PaymentStatus.SETTLED, money(77_700))


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
