"""A book as flat rows and back: what stands in which table.

A row maps a table's fields to values; what is absent has no entry. The holder, unit and place of an account that have
no key of their own take the account's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from ventanilla.backoffice_adapters.book import AccountEntry, Book, ChargeEntry, InvoiceEntry, PaymentEntry
from ventanilla.backoffice_adapters.records import (
    Address,
    Allocation,
    Geo,
    InvoiceLine,
    OfficialReference,
    Party,
    Property,
    Record,
    Unit,
)

Row = dict[str, Any]
Rows = dict[str, list[Row]]
"""Table → its rows."""

Keyed = TypeVar("Keyed", Party, Unit, Property)
PARTS = ("holder", "unit", "place")
"""What an account's row tells of others: the person, the premises, the property."""


def part(row: Row, name: str) -> Row:
    """The fields of `row` that begin with `name` and an underscore, without it."""
    front = f"{name}_"
    return {field.removeprefix(front): value for field, value in row.items() if field.startswith(front)}


def _without(row: Row, *fronts: str) -> Row:
    return {field: value for field, value in row.items() if not field.startswith(fronts)}


# -- rows to a book ----------------------------------------------------------------------------------------------


def book_of(rows: Mapping[str, Iterable[Row]], currency: str) -> Book:
    """Put the rows of all tables together; a party, unit or property told twice is one."""
    accounts = [_with_keys(row) for row in rows.get("accounts", ())]
    lines: dict[str, list[InvoiceLine]] = {}
    for row in rows.get("lines", ()):
        lines.setdefault(row["invoice"], []).append(InvoiceLine(**_without(row, "invoice")))
    return Book(
        currency=currency,
        parties=_distinct(Party(**part(row, "holder")) for row in accounts),
        units=_distinct(Unit(**part(row, "unit")) for row in accounts if "unit_key" in row),
        properties=_distinct(_property(part(row, "place")) for row in accounts if "place_key" in row),
        accounts=tuple(_account(row) for row in accounts),
        invoices=tuple(_invoice(row, lines.get(row["key"], [])) for row in rows.get("invoices", ())),
        charges=tuple(ChargeEntry(**row) for row in rows.get("charges", ())),
        payments=tuple(PaymentEntry(**row) for row in rows.get("payments", ())),
        allocations=tuple(_allocation(row) for row in rows.get("allocations", ())),
    )


def _with_keys(row: Row) -> Row:
    return {f"{name}_key": row["key"] for name in PARTS if part(row, name)} | row


def _distinct(records: Iterable[Keyed]) -> tuple[Keyed, ...]:
    return tuple({record.key: record for record in records}.values())


def _account(row: Row) -> AccountEntry:
    own = _without(row, *(f"{name}_" for name in PARTS))
    return AccountEntry(**own, holder=row["holder_key"], unit=row.get("unit_key"), place=row.get("place_key"))


def _property(place: Row) -> Property:
    geo = Geo(latitude=place["latitude"], longitude=place["longitude"]) if "latitude" in place else None
    rest = _without(place, "key", "name", "street", "latitude", "longitude")
    return Property(key=place["key"], name=place["name"], address=Address(lines=place["street"], **rest), geo=geo)


def _invoice(row: Row, lines: list[InvoiceLine]) -> InvoiceEntry:
    official = part(row, "official")
    reference = OfficialReference(**official) if official else None
    return InvoiceEntry(**_without(row, "official_"), lines=tuple(lines), official_reference=reference)


def _allocation(row: Row) -> Allocation:
    return Allocation(payment_key=row["payment"], invoice_key=row["invoice"], **_without(row, "payment", "invoice"))


# -- a book to rows ----------------------------------------------------------------------------------------------


def rows_of(book: Book) -> Rows:
    """Lay a book out in rows; raise `KeyError` where an account names a party, unit or property it does not hold."""
    parties = {party.key: party for party in book.parties}
    units = {unit.key: unit for unit in book.units}
    places = {place.key: place for place in book.properties}
    return {
        "accounts": [
            _fields(entry, "holder", "unit", "place")
            | _front("holder", _fields(parties[entry.holder]))
            | _front("unit", _fields(units[entry.unit]) if entry.unit else {})
            | _front("place", _place(places[entry.place]) if entry.place else {})
            for entry in book.accounts
        ],
        "invoices": [_invoice_row(entry) for entry in book.invoices],
        "lines": [{"invoice": entry.key, **_fields(line)} for entry in book.invoices for line in entry.lines],
        "charges": [_fields(entry) for entry in book.charges],
        "payments": [_fields(entry) for entry in book.payments],
        "allocations": [
            {"payment": entry.payment_key, "invoice": entry.invoice_key, **_fields(entry, "payment_key", "invoice_key")}
            for entry in book.allocations
        ],
    }


def _fields(record: Record, *without: str) -> Row:
    names = (name for name in record.__struct_fields__ if name not in without)
    return {name: value for name in names if (value := getattr(record, name)) is not None}


def _front(name: str, fields: Row) -> Row:
    return {f"{name}_{field}": value for field, value in fields.items()}


def _place(place: Property) -> Row:
    address = _fields(place.address, "lines")
    return {
        "key": place.key,
        "name": place.name,
        "street": place.address.lines,
        **address,
        **(_fields(place.geo) if place.geo else {}),
    }


def _invoice_row(entry: InvoiceEntry) -> Row:
    official = _fields(entry.official_reference) if entry.official_reference else {}
    return _fields(entry, "lines", "official_reference") | _front("official", official)
