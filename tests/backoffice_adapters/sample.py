"""One rich, deterministic book that every adapter's tests may fill an office with.

Account ``flat`` has a document of every kind and state; ``empty`` nothing; ``credit`` a payment without an invoice;
``stated`` a balance of the office's own; ``ties`` many invoices of one day; ``great`` amounts beyond what a float
keeps; ``m01`` … plain monthly histories. Everything is true on `TODAY` in `ZONE`; more of it
stands in the files ``sample_…``.
"""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from tests.backoffice_adapters import sample_money, sample_parties, sample_places, sample_supplies
from tests.backoffice_adapters.sample_pen import CURRENCY, GREAT, NOW, TODAY, ZONE, money
from ventanilla.backoffice_adapters.book import AccountEntry, Book, ChargeEntry, InvoiceEntry, PaymentEntry
from ventanilla.backoffice_adapters.records import (
    AccountStatus,
    Address,
    Allocation,
    ChargeStatus,
    Geo,
    InvoiceKind,
    InvoiceLine,
    InvoiceStatus,
    Licence,
    OfficialReference,
    Party,
    PartyKind,
    PaymentStatus,
    Property,
    Unit,
    UnitKind,
)

__all__ = [
    "CURRENCY", "GREAT", "MONTHLY", "MONTHS", "NOW", "TODAY", "ZONE", "account_keys", "allocation", "book", "invoice",
    "money", "payment",
]  # fmt: skip

MONTHLY = 8
MONTHS = 14

_DUE = {"ISSUED": 20, "PARTIALLY_PAID": -40, "IN_PLAN": -90, "PAID": -60, "CANCELLED": -30, "DRAFT": 30}


def book() -> Book:
    """The whole sample."""
    monthly = [_monthly(number) for number in range(1, MONTHLY + 1)]
    return Book(
        currency=CURRENCY,
        parties=(*_parties(), *sample_parties.further()),
        properties=_properties(),
        units=_units(),
        accounts=(*_accounts(), *(part[0] for part in monthly)),
        invoices=(*_flat_invoices(), *_ties(), _great(), *(invoice for part in monthly for invoice in part[1])),
        charges=_charges(),
        payments=(*_payments(), *(payment for part in monthly for payment in part[2])),
        allocations=(*_allocations(), *(allocation for part in monthly for allocation in part[3])),
        accruals=sample_money.accruals(),
        payment_plans=sample_money.payment_plans(),
        instalments=sample_money.instalments(),
        interest_rates=sample_money.interest_rates(),
        enrolments=sample_money.enrolments(),
        meters=sample_supplies.meters(),
        meter_readings=sample_supplies.meter_readings(),
        utility_settlements=sample_supplies.utility_settlements(),
        communities=sample_places.communities(),
        buildings=sample_places.buildings(),
        ownership_shares=sample_places.ownership_shares(),
        notices=sample_places.notices(),
        standings=sample_parties.standings(),
    )


def account_keys() -> list[str]:
    return [account.key for account in book().accounts]


def _parties() -> tuple[Party, ...]:
    return (
        Party(
            key="anna",
            name="Anna Wiśniewska",
            document_type="PESEL",
            document_number="85010112345",
            email="anna@example.org",
            phone="+48 600 100 200",
        ),
        Party(key="sklep", name="Sklep „Żółw” sp. z o.o.", kind=PartyKind.COMPANY, document_type="NIP"),
    )


def _properties() -> tuple[Property, ...]:
    street = Address(
        lines=("ul. Długa 7", "klatka B"), locality="Kraków", region="małopolskie", postal_code="31-147", country="PL"
    )
    bare = Address(lines=("Rynek 1",), locality="Nowy Sącz", country="PL")
    return (
        Property(key="dluga-7", name="Długa 7", address=street, geo=Geo(latitude=50.0676, longitude=19.9394)),
        Property(key="rynek-1", name="Rynek 1", address=bare),
    )


def _units() -> tuple[Unit, ...]:
    return (
        Unit(key="d7-12", label="m. 12", kind=UnitKind.FLAT, area_m2="54.30", building_key="d7-b"),
        Unit(key="r1-a", label="lokal A", kind=UnitKind.SHOP, building_key="r1"),
        Unit(key="d7-13", label="m. 13", kind=UnitKind.FLAT, building_key="d7-a"),
        Unit(key="plot", label="działka 3", kind=UnitKind.PLOT),
    )


