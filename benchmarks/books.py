"""The book that is measured with, in parts that each agree in themselves: so many accounts, all they owe and paid.

Every figure follows from an account's key, and all days lie in the past, so each machine has the same rows and the same
answers whenever it asks. Keys are as short as a back office's own numbers, nine characters at most.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Final

import msgspec

from benchmarks import beside
from benchmarks.luck import luck as luck_of
from ventanilla.backoffice_adapters.book import (
    AccountEntry,
    Book,
    EnrolmentEntry,
    InstalmentEntry,
    InterestRate,
    InvoiceEntry,
    PaymentEntry,
    PaymentPlanEntry,
)
from ventanilla.backoffice_adapters.money import Money
from ventanilla.backoffice_adapters.records import (
    Address,
    Allocation,
    EnrolmentKind,
    InstalmentStatus,
    InvoiceLine,
    InvoiceStatus,
    Licence,
    Party,
    PaymentPlanStatus,
    PaymentStatus,
    Property,
    Record,
    Unit,
    UnitKind,
)

CURRENCY: Final = "ARS"
ANCHOR: Final = date(2025, 12, 10)
"""The day of the newest invoices."""
INSTALMENTS: Final = 6
_LINES = (("Agua potable", "m³", "21"), ("Desagües cloacales", "m³", "21"), ("Cargo fijo", "mes", "10.5"))
_UNPAID = (
    *[InvoiceStatus.ISSUED] * 2, InvoiceStatus.PARTIALLY_PAID, *[InvoiceStatus.IN_PLAN] * 2,
)  # fmt: skip
"""How the newest invoices of each account stand, newest first; the others are paid."""
_METHODS = ("Transferencia", "Débito automático", "Pago Fácil", "Tarjeta")
_PART = 500


class Size(Record):
    """How much there is."""

    ordinary: int = 20_000
    """Accounts with twelve invoices each."""
    long: int = 200
    """Accounts with 120 invoices each."""
    endless: int = 100_000
    """Invoices of the one account that is exported."""
    people: int = 200
    """People with an ordinary account each, and as many at most with a long one."""


FULL: Final = Size()
SMALL: Final = Size(ordinary=40, long=4, endless=3_000, people=4)
"""The same in small, to try things out."""
SAMPLE: Final = Size(ordinary=2, long=1, endless=30, people=1)
"""Enough to tell one version of this file from another."""


class Kept(Record):
    """An account that is to be written, and what it is like."""

    key: str
    invoices: int
    a_day: int = 0
    """How many invoices it gets in a day; 0 for one in a month."""
    told: bool = False
    """Whether it has a notice of its own."""


def ordinary_keys(size: Size) -> list[str]:
    """The ordinary accounts of the people who ask, spread over all."""
    return [f"A{place:05}" for place in range(0, size.ordinary, size.ordinary // size.people)][: size.people]


def long_keys(size: Size) -> list[str]:
    """The accounts with long lists."""
    return [f"L{place:03}" for place in range(size.long)]


def endless_key() -> str:
    """The account that is exported."""
    return "X"


def number_of(key: str) -> str:
    """What is printed on an account's papers."""
    return f"30-{key}"


def books(size: Size) -> Iterator[Book]:
    """The parts; notices for everybody and rates of interest stand in the first."""
    told = {*ordinary_keys(size)}
    ordinary = [f"A{place:05}" for place in range(size.ordinary)]
    accounts = [Kept(key=key, invoices=12, told=key in told) for key in ordinary]
    accounts += [Kept(key=key, invoices=120) for key in long_keys(size)]
    yield Book(currency=CURRENCY, notices=beside.notices_to_all(_moment(ANCHOR)), interest_rates=_rates())
    for first in range(0, len(accounts), _PART):
        yield _book(accounts[first : first + _PART])
    yield _book([Kept(key=endless_key(), invoices=size.endless, a_day=28)])


class _Page(Record):
    """What one account adds to a book."""

    invoices: list[InvoiceEntry] = msgspec.field(default_factory=list[InvoiceEntry])
    payments: list[PaymentEntry] = msgspec.field(default_factory=list[PaymentEntry])
    allocations: list[Allocation] = msgspec.field(default_factory=list[Allocation])


def _book(accounts: Sequence[Kept]) -> Book:
    pages = [_page(account) for account in accounts]
    keys = [account.key for account in accounts]
    return Book(
        currency=CURRENCY,
        parties=tuple(_party(key) for key in keys),
        properties=tuple(_property(key) for key in keys),
        units=tuple(Unit(key=key, label=f"Lote {key}", kind=UnitKind.HOUSE) for key in keys),
        accounts=tuple(_account(key) for key in keys),
        invoices=tuple(invoice for page in pages for invoice in page.invoices),
        payments=tuple(payment for page in pages for payment in page.payments),
        allocations=tuple(allocation for page in pages for allocation in page.allocations),
        payment_plans=tuple(_plan(account.key, page) for account, page in zip(accounts, pages, strict=True)),
        instalments=tuple(part for account in accounts for part in _instalments(account.key)),
        enrolments=tuple(enrolment for key in keys for enrolment in _enrolments(key)),
        meters=tuple(beside.meter(key) for key in keys),
        meter_readings=tuple(reading for key in keys for reading in beside.readings(key, ANCHOR)),
        notices=tuple(beside.notice(account.key, _moment(ANCHOR)) for account in accounts if account.told),
    )


# -- who and where -----------------------------------------------------------------------------------------------


def _party(key: str) -> Party:
    document = f"{luck_of('party', key).randrange(10**7, 4 * 10**7)}"
    return Party(key=key, name=f"Titular {key}", document_type="DNI", document_number=document)


