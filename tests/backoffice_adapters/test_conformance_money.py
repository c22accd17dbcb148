"""The kit finds what is wrong with interest, plans, accruals and settlements, each broken on purpose."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from tests.backoffice_adapters.breaking import assert_broken, named
from ventanilla.backoffice_adapters.conformance import interest, payment_plan, utility_settlement
from ventanilla.backoffice_adapters.conformance.bench import Harness, open_bench
from ventanilla.backoffice_adapters.conformance.promises import PROMISES
from ventanilla.backoffice_adapters.conformance.twin import TwinAdapter, TwinOffice
from ventanilla.backoffice_adapters.money import Money
from ventanilla.backoffice_adapters.records import InstalmentStatus, InterestAccrual, PaymentPlanStatus

# -- late interest -----------------------------------------------------------------------------------------------


class ChangesAccruals(TwinOffice):
    """Tells late interest otherwise than it reckoned it."""

    def _interest(self, entry: Any, today: Any) -> Any:
        accrual = super()._interest(entry, today)
        return accrual and self.changed(accrual)

    def changed(self, accrual: InterestAccrual) -> InterestAccrual:
        raise NotImplementedError


class LeapYears(ChangesAccruals):
    """Divides by 366 where a leap day is among the days."""

    def changed(self, accrual: InterestAccrual) -> InterestAccrual:
        segments = tuple(self._divided(one) for one in accrual.segments)
        return replace(accrual, segments=segments, total=accrual.total and self._rounded(segments))

    def _divided(self, one: Any) -> Any:
        exact = Fraction(one.amount_exact) * 365 / (366 if one.since <= date(2024, 2, 29) <= one.until else 365)
        return replace(one, amount_exact=f"{exact.numerator}/{exact.denominator}")


class NoInterestOnTheDayOfPayment(TwinOffice):
    """Takes what was paid on a day off that very day's base."""

    def _counted(self) -> Any:
        return [replace(row, allocated_on=row.allocated_on - timedelta(days=1)) for row in super()._counted()]


class Guesses(TwinOffice):
    """Goes on with the last rate that it knows."""

    def _rate(self, day: date) -> str | None:
        return super()._rate(day) or "9.75"


class NeedsAnEnd(TwinOffice):
    """Does not know a rate whose end is not known."""

    def _rate(self, day: date) -> str | None:
        self.book = replace(self.book, interest_rates=tuple(row for row in self.book.interest_rates if row.valid_until))
        return super()._rate(day)


class InterestOnEverything(TwinOffice):
    """Reckons interest on what bears none."""

    def _interest(self, entry: Any, today: Any) -> Any:
        return super()._interest(replace(entry, kind="INVOICE", status="ISSUED"), today)


class EndsAnywhere(ChangesAccruals):
    """Ends a segment though neither base nor rate changes, as at a row of the table that goes on with the same rate."""

    def changed(self, accrual: InterestAccrual) -> InterestAccrual:
        return replace(accrual, segments=tuple(part for one in accrual.segments for part in _halves(one)))


def _halves(one: Any) -> list[Any]:
    if one.days < 2:
        return [one]
    first = replace(one, until=one.since, days=1, amount_exact=str(Fraction(one.amount_exact) / one.days))
    rest = Fraction(one.amount_exact) - Fraction(first.amount_exact)
    return [first, replace(one, since=one.since + timedelta(days=1), days=one.days - 1, amount_exact=str(rest))]


class CountsFromZero(ChangesAccruals):
    """Counts days between, and not days."""

    def changed(self, accrual: InterestAccrual) -> InterestAccrual:
        return replace(accrual, segments=tuple(replace(one, days=one.days - 1) for one in accrual.segments))


class RoundsEach(ChangesAccruals):
    """Rounds each segment, then adds."""

    def changed(self, accrual: InterestAccrual) -> InterestAccrual:
        each = [self._rounded((one,)) for one in accrual.segments]
        return replace(accrual, total=accrual.total and self._sum(each))


class RoundsToEven(ChangesAccruals):
    """Rounds half a minor unit to the even one."""

    def changed(self, accrual: InterestAccrual) -> InterestAccrual:
        exact = sum(Fraction(one.amount_exact) for one in accrual.segments)
        return replace(accrual, total=accrual.total and Money(round(exact * 100), self.book.currency))


class Unreduced(ChangesAccruals):
    """Writes a fraction that is not in lowest terms."""

    def changed(self, accrual: InterestAccrual) -> InterestAccrual:
        return replace(accrual, segments=tuple(map(_doubled, accrual.segments)))


def _doubled(one: Any) -> Any:
    exact = Fraction(one.amount_exact)
    return replace(one, amount_exact=f"{2 * exact.numerator}/{2 * exact.denominator}")


class InterestOnSurcharges(TwinOffice):
    """Takes what the last due date asks for as the base."""

    def _late_days(self, entry: Any, today: Any) -> Any:
        return super()._late_days(replace(entry, total=entry.later_total or entry.total), today)


# -- payment plans -----------------------------------------------------------------------------------------------


class OpenInstalments(TwinOffice):
    """Adds up only what is still to be paid."""

    def _plan(self, entry: Any) -> Any:
        parts = [row for row in self._parts(entry.key) if row.status is not InstalmentStatus.PAID]
        return replace(super()._plan(entry), total=self._sum(row.amount for row in parts))


