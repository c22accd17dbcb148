"""Invoices agree with their lines and with what was paid."""

from __future__ import annotations

from collections.abc import Iterator

from ventanilla.backoffice_adapters.book import Book, InvoiceEntry
from ventanilla.backoffice_adapters.ledger.check.base import aware, decimals
from ventanilla.backoffice_adapters.ledger.totals import Totals, most_payable
from ventanilla.backoffice_adapters.records import InvoiceKind, InvoiceStatus


def invoices(book: Book, totals: Totals) -> Iterator[str]:
    """Lines add up, dates are in order, and the state allows what is paid."""
    for invoice in book.invoices:
        paid, total = totals.paid[invoice.key], invoice.total.minor
        yield from _lines(invoice)
        yield from _dates(invoice)
        if not _agrees(invoice, paid):
            yield f"invoice {invoice.key!r} is {invoice.status}, but {paid} of {total} minor units are paid"
        if paid > most_payable(invoice):
            yield f"more is allocated to invoice {invoice.key!r} than it asks for"


def _lines(invoice: InvoiceEntry) -> Iterator[str]:
    added = sum(line.amount.minor for line in invoice.lines)
    if invoice.lines and added != invoice.total.minor:
        yield f"the lines of invoice {invoice.key!r} add up to {added}, its total is {invoice.total.minor} minor units"
    if len({line.position for line in invoice.lines}) < len(invoice.lines):
        yield f"two lines of invoice {invoice.key!r} have the same position"
    for line in invoice.lines:
        what = f"line {line.position} of invoice {invoice.key!r}"
        yield from decimals(what, quantity=line.quantity, unit_price=line.unit_price, tax_rate=line.tax_rate)


def _dates(invoice: InvoiceEntry) -> Iterator[str]:
    if (invoice.later_due_on is None) != (invoice.later_total is None):
        yield f"invoice {invoice.key!r} gives only one of later_due_on and later_total"
    if invoice.later_due_on and invoice.later_due_on <= invoice.due_on:
        yield f"invoice {invoice.key!r} falls due later ({invoice.later_due_on}) not after {invoice.due_on}"
    yield from aware(f"invoice {invoice.key!r}", paid_at=invoice.paid_at)


def _agrees(invoice: InvoiceEntry, paid: int) -> bool:
    """Whether the state allows what is paid. A used-up credit note is PAID without any payment."""
    if invoice.kind is InvoiceKind.CREDIT_NOTE:
        return paid == 0
    if invoice.status is InvoiceStatus.PAID:
        return paid >= invoice.total.minor
    if invoice.status is InvoiceStatus.PARTIALLY_PAID:
        return 0 < paid < most_payable(invoice)
    if invoice.status is InvoiceStatus.IN_PLAN:
        return paid < most_payable(invoice)
    return paid == 0
