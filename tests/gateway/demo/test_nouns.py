"""What else stands in the demo's books: it adds up, and it agrees with the documents beside it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import pytest

from tests.gateway.demo.shelf import ANCHOR, anchors, offices, written
from ventanilla.backoffice_adapters.book import Book, InstalmentEntry, InvoiceEntry, MeterEntry, MeterReadingEntry
from ventanilla.backoffice_adapters.ledger.totals import totals_of
from ventanilla.backoffice_adapters.records import (
    AccountRole,
    EnrolmentKind,
    InstalmentStatus,
    InvoiceStatus,
    Medium,
    MeterStatus,
    PaymentPlanStatus,
    ReadingQuality,
    ReadingStatus,
    SettlementLine,
    TitleKind,
)

RUNNING = {PaymentPlanStatus.PENDING_FIRST_PAYMENT, PaymentPlanStatus.ACTIVE}
COUNTS = {ReadingStatus.ACCEPTED, ReadingStatus.BILLED}
METERED = pytest.mark.parametrize("office", ["comercial", "wspolnoty"])
BILLED_BY_MONTH = pytest.mark.parametrize("office", ["arriendos", "czynsze", "wspolnoty"])


@offices
@anchors
def test_nothing_has_happened_after_the_anchor(office: str, anchor: date) -> None:
    book, night = written(office, anchor), datetime.combine(anchor, time.max, UTC) + timedelta(hours=6)
    assert all(plan.agreed_on <= anchor for plan in book.payment_plans)
    assert all(part.paid_at is None or part.paid_at < night for part in book.instalments)
    assert all(reading.read_on <= anchor for reading in book.meter_readings)
    assert all(meter.installed_on <= anchor and (meter.removed_on or anchor) <= anchor for meter in book.meters)
    assert all(settlement.settled_on <= anchor for settlement in book.utility_settlements)
    assert all(notice.published_from < night for notice in book.notices)
    assert all((each.since or anchor) <= anchor for each in book.enrolments)
    assert all(each.cancelled_at is None or each.cancelled_at < night for each in book.enrolments)


# -- accruals ----------------------------------------------------------------------------------------------------


@BILLED_BY_MONTH
def test_the_titles_of_a_month_are_lines_of_the_invoice_that_asks_for_them(office: str) -> None:
    book = written(office)
    invoices = {invoice.key: invoice for invoice in book.invoices}
    for accrual in book.accruals:
        invoice = invoices[accrual.invoice or ""]
        assert accrual.account == invoice.account
        assert accrual.month == f"{invoice.period_from or invoice.issued_on:%Y-%m}"
        assert (accrual.description, accrual.amount) in {(line.description, line.amount) for line in invoice.lines}
        assert invoice.status is not InvoiceStatus.CANCELLED
    assert len({accrual.month for accrual in book.accruals}) > 24


@pytest.mark.parametrize(
    ("office", "titles"),
    [
        ("arriendos", {TitleKind.RENT, TitleKind.MAINTENANCE_ADVANCE, TitleKind.OTHER}),
        ("czynsze", {TitleKind.RENT, TitleKind.UTILITY_ADVANCE, TitleKind.OTHER}),
        ("wspolnoty", {*TitleKind} - {TitleKind.RENT}),
    ],
)
def test_every_title_of_an_office_is_there(office: str, titles: set[TitleKind]) -> None:
    assert {accrual.title for accrual in written(office).accruals} == titles


# -- payment plans -----------------------------------------------------------------------------------------------


@offices
@anchors
def test_a_plan_owes_what_its_invoices_do(office: str, anchor: date) -> None:
    book = written(office, anchor)
    invoices, parts = {invoice.key: invoice for invoice in book.invoices}, instalments(book)
    for plan in book.payment_plans:
        owed = sum(wanted(book, invoices[key], anchor) for key in plan.invoices)
        left = sum(part.amount.minor for part in parts[plan.key] if part.status is InstalmentStatus.SCHEDULED)
        states = {invoices[key].status for key in plan.invoices}
        if plan.status in RUNNING:
            assert owed == left > 0
            assert states <= {InvoiceStatus.IN_PLAN, InvoiceStatus.PAID}
        elif plan.status is PaymentPlanStatus.COMPLETED:
            assert owed == left == 0
            assert states == {InvoiceStatus.PAID}
        else:
            assert InvoiceStatus.IN_PLAN not in states
    in_plan = {invoice.key for invoice in book.invoices if invoice.status is InvoiceStatus.IN_PLAN}
    assert in_plan <= {key for plan in book.payment_plans for key in plan.invoices}


def instalments(book: Book) -> defaultdict[str, list[InstalmentEntry]]:
    """Plan → its instalments."""
    found: defaultdict[str, list[InstalmentEntry]] = defaultdict(list)
    for part in book.instalments:
        found[part.plan].append(part)
    return found


def wanted(book: Book, invoice: InvoiceEntry, today: date) -> int:
    """What settles an invoice today, in minor units."""
    if invoice.status in {InvoiceStatus.PAID, InvoiceStatus.CANCELLED}:
        return 0
    asked = invoice.later_total if invoice.later_total and today > invoice.due_on else invoice.total
    return asked.minor - totals_of(book).paid[invoice.key]


@offices
@anchors
def test_instalments_are_a_month_apart_and_equal_to_the_cent(office: str, anchor: date) -> None:
    for parts in instalments(written(office, anchor)).values():
        amounts, dues = [part.amount.minor for part in parts], [part.due_on for part in parts]
        assert [part.position for part in parts] == list(range(1, len(parts) + 1))
        assert amounts == sorted(amounts, reverse=True)
        assert max(amounts) - min(amounts) <= 1
        assert all(27 <= (after - before).days <= 31 for before, after in pairwise(dues))


@anchors
def test_the_utility_has_a_plan_in_every_state_that_people_meet(anchor: date) -> None:
    book = written("comercial", anchor)
    assert Counter(plan.status for plan in book.payment_plans) == {
        PaymentPlanStatus.ACTIVE: 2,
        PaymentPlanStatus.PENDING_FIRST_PAYMENT: 1,
        PaymentPlanStatus.COMPLETED: 1,
        PaymentPlanStatus.LAPSED: 1,
    }


@offices
@anchors
def test_somebody_pays_by_instalments_and_the_next_one_falls_due_soon(office: str, anchor: date) -> None:
    book = written(office, anchor)
    active = {plan.key for plan in book.payment_plans if plan.status is PaymentPlanStatus.ACTIVE}
    dues = [part.due_on for part in book.instalments if part.plan in active and not part.paid_at]
    assert any(anchor <= due <= anchor + timedelta(days=31) for due in dues)


# -- interest, enrolments ----------------------------------------------------------------------------------------


@offices
@anchors
def test_rates_are_known_for_every_day_since_the_oldest_document(office: str, anchor: date) -> None:
    book = written(office, anchor)
    rates = book.interest_rates
    assert rates[0].valid_from <= min(invoice.due_on for invoice in book.invoices)
    ends = [rate.valid_until and rate.valid_until + timedelta(days=1) for rate in rates]
    assert ends == [*(rate.valid_from for rate in rates[1:]), None]
    assert all(rate.source for rate in rates)


def test_only_rows_that_somebody_confirmed_say_so() -> None:
    confirmed = [rate for rate in written("wspolnoty").interest_rates if "potwierdzone" in rate.source]
    assert [(str(rate.valid_from), rate.annual_rate) for rate in confirmed] == [
        ("2016-01-01", "7.00"),
        ("2020-03-18", "6.50"),
        ("2020-04-09", "6.00"),
        ("2020-05-29", "5.60"),
        ("2025-10-09", "10.00"),
    ]
    sources = [rate.source for office in ("comercial", "arriendos") for rate in written(office).interest_rates]
    assert all("datos de muestra" in source for source in sources)


@offices
def test_an_account_is_enrolled_in_a_thing_once(office: str) -> None:
    book = written(office)
    assert max(Counter((each.account, each.kind) for each in book.enrolments).values()) == 1
    active = {(each.kind, each.active) for each in book.enrolments}
    assert {(EnrolmentKind.E_INVOICE, True), (EnrolmentKind.DIRECT_DEBIT, True)} <= active
    assert all(each.active == bool(each.since) != bool(each.cancelled_at) for each in book.enrolments)


# -- meters ------------------------------------------------------------------------------------------------------


@METERED
@anchors
def test_consumption_is_what_a_meter_turned_since_the_reading_before(office: str, anchor: date) -> None:
    book = written(office, anchor)
    for meter, readings in read(book):
        counted = [reading for reading in readings if reading.status in COUNTS]
        assert [it.read_on for it in counted] == sorted({it.read_on for it in counted})
        assert counted[0].values[0].consumption is None
        for before, after in pairwise(counted):
            rounds = 10 ** meter.registers[0].digits if shown(after) < shown(before) else 0
            assert shown(after) + rounds - shown(before) == Decimal(after.values[0].consumption or -1)
        places = meter.registers[0].decimals
        assert all(-(Decimal(it.values[0].value).as_tuple().exponent) == places for it in readings)
        assert all(meter.installed_on <= it.read_on <= (meter.removed_on or anchor) for it in readings)


def read(book: Book) -> Iterator[tuple[MeterEntry, list[MeterReadingEntry]]]:
    """Each meter with its readings in the book's order."""
    found: defaultdict[str, list[MeterReadingEntry]] = defaultdict(list)
    for reading in book.meter_readings:
        found[reading.meter].append(reading)
    yield from ((meter, found[meter.key]) for meter in book.meters)


