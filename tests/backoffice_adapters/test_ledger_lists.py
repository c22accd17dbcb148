"""Lists of a ledger: every order and filter, and windows that meet each row once."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from tests.backoffice_adapters import sample
from tests.backoffice_adapters.asking import ALL, BOOK, CALL, REFS, changed, expected, keys_of, pages, ref
from tests.backoffice_adapters.sample import TODAY
from ventanilla.backoffice_adapters.contract import (
    ChargeFilter,
    ChargeOrder,
    DateSpan,
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
from ventanilla.backoffice_adapters.ledger.office import Ledger
from ventanilla.backoffice_adapters.records import (
    AccountRef,
    ChargeStatus,
    PaymentStatus,
)

pytestmark = pytest.mark.anyio


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