class InstalmentsByKey(TwinOffice):
    """Tells the instalments as its table has them."""

    def _parts(self, plan: str) -> Any:
        return sorted(super()._parts(plan), key=lambda row: row.key)


class Undated(TwinOffice):
    """Does not say when an instalment was paid."""

    def _instalment(self, entry: Any) -> Any:
        return replace(super()._instalment(entry), paid_at=None)


class AlwaysActive(TwinOffice):
    """Takes every plan for one that binds."""

    def _plan(self, entry: Any) -> Any:
        return replace(super()._plan(entry), status=PaymentPlanStatus.ACTIVE)


class CoversAll(TwinOffice):
    """Lets a plan cover somebody else's invoice."""

    def _plan(self, entry: Any) -> Any:
        return replace(super()._plan(entry), invoice_keys=("cre2", *entry.invoices))


# -- accruals and settlements ------------------------------------------------------------------------------------


class UntilExcluded(TwinOffice):
    """Leaves the last month out."""

    def _accrual_fits(self, row: Any, where: Any) -> bool:
        return super()._accrual_fits(row, where) and row.month != where.months.until


class AllPlans(TwinOffice):
    """Does not filter plans."""

    async def payment_plans(self, call: Any, accounts: Any, where: Any, order: Any, window: Any) -> Any:
        return await super().payment_plans(call, accounts, type(where)(), order, window)


class SettledAnyTime(TwinOffice):
    """Does not filter settlements."""

    async def utility_settlements(self, call: Any, accounts: Any, where: Any, order: Any, window: Any) -> Any:
        return await super().utility_settlements(call, accounts, type(where)(), order, window)


class FirstLine(TwinOffice):
    """Takes the first line's cost for the whole."""

    def _settlement(self, entry: Any) -> Any:
        return replace(super()._settlement(entry), cost=entry.lines[0].cost)


class LinesByCost(TwinOffice):
    """Sorts the lines of a settlement."""

    def _settlement(self, entry: Any) -> Any:
        found = super()._settlement(entry)
        return replace(found, lines=tuple(sorted(found.lines, key=lambda line: line.cost)))


class WrongPaper(TwinOffice):
    """Names somebody else's credit note."""

    def _settlement(self, entry: Any) -> Any:
        return replace(super()._settlement(entry), invoice_key="cre3")


class RatesAsNumbers(ChangesAccruals):
    """Writes a rate as people say it."""

    def changed(self, accrual: InterestAccrual) -> InterestAccrual:
        return replace(accrual, segments=tuple(replace(one, annual_rate="9,75 %") for one in accrual.segments))


BROKEN = [
    (LeapYears, "late_interest_is_reckoned_by_the_day"),
    (NoInterestOnTheDayOfPayment, "late_interest_is_reckoned_by_the_day"),
    (Guesses, "late_interest_is_reckoned_by_the_day"),
    (NeedsAnEnd, "late_interest_is_reckoned_by_the_day"),
    (InterestOnEverything, "what_bears_no_interest_has_none"),
    (EndsAnywhere, "interest_segments_follow_each_other"),
    (CountsFromZero, "interest_segments_follow_each_other"),
    (RoundsEach, "interest_is_rounded_once"),
    (RoundsToEven, "interest_is_rounded_once"),
    (Unreduced, "interest_is_rounded_once"),
    (InterestOnSurcharges, "interest_can_be_reckoned_again"),
    (RatesAsNumbers, "values_are_of_their_types"),
    (OpenInstalments, "instalments_add_up_to_the_plan"),
    (InstalmentsByKey, "instalments_stand_by_position"),
    (Undated, "paid_instalments_say_when"),
    (AlwaysActive, "an_account_has_one_running_plan"),
    (CoversAll, "plans_cover_invoices_of_their_account"),
    (AllPlans, "payment_plans_are_filtered"),
    (UntilExcluded, "accruals_are_filtered"),
    (SettledAnyTime, "utility_settlements_are_filtered"),
    (FirstLine, "settlement_lines_add_up"),
    (LinesByCost, "settlement_lines_keep_their_order"),
    (WrongPaper, "a_settlement_names_a_paper_of_its_account"),
]
CHAPTERS = {chapter.__name__ for chapter in (interest, payment_plan, utility_settlement)}


@pytest.mark.anyio
@pytest.mark.parametrize(("office", "promise"), BROKEN, ids=named)
async def test_finds_what_is_broken(office: type[TwinOffice], promise: str, tmp_path: Path) -> None:
    await assert_broken(office, promise, tmp_path)


@pytest.mark.anyio
async def test_the_worked_example_is_in_the_reference_book(tmp_path: Path) -> None:
    async with open_bench(Harness(adapter=TwinAdapter()), tmp_path) as bench:
        [accrual] = await bench.mine.ask("late_interest", ["lat01"])
    assert [(one.days, one.annual_rate) for one in accrual.segments] == [(6, "12.25"), (28, "11.50"), (27, "11.25")]
    assert (accrual.until, accrual.total) == (date(2023, 10, 31), Money(19_16, "PLN"))


def test_every_promise_of_these_chapters_can_be_broken() -> None:
    promised = {promise.name for promise in PROMISES if promise.check.__module__ in CHAPTERS}
    assert promised <= {name for _, name in BROKEN}