def shown(reading: MeterReadingEntry) -> Decimal:
    return Decimal(reading.values[0].value)


@anchors
def test_water_invoices_charge_what_the_meters_turned(anchor: date) -> None:
    book = written("comercial", anchor)
    billed: Counter[tuple[str, date]] = Counter()
    for meter, readings in read(book):
        for reading in readings:
            if reading.status is ReadingStatus.BILLED and reading.values[0].consumption:
                used = int(reading.values[0].consumption)
                billed[meter.account, period_of(book, meter.account, reading.read_on)] += used
    charged = {
        (invoice.account, invoice.period_to): sum(int(it.quantity or 0) for it in invoice.lines if it.unit == "m³")
        for invoice in book.invoices
        if invoice.period_to and invoice.status is not InvoiceStatus.CANCELLED and len(invoice.lines) > 1
    }
    assert billed == charged


def period_of(book: Book, account: str, day: date) -> date:
    """The last day of the billed period that `day` is in."""
    return next(
        invoice.period_to
        for invoice in book.invoices
        if invoice.account == account and invoice.period_from and invoice.period_to
        if invoice.period_from <= day <= invoice.period_to
    )


def test_a_meter_was_exchanged_and_another_one_turned_over() -> None:
    book = written("comercial")
    meters = {meter.key: meter for meter in book.meters}
    (new,) = (meter for meter in book.meters if meter.replaces)
    old = meters[new.replaces or ""]
    assert (old.account, old.status, old.removed_on) == (new.account, MeterStatus.REMOVED, new.installed_on)
    over = [
        meter.account
        for meter, readings in read(book)
        if any(shown(after) < shown(before) for before, after in pairwise(readings))
    ]
    assert len(over) == 1


