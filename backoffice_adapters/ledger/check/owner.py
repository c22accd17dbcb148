"""Things of an account that are joined are of the same account."""

from __future__ import annotations

from collections.abc import Iterator

from ventanilla.backoffice_adapters.book import Book


def owners(book: Book) -> Iterator[str]:
    """What names an invoice, a payment or a meter is of its account."""
    invoices = {invoice.key: invoice.account for invoice in book.invoices}
    meters = {meter.key: meter.account for meter in book.meters}
    for what, key, account, invoice in _with_invoice(book):
        if invoices.get(invoice, account) != account:
            yield f"{what} {key!r} names invoice {invoice!r} of another account"
    for meter in book.meters:
        if meter.replaces and meters.get(meter.replaces, meter.account) != meter.account:
            yield f"meter {meter.key!r} replaces {meter.replaces!r} of another account"
    yield from _allocations(book, invoices)


def _with_invoice(book: Book) -> Iterator[tuple[str, str, str, str]]:
    """What it is, its key, its account and the invoice it names."""
    for what, entries in (
        ("charge", book.charges),
        ("accrual", book.accruals),
        ("settlement", book.utility_settlements),
    ):
        yield from ((what, entry.key, entry.account, entry.invoice) for entry in entries if entry.invoice)
    for plan in book.payment_plans:
        yield from (("payment plan", plan.key, plan.account, invoice) for invoice in plan.invoices)


def _allocations(book: Book, invoices: dict[str, str]) -> Iterator[str]:
    payments = {payment.key: payment.account for payment in book.payments}
    for allocation in book.allocations:
        owner, payer = invoices.get(allocation.invoice_key), payments.get(allocation.payment_key)
        if owner and payer and owner != payer:
            yield f"payment {allocation.payment_key!r} is allocated to {allocation.invoice_key!r} of another account"
