"""Promises about late interest: reckoned as the contract words it, and told so that everybody can reckon it again."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise

from ventanilla.backoffice_adapters.conformance.bench import Bench
from ventanilla.backoffice_adapters.conformance.book import TODAY
from ventanilla.backoffice_adapters.conformance.promises import aligned, expect, promise
from ventanilla.backoffice_adapters.money import Money, minor_digits, total
from ventanilla.backoffice_adapters.records import (
    Allocation,
    InterestAccrual,
    InterestSegment,
    Invoice,
    InvoiceKind,
    InvoiceStatus,
)

_DAY = timedelta(days=1)
_DAYS = (date(2024, 2, 29), TODAY - timedelta(days=30), TODAY - _DAY, TODAY, TODAY + _DAY, TODAY + 300 * _DAY)
"""On a leap day, around the last rate that is known, and long after it."""
_NEVER = {InvoiceStatus.DRAFT, InvoiceStatus.CANCELLED, InvoiceStatus.IN_PLAN}


async def _told(bench: Bench) -> list[InterestAccrual]:
    """The interest of every invoice that bears some today."""
    keys = [entry.key for entry in bench.mine.twin.book.invoices]
    found = await bench.mine.ask("late_interest", keys)
    wrong = [hit for hit in found if hit is not None and not isinstance(hit, InterestAccrual)]
    expect(not wrong, f"late_interest: answers {wrong}")
    return [hit for hit in found if hit is not None]


@promise("interest.read")
async def late_interest_is_reckoned_by_the_day(bench: Bench) -> None:
    """From the day after the first due date to the day of the call or of its settling, on what was open each day.

    Each manager has a table of rates of its own; a last row without an end goes on.
    """
    keys = [entry.key for entry in bench.mine.twin.book.invoices]
    for side in (bench.mine, bench.other):
        for today in _DAYS:
            found = await side.ask("late_interest", keys, today=today)
            wanted = await side.expected("late_interest", keys, today=today)
            aligned(f"{side.guard.plan.manager}'s late_interest on {today}", keys, found, wanted)


@promise("interest.read")
async def what_bears_no_interest_has_none(bench: Bench) -> None:
    """Credit notes, drafts, what is cancelled or in a plan, and what is not past its due date are None."""
    entries = [
        entry
        for entry in bench.mine.twin.book.invoices
        if entry.kind is InvoiceKind.CREDIT_NOTE or entry.status in _NEVER or entry.due_on >= TODAY
    ]
    keys = [entry.key for entry in entries]
    aligned("late_interest", keys, await bench.mine.ask("late_interest", keys), [None] * len(keys))


@promise("interest.read")
async def interest_segments_follow_each_other(bench: Bench) -> None:
    """Segments leave no day out, end where base or rate changes and not before, and reach the last day that is known.

    `days` counts both ends. Where a rate is missing, no segment stands on or after `unknown_since`.
    """
    for accrual in await _told(bench):
        segments, what = accrual.segments, f"late_interest of {accrual.key}"
        for one in segments:
            expect(one.days == (one.until - one.since).days + 1 > 0, f"{what}: {one.days} days from {one.since}")
        for one, after in pairwise(segments):
            expect(after.since == one.until + _DAY, f"{what}: after {one.until} it goes on at {after.since}")
            alike = (one.base, Fraction(one.annual_rate)) == (after.base, Fraction(after.annual_rate))
            expect(not alike, f"{what}: neither base nor rate changes at {after.since}")
        last = accrual.until if accrual.unknown_since is None else accrual.unknown_since - _DAY
        expect(not segments or segments[-1].until == last, f"{what}: the last segment does not end on {last}")
        expect(segments or accrual.unknown_since, f"{what}: no segments, though every rate is known")


@promise("interest.read")
async def interest_is_rounded_once(bench: Bench) -> None:
    """Each segment is an exact fraction in lowest terms; their sum is rounded once, half up, and is the total.

    Where a rate is missing, there is no total: nobody guesses.
    """
    for accrual in await _told(bench):
        what = f"late_interest of {accrual.key}"
        exact = sum(map(_exact, accrual.segments), Fraction(0))
        for one in accrual.segments:
            written = f"{_exact(one).numerator}/{_exact(one).denominator}"
            expect(one.amount_exact == written, f"{what} from {one.since}: {one.amount_exact!r}, expected {written!r}")
        if accrual.unknown_since is not None:
            expect(accrual.total is None, f"{what}: a total, though no rate is known for {accrual.unknown_since}")
        else:
            wanted = _half_up(exact, bench.harness.currency)
            expect(accrual.total == wanted, f"{what}: {accrual.total}, but its segments make {wanted}")


def _exact(segment: InterestSegment) -> Fraction:
    """``base x rate / 100 x days / 365``, in major units."""
    base = Fraction(segment.base.minor, 10 ** minor_digits(segment.base.currency))
    return base * Fraction(segment.annual_rate) / 100 * segment.days / 365


def _half_up(major: Fraction, currency: str) -> Money:
    doubled = 2 * major * 10 ** minor_digits(currency)
    return Money((doubled.numerator // doubled.denominator + 1) // 2, currency)


@promise("interest.read", "invoices.read", "invoices.allocations")
async def interest_can_be_reckoned_again(bench: Bench) -> None:
    """The base of each segment is the first due date's amount less what the invoice's allocations settled before it."""
    accruals = await _told(bench)
    keys = [accrual.key for accrual in accruals]
    invoices = await bench.mine.ask("invoices_by_key", keys)
    allocations = await bench.mine.ask("invoice_allocations", keys)
    for accrual, invoice, settling in zip(accruals, invoices, allocations, strict=True):
        expect(invoice, f"late_interest of {accrual.key}: no such invoice")
        for one in accrual.segments:
            wanted = [_base(invoice, settling, day) for day in (one.since, one.until)]
            expect(wanted == [one.base, one.base], f"{accrual.key}: base {one.base} from {one.since} to {one.until}")
        expect(_starts(accrual) == invoice.due_on + _DAY, f"{accrual.key}: starts on {_starts(accrual)}")


def _base(invoice: Invoice, settling: tuple[Allocation, ...], day: date) -> Money:
    settled = total((row.amount for row in settling if row.allocated_on < day), invoice.total.currency)
    return invoice.due_dates[0].amount - settled


def _starts(accrual: InterestAccrual) -> date | None:
    return accrual.segments[0].since if accrual.segments else accrual.unknown_since
