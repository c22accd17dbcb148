"""What a book may not say of plans, rates, enrolments, places, meters, settlements and notices."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from tests.backoffice_adapters.asking import BOOK, changed
from tests.backoffice_adapters.sample_pen import NOW, TODAY, money
from ventanilla.backoffice_adapters.book import (
    AccrualEntry,
    Book,
    EnrolmentEntry,
    InstalmentEntry,
    InterestRate,
    MeterEntry,
    MeterReadingEntry,
    NoticeEntry,
    PaymentPlanEntry,
    UtilitySettlementEntry,
)
from ventanilla.backoffice_adapters.ledger.check import BookError, all_well_formed, check, well_formed
from ventanilla.backoffice_adapters.ledger.reading import formed
from ventanilla.backoffice_adapters.ledger.totals import totals_of
from ventanilla.backoffice_adapters.money import Money
from ventanilla.backoffice_adapters.records import (
    EnrolmentKind,
    InstalmentStatus,
    Medium,
    MeterStatus,
    OwnershipShare,
    PaymentPlanStatus,
    ReadingQuality,
    ReadingStatus,
    ReadingWindow,
    Register,
    RegisterValue,
    SettlementLine,
    TitleKind,
)

NAIVE = datetime(2026, 1, 1)  # noqa: DTZ001  refused
MOST = 2**63 - 1
ACCRUAL = AccrualEntry(
    key="x", account="empty", month="2026-11", title=TitleKind.RENT, description="d", amount=money(1)
)
PLAN = PaymentPlanEntry(
    key="x", account="empty", number="n", status=PaymentPlanStatus.ACTIVE, agreed_on=TODAY, interest=money(0)
)
METER = MeterEntry(
    key="x",
    account="empty",
    number="n",
    medium=Medium.GAS,
    registers=(Register(key="1", label="l", unit="m³", digits=5, decimals=3),),
    installed_on=TODAY,
)
READING = MeterReadingEntry(
    key="x",
    meter="w-new",
    read_on=TODAY,
    quality=ReadingQuality.STAFF,
    status=ReadingStatus.ACCEPTED,
    values=(RegisterValue(register_key="1", value="1"),),
)
LINE = SettlementLine(medium=Medium.GAS, description="d", cost=money(2), advances=money(1))
SETTLEMENT = UtilitySettlementEntry(
    key="x", account="empty", number="n", settled_on=TODAY, period_from=TODAY, period_to=TODAY, lines=(LINE,)
)
NOTICE = NoticeEntry(key="x", title="t", body="b", published_from=NOW)
ENROLMENT = EnrolmentEntry(account="empty", kind=EnrolmentKind.E_INVOICE, active=False)
SHARE = OwnershipShare(key="x", unit_key="plot", owner="o", numerator=1, denominator=1)
RATE = InterestRate(valid_from=date(2030, 1, 1), valid_until=date(2030, 12, 31), annual_rate="5", source="s")
INVOICE = replace(BOOK.invoices[0], key="x")
STATES = {"P": InstalmentStatus.PAID, "S": InstalmentStatus.SCHEDULED, "C": InstalmentStatus.CANCELLED}


def accrual(**more: Any) -> Book:
    return changed(accruals=[replace(ACCRUAL, **more)])


def instalment(plan: str, position: int, letter: str, **more: Any) -> InstalmentEntry:
    plain: dict[str, Any] = {
        "key": f"{plan}-{position}",
        "plan": plan,
        "position": position,
        "due_on": TODAY,
        "amount": money(100),
        "status": STATES[letter],
        "paid_at": NOW if letter == "P" else None,
    }
    return InstalmentEntry(**{**plain, **more})


def plan(parts: str = "PS", **more: Any) -> Book:
    """A plan on account `empty`, its instalments paid, scheduled or cancelled."""
    instalments = [instalment("x", position, letter) for position, letter in enumerate(parts, 1)]
    return changed(payment_plans=[replace(PLAN, **more)], instalments=instalments)


def with_instalment(**more: Any) -> Book:
    """The plan with a third instalment."""
    book = plan("PS")
    third = replace(instalment("x", 3, more.pop("letter", "S")), **more)
    return replace(book, instalments=(*book.instalments, third))


def meter(**more: Any) -> Book:
    return changed(meters=[replace(METER, **more)])


def registers(*found: dict[str, Any]) -> Book:
    return meter(registers=tuple(replace(METER.registers[0], **more) for more in found))


def reading(*values: tuple[str, str], **more: Any) -> Book:
    told = tuple(RegisterValue(register_key=key, value=value) for key, value in values)
    return changed(meter_readings=[replace(READING, **({"values": told} if values else {}), **more)])


def settlement(**more: Any) -> Book:
    return changed(utility_settlements=[replace(SETTLEMENT, **more)])


def notice(**more: Any) -> Book:
    return changed(notices=[replace(NOTICE, **more)])


def enrolment(**more: Any) -> Book:
    return changed(enrolments=[replace(ENROLMENT, **more)])


def share(**more: Any) -> Book:
    return changed(ownership_shares=[replace(SHARE, **more)])


def rates(*found: dict[str, Any]) -> Book:
    return changed(interest_rates=[replace(RATE, **more) for more in found])


def building(**more: Any) -> Book:
    return changed(buildings=[replace(BOOK.buildings[3], key="x", **more)])


def state(status: str, parts: str) -> Book:
    return plan(parts, status=PaymentPlanStatus(status))


ADDRESS = replace(BOOK.communities[0].address, lines=("a\0b",))
CONTRADICTIONS = {
    # keys and references
    "accrual 'a-whole' stands 2 times": accrual(key="a-whole"),
    "payment plan key '' is not 1–120": changed(payment_plans=[replace(PLAN, key="")]),
    "instalment key 'a\\x00b'": with_instalment(key="a\0b"),
    "meter 'w-new' stands 2 times": meter(key="w-new"),
    "reading 'r-00' stands 2 times": reading(key="r-00"),
    "settlement 's-even' stands 2 times": settlement(key="s-even"),
    "community 'wm-new' stands 2 times": changed(communities=[BOOK.communities[1]]),
    "building 'r1' stands 2 times": changed(buildings=[BOOK.buildings[3]]),
    "share 'o-1' stands 2 times": share(key="o-1"),
    "notice 'n-all' stands 2 times": notice(key="n-all"),
    "unit 'u' names building 'nowhere'": changed(units=[replace(BOOK.units[0], key="u", building_key="nowhere")]),
    "building 'x' names community 'no'": building(community="no"),
    "share 'x' names unit 'no'": share(unit_key="no"),
    "enrolment of account 'no' names account 'no'": enrolment(account="no"),
    "accrual 'x' names account 'no'": accrual(account="no"),
    "accrual 'x' names invoice 'no'": accrual(invoice="no"),
    "payment plan 'x' names account 'no'": plan(account="no"),
    "payment plan 'x' names invoice 'no'": plan(invoices=("no",)),
    "instalment 'x-3' names payment plan 'no'": with_instalment(plan="no"),
    "meter 'x' names account 'no'": meter(account="no"),
    "meter 'x' names meter 'no'": meter(replaces="no"),
    "reading 'x' names meter 'no'": reading(meter="no"),
    "settlement 'x' names account 'no'": settlement(account="no"),
    "settlement 'x' names invoice 'no'": settlement(invoice="no"),
    "notice 'x' names community 'no'": notice(community="no"),
    "notice 'x' names community 'none'": notice(communities=("wm-new", "none")),
    "notice 'x' names building 'no'": notice(buildings=("no",)),
    "notice 'x' names account 'no'": notice(accounts=("no",)),
    # one account
    "accrual 'x' names invoice 'f-paid' of another account": accrual(invoice="f-paid"),
    "payment plan 'x' names invoice 'f-paid' of another account": plan(invoices=("f-paid",)),
    "settlement 'x' names invoice 'f-paid' of another account": settlement(invoice="f-paid"),
    "meter 'x' replaces 'w-new' of another account": meter(replaces="w-new"),
    "meter 'x' replaces itself": meter(replaces="x"),
    # amounts
    "amount of accrual 'x' is in EUR": accrual(amount=Money(1, "EUR")),
    "amount of accrual 'x' is 9223372036854775808 minor units": accrual(amount=money(2**63)),
    "interest of payment plan 'x' is in EUR": plan(interest=Money(1, "EUR")),
    "interest of payment plan 'x' is -1": plan(interest=money(-1)),
    "amount of instalment 'x-3' is in EUR": with_instalment(amount=Money(1, "EUR")),
    "amount of instalment 'x-3' is -1": with_instalment(amount=money(-1)),
    "cost of a line of settlement 'x' is in EUR": settlement(lines=(replace(LINE, cost=Money(1, "EUR")),)),
    "advances of a line of settlement 'x' is -1": settlement(lines=(replace(LINE, advances=money(-1)),)),
    # invoices and accruals
    "tax_rate of line 1 of invoice 'x' is '23%'": changed(
        invoices=[replace(INVOICE, lines=(replace(INVOICE.lines[0], tax_rate="23%"), INVOICE.lines[1]))]
    ),
    "for '2026-13', which is no month": accrual(month="2026-13"),
    "for '0000-01', which is no month": accrual(month="0000-01"),
    "for '26-01', which is no month": accrual(month="26-01"),
    "quantity of accrual 'x' is '1e3'": accrual(quantity="1e3"),
    "unit_price of accrual 'x' is '4,50'": accrual(unit_price="4,50"),
    # plans
    "account 'empty' has 2 payment plans that run": replace(
        plan(),
        payment_plans=(*plan().payment_plans, replace(PLAN, key="y", status=PaymentPlanStatus.PENDING_FIRST_PAYMENT)),
        instalments=(*plan().instalments, instalment("y", 1, "S")),
    ),
    "numbered 1, 2, 3": plan(""),
    "instalments of payment plan 'x' are not numbered": with_instalment(position=4),
    "of payment plan 'x' are not numbered": with_instalment(position=2),
    "payment plan 'x' are not numbered": with_instalment(position=0),
    "comes to 200 minor units; it may be from its interest, 201": plan(interest=money(201)),
    f"comes to {MOST + 200} minor units": with_instalment(amount=money(MOST)),
    "names an invoice twice": changed(
        payment_plans=[replace(PLAN, account="credit", invoices=("x-1", "x-1"))],
        invoices=[replace(BOOK.invoices[0], key="x-1", account="credit")],
        instalments=plan().instalments[-2:],
    ),
    "x' is ACTIVE, but of its 2 instalments none": state("ACTIVE", "SS"),
    "x' is ACTIVE, but of its 2 instalments [2]": state("ACTIVE", "SP"),
    "x' is ACTIVE, but of its 2 instalments [1, 2]": state("ACTIVE", "PP"),
    "x' is BROKEN, but of its 2 instalments none": state("BROKEN", "CC"),
    "x' is BROKEN, but of its 1 instalments [1]": state("BROKEN", "P"),
    "x' is COMPLETED, but of its 2 instalments [1]": state("COMPLETED", "PC"),
    "x' is LAPSED, but of its 2 instalments [1]": state("LAPSED", "PC"),
    "x' is PENDING_FIRST_PAYMENT, but of its 2 instalments [1]": state("PENDING_FIRST_PAYMENT", "PS"),
    "'x-3' is SCHEDULED and has the time it was paid": with_instalment(paid_at=NOW),
    "'x-3' is PAID and lacks the time it was paid": with_instalment(letter="P", paid_at=None),
    "paid_at of instalment 'x-3' has no time zone": with_instalment(letter="P", paid_at=NAIVE),
    # rates
    "from 2026-10-10 and from 2026-12-31 overlap": rates({"valid_from": date(2026, 12, 31)}),
    "from 2030-01-01 and from 2031-01-01 overlap": rates(
        {"valid_until": None}, {"valid_from": date(2031, 1, 1), "valid_until": None}
    ),
    "from 2030-01-01 ends before, on 2029-12-31": rates({"valid_until": date(2029, 12, 31)}),
    "is negative: -1.5": rates({"annual_rate": "-1.5"}),
    "annual_rate of the interest rate from 2030-01-01 is '5 %'": rates({"annual_rate": "5 %"}),
    # enrolments
    "the E_INVOICE enrolment of account 'flat' stands 2 times": enrolment(account="flat"),
    "is active and lacks the day": enrolment(active=True),
    "is not active and has the day": enrolment(since=TODAY),
    "cancelled_at of the E_INVOICE enrolment of account 'empty'": enrolment(cancelled_at=NAIVE),
    # places
    "community 'c' has a street line": changed(communities=[replace(BOOK.communities[0], key="c", address=ADDRESS)]),
    "building 'x' has a street line": building(address=ADDRESS),
    "area_m2 of unit 'u' is '54,3'": changed(units=[replace(BOOK.units[0], key="u", area_m2="54,3")]),
    "the year of building 'x' is -1": building(built_in=-1),
    "the number of units of building 'x' is": building(unit_count=2**31),
    "share 'x' is 0/1": share(numerator=0),
    "share 'x' is 1/0": share(denominator=0),
    "share 'x' is 2147483648/1": share(numerator=2**31),
    # meters
    "meter 'x' has no register": meter(registers=()),
    "two registers of meter 'x'": registers({}, {}),
    "a register key of meter 'x' is not 1–120": registers({"key": ""}),
    "a register of meter 'x' has a text": registers({"label": "\ud800"}),
    "has 0 digits and 3 decimals": registers({"digits": 0}),
    "has 5 digits and -1 decimals": registers({"decimals": -1}),
    "is REMOVED and lacks the day": meter(status=MeterStatus.REMOVED),
    "is ACTIVE and has the day": meter(removed_on=TODAY),
    "before it was installed": meter(status=MeterStatus.REMOVED, removed_on=TODAY - timedelta(days=1)),
    "reading window of meter 'x' closes": meter(
        reading_window=ReadingWindow(opens_on=TODAY, closes_on=TODAY - timedelta(days=1))
    ),
    "reading 'x' has no value": changed(meter_readings=[replace(READING, values=())]),
    "reading 'x' tells a register twice": reading(("1", "5"), ("1", "6")),
    "reading 'x' tells registers ['2', '3']": reading(("1", "5"), ("3", "6"), ("2", "6")),
    "value of reading 'x' is '5.'": reading(("1", "5.")),
    "consumption of reading 'x' is 'much'": changed(
        meter_readings=[replace(READING, values=(replace(READING.values[0], consumption="much"),))]
    ),
    # settlements
    "settlement 'x' has no line": settlement(lines=()),
    "the period of settlement 'x' ends": settlement(period_to=TODAY - timedelta(days=1)),
    "add up to more than": settlement(lines=(replace(LINE, cost=money(MOST)), LINE)),
    "a line of settlement 'x' has a text": settlement(lines=(replace(LINE, description="a\0"),)),
    "quantity of settlement 'x' is '1 000'": settlement(lines=(replace(LINE, quantity="1 000"),)),
    # notices
    "notice 'x' is visible until": notice(visible_until=NOW),
    "published_from of notice 'x' has no time zone": notice(published_from=NAIVE, visible_until=NOW),
    "visible_until of notice 'x' has no time zone": notice(visible_until=NAIVE),
}


@pytest.mark.parametrize("problem", CONTRADICTIONS)
def test_a_contradiction_is_told_in_one_sentence(problem: str) -> None:
    book = CONTRADICTIONS[problem]
    with pytest.raises(BookError) as caught:
        check(book, totals_of(book))
    [told] = caught.value.problems
    assert problem in told


@pytest.mark.parametrize(
    "book",
    [
        accrual(quantity="-0.5", unit_price="0"),
        plan(interest=money(200)),
        state("CANCELLED", "PP"),
        state("CANCELLED", "SC"),
        state("BROKEN", "PCC"),
        state("COMPLETED", "P"),
        state("LAPSED", "CC"),
        rates({}, {"valid_from": date(2031, 1, 1), "valid_until": None}),
        rates({"valid_until": RATE.valid_from}, {"valid_from": RATE.valid_from + timedelta(days=1)}),
        rates({"annual_rate": "0"}),
        meter(status=MeterStatus.REMOVED, removed_on=TODAY),
        meter(reading_window=ReadingWindow(opens_on=TODAY, closes_on=TODAY)),
        reading(("1", "-1.5")),
        notice(visible_until=NOW + timedelta(microseconds=1)),
        notice(accounts=("flat", "flat"), buildings=("r1",)),
        share(numerator=2**31 - 1, denominator=1),
        building(built_in=None, unit_count=None, community=None),
    ],
)
def test_what_offices_really_have_is_no_contradiction(book: Book) -> None:
    check(book, totals_of(book))


def test_the_sample_itself_agrees() -> None:
    check(BOOK, totals_of(BOOK))


@pytest.mark.parametrize("odd", ["", "k" * 121, "k\0", "\ud800"])
def test_keys_are_well_formed_together_as_one_by_one(odd: str) -> None:
    good = ["a", "k" * 120]
    assert all_well_formed(good)
    assert not well_formed(odd)
    assert not all_well_formed([*good, odd])
    assert formed([good[0], odd, good[1]]) == [good[0], None, good[1]]
