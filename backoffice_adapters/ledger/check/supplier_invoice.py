"""Invoices of suppliers."""

from __future__ import annotations

from collections.abc import Iterator

from ventanilla.backoffice_adapters.book import Book
from ventanilla.backoffice_adapters.records import SupplierInvoiceStatus


def supplier_invoices(book: Book) -> Iterator[str]:
    """What is paid says since when, and is not due before it was written."""
    for invoice in book.supplier_invoices:
        what, paid = f"supplier invoice {invoice.key!r}", invoice.status is SupplierInvoiceStatus.PAID
        if paid != (invoice.paid_on is not None):
            yield f"{what} is {invoice.status} and {'lacks' if paid else 'has'} the day it was paid"
        if invoice.due_on < invoice.issued_on:
            yield f"{what} falls due on {invoice.due_on}, before it was issued, {invoice.issued_on}"
