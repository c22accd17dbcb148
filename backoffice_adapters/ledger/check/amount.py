"""Every amount is in the book's currency, and can be kept."""

from __future__ import annotations

from collections.abc import Iterator

from ventanilla.backoffice_adapters.book import Book
from ventanilla.backoffice_adapters.ledger.check.base import MOST
from ventanilla.backoffice_adapters.money import Money

Amount = tuple[str, Money, int]
"""What it is, how much, and the least it may be."""


def currencies(book: Book) -> Iterator[str]:
    """A book has one currency."""
    for what, money, _ in _money(book):
        if money.currency != book.currency:
            yield f"{what} is in {money.currency}, the book in {book.currency}"


def amounts(book: Book) -> Iterator[str]:
    """Amounts are not too small and not too great."""
    for what, money, least in _money(book):
        if not least <= money.minor <= MOST:
            yield f"{what} is {money.minor} minor units; it may be from {least} to {MOST}"


def _money(book: Book) -> Iterator[Amount]:
    yield from _documents(book)
    yield from _payments(book)
    yield from _plans(book)
    for settlement in book.utility_settlements:
        for line in settlement.lines:
            yield f"cost of a line of settlement {settlement.key!r}", line.cost, 0
            yield f"advances of a line of settlement {settlement.key!r}", line.advances, 0


def _documents(book: Book) -> Iterator[Amount]:
    for account in book.accounts:
        if account.stated_balance is not None:
            yield f"balance of account {account.key!r}", account.stated_balance, -MOST
    for invoice in book.invoices:
        yield f"total of invoice {invoice.key!r}", invoice.total, 0
        if invoice.later_total is not None:
            yield f"later total of invoice {invoice.key!r}", invoice.later_total, invoice.total.minor
        for line in invoice.lines:
            yield f"line {line.position} of invoice {invoice.key!r}", line.amount, -MOST
    for charge in book.charges:
        yield f"amount of charge {charge.key!r}", charge.amount, 0
    for billed in book.supplier_invoices:
        yield f"amount of supplier invoice {billed.key!r}", billed.amount, 0


def _payments(book: Book) -> Iterator[Amount]:
    for payment in book.payments:
        yield f"amount of payment {payment.key!r}", payment.amount, 0
        if payment.taken_back is not None:
            yield f"what was taken back of payment {payment.key!r}", payment.taken_back, 0
    for a in book.allocations:
        yield f"allocation of payment {a.payment_key!r} to invoice {a.invoice_key!r}", a.amount, 1


def _plans(book: Book) -> Iterator[Amount]:
    for accrual in book.accruals:
        yield f"amount of accrual {accrual.key!r}", accrual.amount, -MOST
    for plan in book.payment_plans:
        yield f"interest of payment plan {plan.key!r}", plan.interest, 0
    for instalment in book.instalments:
        yield f"amount of instalment {instalment.key!r}", instalment.amount, 0
