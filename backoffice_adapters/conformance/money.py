"""Promises about money and time: exact, and adding up."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import Any

from ventanilla.backoffice_adapters.conformance.bench import Bench
from ventanilla.backoffice_adapters.conformance.book import BIG, EMPTY, TODAY, WEALTHY
from ventanilla.backoffice_adapters.conformance.promises import aligned, expect, leaves, promise, same
from ventanilla.backoffice_adapters.money import Money, total
from ventanilla.backoffice_adapters.records import Balance, Invoice, InvoiceStatus

_DAYS_NAMED = {"since", "until", "unknown_since", "period_from", "period_to", "verified_until"}
_MOMENTS = {"as_of", "published_from", "visible_until"}
_DECIMALS = {"quantity", "unit_price", "tax_rate", "area_m2", "consumption", "annual_rate"}
_WHOLE = {"minor", "position", "days", "digits", "decimals", "numerator", "denominator", "instalment_count"}
"""Fields by what their values are; days and moments are told by the end of most names."""
_DECIMAL = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_DAYS = (TODAY - timedelta(days=150), TODAY - timedelta(days=1), TODAY, TODAY + timedelta(days=1), date(2027, 2, 28))


@promise("balances.read")
async def balances_add_up(bench: Bench) -> None:
    """What is owed is the open documents less credit notes and unmatched payments, or the office's own figure."""
    await _balances(bench, "amount")


@promise("balances.read")
async def overdue_is_what_is_past_its_due_date(bench: Bench) -> None:
    """Amount, oldest date and number of the documents whose first due date is before the day of the call."""
    await _balances(bench, "overdue")


@promise("balances.read")
async def next_due_is_what_comes(bench: Bench) -> None:
    """Open documents that are not yet overdue, soonest first, at most twelve."""
    await _balances(bench, "next_due")


async def _balances(bench: Bench, field: str) -> None:
    refs = await bench.mine.refs()
    for today in _DAYS:
        found = await bench.mine.ask("balances", refs, today=today)
        wanted = await bench.mine.expected("balances", refs, today=today)
        for one, other in zip(found, wanted, strict=True):
            expect(isinstance(one, Balance), f"balances: {one!r} for account {other.key!r}")
            same(f"balance of {other.key} on {today}, {field}", getattr(one, field), getattr(other, field))


@promise("invoices.read")
async def open_follows_the_due_date_in_force(bench: Bench) -> None:
    """Until the first due date the total is asked for, after it the later amount; less what is paid, never negative."""
    keys = [entry.key for entry in bench.mine.twin.book.invoices if entry.status is not InvoiceStatus.DRAFT]
    for today in _DAYS:
        found = await bench.mine.ask("invoices_by_key", keys, today=today)
        aligned(f"invoices on {today}", keys, found, await bench.mine.expected("invoices_by_key", keys, today=today))


@promise("invoices.read", "invoices.lines")
async def lines_add_up_to_the_total(bench: Bench) -> None:
    """The lines of an invoice, discounts and taxes among them, add up to its total to the minor unit."""
    for invoice, lines in await _with(bench, "invoice_lines"):
        added = total((line.amount for line in lines), invoice.total.currency)
        expect(added == invoice.total, f"the lines of {invoice.key} add up to {added}, its total is {invoice.total}")
        positions = [line.position for line in lines]
        expect(positions == sorted(set(positions)), f"the lines of {invoice.key} are not by position: {positions}")


@promise("invoices.read", "invoices.allocations")
async def allocations_add_up_to_what_is_paid(bench: Bench) -> None:
    """What was matched with an invoice, oldest first, adds up to its `paid`; payments that failed do not count."""
    for invoice, allocations in await _with(bench, "invoice_allocations"):
        added = total((row.amount for row in allocations), invoice.paid.currency)
        expect(added == invoice.paid, f"{added} is allocated to {invoice.key}, {invoice.paid} is paid")
        days = [row.allocated_on for row in allocations]
        expect(days == sorted(days), f"the allocations of {invoice.key} are not oldest first")


