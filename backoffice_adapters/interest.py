"""Late interest, exactly: from a debt, what settled it and a table of rates to segments that anybody can reckon again.

`records.InterestAccrual` says how it is reckoned. Nothing is read and nothing rounded but the total, once.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from fractions import Fraction
from functools import lru_cache
from itertools import accumulate
from typing import Final

from ventanilla.backoffice_adapters.book import InterestRate
from ventanilla.backoffice_adapters.money import Money, minor_digits
from ventanilla.backoffice_adapters.records import InterestSegment, Record

_DAY: Final = timedelta(days=1)
_YEAR: Final = 36_500
"""What a percentage of a year is parted by for one day, in leap years too."""
_HALF: Final = Fraction(1, 2)


class Reckoning(Record):
    """The late interest of one debt; as `records.InterestAccrual`, whose fields these are."""

    until: date
    segments: tuple[InterestSegment, ...]
    total: Money | None
    unknown_since: date | None = None


class _Stretch(Record):
    """Days in a row, both inclusive, with one base in minor units and one rate; None where no rate is known."""

    since: date
    until: date
    base: int
    rate: InterestRate | None


def reckon(
    total: Money,
    due_on: date,
    settled: Sequence[tuple[date, Money]],
    rates: Sequence[InterestRate],
    until: date,
) -> Reckoning | None:
    """The interest of `total`, due on `due_on`, from the day after to `until` or the earlier day that settled it.

    `settled` is what was paid and when, in any order, never negative; `rates` are in order of their days and do not
    overlap. None where nothing accrues: nothing was open after `due_on`, or `until` is not after it.
    """
    stretches = list(_stretches(_Debt(total, settled), due_on, rates, until))
    if not stretches:
        return None
    known = list(_known(stretches))
    last = stretches[-1].until
    joined = list(_joined(known))
    segments = tuple(_segment(stretch, rate, total.currency) for stretch, rate in joined)
    if len(known) < len(stretches):
        return Reckoning(until=last, segments=segments, total=None, unknown_since=stretches[len(known)].since)
    exact = sum((_minor(stretch, rate) for stretch, rate in joined), Fraction(0))
    return Reckoning(until=last, segments=segments, total=Money(int(exact + _HALF), total.currency))


class _Debt:
    """What is open day by day."""

    def __init__(self, total: Money, settled: Sequence[tuple[date, Money]]) -> None:
        ordered = sorted((day, money.minor) for day, money in settled)
        self.days = [day for day, _ in ordered]
        """The days on which something was settled, ascending."""
        self._open = [total.minor, *(total.minor - paid for paid in accumulate(minor for _, minor in ordered))]

    def on(self, day: date) -> int:
        """What is open on `day` in minor units: what was settled on earlier days is taken off."""
        return max(0, self._open[bisect_right(self.days, day - _DAY)])


def _stretches(debt: _Debt, due_on: date, rates: Sequence[InterestRate], until: date) -> Iterator[_Stretch]:
    """The days that bear interest, cut wherever base or rate may change, up to the day that settles the debt."""
    if until <= due_on:
        return
    first = due_on + _DAY
    ends = {day for day in debt.days if first <= day < until}
    ends |= {rate.valid_from - _DAY for rate in rates if first < rate.valid_from <= until}
    ends |= {rate.valid_until for rate in rates if rate.valid_until and first <= rate.valid_until < until}
    since = first
    for end in sorted(ends | {until}):
        base = debt.on(since)
        if not base:
            return
        yield _Stretch(since=since, until=end, base=base, rate=_rate_on(since, rates))
        # The last end may be the last day of the calendar, which has no day after it.
        since = min(end, until - _DAY) + _DAY


def _rate_on(day: date, rates: Sequence[InterestRate]) -> InterestRate | None:
    place = bisect_right(rates, day, key=lambda rate: rate.valid_from)
    if not place:
        return None
    rate = rates[place - 1]
    return rate if rate.valid_until is None or day <= rate.valid_until else None


def _known(stretches: Sequence[_Stretch]) -> Iterator[tuple[_Stretch, InterestRate]]:
    """The stretches before the first one without a rate."""
    for stretch in stretches:
        if stretch.rate is None:
            return
        yield stretch, stretch.rate


def _joined(stretches: Sequence[tuple[_Stretch, InterestRate]]) -> Iterator[tuple[_Stretch, InterestRate]]:
    """Neighbours of one base and one rate as one: a table may be cut into as many rows as it likes."""
    held: tuple[_Stretch, InterestRate] | None = None
    for stretch, rate in stretches:
        if held and held[0].base == stretch.base and _percent(held[1].annual_rate) == _percent(rate.annual_rate):
            held = _Stretch(since=held[0].since, until=stretch.until, base=stretch.base, rate=held[1]), held[1]
            continue
        if held:
            yield held
        held = stretch, rate
    if held:
        yield held


@lru_cache(maxsize=1_000)
def _percent(annual_rate: str) -> Fraction:
    return Fraction(annual_rate)


def _days(stretch: _Stretch) -> int:
    return (stretch.until - stretch.since).days + 1


def _minor(stretch: _Stretch, rate: InterestRate) -> Fraction:
    """The interest in minor units."""
    percent = _percent(rate.annual_rate)
    return Fraction(stretch.base * percent.numerator * _days(stretch), percent.denominator * _YEAR)


def _segment(stretch: _Stretch, rate: InterestRate, currency: str) -> InterestSegment:
    exact = _minor(stretch, rate) / 10 ** minor_digits(currency)
    return InterestSegment(
        since=stretch.since,
        until=stretch.until,
        days=_days(stretch),
        base=Money(stretch.base, currency),
        annual_rate=rate.annual_rate,
        amount_exact=f"{exact.numerator}/{exact.denominator}",
    )
