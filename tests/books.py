"""The books that the offices of the tests' world keep: a few accounts, each with the same things."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

from tests.surroundings import ADDRESS, shared, supplied
from ventanilla.backoffice_adapters.book import (
    AccountEntry,
    AccrualEntry,
    Book,
    ChargeEntry,
    EnrolmentEntry,
    InstalmentEntry,
    InterestRate,
    InvoiceEntry,
    PaymentEntry,
    PaymentPlanEntry,
)
from ventanilla.backoffice_adapters.money import Money
from ventanilla.backoffice_adapters.records import (
    Allocation,
    ChargeStatus,
    EnrolmentKind,
    Geo,
    InstalmentStatus,
    InvoiceLine,
    InvoiceStatus,
    Licence,
    Party,
    PaymentPlanStatus,
    PaymentStatus,
    Property,
    TitleKind,
    Unit,
    UnitKind,
)

RATES = (
    InterestRate(valid_from=date(2026, 1, 1), valid_until=date(2026, 10, 31), annual_rate="36.50", source="a test"),
    InterestRate(valid_from=date(2026, 11, 1), annual_rate="73", source="a test"),
)


def money(minor: int, currency: str = "ARS") -> Money:
    return Money(minor, currency)


def book(mark: str, licence: Licence, accounts: int = 3, currency: str = "ARS") -> Book:
    """Accounts ``1 …`` with four invoices each (paid, part paid and overdue, two due dates, due later).

    Odd accounts live in building and community ``1``, even ones in ``2``; each has a notice of its own.
    """
    keys = [str(number) for number in range(1, accounts + 1)]
    parts = {**_planned(keys, currency), **supplied(keys, currency), **shared(mark, keys)}
    return Book(
        currency=currency,
        parties=tuple(Party(key=key, name=f"{mark} Pérez {key}", document_number=f"{mark}-{key}") for key in keys),
        properties=(
            Property(key="P", name=f"{mark} House", address=ADDRESS, geo=Geo(latitude=-34.5, longitude=-60.9)),
        ),
        units=tuple(
            Unit(key=f"U{key}", label=f"{key} B", kind=UnitKind.FLAT, area_m2="54.30", building_key=f"B{_side(key)}")
            for key in keys
        ),
        accounts=tuple(
            AccountEntry(
                key=key, number=f"{mark}-00{key}", licence=licence, title="Agua", holder=key, unit=f"U{key}", place="P"
            )
            for key in keys
        ),
        invoices=tuple(invoice for key in keys for invoice in _invoices(mark, key, currency)),
        charges=tuple(
            ChargeEntry(
                key=f"C{key}",
                account=key,
                description="Reconexión",
                amount=money(5_000, currency),
                charged_on=date(2026, 11, 2),
                status=ChargeStatus.PENDING,
            )
            for key in keys
        ),
        payments=tuple(payment for key in keys for payment in _payments(key, currency)),
        allocations=tuple(part for key in keys for part in _allocations(key, currency)),
        interest_rates=RATES,
        **parts,
    )


def _side(key: str) -> str:
    """The number of the building and community that an account is in."""
    return "1" if int(key) % 2 else "2"


def _invoices(mark: str, key: str, currency: str) -> list[InvoiceEntry]:
    def one(letter: str, status: InvoiceStatus, minor: int, due: date, **more: Any) -> InvoiceEntry:
        return InvoiceEntry(
            key=f"{letter}{key}",
            account=key,
            number=f"{mark}-{letter}{key}",
            status=status,
            title=f"Factura {letter}",
            issued_on=due.replace(day=1),
            due_on=due,
            total=money(minor, currency),
            lines=(
                InvoiceLine(position=1, description="Cuota fija", amount=money(minor - 100, currency)),
                InvoiceLine(position=2, description="Tasa", amount=money(100, currency)),
            ),
            **more,
        )

    return [
        one("A", InvoiceStatus.PAID, 10_000, date(2026, 8, 10), paid_at=datetime(2026, 8, 9, 10, tzinfo=UTC)),
        one("B", InvoiceStatus.PARTIALLY_PAID, 20_000, date(2026, 10, 10)),
        one(
            "D",
            InvoiceStatus.ISSUED,
            30_000,
            date(2026, 11, 10),
            later_due_on=date(2026, 11, 25),
            later_total=money(31_500, currency),
        ),
        one("E", InvoiceStatus.ISSUED, 40_000, date(2026, 12, 10)),
    ]


def _payments(key: str, currency: str) -> list[PaymentEntry]:
    def one(letter: str, minor: int, moment: datetime) -> PaymentEntry:
        return PaymentEntry(
            key=f"{letter}{key}",
            account=key,
            amount=money(minor, currency),
            paid_at=moment,
            status=PaymentStatus.CONFIRMED,
            method="Transferencia",
        )

    return [
        one("P", 10_000, datetime(2026, 8, 9, 10, tzinfo=UTC)),
        one("Q", 6_000, datetime(2026, 10, 12, 10, tzinfo=UTC)),
    ]


def _allocations(key: str, currency: str) -> list[Allocation]:
    return [
        Allocation(
            payment_key=f"P{key}", invoice_key=f"A{key}", amount=money(10_000, currency), allocated_on=date(2026, 8, 9)
        ),
        Allocation(
            payment_key=f"Q{key}", invoice_key=f"B{key}", amount=money(5_000, currency), allocated_on=date(2026, 10, 12)
        ),
    ]


def _planned(keys: Sequence[str], currency: str) -> dict[str, Any]:
    """What months cost, two plans of each account (one paid, one that runs), and how it is enrolled."""
    return {
        "accruals": tuple(accrual for key in keys for accrual in _accruals(key, currency)),
        "payment_plans": tuple(plan for key in keys for plan in _plans(key, currency)),
        "instalments": tuple(instalment for key in keys for instalment in _instalments(key, currency)),
        "enrolments": tuple(
            EnrolmentEntry(
                account=key, kind=EnrolmentKind.E_INVOICE, active=True, since=date(2026, 3, 1), channel="Portal"
            )
            for key in keys
        ),
    }


def _accruals(key: str, currency: str) -> list[AccrualEntry]:
    def one(letter: str, month: str, title: TitleKind, minor: int, **more: Any) -> AccrualEntry:
        return AccrualEntry(
            key=f"{letter}{key}",
            account=key,
            month=month,
            title=title,
            description=f"Expensas {month}",
            amount=money(minor, currency),
            **more,
        )

    return [
        one("NA", "2026-10", TitleKind.MAINTENANCE_ADVANCE, 20_000, invoice=f"B{key}"),
        one(
            "NB",
            "2026-11",
            TitleKind.MAINTENANCE_ADVANCE,
            21_720,
            quantity="54.30",
            unit="m²",
            unit_price="4.00",
        ),
        one("NC", "2026-11", TitleKind.REPAIR_FUND, 1_000),
    ]


def _plans(key: str, currency: str) -> list[PaymentPlanEntry]:
    def one(letter: str, status: PaymentPlanStatus, agreed_on: date, *invoices: str) -> PaymentPlanEntry:
        return PaymentPlanEntry(
            key=f"{letter}{key}",
            account=key,
            number=f"PLAN-{letter}{key}",
            status=status,
            agreed_on=agreed_on,
            interest=money(600, currency),
            invoices=invoices,
        )

    return [
        one("PA", PaymentPlanStatus.COMPLETED, date(2026, 7, 1), f"A{key}"),
        one("PB", PaymentPlanStatus.ACTIVE, date(2026, 9, 1), f"B{key}", f"D{key}"),
    ]


def _instalments(key: str, currency: str) -> list[InstalmentEntry]:
    def one(letter: str, plan: str, position: int, due_on: date, paid: bool) -> InstalmentEntry:
        return InstalmentEntry(
            key=f"{letter}{key}",
            plan=f"{plan}{key}",
            position=position,
            due_on=due_on,
            amount=money(5_300, currency),
            status=InstalmentStatus.PAID if paid else InstalmentStatus.SCHEDULED,
            paid_at=datetime(2026, due_on.month, due_on.day, 9, tzinfo=UTC) if paid else None,
        )

    return [
        one("IA", "PA", 1, date(2026, 7, 10), True),
        one("IB", "PA", 2, date(2026, 8, 10), True),
        one("IC", "PB", 1, date(2026, 9, 10), True),
        one("ID", "PB", 2, date(2026, 11, 10), False),
        one("IE", "PB", 3, date(2026, 12, 10), False),
    ]