async def _with(bench: Bench, method: str) -> list[tuple[Invoice, Any]]:
    keys = [entry.key for entry in bench.mine.twin.book.invoices if entry.status is not InvoiceStatus.DRAFT]
    invoices = await bench.mine.ask("invoices_by_key", keys)
    parts = await bench.mine.ask(method, keys)
    expect(all(invoices) and None not in parts, f"{method}: an invoice of the book is missing")
    return list(zip(invoices, parts, strict=True))


@promise("payments.read", "payments.allocations")
async def payments_tell_what_is_unallocated(bench: Bench) -> None:
    """A payment's amount is what it was matched with and what is unallocated."""
    keys = [entry.key for entry in bench.mine.twin.book.payments]
    payments = await bench.mine.ask("payments_by_key", keys)
    for payment, rows in zip(payments, await bench.mine.ask("payment_allocations", keys), strict=True):
        matched = total((row.amount for row in rows), payment.amount.currency)
        expect(payment.unallocated + matched == payment.amount, f"payment {payment.key} does not add up")


@promise("invoices.read")
async def great_amounts_are_exact(bench: Bench) -> None:
    """Amounts that no binary float holds come back to the minor unit."""
    great = [entry for entry in bench.mine.twin.book.invoices if entry.account == WEALTHY]
    found = await bench.mine.ask("invoices_by_key", [entry.key for entry in great])
    for entry, invoice in zip(great, found, strict=True):
        expect(
            entry.total.minor < BIG or invoice.total.minor == entry.total.minor, f"{invoice.total} is not {entry.total}"
        )


@promise()
async def values_are_of_their_types(bench: Bench) -> None:
    """Money is whole minor units of the office's currency, dates are dates, moments are aware UTC, texts are texts."""
    for question in await bench.mine.questions():
        found = await bench.mine.ask(question.method, question.subjects, *question.args)
        for path, value in leaves(found):
            problem = _unsound(path.rpartition(".")[2], value, bench.harness.currency)
            expect(not problem, f"{question.method}: {path} {problem}")


def _unsound(field: str, value: Any, currency: str) -> str:
    """What is wrong with a plain value of the field of that name; empty if nothing."""
    if value is None or (isinstance(value, float) and field in {"latitude", "longitude"}):
        return ""
    if isinstance(value, float) or (field in _WHOLE and type(value) is not int):
        return f"is {value!r}, not a whole number"
    if field == "currency" and value != currency:
        return f"is {value!r} in an office of {currency}"
    if (field.endswith("_on") or field in _DAYS_NAMED) and type(value) is not date:
        return f"is {value!r}, not a date"
    if field in _DECIMALS and not _DECIMAL.fullmatch(str(value)):
        return f"is {value!r}, not a plain decimal"
    return _unsound_moment(value) if field.endswith("_at") or field in _MOMENTS else ""


def _unsound_moment(value: Any) -> str:
    aware = isinstance(value, datetime) and value.utcoffset() == timedelta(0)
    return "" if aware else f"is {value!r}, not an aware UTC datetime"


@promise("balances.read")
async def nothing_owed_is_zero(bench: Bench) -> None:
    """An account without documents owes zero in its currency; nothing overdue has no date and no documents."""
    refs = [ref for ref in await bench.mine.refs() if ref.key == EMPTY]
    (found,) = await bench.mine.ask("balances", refs)
    zero = Money(0, bench.harness.currency)
    expect(isinstance(found, Balance), f"balances: {found!r} for an account without documents")
    expect(found.amount == zero, f"balances: {found.amount} for an account without documents")
    overdue = (found.overdue.amount, found.overdue.oldest_due_on, found.overdue.document_count)
    expect(overdue == (zero, None, 0), f"balances: something overdue without documents: {overdue}")
    expect(found.next_due == (), "balances: something due without documents")
