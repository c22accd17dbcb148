"""Promises about what lists are filtered by."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from ventanilla.backoffice_adapters.conformance.bench import Bench
from ventanilla.backoffice_adapters.conformance.book import BUSY, TODAY
from ventanilla.backoffice_adapters.conformance.promises import aligned, expect, promise
from ventanilla.backoffice_adapters.conformance.questions import LISTINGS
from ventanilla.backoffice_adapters.contract import (
    AccrualFilter,
    AccrualOrder,
    ChargeFilter,
    ChargeOrder,
    DateSpan,
    InvoiceFilter,
    InvoiceOrder,
    InvoiceStatusFilter,
    MeterFilter,
    MeterOrder,
    MeterReadingFilter,
    MeterReadingOrder,
    MonthSpan,
    PaymentFilter,
    PaymentOrder,
    PaymentPlanFilter,
    PaymentPlanOrder,
    SupplierInvoiceFilter,
    SupplierInvoiceOrder,
    UtilitySettlementFilter,
    UtilitySettlementOrder,
    Window,
)
from ventanilla.backoffice_adapters.records import (
    ChargeStatus,
    InvoiceStatus,
    Medium,
    MeterStatus,
    PaymentPlanStatus,
    PaymentStatus,
    ReadingStatus,
    SupplierInvoiceStatus,
    TitleKind,
)


def _spans(days: Iterable[date]) -> list[DateSpan]:
    """Open and closed spans round the days that rows have, both ends included."""
    ordered = sorted(days) or [TODAY]
    first, middle = ordered[0], ordered[len(ordered) // 2]
    return [
        DateSpan(since=middle),
        DateSpan(until=middle),
        DateSpan(since=middle, until=middle),
        DateSpan(since=first + timedelta(days=1), until=middle - timedelta(days=1)),
        DateSpan(since=date(9000, 1, 1)),
        DateSpan(since=middle, until=first),
    ]


async def _filtered(bench: Bench, method: str, order: Any, filters: Iterable[Any]) -> None:
    """Compare each filter's rows and count with the twin's, for all accounts or meters at once."""
    (listing,) = (listing for listing in LISTINGS if listing.method == method)
    subjects = await bench.mine.parents(listing)
    window = Window(limit=bench.mine.page(1_000), count=True)
    for where in filters:
        found = await bench.mine.ask(method, subjects, where, order, window)
        wanted = await bench.mine.expected(method, subjects, where, order, window)
        aligned(f"{method} where {where}", subjects, found, wanted)


@promise("invoices.list")
async def invoices_are_filtered_by_state(bench: Bench) -> None:
    """Any one of the wanted states; OVERDUE begins the day after the first due date; without states every one."""
    filters = [
        *(InvoiceFilter(statuses=(status,)) for status in InvoiceStatusFilter),
        InvoiceFilter(statuses=(InvoiceStatusFilter.OPEN, InvoiceStatusFilter.OVERDUE)),
        InvoiceFilter(statuses=(InvoiceStatusFilter.OVERDUE, InvoiceStatusFilter.PAID)),
        InvoiceFilter(statuses=tuple(InvoiceStatusFilter)),
    ]
    await _filtered(bench, "invoices", InvoiceOrder.DUE_ON_ASC, filters)


@promise("invoices.list")
async def invoices_are_filtered_by_dates(bench: Bench) -> None:
    """By date of issue and by first due date, both ends included, either end open, together with a state."""
    entries = [entry for entry in bench.mine.twin.book.invoices if entry.account == BUSY]
    issued, due = _spans([entry.issued_on for entry in entries]), _spans([entry.due_on for entry in entries])
    filters = [
        *(InvoiceFilter(issued=span) for span in issued),
        *(InvoiceFilter(due=span) for span in due),
        InvoiceFilter(issued=issued[0], due=due[1], statuses=(InvoiceStatusFilter.OPEN,)),
    ]
    await _filtered(bench, "invoices", InvoiceOrder.ISSUED_ON_ASC, filters)


@promise("invoices.list")
async def invoices_are_found_by_number(bench: Bench) -> None:
    """Exactly the printed number, as data: no pattern, no part of it, no other case."""
    number = bench.mine.twin.book.invoices[1].number
    odd = (number, number.lower(), number[:-1], "%", "_" * len(number), "' OR 1=1 --", "", "\0", "🏠")
    await _filtered(bench, "invoices", InvoiceOrder.ISSUED_ON_DESC, [InvoiceFilter(number=text) for text in odd])


@promise("invoices.list")
async def drafts_are_never_listed(bench: Bench) -> None:
    """No filter and no count lets a DRAFT through."""
    drafts = {entry.key for entry in bench.mine.twin.book.invoices if entry.status is InvoiceStatus.DRAFT}
    window = Window(limit=bench.mine.page(1_000))
    for where in (InvoiceFilter(), InvoiceFilter(statuses=tuple(InvoiceStatusFilter))):
        parts = await bench.mine.ask("invoices", await bench.mine.refs(), where, InvoiceOrder.DUE_ON_DESC, window)
        shown = {row.key for part in parts for row in part.items} & drafts
        expect(not shown, f"invoices: lists the drafts {sorted(shown)}")


@promise("invoices.list")
async def overdue_begins_the_day_after(bench: Bench) -> None:
    """On its due date an invoice is not overdue; the day after it is. The day is the manager's, told by the call."""
    refs, window = await bench.mine.refs(), Window(limit=bench.mine.page(1_000), count=True)
    args = InvoiceFilter(statuses=(InvoiceStatusFilter.OVERDUE,)), InvoiceOrder.DUE_ON_ASC, window
    for today in (TODAY - timedelta(days=1), TODAY, TODAY + timedelta(days=1), TODAY + timedelta(days=400)):
        found = await bench.mine.ask("invoices", refs, *args, today=today)
        wanted = await bench.mine.expected("invoices", refs, *args, today=today)
        aligned(f"invoices overdue on {today}", refs, found, wanted)


