"""The sample's accruals, payment plans, rates of late interest and enrolments."""

from datetime import UTC, date, datetime, timedelta
from itertools import product

from tests.backoffice_adapters.sample_pen import GREAT, TODAY, money
from ventanilla.backoffice_adapters.book import (
    AccrualEntry,
    EnrolmentEntry,
    InstalmentEntry,
    InterestRate,
    PaymentPlanEntry,
)
from ventanilla.backoffice_adapters.records import EnrolmentKind, InstalmentStatus, PaymentPlanStatus, TitleKind

PLANS = {
    "pl-active": ("flat", date(2026, 9, 1), "PSS"),
    "pl-completed": ("flat", date(2025, 3, 1), "PPP"),
    "pl-lapsed": ("flat", date(2026, 3, 1), "SS"),
    "pl-broken": ("flat", date(2025, 9, 1), "PCC"),
    "pl-cancelled": ("flat", date(2026, 3, 1), "PC"),
    "pl-pending_first_payment": ("stated", date(2026, 11, 20), "SS"),
    **{f"pl-{number}-cancelled": ("ties", date(2026, 1 + number % 2, 1), "C") for number in range(9)},
    "pl-great-active": ("great/ż 1", date(2026, 9, 1), "PS"),
}
"""Plan → its account, its day, and each instalment: paid, scheduled or cancelled."""
_INSTALMENTS = {"P": InstalmentStatus.PAID, "S": InstalmentStatus.SCHEDULED, "C": InstalmentStatus.CANCELLED}


def accruals() -> tuple[AccrualEntry, ...]:
    """Every title in four months; ties in three; one without and one with all that may be told."""
    titles = product(("2025-12", "2026-01", "2026-10", "2026-11"), TitleKind)
    return (
        *(_accrual(f"a-{month}-{title}", "flat", month, title) for month, title in titles),
        *(_accrual(f"ta-{n:02}", "ties", f"2026-0{1 + n % 3}", TitleKind.UTILITY_ADVANCE) for n in range(20)),
        AccrualEntry(
            key="a-whole",
            account="flat",
            month="2026-11",
            title=TitleKind.MAINTENANCE_ADVANCE,
            description="Zaliczka „eksploatacja”",
            amount=money(GREAT),
            quantity="54.30",
            unit="m²",
            unit_price="4.12345",
            invoice="f-issued",
        ),
    )


def _accrual(key: str, account: str, month: str, title: TitleKind) -> AccrualEntry:
    amount = money(100 * int(month[-2:]))
    return AccrualEntry(
        key=key, account=account, month=month, title=title, description=f"{title} {month}", amount=amount
    )


def payment_plans() -> tuple[PaymentPlanEntry, ...]:
    """One in every state; an account has one at most that runs."""
    return tuple(
        PaymentPlanEntry(
            key=key,
            account=account,
            number=f"R/{key}",
            status=PaymentPlanStatus(key.rpartition("-")[2].upper()),
            agreed_on=agreed_on,
            interest=money(len(parts)),
            invoices=("f-in_plan", "f-paid") if key == "pl-active" else (),
        )
        for key, (account, agreed_on, parts) in PLANS.items()
    )


def instalments() -> tuple[InstalmentEntry, ...]:
    """Those of each plan, the last one first."""
    return tuple(
        _instalment(plan, position, account, letter)
        for plan, (account, _, parts) in PLANS.items()
        for position, letter in reversed([*enumerate(parts, 1)])
    )


def _instalment(plan: str, position: int, account: str, letter: str) -> InstalmentEntry:
    paid_at = datetime(2026, 9, position, 8, 30, 0, 5, tzinfo=UTC) if letter == "P" else None
    return InstalmentEntry(
        key=f"{plan}/{position}",
        plan=plan,
        position=position,
        due_on=TODAY + timedelta(days=30 * position - 60),
        amount=money(GREAT if account.startswith("great") else 10_000 + position),
        status=_INSTALMENTS[letter],
        paid_at=paid_at,
    )


def interest_rates() -> tuple[InterestRate, ...]:
    """Three rows out of order, the last one with an end."""
    return (
        _rate(date(2026, 10, 10), date(2026, 12, 31), "10.75"),
        _rate(date(2025, 1, 1), date(2026, 9, 30), "11.50"),
        _rate(date(2026, 10, 1), date(2026, 10, 9), "11.25"),
    )


def _rate(since: date, until: date, annual_rate: str) -> InterestRate:
    return InterestRate(valid_from=since, valid_until=until, annual_rate=annual_rate, source=f"M.P. {since}")


def enrolments() -> tuple[EnrolmentEntry, ...]:
    """Some accounts tell of both kinds, some of one, most of none."""
    ended = datetime(2026, 2, 3, 4, 5, 6, tzinfo=UTC)
    return (
        EnrolmentEntry(
            account="flat",
            kind=EnrolmentKind.DIRECT_DEBIT,
            active=True,
            since=date(2026, 3, 1),
            cancelled_at=ended,
            channel="telefon",
        ),
        EnrolmentEntry(account="flat", kind=EnrolmentKind.E_INVOICE, active=False, cancelled_at=ended),
        EnrolmentEntry(account="credit", kind=EnrolmentKind.E_INVOICE, active=True, since=date(2025, 1, 1)),
    )
