"""Late interest of the sample's invoices, compared with what plain Python makes of the book."""

from datetime import date, timedelta

import msgspec
import pytest

from tests.backoffice_adapters import sample
from tests.backoffice_adapters.asking import BOOK, CALL, changed
from tests.backoffice_adapters.sample_pen import NOW, TODAY, money
from ventanilla.backoffice_adapters.database import Database
from ventanilla.backoffice_adapters.interest import reckon
from ventanilla.backoffice_adapters.ledger.office import Ledger
from ventanilla.backoffice_adapters.records import InvoiceKind, InvoiceStatus

pytestmark = pytest.mark.anyio
RATES = sorted(BOOK.interest_rates, key=lambda rate: rate.valid_from)


async def test_late_interest_is_what_the_invoice_and_its_payments_make_of_it(ledger: Ledger) -> None:
    counted = {payment.key for payment in BOOK.payments if payment.status in {"CONFIRMED", "SETTLED"}}
    keys = [entry.key for entry in BOOK.invoices]
    answers = await ledger.late_interest(CALL, keys)
    for entry, answer in zip(BOOK.invoices, answers, strict=True):
        settled = [
            (part.allocated_on, part.amount)
            for part in BOOK.allocations
            if part.invoice_key == entry.key and part.payment_key in counted
        ]
        bears = entry.kind is not InvoiceKind.CREDIT_NOTE and entry.status not in {"DRAFT", "CANCELLED", "IN_PLAN"}
        wanted = reckon(entry.total, entry.due_on, settled, RATES, TODAY) if bears else None
        if wanted is None:
            assert answer is None
            continue
        assert (answer.key, answer.account_key, answer.origin.as_of) == (entry.key, entry.account, NOW)
        assert [getattr(answer, name) for name in wanted.__struct_fields__] == [
            getattr(wanted, name) for name in wanted.__struct_fields__
        ]
    assert len([answer for answer in answers if answer]) > 8


async def test_parts_paid_cut_the_interest_and_reversed_ones_do_not(ledger: Ledger) -> None:
    partly, none, odd, issued = await ledger.late_interest(CALL, ["f-partially_paid", "nothing", "\0", "f-issued"])
    assert [(segment.since, segment.base) for segment in partly.segments] == [
        (date(2026, 10, 13), money(65_000)),
    ]
    assert partly.total == money(766)
    assert (none, odd, issued) == (None, None, None)
    call = msgspec.structs.replace(CALL, today=TODAY + timedelta(days=30))
    [later] = await ledger.late_interest(call, ["f-issued"])
    assert [segment.base for segment in later.segments] == [money(100_000)]


async def test_beyond_the_last_rate_nothing_is_reckoned(ledger: Ledger) -> None:
    call = msgspec.structs.replace(CALL, today=date(2027, 1, 10))
    [partly] = await ledger.late_interest(call, ["f-partially_paid"])
    assert (partly.total, partly.unknown_since, partly.until) == (None, date(2027, 1, 1), date(2027, 1, 10))
    await ledger.fill(msgspec.structs.replace(BOOK, interest_rates=()))
    [partly] = await ledger.late_interest(CALL, ["f-partially_paid"])
    assert (partly.total, partly.segments, partly.unknown_since) == (None, (), date(2026, 10, 13))


async def test_interest_ends_on_the_day_that_settled_it(ledger: Ledger) -> None:
    due_on, paid_on = date(2026, 10, 5), date(2026, 10, 12)
    await ledger.fill(
        changed(
            invoices=[sample.invoice("late", "empty", InvoiceStatus.PAID, 36_500, due_on)],
            payments=[sample.payment("p-late", "empty", 36_500, NOW)],
            allocations=[sample.allocation("p-late", "late", 36_500, paid_on)],
        )
    )
    [late] = await ledger.late_interest(CALL, ["late"])
    assert [(segment.days, segment.annual_rate) for segment in late.segments] == [(4, "11.25"), (3, "10.75")]
    assert (late.until, late.total) == (paid_on, money(77))


async def test_one_statement_for_any_number_of_invoices(database: Database, ledger: Ledger) -> None:
    for cost, keys in ((1, [entry.key for entry in BOOK.invoices]), (0, ["\0", ""]), (0, [])):
        before = database.statements
        assert any(await ledger.late_interest(CALL, keys)) == bool(cost)
        assert database.statements - before == cost