@promise("charges.list")
async def charges_are_filtered(bench: Bench) -> None:
    """By state and by date."""
    spans = _spans([entry.charged_on for entry in bench.mine.twin.book.charges])
    filters = [
        *(ChargeFilter(statuses=(status,)) for status in ChargeStatus),
        ChargeFilter(statuses=(ChargeStatus.PENDING, ChargeStatus.SETTLED)),
        *(ChargeFilter(charged=span) for span in spans),
    ]
    await _filtered(bench, "charges", ChargeOrder.CHARGED_ON_ASC, filters)


@promise("payments.list")
async def payments_are_filtered(bench: Bench) -> None:
    """By state and by the manager's local date: late in the evening is still the same day, whatever UTC says."""
    local = [entry.paid_at.astimezone(bench.mine.twin.zone).date() for entry in bench.mine.twin.book.payments]
    filters = [
        *(PaymentFilter(statuses=(status,)) for status in PaymentStatus),
        PaymentFilter(statuses=(PaymentStatus.PENDING, PaymentStatus.SETTLED)),
        *(PaymentFilter(paid=span) for span in _spans(local)),
        *(PaymentFilter(paid=DateSpan(since=day, until=day)) for day in sorted(set(local))),
    ]
    await _filtered(bench, "payments", PaymentOrder.PAID_AT_ASC, filters)


