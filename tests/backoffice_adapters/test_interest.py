"""Late interest: the worked example, and what must hold of every debt and every table of rates."""

from collections.abc import Sequence
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ventanilla.backoffice_adapters.book import InterestRate
from ventanilla.backoffice_adapters.interest import Reckoning, reckon
from ventanilla.backoffice_adapters.money import Money, minor_digits

DUE = date(2023, 8, 31)
DAY = timedelta(days=1)


def pln(minor: int) -> Money:
    return Money(minor, "PLN")


def rate(since: date, until: date | None, annual_rate: str) -> InterestRate:
    return InterestRate(valid_from=since, valid_until=until, annual_rate=annual_rate, source="a test")


RATES = (
    rate(date(2023, 1, 1), date(2023, 9, 6), "12.25"),
    rate(date(2023, 9, 7), date(2023, 10, 4), "11.50"),
    rate(date(2023, 10, 5), None, "11.25"),
)


def test_the_worked_example() -> None:
    paid = date(2023, 10, 31)
    found = reckon(pln(100_000), DUE, [(paid, pln(100_000))], RATES, date(2026, 1, 1))
    assert found is not None
    assert [(segment.days, segment.annual_rate) for segment in found.segments] == [
        (6, "12.25"), (28, "11.50"), (27, "11.25"),
    ]  # fmt: skip
    assert (found.segments[0].since, found.segments[-1].until) == (date(2023, 9, 1), paid)
    exact = sum(Fraction(segment.amount_exact) for segment in found.segments)
    assert exact == Fraction("12.25") * 1000 * 6 / 36_500 + Fraction("11.5") * 280 / 365 + Fraction("112.5") * 27 / 365
    assert str(float(exact)).startswith("19.1575")
    assert (found.total, found.until, found.unknown_since) == (pln(1_916), paid, None)


def test_what_is_paid_in_parts_bears_interest_on_its_last_day() -> None:
    parts = [(date(2023, 9, 2), pln(40_000)), (DUE - DAY, pln(10_000)), (date(2023, 9, 2), pln(20_000))]
    found = reckon(pln(100_000), DUE, parts, RATES, date(2023, 9, 3))
    assert found is not None
    assert [(segment.since.day, segment.until.day, segment.base) for segment in found.segments] == [
        (1, 2, pln(90_000)), (3, 3, pln(30_000)),
    ]  # fmt: skip
    assert found.segments[0].amount_exact == str(Fraction("12.25") * 900 * 2 / 36_500)


@pytest.mark.parametrize(
    ("total", "settled", "until"),
    [
        (100_000, [], DUE),
        (100_000, [], date.min),
        (100_000, [(DUE, pln(100_000))], date(2024, 1, 1)),
        (100_000, [(DUE - DAY, pln(60_000)), (DUE, pln(60_000))], date(2024, 1, 1)),
        (0, [], date(2024, 1, 1)),
    ],
)
def test_nothing_accrues(total: int, settled: list[tuple[date, Money]], until: date) -> None:
    assert reckon(pln(total), DUE, settled, RATES, until) is None
    assert reckon(pln(total), DUE, settled, (), until) is None


def test_beyond_the_table_nobody_guesses() -> None:
    table = (rate(date(2023, 9, 3), date(2023, 9, 6), "10"), rate(date(2023, 9, 9), date(2023, 9, 20), "10"))

    def unknown(due_on: date, until: date) -> tuple[date | None, Money | None, int]:
        found = reckon(pln(36_500), due_on, [], table, until)
        assert found is not None
        assert found.until == until
        return found.unknown_since, found.total, sum(segment.days for segment in found.segments)

    assert unknown(DUE, date(2023, 9, 10)) == (date(2023, 9, 1), None, 0)
    assert unknown(date(2023, 9, 2), date(2023, 9, 10)) == (date(2023, 9, 7), None, 4)
    assert unknown(date(2023, 9, 8), date(2023, 9, 21)) == (date(2023, 9, 21), None, 12)
    assert unknown(date(2023, 9, 8), date(2023, 9, 20)) == (None, pln(120), 12)
    assert unknown(date(2023, 9, 2), date(2023, 9, 6)) == (None, pln(40), 4)


def test_a_debt_that_is_settled_before_the_table_ends_is_known() -> None:
    table = (rate(date(2023, 1, 1), date(2023, 9, 6), "10"),)
    found = reckon(pln(36_500), DUE, [(date(2023, 9, 6), pln(36_500))], table, date(2026, 1, 1))
    assert found is not None
    assert (found.until, found.total, found.unknown_since) == (date(2023, 9, 6), pln(60), None)


def test_the_ends_of_the_calendar_are_days_like_others() -> None:
    table = (rate(date.min, date.max, "1"),)
    found = reckon(pln(1), date.min, [(date.max, pln(1))], table, date.max)
    assert found is not None
    assert [(segment.since, segment.until) for segment in found.segments] == [(date.min + DAY, date.max)]