def test_readings_are_of_every_quality_and_window_and_distance_agree() -> None:
    qualities = {reading.quality for office in ("comercial", "wspolnoty") for reading in written(office).meter_readings}
    assert qualities == {*ReadingQuality}
    for office in ("comercial", "wspolnoty"):
        for meter in written(office).meters:
            assert (meter.reading_window is None) == (meter.remote or meter.status is MeterStatus.REMOVED)
    window = written("comercial").meters[-1].reading_window
    assert window
    assert window.opens_on <= ANCHOR <= window.closes_on


# -- settlements -------------------------------------------------------------------------------------------------


@anchors
def test_a_settlement_compares_the_advances_with_the_meters(anchor: date) -> None:
    book = written("wspolnoty", anchor)
    invoices = {invoice.key: invoice for invoice in book.invoices}
    advances: Counter[tuple[str, str]] = Counter()
    for accrual in book.accruals:
        if accrual.title is TitleKind.UTILITY_ADVANCE:
            advances[accrual.account, accrual.month] += accrual.amount.minor
    used = turned(book)
    for settlement in book.utility_settlements:
        first, last = settlement.period_from, settlement.period_to
        months = [it for (account, it) in advances if account == settlement.account and f"{first:%Y-%m}" <= it]
        paid_in = sum(advances[settlement.account, month] for month in months if month <= f"{last:%Y-%m}")
        assert paid_in == sum(line.advances.minor for line in settlement.lines)
        for line in settlement.lines:
            assert Decimal(line.quantity or 0) == used(settlement.account, line, first, last)
        difference = abs(sum(line.cost.minor - line.advances.minor for line in settlement.lines))
        assert difference == (invoices[settlement.invoice].total.minor if settlement.invoice else 0)


