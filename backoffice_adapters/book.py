"""A book: the whole content of an office, as plain records.

A demo or a test writes a book once and hands it to whatever can be filled: `embedded` takes it as it is, a file drop is
written from it. Keys are unique in the book for each kind of record.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Protocol, runtime_checkable

from ventanilla.backoffice_adapters.money import Money
from ventanilla.backoffice_adapters.records import (
    AccountStatus,
    Allocation,
    ChargeStatus,
    InvoiceKind,
    InvoiceLine,
    InvoiceStatus,
    Licence,
    OfficialReference,
    Party,
    PaymentStatus,
    Property,
    Record,
    Unit,
)


class AccountEntry(Record):
    """An account; parties, properties and units are named by key."""

    key: str
    number: str
    licence: Licence
    status: AccountStatus = AccountStatus.ACTIVE
    title: str
    holder: str
    unit: str | None = None
    place: str | None = None
    opened_on: date | None = None
    closed_on: date | None = None
    stated_balance: Money | None = None
    """The office's own figure where it keeps one; else the balance is what the documents and payments add up to."""


class InvoiceEntry(Record):
    """An invoice with its lines. What is paid follows from the book's allocations."""

    key: str
    account: str
    number: str
    kind: InvoiceKind = InvoiceKind.INVOICE
    status: InvoiceStatus
    title: str
    issued_on: date
    due_on: date
    later_due_on: date | None = None
    later_total: Money | None = None
    """What settles it after `due_on`: the total with its surcharge. Given together with `later_due_on`."""
    total: Money
    period_from: date | None = None
    period_to: date | None = None
    paid_at: datetime | None = None
    official_reference: OfficialReference | None = None
    lines: tuple[InvoiceLine, ...] = ()


class ChargeEntry(Record):
    """A charge."""

    key: str
    account: str
    description: str
    amount: Money
    charged_on: date
    status: ChargeStatus
    invoice: str | None = None


class PaymentEntry(Record):
    """A payment; what is unallocated follows from the book's allocations."""

    key: str
    account: str
    amount: Money
    paid_at: datetime
    status: PaymentStatus
    method: str
    reference: str | None = None


class Book(Record):
    """Everything an office knows."""

    currency: str
    parties: tuple[Party, ...] = ()
    properties: tuple[Property, ...] = ()
    units: tuple[Unit, ...] = ()
    accounts: tuple[AccountEntry, ...] = ()
    invoices: tuple[InvoiceEntry, ...] = ()
    charges: tuple[ChargeEntry, ...] = ()
    payments: tuple[PaymentEntry, ...] = ()
    allocations: tuple[Allocation, ...] = ()


@runtime_checkable
class Fillable(Protocol):
    """An office whose whole content can be set at once."""

    async def fill(self, book: Book) -> None:
        """Replace everything with `book`, in one transaction; a book that contradicts itself changes nothing."""
