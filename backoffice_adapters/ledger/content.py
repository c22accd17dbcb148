"""A book as rows of the ledger's tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime

import orjson

from ventanilla.backoffice_adapters.book import AccountEntry, Book, InvoiceEntry
from ventanilla.backoffice_adapters.database import Scalar, stamp
from ventanilla.backoffice_adapters.ledger.check import BookError, check, keepable, plain
from ventanilla.backoffice_adapters.ledger.totals import totals_of
from ventanilla.backoffice_adapters.money import Money
from ventanilla.backoffice_adapters.records import Allocation, InvoiceLine, Property

Content = tuple[Scalar, ...]


def content_of(name: str, book: Book) -> Mapping[str, Sequence[Content]]:
    """Check `book` and lay it out as table → rows, each beginning with the ledger's `name`; else `BookError`."""
    totals = totals_of(book)
    check(book, totals)
    content: dict[str, list[Content]] = {
        "party": [
            (p.key, p.name, p.kind.value, p.document_type, p.document_number, p.email, p.phone) for p in book.parties
        ],
        "place": [_place(place) for place in book.properties],
        "unit": [(u.key, u.label, u.kind.value, u.area_m2) for u in book.units],
        "account": [_account(account, book.currency) for account in book.accounts],
        "invoice": [_invoice(invoice, totals.paid[invoice.key]) for invoice in book.invoices],
        "invoice_line": [_line(invoice.key, line) for invoice in book.invoices for line in invoice.lines],
        "charge": [
            (c.key, c.account, c.description, *_money(c.amount), _day(c.charged_on), c.status.value, c.invoice)
            for c in book.charges
        ],
        "payment": [
            (p.key, p.account, p.amount.minor, p.amount.minor - totals.allocated[p.key], p.amount.currency,
             stamp(p.paid_at), p.status.value, p.method, p.reference)
            for p in book.payments
        ],
        "allocation": [
            _allocation(position, allocation, allocation.payment_key in totals.counted)
            for position, allocation in enumerate(book.allocations)
        ],
    }  # fmt: skip
    problems = [problem for table, rows in content.items() for problem in _unkeepable(table, rows)]
    if problems:
        raise BookError(problems)
    return {table: [(name, *row) for row in rows] for table, rows in content.items()}


def _unkeepable(table: str, rows: Sequence[Content]) -> Iterator[str]:
    for row in rows:
        if any(isinstance(value, str) and not keepable(value) for value in row):
            yield f"{table} {row[0]!r} has a text with a NUL or half a surrogate pair"


def _day(day: date | None) -> str | None:
    return day and day.isoformat()


def _moment(moment: datetime | None) -> str | None:
    return moment and stamp(moment)


def _money(money: Money) -> tuple[int, str]:
    return money.minor, money.currency


def _place(place: Property) -> Content:
    address, geo = place.address, place.geo
    return (
        place.key, place.name, orjson.dumps(address.lines).decode(), address.locality, address.region,
        address.postal_code, address.country, geo and geo.latitude, geo and geo.longitude,
    )  # fmt: skip


def _account(account: AccountEntry, currency: str) -> Content:
    stated = account.stated_balance
    return (
        account.key, account.number, plain(account.number), account.licence.value, account.status.value, account.title,
        account.holder, account.unit, account.place, currency, _day(account.opened_on), _day(account.closed_on),
        None if stated is None else stated.minor,
    )  # fmt: skip


def _invoice(invoice: InvoiceEntry, paid: int) -> Content:
    later, reference = invoice.later_total, invoice.official_reference
    return (
        invoice.key, invoice.account, invoice.number, invoice.kind.value, invoice.status.value, invoice.title,
        _day(invoice.issued_on), _day(invoice.due_on), _day(invoice.later_due_on),
        None if later is None else later.minor, invoice.total.minor, paid, invoice.total.currency,
        _day(invoice.period_from), _day(invoice.period_to), _moment(invoice.paid_at),
        reference and reference.scheme, reference and reference.value, reference and reference.url,
    )  # fmt: skip


def _line(invoice_key: str, line: InvoiceLine) -> Content:
    return (
        invoice_key, line.position, line.description, *_money(line.amount), line.quantity, line.unit, line.unit_price,
        line.tax_rate,
    )  # fmt: skip


def _allocation(position: int, allocation: Allocation, counted: bool) -> Content:
    return (
        position, allocation.payment_key, allocation.invoice_key, *_money(allocation.amount),
        _day(allocation.allocated_on), int(counted),
    )  # fmt: skip
