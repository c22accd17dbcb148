"""A book is checked whole before any of it is kept."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from ventanilla.backoffice_adapters.book import Book, InvoiceEntry, PaymentEntry
from ventanilla.backoffice_adapters.ledger.totals import Totals, most_payable
from ventanilla.backoffice_adapters.money import Money
from ventanilla.backoffice_adapters.records import InvoiceKind, InvoiceStatus

MOST = 2**63 - 1
"""The greatest amount in minor units that either database keeps exactly."""
_UNKEEPABLE = re.compile("[\0\ud800-\udfff]")
_SHOWN = 50


class BookError(ValueError):
    """A book contradicts itself; `problems` says where, one readable sentence each. Nothing of it was kept."""

    def __init__(self, problems: Sequence[str]) -> None:
        shown = [*problems[:_SHOWN], *([f"… and {len(problems) - _SHOWN} more"] if len(problems) > _SHOWN else [])]
        super().__init__("\n".join(["the book contradicts itself; correct these and fill again:", *shown]))
        self.problems = tuple(problems)


def keepable(text: str) -> bool:
    """Whether both databases can keep `text`: no NUL, no half of a surrogate pair."""
    return not _UNKEEPABLE.search(text)


def well_formed(key: str) -> bool:
    """Whether `key` can be a key at all: 1–120 characters that can be kept."""
    return 0 < len(key) <= 120 and keepable(key)


def plain(number: str) -> str:
    """A printed number without spaces and punctuation."""
    return "".join(filter(str.isalnum, number))


def check(book: Book, totals: Totals) -> None:
    """Raise `BookError` unless everything in `book` agrees."""
    problems = [
        problem
        for part in (_keys, _numbers, _addresses, _references, _owners, _amounts, _currencies)
        for problem in part(book)
    ]
    # Sums say something only of amounts that can be summed.
    if not problems:
        problems = [*_invoices(book, totals), *_allocations(book, totals)]
    if problems:
        raise BookError(problems)


def _kinds(book: Book) -> Iterator[tuple[str, Sequence[Any]]]:
    yield "party", book.parties
    yield "property", book.properties
    yield "unit", book.units
    yield "account", book.accounts
    yield "invoice", book.invoices
    yield "charge", book.charges
    yield "payment", book.payments


def _keys(book: Book) -> Iterator[str]:
    for kind, entries in _kinds(book):
        seen = Counter(entry.key for entry in entries)
        yield from (f"{kind} {key!r} stands {times} times" for key, times in seen.items() if times > 1)
        yield from (f"{kind} key {key!r} is not 1–120 ordinary characters" for key in seen if not well_formed(key))


def _numbers(book: Book) -> Iterator[str]:
    seen: defaultdict[str, list[str]] = defaultdict(list)
    for account in book.accounts:
        seen[plain(account.number)].append(account.key)
    if "" in seen:
        yield f"accounts {seen.pop('')} have a number without letters and digits"
    yield from (f"accounts {keys} have the same number {number!r}" for number, keys in seen.items() if len(keys) > 1)


def _addresses(book: Book) -> Iterator[str]:
    for place in book.properties:
        if not all(map(keepable, place.address.lines)):
            yield f"property {place.key!r} has a street line with a NUL or half a surrogate pair"


def _references(book: Book) -> Iterator[str]:
    known = {kind: {entry.key for entry in entries} for kind, entries in _kinds(book)}

    def missing(what: str, entries: Iterable[tuple[str, str | None]], kind: str) -> Iterator[str]:
        for key, target in entries:
            if target is not None and target not in known[kind]:
                yield f"{what} {key!r} names {kind} {target!r}, which the book does not have"

    yield from missing("account", ((account.key, account.holder) for account in book.accounts), "party")
    yield from missing("account", ((account.key, account.unit) for account in book.accounts), "unit")
    yield from missing("account", ((account.key, account.place) for account in book.accounts), "property")
    yield from missing("invoice", ((invoice.key, invoice.account) for invoice in book.invoices), "account")
    yield from missing("charge", ((charge.key, charge.account) for charge in book.charges), "account")
    yield from missing("charge", ((charge.key, charge.invoice) for charge in book.charges), "invoice")
    yield from missing("payment", ((payment.key, payment.account) for payment in book.payments), "account")
    yield from missing("allocation of payment", ((a.payment_key, a.invoice_key) for a in book.allocations), "invoice")
    yield from missing("allocation to invoice", ((a.invoice_key, a.payment_key) for a in book.allocations), "payment")


def _owners(book: Book) -> Iterator[str]:
    invoices = {invoice.key: invoice.account for invoice in book.invoices}
    payments = {payment.key: payment.account for payment in book.payments}
    for charge in book.charges:
        if charge.invoice and invoices.get(charge.invoice, charge.account) != charge.account:
            yield f"charge {charge.key!r} names invoice {charge.invoice!r} of another account"
    for allocation in book.allocations:
        owner, payer = invoices.get(allocation.invoice_key), payments.get(allocation.payment_key)
        if owner and payer and owner != payer:
            yield f"payment {allocation.payment_key!r} is allocated to {allocation.invoice_key!r} of another account"


def _money(book: Book) -> Iterator[tuple[str, Money, int]]:
    """Every amount of the book, what it is, and the least it may be."""
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
    for payment in book.payments:
        yield f"amount of payment {payment.key!r}", payment.amount, 0
    for a in book.allocations:
        yield f"allocation of payment {a.payment_key!r} to invoice {a.invoice_key!r}", a.amount, 1


def _currencies(book: Book) -> Iterator[str]:
    for what, money, _ in _money(book):
        if money.currency != book.currency:
            yield f"{what} is in {money.currency}, the book in {book.currency}"


def _amounts(book: Book) -> Iterator[str]:
    for what, money, least in _money(book):
        if not least <= money.minor <= MOST:
            yield f"{what} is {money.minor} minor units; it may be from {least} to {MOST}"


def _invoices(book: Book, totals: Totals) -> Iterator[str]:
    for invoice in book.invoices:
        yield from _lines(invoice)
        yield from _dates(invoice)
        if not _agrees(invoice, totals.paid[invoice.key]):
            yield (
                f"invoice {invoice.key!r} is {invoice.status}, but {totals.paid[invoice.key]} of "
                f"{invoice.total.minor} minor units are paid"
            )


def _lines(invoice: InvoiceEntry) -> Iterator[str]:
    added = sum(line.amount.minor for line in invoice.lines)
    if invoice.lines and added != invoice.total.minor:
        yield f"the lines of invoice {invoice.key!r} add up to {added}, its total is {invoice.total.minor} minor units"
    if len({line.position for line in invoice.lines}) < len(invoice.lines):
        yield f"two lines of invoice {invoice.key!r} have the same position"


def _dates(invoice: InvoiceEntry) -> Iterator[str]:
    if (invoice.later_due_on is None) != (invoice.later_total is None):
        yield f"invoice {invoice.key!r} gives only one of later_due_on and later_total"
    if invoice.later_due_on and invoice.later_due_on <= invoice.due_on:
        yield f"invoice {invoice.key!r} falls due later ({invoice.later_due_on}) not after {invoice.due_on}"
    if invoice.paid_at and invoice.paid_at.tzinfo is None:
        yield f"paid_at of invoice {invoice.key!r} has no time zone"


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


def _allocations(book: Book, totals: Totals) -> Iterator[str]:
    for invoice in book.invoices:
        if totals.paid[invoice.key] > most_payable(invoice):
            yield f"more is allocated to invoice {invoice.key!r} than it asks for"
    for payment in book.payments:
        yield from _payment(payment, totals.allocated[payment.key])


def _payment(payment: PaymentEntry, allocated: int) -> Iterator[str]:
    if allocated > payment.amount.minor:
        yield f"payment {payment.key!r} of {payment.amount.minor} minor units is allocated {allocated}"
    if payment.paid_at.tzinfo is None:
        yield f"paid_at of payment {payment.key!r} has no time zone"
