"""Accruals, plans, meters, readings and settlements: every list and every record, compared with the sample book."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, NamedTuple

import pytest

from tests.backoffice_adapters.asking import ALL, BOOK, CALL, REFS, expected, keys_of, ref
from tests.backoffice_adapters.sample_pen import GREAT, NOW, TODAY, money
from ventanilla.backoffice_adapters.contract import (
    AccrualFilter,
    AccrualOrder,
    DateSpan,
    FaultCode,
    ListOrder,
    MeterFilter,
    MeterOrder,
    MeterReadingFilter,
    MeterReadingOrder,
    MonthSpan,
    OfficeError,
    PaymentPlanFilter,
    PaymentPlanOrder,
    Position,
    UtilitySettlementFilter,
    UtilitySettlementOrder,
    Window,
)
from ventanilla.backoffice_adapters.database import Database
from ventanilla.backoffice_adapters.ledger.office import Ledger
from ventanilla.backoffice_adapters.records import (
    Medium,
    MeterStatus,
    PaymentPlanStatus,
    ReadingStatus,
    SettlementOutcome,
    TitleKind,
)

pytestmark = pytest.mark.anyio
SPAN = DateSpan(since=BOOK.utility_settlements[0].settled_on, until=TODAY)


class Noun(NamedTuple):
    """A list of the ledger, and what it is asked."""

    kind: str
    """The attribute of the book, and the method of the ledger unless `method` says another."""
    orders: type[ListOrder]
    filters: list[tuple[Any, Callable[[Any], bool]]]
    """Filters, and what they let through; the first lets all through."""
    busy: str = "ties"
    """A parent with many rows and ties."""
    method: str = ""
    parent: str = "account"

    async def asked(self, ledger: Ledger, parents: Sequence[str], where: Any, order: Any, window: Window) -> list[Any]:
        subjects = [ref(key) for key in parents] if self.parent == "account" else parents
        return await getattr(ledger, self.method or self.kind)(CALL, subjects, where, order, window)


def months(since: str | None, until: str | None) -> tuple[AccrualFilter, Callable[[Any], bool]]:
    def within(entry: Any) -> bool:
        return (since or "0000") <= entry.month <= (until or "9999")

    return AccrualFilter(months=MonthSpan(since=since, until=until)), within


ACCRUALS = Noun(
    "accruals",
    AccrualOrder,
    [
        (AccrualFilter(), lambda _: True),
        (
            AccrualFilter(titles=(TitleKind.RENT, TitleKind.OTHER)),
            lambda entry: entry.title in {TitleKind.RENT, TitleKind.OTHER},
        ),
        months("2026-01", None),
        months(None, "2026-01"),
        months("2025-12", "2026-10"),
        (AccrualFilter(months=MonthSpan(since="2026\0")), lambda _: False),
    ],
)
PLANS = Noun(
    "payment_plans",
    PaymentPlanOrder,
    [
        (PaymentPlanFilter(), lambda _: True),
        (
            PaymentPlanFilter(statuses=(PaymentPlanStatus.ACTIVE, PaymentPlanStatus.CANCELLED)),
            lambda entry: entry.status in {"ACTIVE", "CANCELLED"},
        ),
    ],
)
METERS = Noun(
    "meters",
    MeterOrder,
    [
        (MeterFilter(), lambda _: True),
        (MeterFilter(statuses=(MeterStatus.REMOVED,)), lambda entry: entry.status == "REMOVED"),
        (
            MeterFilter(statuses=(MeterStatus.ACTIVE,), media=(Medium.COLD_WATER, Medium.HEAT)),
            lambda entry: entry.status == "ACTIVE" and entry.medium in {"COLD_WATER", "HEAT"},
        ),
    ],
)
READINGS = Noun(
    "meter_readings",
    MeterReadingOrder,
    [
        (MeterReadingFilter(), lambda _: True),
        (MeterReadingFilter(read=SPAN), lambda entry: SPAN.since <= entry.read_on <= SPAN.until),
        (
            MeterReadingFilter(statuses=(ReadingStatus.BILLED,), read=DateSpan(until=SPAN.since)),
            lambda entry: entry.status == "BILLED" and entry.read_on <= SPAN.since,
        ),
    ],
    busy="w-new",
    parent="meter",
)
SETTLEMENTS = Noun(
    "utility_settlements",
    UtilitySettlementOrder,
    [
        (UtilitySettlementFilter(), lambda _: True),
        (UtilitySettlementFilter(settled=SPAN), lambda entry: SPAN.since <= entry.settled_on <= SPAN.until),
    ],
)
NOUNS = [ACCRUALS, PLANS, METERS, READINGS, SETTLEMENTS]
ORDERS = [pytest.param(noun, order, id=f"{noun.kind} {order}") for noun in NOUNS for order in noun.orders]


def parents_of(noun: Noun) -> list[str]:
    return [entry.key for entry in (BOOK.accounts if noun.parent == "account" else BOOK.meters)]


@pytest.mark.parametrize(("noun", "order"), ORDERS)
async def test_every_order_and_filter(ledger: Ledger, noun: Noun, order: ListOrder) -> None:
    parents, window = parents_of(noun), Window(limit=1_000, count=True)
    for where, matches in noun.filters:
        *answers, none = await noun.asked(ledger, [*parents, "nobody"], where, order, window)
        assert none is None
        met = 0
        for parent, answer in zip(parents, answers, strict=True):
            wanted = expected(parent, order, matches, noun.kind, noun.parent)
            met += len(wanted)
            assert (keys_of(answer), answer.more, answer.count) == (wanted, False, len(wanted)), where
            assert await noun.asked(ledger, [parent], where, order, window) == [answer]
        everything = len(getattr(BOOK, noun.kind))
        assert met == everything if where is noun.filters[0][0] else met < everything


@pytest.mark.parametrize(("noun", "order"), ORDERS)
@pytest.mark.parametrize("backwards", [False, True])
@pytest.mark.parametrize("company", [False, True])
async def test_a_walk_by_pages_meets_every_row_once(
    ledger: Ledger, noun: Noun, order: ListOrder, backwards: bool, company: bool
) -> None:
    parents = [noun.busy, *(parents_of(noun)[:2] if company else [])]
    walked: list[str] = []
    window = Window(limit=4, backwards=backwards)
    while True:
        [answer, *_] = await noun.asked(ledger, parents, noun.filters[0][0], order, window)
        walked = keys_of(answer) + walked if backwards else walked + keys_of(answer)
        if not answer.more:
            break
        edge = answer.items[0 if backwards else -1]
        window = Window(limit=4, backwards=backwards, start=order.position(edge))
    wanted = expected(noun.busy, order, kind=noun.kind, parent=noun.parent)
    assert len(wanted) > 8
    assert walked == wanted


@pytest.mark.parametrize("value", ["2026-13", "2026-1", "0000-01", "2026-01-01", "yesterday"])
async def test_a_start_that_is_no_month_is_invalid(ledger: Ledger, value: str) -> None:
    start = Window(limit=5, start=Position(value=value, key="a"))
    with pytest.raises(OfficeError) as caught:
        await ledger.accruals(CALL, [ref("ties")], AccrualFilter(), AccrualOrder.MONTH_ASC, start)
    assert caught.value.fault.code is FaultCode.INVALID


# -- records -----------------------------------------------------------------------------------------------------

NAMES = {
    "account": "account_key",
    "invoice": "invoice_key",
    "invoices": "invoice_keys",
    "meter": "meter_key",
    "plan": "plan_key",
    "replaces": "replaces_key",
}


@pytest.mark.parametrize(
    ("kind", "method"),
    [
        ("accruals", "accruals_by_key"),
        ("payment_plans", "payment_plans_by_key"),
        ("instalments", "instalments_by_key"),
        ("meters", "meters_by_key"),
        ("meter_readings", "meter_readings_by_key"),
        ("utility_settlements", "utility_settlements_by_key"),
    ],
)
async def test_every_record_is_what_the_book_says(ledger: Ledger, kind: str, method: str) -> None:
    entries = getattr(BOOK, kind)
    by_key: Callable[..., Awaitable[list[Any]]] = getattr(ledger, method)
    *records, again, missing, odd = await by_key(CALL, [*(entry.key for entry in entries), entries[0].key, "no", "\0"])
    assert again is records[0]
    assert (missing, odd) == (None, None)
    for entry, record in zip(entries, records, strict=True):
        for name in entry.__struct_fields__:
            assert getattr(record, NAMES.get(name, name)) == getattr(entry, name), (entry.key, name)
        assert (record.origin.source, record.origin.as_of, record.origin.stale) == ("own", NOW, False)


async def test_a_plan_is_what_its_instalments_add_up_to(ledger: Ledger) -> None:
    plans = await ledger.payment_plans_by_key(CALL, [plan.key for plan in BOOK.payment_plans])
    parts = await ledger.plan_instalments(CALL, [plan.key for plan in BOOK.payment_plans])
    for plan, instalments in zip(plans, parts, strict=True):
        assert [instalment.position for instalment in instalments] == [*range(1, plan.instalment_count + 1)]
        assert plan.total.minor == sum(instalment.amount.minor for instalment in instalments)
        paid = [instalment for instalment in instalments if instalment.status == "PAID"]
        assert plan.paid.minor == sum(instalment.amount.minor for instalment in paid)
        assert {(instalment.plan_key, instalment.account_key) for instalment in instalments} == {
            (plan.key, plan.account_key)
        }
    great = next(plan for plan in plans if plan.key == "pl-great-active")
    assert (great.total, great.paid, great.open) == (money(2 * GREAT), money(GREAT), money(GREAT))
    assert await ledger.plan_instalments(CALL, ["nothing", "\0"]) == [None, None]


async def test_readings_are_of_their_meters_account(ledger: Ledger) -> None:
    readings = await ledger.meter_readings_by_key(CALL, ["r-00", "r-two"])
    assert [reading.account_key for reading in readings] == ["flat", "flat"]
    assert [value.register_key for value in readings[1].values] == ["T2", "T1"]


async def test_settlements_add_up_their_lines(ledger: Ledger) -> None:
    under, surplus, even = await ledger.utility_settlements_by_key(CALL, ["s-under", "s-surplus", "s-even"])
    assert (under.cost, under.advances, under.difference) == (money(5_700), money(4_900), money(800))
    assert (surplus.cost, surplus.advances, surplus.difference) == (money(GREAT), money(GREAT + 1), money(1))
    assert [settlement.outcome for settlement in (under, surplus, even)] == [
        SettlementOutcome.UNDERPAID,
        SettlementOutcome.SURPLUS,
        SettlementOutcome.EVEN,
    ]


# -- what a call costs -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("noun", NOUNS, ids=lambda noun: noun.kind)
async def test_one_statement_a_list_and_one_more_for_its_counts(database: Database, ledger: Ledger, noun: Noun) -> None:
    [order, *_] = noun.orders
    for cost, window in ((1, Window(limit=3)), (2, Window(limit=3, count=True))):
        before = database.statements
        assert any(await noun.asked(ledger, parents_of(noun), noun.filters[0][0], order, window))
        assert database.statements - before == cost


async def test_malformed_keys_ask_nobody(database: Database, ledger: Ledger) -> None:
    before = database.statements
    for noun in NOUNS:
        [order, *_] = noun.orders
        assert await noun.asked(ledger, ["", "\0"], noun.filters[0][0], order, ALL) == [None, None]
        assert await noun.asked(ledger, [], noun.filters[0][0], order, ALL) == []
        assert await getattr(ledger, f"{noun.kind}_by_key")(CALL, ["", "x" * 121, "\ud800"]) == [None] * 3
    others = [ref(asked.key, office="other") for asked in REFS]
    assert await ledger.meters(CALL, others, MeterFilter(), MeterOrder.INSTALLED_ON_ASC, ALL) == [None] * len(others)
    assert database.statements == before


def test_the_sample_has_every_state() -> None:
    assert {plan.status for plan in BOOK.payment_plans} == set(PaymentPlanStatus)
    assert {reading.status for reading in BOOK.meter_readings} == set(ReadingStatus)
    assert {meter.medium for meter in BOOK.meters} == set(Medium)
    assert {accrual.title for accrual in BOOK.accruals} == set(TitleKind)
