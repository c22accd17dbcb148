"""Rows of the ledger as records: for each kind the columns that are read, and the record they make.

The first column of every row says what was asked for; the record begins at the second.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any, Generic, TypeVar

import orjson

from ventanilla.backoffice_adapters.database import Row
from ventanilla.backoffice_adapters.ledger.totals import open_minor
from ventanilla.backoffice_adapters.money import Money
from ventanilla.backoffice_adapters.records import (
    Account,
    AccountStatus,
    Address,
    Allocation,
    Charge,
    ChargeStatus,
    DueDate,
    Geo,
    Invoice,
    InvoiceKind,
    InvoiceLine,
    InvoiceStatus,
    Licence,
    OfficialReference,
    Origin,
    Party,
    PartyKind,
    Payment,
    PaymentStatus,
    Property,
    Record,
    Unit,
    UnitKind,
)

R = TypeVar("R")
Make = Callable[[Row, Origin, str], R]
"""Row, origin and today's date as ISO text → record."""

# A look-up by value is several times quicker than calling the enum.
_INVOICE_KINDS = {kind.value: kind for kind in InvoiceKind}
_INVOICE_STATES = {state.value: state for state in InvoiceStatus}
_CHARGE_STATES = {state.value: state for state in ChargeStatus}
_PAYMENT_STATES = {state.value: state for state in PaymentStatus}


class Kind(Record, Generic[R]):
    """A kind of document of an account: its table, its columns, and how a row becomes a record."""

    table: str
    columns: tuple[str, ...]
    make: Make[R]
    listed: str = "1 = 1"
    """The condition under which a row is anybody's business."""


def _date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _invoice(row: Row, origin: Origin, today: str) -> Invoice:
    (
        _, key, account, number, kind, status, title, issued, due, later_due, later, total, paid, currency,
        period_from, period_to, paid_at, scheme, reference, url,
    ) = row  # fmt: skip
    asked = Money(total, currency)
    first = DueDate(due_on=date.fromisoformat(due), amount=asked)
    return Invoice(
        key=key,
        origin=origin,
        account_key=account,
        number=number,
        kind=_INVOICE_KINDS[kind],
        status=_INVOICE_STATES[status],
        title=title,
        issued_on=date.fromisoformat(issued),
        due_dates=(first, _later(later_due, later, currency)) if later_due else (first,),
        total=asked,
        paid=Money(paid, currency),
        open=Money(open_minor(status, due, later, total, paid=paid, today=today), currency),
        period_from=_date(period_from),
        period_to=_date(period_to),
        paid_at=_moment(paid_at),
        official_reference=OfficialReference(scheme=scheme, value=reference, url=url) if scheme else None,
    )


def _later(due: str, minor: int, currency: str) -> DueDate:
    return DueDate(due_on=date.fromisoformat(due), amount=Money(minor, currency))


def _charge(row: Row, origin: Origin, today: str) -> Charge:
    _, key, account, description, minor, currency, day, status, invoice = row
    return Charge(
        key=key,
        origin=origin,
        account_key=account,
        description=description,
        amount=Money(minor, currency),
        charged_on=date.fromisoformat(day),
        status=_CHARGE_STATES[status],
        invoice_key=invoice,
    )


def _payment(row: Row, origin: Origin, today: str) -> Payment:
    _, key, account, minor, unallocated, currency, paid_at, status, method, reference = row
    return Payment(
        key=key,
        origin=origin,
        account_key=account,
        amount=Money(minor, currency),
        paid_at=datetime.fromisoformat(paid_at),
        status=_PAYMENT_STATES[status],
        method=method,
        reference=reference,
        unallocated=Money(unallocated, currency),
    )


INVOICES = Kind(
    table="invoice",
    columns=(
        "key", "account_key", "number", "kind", "status", "title", "issued_on", "due_on", "later_due_on",
        "later_minor", "total_minor", "paid_minor", "currency", "period_from", "period_to", "paid_at",
        "reference_scheme", "reference_value", "reference_url",
    ),
    make=_invoice,
    listed="status <> 'DRAFT'",
)  # fmt: skip
CHARGES = Kind(
    table="charge",
    columns=(
        "key", "account_key", "description", "amount_minor", "currency", "charged_on", "status", "invoice_key",
    ),
    make=_charge,
)  # fmt: skip
PAYMENTS = Kind(
    table="payment",
    columns=(
        "key", "account_key", "amount_minor", "unallocated_minor", "currency", "paid_at", "status", "method",
        "reference",
    ),
    make=_payment,
)  # fmt: skip


def line(row: Row) -> InvoiceLine:
    """An invoice line, from the columns of `office._LINES`."""
    _, position, description, minor, currency, quantity, unit, unit_price, tax_rate = row
    return InvoiceLine(
        position=position,
        description=description,
        amount=Money(minor, currency),
        quantity=quantity,
        unit=unit,
        unit_price=unit_price,
        tax_rate=tax_rate,
    )


def allocation(row: Row) -> Allocation:
    """An allocation, from the columns of `office._ALLOCATIONS`."""
    _, payment, invoice, minor, currency, day = row
    return Allocation(
        payment_key=payment,
        invoice_key=invoice,
        amount=Money(minor, currency),
        allocated_on=date.fromisoformat(day),
    )


ACCOUNT_COLUMNS = """
    a.key, a.number, a.licence, a.status, a.title, a.currency, a.opened_on, a.closed_on,
    h.key, h.name, h.kind, h.document_type, h.document_number, h.email, h.phone,
    u.key, u.label, u.kind, u.area_m2,
    p.key, p.name, p.street_lines, p.locality, p.region, p.postal_code, p.country, p.latitude, p.longitude
    FROM account a
    JOIN party h ON h.book = a.book AND h.key = a.holder_key
    LEFT JOIN unit u ON u.book = a.book AND u.key = a.unit_key
    LEFT JOIN place p ON p.book = a.book AND p.key = a.place_key"""
"""What `account` reads, and where from."""


def account(row: Row, origin: Origin) -> Account:
    """An account with its holder, unit and property."""
    _, key, number, licence, status, title, currency, opened, closed = row[:9]
    return Account(
        key=key,
        origin=origin,
        number=number,
        licence=Licence(licence),
        status=AccountStatus(status),
        title=title,
        holder=_party(row[9:16]),
        currency=currency,
        unit=_unit(row[16:20]) if row[16] else None,
        place=_place(row[20:]) if row[20] else None,
        opened_on=_date(opened),
        closed_on=_date(closed),
    )


def _party(row: Row) -> Party:
    key, name, kind, document_type, document_number, email, phone = row
    return Party(
        key=key,
        name=name,
        kind=PartyKind(kind),
        document_type=document_type,
        document_number=document_number,
        email=email,
        phone=phone,
    )


def _unit(row: Row) -> Unit:
    key, label, kind, area = row
    return Unit(key=key, label=label, kind=UnitKind(kind), area_m2=area)


def _place(row: Row) -> Property:
    key, name, lines, locality, region, postal_code, country, latitude, longitude = row
    street: list[Any] = orjson.loads(lines)
    address = Address(lines=tuple(street), locality=locality, region=region, postal_code=postal_code, country=country)
    geo = None if latitude is None else Geo(latitude=latitude, longitude=longitude)
    return Property(key=key, name=name, address=address, geo=geo)
