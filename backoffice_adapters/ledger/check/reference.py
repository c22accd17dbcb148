"""What a book names, it has."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ventanilla.backoffice_adapters.book import Book
from ventanilla.backoffice_adapters.ledger.check.key import kinds

Named = Iterable[tuple[str, str | None]]
"""Who names something, and its key."""


def references(book: Book) -> Iterator[str]:
    """Whatever is named by its key is in the book."""
    known = {kind: {entry.key for entry in entries} for kind, entries in kinds(book)}
    for what, kind, named in (*_places(book), *_money(book), *_supplies(book), *_notices(book)):
        for key, target in named:
            if target is not None and target not in known[kind]:
                yield f"{what} {key!r} names {kind} {target!r}, which the book does not have"


def _places(book: Book) -> Iterator[tuple[str, str, Named]]:
    yield "account", "party", ((account.key, account.holder) for account in book.accounts)
    yield "account", "unit", ((account.key, account.unit) for account in book.accounts)
    yield "account", "property", ((account.key, account.place) for account in book.accounts)
    yield "unit", "building", ((unit.key, unit.building_key) for unit in book.units)
    yield "building", "community", ((building.key, building.community) for building in book.buildings)
    yield "share", "unit", ((share.key, share.unit_key) for share in book.ownership_shares)
    yield "standing of party", "party", ((entry.party, entry.party) for entry in book.standings)
    yield "standing of party", "account", ((entry.party, entry.account) for entry in book.standings)
    yield "standing of party", "community", ((entry.party, entry.community) for entry in book.standings)
    yield "enrolment of account", "account", ((e.account, e.account) for e in book.enrolments)


def _money(book: Book) -> Iterator[tuple[str, str, Named]]:
    yield "invoice", "account", ((invoice.key, invoice.account) for invoice in book.invoices)
    yield "charge", "account", ((charge.key, charge.account) for charge in book.charges)
    yield "charge", "invoice", ((charge.key, charge.invoice) for charge in book.charges)
    yield "payment", "account", ((payment.key, payment.account) for payment in book.payments)
    yield "allocation of payment", "invoice", ((a.payment_key, a.invoice_key) for a in book.allocations)
    yield "allocation to invoice", "payment", ((a.invoice_key, a.payment_key) for a in book.allocations)
    yield "accrual", "account", ((accrual.key, accrual.account) for accrual in book.accruals)
    yield "accrual", "invoice", ((accrual.key, accrual.invoice) for accrual in book.accruals)
    yield "payment plan", "account", ((plan.key, plan.account) for plan in book.payment_plans)
    yield "payment plan", "invoice", ((plan.key, key) for plan in book.payment_plans for key in plan.invoices)
    yield "instalment", "payment plan", ((instalment.key, instalment.plan) for instalment in book.instalments)


def _supplies(book: Book) -> Iterator[tuple[str, str, Named]]:
    yield "meter", "account", ((meter.key, meter.account) for meter in book.meters)
    yield "meter", "meter", ((meter.key, meter.replaces) for meter in book.meters)
    yield "reading", "meter", ((reading.key, reading.meter) for reading in book.meter_readings)
    yield "settlement", "account", ((settlement.key, settlement.account) for settlement in book.utility_settlements)
    yield "settlement", "invoice", ((settlement.key, settlement.invoice) for settlement in book.utility_settlements)
    yield "supplier invoice", "party", ((invoice.key, invoice.supplier) for invoice in book.supplier_invoices)
    yield "supplier invoice", "community", ((invoice.key, invoice.community) for invoice in book.supplier_invoices)


def _notices(book: Book) -> Iterator[tuple[str, str, Named]]:
    yield "notice", "community", ((notice.key, notice.community) for notice in book.notices)
    yield "notice", "account", ((notice.key, key) for notice in book.notices for key in notice.accounts)
    yield "notice", "building", ((notice.key, key) for notice in book.notices for key in notice.buildings)
    yield "notice", "community", ((notice.key, key) for notice in book.notices for key in notice.communities)