def _account(key: str, number: str, **more: Any) -> AccountEntry:
    plain: dict[str, Any] = {
        "key": key,
        "number": number,
        "licence": Licence.RENT,
        "title": "Lokal mieszkalny",
        "holder": "anna",
    }
    return AccountEntry(**{**plain, **more})


def _accounts() -> tuple[AccountEntry, ...]:
    return (
        _account("flat", "KR-001/12", unit="d7-12", place="dluga-7", opened_on=date(2024, 2, 29)),
        _account("empty", "KR-002/12", place="rynek-1"),
        _account("credit", "KR-003/12", licence=Licence.COMMUNITY, title="Wspólnota", unit="d7-13"),
        _account(
            "stated",
            "KR 004.12",
            holder="sklep",
            unit="r1-a",
            status=AccountStatus.SUSPENDED,
            stated_balance=money(-12_345),
        ),
        _account(
            "ties",
            "KR-005/12",
            licence=Licence.UTILITY,
            title="Woda",
            status=AccountStatus.CLOSED,
            opened_on=date(2020, 1, 1),
            closed_on=date(2026, 6, 30),
        ),
        _account("great/ż 1", "KR-006/12", holder="sklep", unit="plot"),
    )


def invoice(key: str, account: str, status: str, minor: int, due_on: date, **more: Any) -> InvoiceEntry:
    """An invoice of two lines, one of them a discount, issued three weeks before it falls due."""
    lines = (
        InvoiceLine(
            position=1,
            description="Czynsz",
            amount=money(minor + 1_000),
            quantity="1",
            unit="miesiąc",
            unit_price="1000.00",
            tax_rate="23",
        ),
        InvoiceLine(position=2, description="Rabat", amount=money(-1_000)),
    )
    plain: dict[str, Any] = {
        "key": key,
        "account": account,
        "number": f"FV/{key}",
        "status": InvoiceStatus(status),
        "title": f"Czynsz {due_on:%m/%Y}",
        "issued_on": due_on - timedelta(days=21),
        "due_on": due_on,
        "total": money(minor),
        "lines": lines,
    }
    return InvoiceEntry(**{**plain, **more})


def _flat_invoices() -> tuple[InvoiceEntry, ...]:
    due = {state: TODAY + timedelta(days=days) for state, days in _DUE.items()}
    paid_at = datetime(2026, 9, 20, 9, 30, tzinfo=UTC)
    ksef = OfficialReference(scheme="KSEF", value="20260920-AB-12", url="https://example.org/ksef/20260920-AB-12")
    return (
        *(
            invoice(f"f-{state.lower()}", "flat", state, 100_000, due[state])
            for state in ("ISSUED", "PARTIALLY_PAID", "IN_PLAN", "CANCELLED", "DRAFT")
        ),
        invoice("f-paid", "flat", "PAID", 100_000, due["PAID"], paid_at=paid_at, official_reference=ksef),
        invoice("f-today", "flat", "ISSUED", 7_000, TODAY, period_from=date(2026, 10, 1), period_to=date(2026, 10, 31)),
        invoice("f-yesterday", "flat", "ISSUED", 9_000, TODAY - timedelta(days=1)),
        invoice(
            "f-surcharge",
            "flat",
            "ISSUED",
            50_000,
            TODAY - timedelta(days=5),
            later_due_on=TODAY + timedelta(days=5),
            later_total=money(52_500),
        ),
        invoice(
            "f-second",
            "flat",
            "ISSUED",
            30_000,
            TODAY + timedelta(days=3),
            later_due_on=TODAY + timedelta(days=13),
            later_total=money(31_500),
        ),
        invoice("f-credit", "flat", "ISSUED", 4_000, TODAY, kind=InvoiceKind.CREDIT_NOTE),
        invoice("f-debit", "flat", "ISSUED", 2_000, TODAY + timedelta(days=40), kind=InvoiceKind.DEBIT_NOTE),
    )


def _ties() -> tuple[InvoiceEntry, ...]:
    days = (date(2026, 5, 1), date(2026, 5, 1), date(2026, 6, 1))
    return tuple(invoice(f"t-{number:02}", "ties", "CANCELLED", 100, days[number % 3]) for number in range(25))