def _property(key: str) -> Property:
    street = f"Bv. Rondeau {luck_of('property', key).randrange(1, 4_000)}"
    address = Address(lines=(street,), locality="Paraná", region="Entre Ríos", postal_code="E3100", country="AR")
    return Property(key=key, name=street, address=address)


def _account(key: str) -> AccountEntry:
    return AccountEntry(
        key=key,
        number=number_of(key),
        licence=Licence.UTILITY,
        title="Suministro de agua y cloacas",
        holder=key,
        unit=key,
        place=key,
        opened_on=date(2014, 3, 1),
    )


def _enrolments(key: str) -> Iterator[EnrolmentEntry]:
    yield EnrolmentEntry(
        account=key, kind=EnrolmentKind.E_INVOICE, active=True, since=date(2023, 5, 4), channel="Portal"
    )
    left = datetime(2024, 8, 1, 15, tzinfo=UTC)
    yield EnrolmentEntry(account=key, kind=EnrolmentKind.DIRECT_DEBIT, active=False, cancelled_at=left)


# -- invoices and what was paid ----------------------------------------------------------------------------------


def _page(account: Kept) -> _Page:
    page, luck = _Page(), luck_of("invoices", account.key)
    width = len(str(account.invoices))
    for back in range(account.invoices):
        invoice = _invoice(account, f"{account.key}{account.invoices - back:0{width}}", back, luck)
        page.invoices.append(invoice)
        paid = _paid(invoice)
        if paid:
            payment = _payment(invoice, paid, luck)
            page.payments.append(payment)
            page.allocations.append(
                Allocation(
                    payment_key=payment.key,
                    invoice_key=invoice.key,
                    amount=payment.amount,
                    allocated_on=payment.paid_at.date(),
                )
            )
    return page


def _invoice(account: Kept, key: str, back: int, luck: Random) -> InvoiceEntry:
    issued = _day(account, back)
    status = _UNPAID[back] if back < len(_UNPAID) else InvoiceStatus.PAID
    lines, due = tuple(_lines(luck)), issued + timedelta(days=14)
    total = sum(line.amount.minor for line in lines)
    asks_more = status in {InvoiceStatus.ISSUED, InvoiceStatus.PARTIALLY_PAID}
    return InvoiceEntry(
        key=key,
        account=account.key,
        number=f"0003-{luck.randrange(10**8):08}",
        status=status,
        title=f"Servicio de {issued:%m/%Y}",
        issued_on=issued,
        due_on=due,
        later_due_on=due + timedelta(days=10) if asks_more else None,
        later_total=Money(total * 103 // 100, CURRENCY) if asks_more else None,
        total=Money(total, CURRENCY),
        paid_at=_moment(due) if status is InvoiceStatus.PAID else None,
        lines=lines,
    )


def _day(account: Kept, back: int) -> date:
    if account.a_day:
        return ANCHOR - timedelta(days=back // account.a_day)
    years, month = divmod(ANCHOR.year * 12 + ANCHOR.month - 1 - back, 12)
    return date(years, month + 1, ANCHOR.day)


def _lines(luck: Random) -> Iterator[InvoiceLine]:
    for position, (what, unit, tax) in enumerate(_LINES, 1):
        quantity = luck.randrange(1_000, 60_000)
        yield InvoiceLine(
            position=position,
            description=what,
            amount=Money(luck.randrange(90_000, 900_000), CURRENCY),
            quantity=f"{quantity // 1_000}.{quantity % 1_000:03}",
            unit=unit,
            unit_price=f"{luck.randrange(300, 900)}.50",
            tax_rate=tax,
        )


def _paid(invoice: InvoiceEntry) -> int:
    if invoice.status is InvoiceStatus.PAID:
        return invoice.total.minor
    return invoice.total.minor // 3 if invoice.status is InvoiceStatus.PARTIALLY_PAID else 0


def _payment(invoice: InvoiceEntry, minor: int, luck: Random) -> PaymentEntry:
    return PaymentEntry(
        key=f"P{invoice.key}",
        account=invoice.account,
        amount=Money(minor, CURRENCY),
        paid_at=_moment(invoice.due_on),
        status=PaymentStatus.SETTLED,
        method=luck.choice(_METHODS),
        reference=f"{luck.randrange(10**10):010}",
    )


def _moment(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 13, 45, tzinfo=UTC)


# -- plans and rates ---------------------------------------------------------------------------------------------


def _plan(key: str, page: _Page) -> PaymentPlanEntry:
    covered = tuple(invoice.key for invoice in page.invoices if invoice.status is InvoiceStatus.IN_PLAN)
    return PaymentPlanEntry(
        key=key,
        account=key,
        number=f"PP-{key}",
        status=PaymentPlanStatus.ACTIVE,
        agreed_on=ANCHOR - timedelta(days=60),
        interest=Money(12_000, CURRENCY),
        invoices=covered,
    )


def _instalments(key: str) -> Iterator[InstalmentEntry]:
    amount = Money(luck_of("plan", key).randrange(100_000, 400_000), CURRENCY)
    for position in range(1, INSTALMENTS + 1):
        due, first = ANCHOR + timedelta(days=30 * (position - 2)), position == 1
        yield InstalmentEntry(
            key=f"{key}{position}",
            plan=key,
            position=position,
            due_on=due,
            amount=amount,
            status=InstalmentStatus.PAID if first else InstalmentStatus.SCHEDULED,
            paid_at=_moment(due) if first else None,
        )


def _rates() -> tuple[InterestRate, ...]:
    return (InterestRate(valid_from=date(2010, 1, 1), annual_rate="36.00", source="Tasa de la medida"),)
