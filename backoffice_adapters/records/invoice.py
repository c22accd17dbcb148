"""Invoices and notes."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from ventanilla.backoffice_adapters.money import Money
from ventanilla.backoffice_adapters.records.base import Record, Sourced


class InvoiceKind(StrEnum):
    """What kind of debt document it is; amounts are never negative, a credit note is a kind of its own."""

    INVOICE = "INVOICE"
    CREDIT_NOTE = "CREDIT_NOTE"
    DEBIT_NOTE = "DEBIT_NOTE"


class InvoiceStatus(StrEnum):
    """The stored state; whether an invoice is overdue is derived from it and the date (`Invoice.overdue_on`)."""

    DRAFT = "DRAFT"
    ISSUED = "ISSUED"
    PARTIALLY_PAID = "PARTIALLY_PAID"
    IN_PLAN = "IN_PLAN"
    PAID = "PAID"
    CANCELLED = "CANCELLED"


class DueDate(Record, gc=False):
    """Until `due_on` (inclusive) the invoice is settled by `amount`."""

    due_on: date
    amount: Money


class OfficialReference(Record):
    """The number a tax authority gave a document: CAE, CUFE, KSeF. Carried, never computed."""

    scheme: str
    value: str
    url: str | None = None


class Invoice(Sourced):
    """A debt document of an account. `total` is what its lines add up to and what the first due date asks for."""

    account_key: str
    number: str
    kind: InvoiceKind
    status: InvoiceStatus
    title: str
    issued_on: date
    due_dates: tuple[DueDate, ...]
    """One or more, ascending. A later one may ask for more (a surcharge), never for less."""
    total: Money
    paid: Money
    """Σ of its allocations."""
    open: Money
    """What settles it today: the amount of the first due date not yet past (else the last one), less `paid`;
    zero when PAID or CANCELLED, never negative."""
    period_from: date | None = None
    period_to: date | None = None
    paid_at: datetime | None = None
    official_reference: OfficialReference | None = None

    @property
    def due_on(self) -> date:
        """The first due date: the day after it the invoice is overdue."""
        return self.due_dates[0].due_on

    def overdue_on(self, today: date) -> bool:
        """Whether it is overdue on the manager's local date `today`. What gives money back never is."""
        return (
            self.status in {InvoiceStatus.ISSUED, InvoiceStatus.PARTIALLY_PAID}
            and self.kind is not InvoiceKind.CREDIT_NOTE
            and today > self.due_on
        )


class InvoiceLine(Record, gc=False):
    """One line of an invoice; the lines of an invoice add up to its total to the minor unit."""

    position: int
    description: str
    amount: Money
    """With tax; negative for a discount or a credit applied."""
    quantity: str | None = None
    """A plain decimal such as ``"12.500"``."""
    unit: str | None = None
    """What is counted: m³, month, kWh."""
    unit_price: str | None = None
    """Net, in major units; may be finer than the currency."""
    tax_rate: str | None = None
    """Percent as a plain decimal, ``"21"``."""