def _great() -> InvoiceEntry:
    return invoice("g-1", "great/ż 1", "PARTIALLY_PAID", GREAT, TODAY + timedelta(days=1))


def _charges() -> tuple[ChargeEntry, ...]:
    def charge(key: str, day: int, status: ChargeStatus, invoice_key: str | None = None) -> ChargeEntry:
        return ChargeEntry(
            key=key,
            account="flat",
            description=f"Opłata {key}",
            amount=money(100 * day),
            charged_on=date(2026, 11, day),
            status=status,
            invoice=invoice_key,
        )

    return (
        charge("c-1", 1, ChargeStatus.SETTLED, "f-paid"),
        charge("c-2", 2, ChargeStatus.INVOICED, "f-issued"),
        charge("c-3", 2, ChargeStatus.PENDING),
        charge("c-4", 20, ChargeStatus.CANCELLED),
        charge("c-5", 21, ChargeStatus.PENDING),
    )


def payment(key: str, account: str, minor: int, paid_at: datetime, status: str = "SETTLED") -> PaymentEntry:
    return PaymentEntry(
        key=key,
        account=account,
        amount=money(minor),
        paid_at=paid_at,
        status=PaymentStatus(status),
        method="przelew",
        reference=f"ref {key}",
    )


def _payments() -> tuple[PaymentEntry, ...]:
    start = datetime(2026, 9, 20, 9, 30, tzinfo=UTC)
    states = ("PENDING", "FAILED", "EXPIRED", "REVERSED", "PARTIALLY_REFUNDED", "REFUNDED", "REVIEW")
    return (
        payment("p-settled", "flat", 130_000, start),
        payment("p-confirmed", "flat", 15_000, start + timedelta(days=10), "CONFIRMED"),
        # Half past midnight in Warsaw: the first of October there, the last of September in UTC.
        payment("p-midnight", "flat", 1_000, datetime(2026, 9, 30, 22, 30, tzinfo=UTC)),
        *(
            payment(f"p-{state.lower()}", "flat", 5_000 + day, start + timedelta(days=20 + day), state)
            for day, state in enumerate(states)
        ),
        payment("p-credit", "credit", 77_700, datetime(2026, 11, 2, 8, 0, 0, 123_456, tzinfo=UTC)),
        payment("p-great", "great/ż 1", GREAT - 1, datetime(2026, 11, 3, 8, 0, tzinfo=UTC)),
    )


def allocation(payment_key: str, invoice_key: str, minor: int, day: date) -> Allocation:
    return Allocation(payment_key=payment_key, invoice_key=invoice_key, amount=money(minor), allocated_on=day)


def _allocations() -> tuple[Allocation, ...]:
    return (
        allocation("p-confirmed", "f-partially_paid", 15_000, date(2026, 10, 1)),
        allocation("p-settled", "f-paid", 100_000, date(2026, 9, 20)),
        allocation("p-settled", "f-partially_paid", 20_000, date(2026, 9, 21)),
        allocation("p-reversed", "f-issued", 5_003, date(2026, 10, 14)),
        allocation("p-great", "g-1", GREAT - 1, date(2026, 11, 3)),
    )


def _monthly(
    number: int,
) -> tuple[AccountEntry, list[InvoiceEntry], list[PaymentEntry], list[Allocation]]:
    """An account with an invoice a month, paid but for the last two."""
    key, minor = f"m{number:02}", 50_000 + number
    invoices: list[InvoiceEntry] = []
    payments: list[PaymentEntry] = []
    allocations: list[Allocation] = []
    for month in range(MONTHS):
        paid = month < MONTHS - 2
        due_on = date(2025 + (9 + month) // 12, (9 + month) % 12 + 1, 15)
        name = f"{key}-{month:02}"
        invoices.append(invoice(name, key, "PAID" if paid else "ISSUED", minor, due_on))
        if paid:
            moment = datetime(due_on.year, due_on.month, 10, 12, number, tzinfo=UTC)
            payments.append(payment(f"{name}-p", key, minor, moment))
            allocations.append(allocation(f"{name}-p", name, minor, due_on - timedelta(days=5)))
    return _account(key, f"M {number:03}", title=f"Lokal {number}"), invoices, payments, allocations
