"""An account that pays late, and the table of rates: all that makes late interest hard to reckon."""

from __future__ import annotations

from datetime import date, timedelta

from msgspec.structs import replace

from ventanilla.backoffice_adapters.book import InterestRate, InvoiceEntry, PaymentEntry
from ventanilla.backoffice_adapters.conformance.book.invoice import plain
from ventanilla.backoffice_adapters.conformance.book.payment import payment
from ventanilla.backoffice_adapters.conformance.book.pen import LATE, TODAY, Pen, noon
from ventanilla.backoffice_adapters.records import Allocation, InvoiceKind, InvoiceStatus, PaymentStatus

_ISSUED, _PART, _PAID = InvoiceStatus.ISSUED, InvoiceStatus.PARTIALLY_PAID, InvoiceStatus.PAID
_RATES = (
    ("2026-05-12", TODAY.isoformat(), "9.75"),
    ("2024-03-01", "2026-05-11", "10.1234"),
    ("2024-02-29", "2024-02-29", "30.5"),
    # Two rows of one rate: the rate does not change between them.
    ("2024-01-01", "2024-02-28", "11.25"),
    ("2023-10-05", "2023-12-31", "11.25"),
    ("2023-09-07", "2023-10-04", "11.50"),
    ("2020-07-01", "2023-09-06", "12.25"),
    # Nothing is known for June 2020.
    ("2020-04-09", "2020-05-31", "5.6"),
    ("2020-03-18", "2020-04-08", "0"),
    ("2019-01-01", "2020-03-17", "6.50"),
)
"""First day, last day, percent a year; the last row ends today."""
_LATE = (
    # The worked example: 6 days, 28 days and 27 days; each rounded by itself would be a cent less.
    ("lat01", 100_000, "2023-08-31", _PAID),
    # Part payments on the due date, on the day after, twice on the leap day; open to this day.
    ("lat02", 77_777, "2023-12-20", _PART),
    # Paid on the due date; one day late; in advance and late.
    ("lat03", 5_000, "2026-04-10", _PAID),
    ("lat04", 5_001, "2026-04-10", _PAID),
    ("lat05", 5_002, "2026-04-10", _PAID),
    # Late before the table begins; into the gap; to the day before the gap; over days that cost nothing.
    ("lat06", 60_000, "2018-12-30", _PAID),
    ("lat07", 60_001, "2020-05-25", _PAID),
    ("lat08", 60_002, "2020-05-25", _PAID),
    ("lat09", 60_003, "2020-03-10", _PAID),
    # Paid with a surcharge, which bears nothing; paid by what was reversed, which does not count.
    ("lat10", 30_000, "2026-03-31", _PAID),
    ("lat11", 30_001, "2026-04-30", _ISSUED),
    # Never bear interest: what gives money back, what is cancelled, in a plan, a draft, or asks for nothing.
    ("lat12", 20_000, "2026-04-01", _ISSUED),
    ("lat13", 20_001, "2026-04-01", InvoiceStatus.CANCELLED),
    ("lat14", 20_002, "2026-04-01", InvoiceStatus.IN_PLAN),
    ("lat15", 20_003, "2026-04-01", InvoiceStatus.DRAFT),
    ("lat16", 0, "2026-04-01", _ISSUED),
    # Due today; due yesterday, and its one day makes exactly half a minor unit.
    ("lat17", 10_000, TODAY.isoformat(), _ISSUED),
    ("lat18", 219_000, (TODAY - timedelta(days=1)).isoformat(), _ISSUED),
)
_SETTLED = (
    ("lat01", 100_000, "2023-10-31"),
    ("lat02", 10_000, "2023-12-20"),
    ("lat02", 5_000, "2023-12-21"),
    ("lat02", 3_333, "2024-02-29"),
    ("lat02", 3_334, "2024-02-29"),
    ("lat03", 5_000, "2026-04-10"),
    ("lat04", 5_001, "2026-04-11"),
    ("lat05", 2_000, "2026-03-01"),
    ("lat05", 3_002, "2026-04-20"),
    ("lat06", 60_000, "2019-01-02"),
    ("lat07", 60_001, "2020-06-01"),
    ("lat08", 60_002, "2020-05-31"),
    ("lat09", 60_003, "2020-04-20"),
    ("lat10", 30_777, "2026-04-20"),
    ("lat11", 30_001, "2026-05-01"),
)
_KINDS = {"lat12": InvoiceKind.CREDIT_NOTE, "lat17": InvoiceKind.DEBIT_NOTE}


def interest_rates() -> tuple[InterestRate, ...]:
    """The table, newest first."""
    return tuple(
        InterestRate(
            valid_from=date.fromisoformat(since),
            valid_until=date.fromisoformat(until),
            annual_rate=rate,
            source="Rozporządzenie, Dz.U. poz. 1234",
        )
        for since, until, rate in _RATES
    )


def late_invoices(pen: Pen) -> tuple[InvoiceEntry, ...]:
    """The invoices of the account that pays late."""
    return tuple(_invoice(pen, key, minor, date.fromisoformat(due), status) for key, minor, due, status in _LATE)


def _invoice(pen: Pen, key: str, minor: int, due_on: date, status: InvoiceStatus) -> InvoiceEntry:
    dates = due_on - timedelta(days=14), due_on
    entry = plain(pen, key, LATE, minor, dates, status=status, kind=_KINDS.get(key, InvoiceKind.INVOICE))
    if key != "lat10":
        return entry
    return replace(entry, later_due_on=due_on + timedelta(days=10), later_total=pen.money(30_777))


def late_payments(pen: Pen) -> tuple[PaymentEntry, ...]:
    """One payment for each part that was settled."""
    return tuple(
        payment(
            pen,
            f"lap{step:02d}",
            LATE,
            pen.money(minor),
            noon(date.fromisoformat(day)),
            status=PaymentStatus.REVERSED if invoice == "lat11" else PaymentStatus.CONFIRMED,
        )
        for step, (invoice, minor, day) in enumerate(_SETTLED)
    )


def late_allocations(pen: Pen) -> tuple[Allocation, ...]:
    """What each of them settled, and when."""
    return tuple(
        Allocation(
            payment_key=f"lap{step:02d}",
            invoice_key=invoice,
            amount=pen.money(minor),
            allocated_on=date.fromisoformat(day),
        )
        for step, (invoice, minor, day) in enumerate(_SETTLED)
    )
