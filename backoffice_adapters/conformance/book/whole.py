"""The reference books put together."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from ventanilla.backoffice_adapters.book import Book, InvoiceEntry, StandingEntry
from ventanilla.backoffice_adapters.conformance.book.account import accounts, enrolments
from ventanilla.backoffice_adapters.conformance.book.accrual import accruals
from ventanilla.backoffice_adapters.conformance.book.charge import charges
from ventanilla.backoffice_adapters.conformance.book.interest import (
    interest_rates,
    late_allocations,
    late_invoices,
    late_payments,
)
from ventanilla.backoffice_adapters.conformance.book.invoice import busy_invoices, issued, other_invoices
from ventanilla.backoffice_adapters.conformance.book.meter import meter_readings, meters
from ventanilla.backoffice_adapters.conformance.book.notice import notices
from ventanilla.backoffice_adapters.conformance.book.party import parties, standings
from ventanilla.backoffice_adapters.conformance.book.payment import allocations, payments
from ventanilla.backoffice_adapters.conformance.book.payment_plan import instalments, payment_plans
from ventanilla.backoffice_adapters.conformance.book.pen import EMPTY, Pen
from ventanilla.backoffice_adapters.conformance.book.place import (
    buildings,
    communities,
    ownership_shares,
    properties,
    units,
)
from ventanilla.backoffice_adapters.conformance.book.supplier_invoice import supplier_invoices
from ventanilla.backoffice_adapters.conformance.book.utility_settlement import utility_settlements
from ventanilla.backoffice_adapters.records import Licence, Party, PartyRole

_NAMED = {
    "parties": "name",
    "communities": "name",
    "buildings": "name",
    "ownership_shares": "owner",
    "meters": "number",
    "enrolments": "channel",
    "notices": "title",
}
"""The text by which two books' entries without amounts are told apart."""
_GROWING = ("charges", "payments", "accruals", "meter_readings", "utility_settlements", "notices", "supplier_invoices")
"""Kinds of which more may come at any time; nothing else of the book depends on them."""


def book(licence: Licence, currency: str) -> Book:
    """The office of the manager under test."""
    return _written(Pen(licence=licence, currency=currency, factor=1))


def other_book(licence: Licence, currency: str) -> Book:
    """A second manager's office: the same keys, other people, other amounts, one account fewer, rates without end."""
    whole = _written(Pen(licence=licence, currency=currency, factor=3))
    named = {kind: _renamed(getattr(whole, kind), field) for kind, field in _NAMED.items()}
    newest, *older = whole.interest_rates
    return replace(
        whole,
        accounts=tuple(entry for entry in whole.accounts if entry.key != EMPTY),
        interest_rates=(replace(newest, valid_until=None), *older),
        **named,
    )


def _renamed(entries: tuple[Any, ...], field: str) -> tuple[Any, ...]:
    return tuple(replace(entry, **{field: f"{getattr(entry, field) or ''} (bis)"}) for entry in entries)


def grown(whole: Book) -> Book:
    """`whole` with rows put in between: before, among and after rows of equal dates."""
    added = {kind: _doubled(getattr(whole, kind)) for kind in _GROWING}
    suppliers = _doubled(whole.parties)
    return replace(
        whole,
        invoices=(*whole.invoices, *_new_invoices(whole)),
        parties=suppliers,
        standings=(*whole.standings, *_new_standings(suppliers[len(whole.parties) :])),
        **added,
    )


def _doubled(entries: tuple[Any, ...]) -> tuple[Any, ...]:
    """Every second row a second time, under a key that follows its own."""
    return (*entries, *(replace(entry, key=f"{entry.key}a") for entry in entries[::2]))


def _new_invoices(whole: Book) -> tuple[InvoiceEntry, ...]:
    model = next(entry for entry in whole.invoices if entry.key == "inv10")
    return tuple(
        replace(model, key=f"inv{key}", number=f"N-{key}", issued_on=issued(step), lines=model.lines)
        for key, step in (("00a", 0), ("09a", 9), ("10a", 10), ("12a", 12), ("36a", 36))
    )


def _new_standings(suppliers: tuple[Party, ...]) -> tuple[StandingEntry, ...]:
    return tuple(StandingEntry(party=party.key, role=PartyRole.SUPPLIER) for party in suppliers)


def _written(pen: Pen) -> Book:
    return Book(
        currency=pen.currency,
        parties=parties(),
        properties=properties(),
        units=units(),
        accounts=accounts(pen),
        invoices=(*busy_invoices(pen), *other_invoices(pen), *late_invoices(pen)),
        charges=charges(pen),
        payments=(*payments(pen), *late_payments(pen)),
        allocations=(*allocations(pen), *late_allocations(pen)),
        accruals=accruals(pen),
        payment_plans=payment_plans(pen),
        instalments=instalments(pen),
        interest_rates=interest_rates(),
        enrolments=enrolments(),
        meters=meters(),
        meter_readings=meter_readings(pen),
        utility_settlements=utility_settlements(pen),
        communities=communities(),
        buildings=buildings(),
        ownership_shares=ownership_shares(),
        notices=notices(),
        standings=standings(),
        supplier_invoices=supplier_invoices(pen),
    )
