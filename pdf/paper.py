"""What a paper is made of. Nothing else reaches a template, so it can show nothing else."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from ventanilla.backoffice_adapters.contract import InvoiceFilter, PaymentFilter
from ventanilla.backoffice_adapters.money import Money
from ventanilla.backoffice_adapters.records import Account, Invoice, InvoiceLine, Payment, Record


class DocumentFormat(StrEnum):
    """The two forms of every paper; they say the same."""

    PDF = "PDF"
    HTML = "HTML"

    @property
    def media_type(self) -> str:
        """The media type that it is sent with."""
        return "application/pdf" if self is DocumentFormat.PDF else "text/html"


class Letterhead(Record):
    """Whose paper it is, and how that manager's papers look and speak."""

    manager: str
    """The slug: papers under way are counted for each manager."""
    name: str
    country: str
    language: str
    """BCP 47; one we have no words for is served in English."""
    locale: str
    """BCP 47: how amounts and dates are written."""
    time_zone: str
    primary: str
    on_primary: str
    email: str
    phone: str | None = None
    website: str | None = None
    issuer: str = ""
    """The manager's own lines under its name: tax number, address."""
    payment: str = ""
    """The manager's own lines on how to pay: bank account, places."""
    footer: str = ""


class InvoicePaper(Record, tag="invoice"):
    """An invoice or note, with whom and what it is for."""

    letterhead: Letterhead
    account: Account
    invoice: Invoice
    lines: tuple[InvoiceLine, ...]
    """Empty where the office tells no lines."""


class Settled(Record):
    """The part of an invoice that a payment settled."""

    document: str
    """The invoice's number; empty where who asks is not told it."""
    title: str
    settled_on: date
    amount: Money


class ReceiptPaper(Record, tag="receipt"):
    """A payment that counts, and what it settled, oldest first."""

    letterhead: Letterhead
    account: Account
    payment: Payment
    settled: tuple[Settled, ...] | None
    """None where the office does not tell."""


class PaymentHistoryPaper(Record, tag="payment_history"):
    """Payments of an account, newest first: those that `where` keeps."""

    letterhead: Letterhead
    account: Account
    where: PaymentFilter
    payments: tuple[Payment, ...]
    more: bool
    """Whether there are older ones, for which the list has no room."""


class PaidInvoiceHistoryPaper(Record, tag="paid_invoice_history"):
    """Paid invoices and notes of an account, newest first: those that `where` keeps."""

    letterhead: Letterhead
    account: Account
    where: InvoiceFilter
    invoices: tuple[Invoice, ...]
    more: bool
    """Whether there are older ones, for which the list has no room."""


Paper = InvoicePaper | ReceiptPaper | PaymentHistoryPaper | PaidInvoiceHistoryPaper