@pytest.mark.parametrize("currency", ["PLN", "CLP", "KWD"])
def test_half_a_minor_unit_is_rounded_up(currency: str) -> None:
    found = reckon(Money(3_650, currency), DUE, [], (rate(date(2023, 1, 1), None, "5"),), DUE + DAY)
    assert found is not None
    assert found.segments[0].amount_exact == str(Fraction(1, 2 * 10 ** minor_digits(currency)))
    assert found.total == Money(1, currency)


# -- what holds of all -------------------------------------------------------------------------------------------

SPAN = 120
days = st.integers(0, SPAN).map(lambda later: DUE + timedelta(days=later))
percents = st.decimals("0", "40", places=2).map(str)
payments = st.lists(st.tuples(st.integers(-5, SPAN), st.integers(1, 60_000)), max_size=6).map(
    lambda found: [(DUE + timedelta(days=later), pln(minor)) for later, minor in found]
)


@st.composite
def tables(draw: st.DrawFn) -> list[InterestRate]:
    """Rows from before the debt to after it, with no gap."""
    starts = sorted({DUE - DAY, *draw(st.lists(days, max_size=5))})
    ends = [*(start - DAY for start in starts[1:]), None]
    return [rate(since, until, draw(percents)) for since, until in zip(starts, ends, strict=True)]


def by_day(
    total: int, settled: Sequence[tuple[date, Money]], rates: Sequence[InterestRate], until: date
) -> tuple[Fraction, int]:
    """The interest in minor units, and the days it is for, reckoned day by day."""
    exact, counted, day = Fraction(0), 0, DUE + DAY
    while day <= until:
        base = total - sum(paid.minor for paid_on, paid in settled if paid_on < day)
        if base <= 0:
            break
        [annual] = [row.annual_rate for row in rates if row.valid_from <= day <= (row.valid_until or date.max)]
        exact += base * Fraction(annual) / 36_500
        counted, day = counted + 1, day + DAY
    return exact, counted


@given(st.integers(0, 200_000), payments, tables(), days)
def test_segments_are_what_a_reckoning_day_by_day_gives(
    total: int, settled: list[tuple[date, Money]], rates: list[InterestRate], until: date
) -> None:
    exact, counted = by_day(total, settled, rates, until)
    found = reckon(pln(total), DUE, settled, rates, until)
    if not counted:
        assert found is None
        return
    assert found is not None
    assert sum(segment.days for segment in found.segments) == counted
    assert sum(Fraction(segment.amount_exact) for segment in found.segments) * 100 == exact
    assert found.total == pln(int(exact + Fraction(1, 2)))
    assert (found.segments[0].since, found.segments[-1].until) == (DUE + DAY, found.until)
    assert all(first.until + DAY == second.since for first, second in pairwise(found.segments))
    assert all(segment.days == (segment.until - segment.since).days + 1 for segment in found.segments)
    changes = [(segment.base, Fraction(segment.annual_rate)) for segment in found.segments]
    assert all(first != second for first, second in pairwise(changes))


@given(st.integers(0, 200_000), payments, tables(), days, st.sets(days, max_size=6))
def test_a_table_cut_into_more_rows_gives_the_same(
    total: int, settled: list[tuple[date, Money]], rates: list[InterestRate], until: date, cuts: set[date]
) -> None:
    assert reckon(pln(total), DUE, settled, list(cut(rates, cuts)), until) == reckon(
        pln(total), DUE, settled, rates, until
    )


def cut(rates: list[InterestRate], cuts: set[date]) -> list[InterestRate]:
    rows: list[InterestRate] = []
    for row in rates:
        inner = sorted(day for day in cuts if row.valid_from < day <= (row.valid_until or date.max))
        starts = [row.valid_from, *inner]
        ends = [*(start - DAY for start in inner), row.valid_until]
        rows += [rate(since, until, row.annual_rate) for since, until in zip(starts, ends, strict=True)]
    return rows


@given(st.integers(1, 200_000), payments, tables(), days, days)
def test_a_gap_ends_what_is_known_and_nothing_before_it(
    total: int, settled: list[tuple[date, Money]], rates: list[InterestRate], until: date, gap: date
) -> None:
    whole = reckon(pln(total), DUE, settled, rates, until)
    pierced = [row for row in cut(rates, {gap, gap + DAY}) if row.valid_from != gap]
    found = reckon(pln(total), DUE, settled, pierced, until)
    if whole is None or not DUE < gap <= whole.until:
        assert found == whole
        return
    assert found is not None
    assert (found.until, found.total, found.unknown_since) == (whole.until, None, gap)
    assert known_before(found, gap)


def known_before(found: Reckoning, gap: date) -> bool:
    return sum(segment.days for segment in found.segments) == (gap - DUE).days - 1
