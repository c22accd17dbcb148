"""The twin's late interest: reckoned day by day, then told in segments."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from fractions import Fraction

from ventanilla.backoffice_adapters.book import InvoiceEntry
from ventanilla.backoffice_adapters.conformance.twin.invoice import Invoices
from ventanilla.backoffice_adapters.contract import Call, Hit
from ventanilla.backoffice_adapters.money import Money, minor_digits
from ventanilla.backoffice_adapters.records import InterestAccrual, InterestSegment, InvoiceKind, InvoiceStatus, Record

_BEARING = frozenset({InvoiceStatus.ISSUED, InvoiceStatus.PARTIALLY_PAID, InvoiceStatus.PAID})
_DAY = timedelta(days=1)


class LateDay(Record):
    """One day on which something was open after its due date."""

    day: date
    base: Money
    rate: str | None
    """Percent a year; None where the table knows none."""


class Interest(Invoices):
    """Late interest."""

    async def late_interest(self, call: Call, invoices: Sequence[str]) -> list[Hit[InterestAccrual]]:
        """What each invoice bears up to the day of the call."""
        found = {entry.key: entry for entry in self._shown()}
        return [self._interest(found[key], call.today) if key in found else None for key in invoices]

    def _interest(self, entry: InvoiceEntry, today: date) -> InterestAccrual | None:
        days = self._late_days(entry, today)
        if not days or entry.kind is InvoiceKind.CREDIT_NOTE or entry.status not in _BEARING:
            return None
        unknown = next((late.day for late in days if late.rate is None), None)
        segments = self._segments([late for late in days if unknown is None or late.day < unknown])
        return InterestAccrual(
            key=entry.key,
            origin=self._origin,
            account_key=entry.account,
            until=days[-1].day,
            segments=segments,
            total=self._rounded(segments) if unknown is None else None,
            unknown_since=unknown,
        )

    def _late_days(self, entry: InvoiceEntry, today: date) -> list[LateDay]:
        """Each day from the one after the first due date on which anything of the total was open in the morning."""
        settling = [row for row in self._counted() if row.invoice_key == entry.key]
        days: list[LateDay] = []
        day = entry.due_on + _DAY
        while day <= today:
            base = entry.total - self._sum(row.amount for row in settling if row.allocated_on < day)
            if base.minor <= 0:
                break
            days.append(LateDay(day=day, base=base, rate=self._rate(day)))
            day += _DAY
        return days

    def _rate(self, day: date) -> str | None:
        for row in self.book.interest_rates:
            if row.valid_from <= day and (row.valid_until is None or day <= row.valid_until):
                return row.annual_rate
        return None

    def _segments(self, days: list[LateDay]) -> tuple[InterestSegment, ...]:
        """Days in a row of one base and one rate, put together."""
        runs: list[list[LateDay]] = []
        for late in days:
            if runs and _alike(runs[-1][0], late):
                runs[-1].append(late)
            else:
                runs.append([late])
        return tuple(map(_segment, runs))

    def _rounded(self, segments: tuple[InterestSegment, ...]) -> Money:
        """The exact sum, half up to the minor unit."""
        exact = sum((Fraction(segment.amount_exact) for segment in segments), Fraction(0))
        minor = exact * 10 ** minor_digits(self.book.currency)
        return Money((minor + Fraction(1, 2)).__floor__(), self.book.currency)


def _alike(one: LateDay, other: LateDay) -> bool:
    """Whether two days cost the same; ``9.75`` and ``9.750`` are one rate."""
    return one.base == other.base and Fraction(one.rate or 0) == Fraction(other.rate or 0)


def _segment(run: list[LateDay]) -> InterestSegment:
    base, rate = run[0].base, run[0].rate or "0"
    major = Fraction(base.minor, 10 ** minor_digits(base.currency))
    exact = major * Fraction(rate) / 100 * len(run) / 365
    return InterestSegment(
        since=run[0].day,
        until=run[-1].day,
        days=len(run),
        base=base,
        annual_rate=rate,
        amount_exact=f"{exact.numerator}/{exact.denominator}",
    )