def turned(book: Book) -> Callable[[str, SettlementLine, date, date], Decimal]:
    """What the readings of an account and medium add up to within a period."""
    found: defaultdict[tuple[str, Medium], list[tuple[date, Decimal]]] = defaultdict(list)
    for meter, readings in read(book):
        found[meter.account, meter.medium] += [(it.read_on, Decimal(it.values[0].consumption or 0)) for it in readings]

    def used(account: str, line: SettlementLine, first: date, last: date) -> Decimal:
        return sum((part for day, part in found[account, line.medium] if first <= day <= last), Decimal(0))

    return used


def test_settlements_end_in_every_way() -> None:
    outcomes = {
        (cost > advances) - (cost < advances)
        for settlement in written("wspolnoty").utility_settlements
        for cost, advances in [
            (sum(line.cost.minor for line in settlement.lines), sum(line.advances.minor for line in settlement.lines))
        ]
    }
    assert outcomes == {-1, 0, 1}


# -- communities, notices ----------------------------------------------------------------------------------------


def test_the_shares_of_two_communities_are_the_whole_and_of_one_the_land_register_lost_a_little() -> None:
    book = written("wspolnoty")
    community = {building.key: building.community for building in book.buildings}
    at = {unit.key: community[unit.building_key or ""] for unit in book.units}
    whole: defaultdict[str | None, Fraction] = defaultdict(Fraction)
    for share in book.ownership_shares:
        whole[at[share.unit_key]] += Fraction(share.numerator, share.denominator)
    first, second, third = (whole[entry.key] for entry in book.communities)
    assert (first, second) == (1, 1)
    assert Fraction(99, 100) < third < 1


def test_co_owners_have_equal_parts_of_their_unit() -> None:
    book = written("wspolnoty")
    owners: defaultdict[str, list[str]] = defaultdict(list)
    for share in book.ownership_shares:
        owners[share.unit_key].append(share.owner)
    assert [names for names in owners.values() if len(names) > 1] == [
        ["Katarzyna Wojciechowska", "Marek Wojciechowski"]
    ]
    assert owners.keys() == {unit.key for unit in book.units}


def test_buildings_count_at_least_the_units_that_accounts_are_kept_for() -> None:
    for office in ("arriendos", "czynsze", "wspolnoty"):
        book = written(office)
        kept = Counter(unit.building_key for unit in book.units)
        assert all(building.unit_count and kept[building.key] <= building.unit_count for building in book.buildings)
        assert None not in kept


def test_notices_speak_to_everybody_to_some_and_of_the_past() -> None:
    notices = {office: written(office).notices for office in ("comercial", "arriendos", "wspolnoty")}
    noon = datetime.combine(ANCHOR, time(12), UTC)
    for each in notices.values():
        assert any(it.visible_until and it.visible_until < noon for it in each)
        assert any(not (it.roles or it.buildings or it.communities) for it in each)
    assert any(notice.buildings for notice in notices["comercial"])
    roles = {role for notice in notices["arriendos"] for role in notice.roles}
    assert roles == {AccountRole.TENANT, AccountRole.RESIDENT, AccountRole.OWNER}
    speakers = {notice.community for notice in notices["wspolnoty"]}
    assert speakers == {None, *(entry.key for entry in written("wspolnoty").communities)}