@promise("accruals.list")
async def accruals_are_filtered(bench: Bench) -> None:
    """By title, any one of those wanted, and by month, both ends included, across the turn of a year."""
    months = sorted({entry.month for entry in bench.mine.twin.book.accruals} | {"2026-01"})
    middle = months[len(months) // 2]
    spans = (
        MonthSpan(since=middle),
        MonthSpan(until=middle),
        MonthSpan(since=middle, until=middle),
        MonthSpan(since="2025-12", until="2026-02"),
        MonthSpan(since="9000-01"),
        MonthSpan(since=months[-1], until=months[0]),
    )
    filters = [
        *(AccrualFilter(titles=(title,)) for title in TitleKind),
        AccrualFilter(titles=(TitleKind.RENT, TitleKind.OTHER)),
        *(AccrualFilter(months=span) for span in spans),
        AccrualFilter(titles=(TitleKind.REPAIR_FUND,), months=spans[2]),
    ]
    await _filtered(bench, "accruals", AccrualOrder.MONTH_ASC, filters)


@promise("payment_plans.list")
async def payment_plans_are_filtered(bench: Bench) -> None:
    """By state, any one of those wanted."""
    filters = [
        *(PaymentPlanFilter(statuses=(status,)) for status in PaymentPlanStatus),
        PaymentPlanFilter(statuses=(PaymentPlanStatus.ACTIVE, PaymentPlanStatus.BROKEN)),
        PaymentPlanFilter(statuses=tuple(PaymentPlanStatus)),
    ]
    await _filtered(bench, "payment_plans", PaymentPlanOrder.AGREED_ON_ASC, filters)


@promise("meters.list")
async def meters_are_filtered(bench: Bench) -> None:
    """By whether they still count, and by medium; both must hold."""
    filters = [
        *(MeterFilter(statuses=(status,)) for status in MeterStatus),
        *(MeterFilter(media=(medium,)) for medium in Medium),
        MeterFilter(media=(Medium.GAS, Medium.COLD_WATER)),
        MeterFilter(statuses=(MeterStatus.REMOVED,), media=(Medium.COLD_WATER, Medium.ELECTRICITY)),
    ]
    await _filtered(bench, "meters", MeterOrder.INSTALLED_ON_ASC, filters)


@promise("meter_readings.list")
async def meter_readings_are_filtered(bench: Bench) -> None:
    """By state and by the day they were read; both must hold."""
    spans = _spans([entry.read_on for entry in bench.mine.twin.book.meter_readings])
    filters = [
        *(MeterReadingFilter(statuses=(status,)) for status in ReadingStatus),
        MeterReadingFilter(statuses=(ReadingStatus.ACCEPTED, ReadingStatus.BILLED)),
        *(MeterReadingFilter(read=span) for span in spans),
        MeterReadingFilter(statuses=(ReadingStatus.REJECTED, ReadingStatus.BILLED), read=spans[0]),
    ]
    await _filtered(bench, "meter_readings", MeterReadingOrder.READ_ON_ASC, filters)


@promise("utility_settlements.list")
async def utility_settlements_are_filtered(bench: Bench) -> None:
    """By the day they were made, both ends included, either end open."""
    spans = _spans([entry.settled_on for entry in bench.mine.twin.book.utility_settlements])
    filters = [UtilitySettlementFilter(settled=span) for span in spans]
    await _filtered(bench, "utility_settlements", UtilitySettlementOrder.SETTLED_ON_ASC, filters)


_OF_SUPPLIERS = (
    *(SupplierInvoiceFilter(statuses=(status,)) for status in SupplierInvoiceStatus),
    SupplierInvoiceFilter(statuses=(SupplierInvoiceStatus.TO_APPROVE, SupplierInvoiceStatus.APPROVED)),
)


@promise("communities.supplier_invoices")
async def what_a_community_is_billed_is_filtered(bench: Bench) -> None:
    """By state, any one of those wanted."""
    await _filtered(bench, "supplier_invoices", SupplierInvoiceOrder.DUE_ON_ASC, _OF_SUPPLIERS)


@promise("supplier_invoices.list")
async def what_a_supplier_billed_is_filtered(bench: Bench) -> None:
    """By state, any one of those wanted."""
    await _filtered(bench, "supplier_invoices_of_parties", SupplierInvoiceOrder.ISSUED_ON_ASC, _OF_SUPPLIERS)
