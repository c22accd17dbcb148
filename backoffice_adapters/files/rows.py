"""A book as flat rows and back: what stands in which table.

A row maps a table's fields to values; what is absent has no entry. The holder, unit and place of an account that have
no key of their own take the account's.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from ventanilla.backoffice_adapters.book import (
    AccountEntry,
    AccrualEntry,
    Book,
    BuildingEntry,
    ChargeEntry,
    EnrolmentEntry,
    InstalmentEntry,
    InterestRate,
    InvoiceEntry,
    MeterEntry,
    MeterReadingEntry,
    PaymentEntry,
    PaymentPlanEntry,
    StandingEntry,
    SupplierInvoiceEntry,
    UtilitySettlementEntry,
)
from ventanilla.backoffice_adapters.files.layout import READINGS, TABLES
from ventanilla.backoffice_adapters.money import Money
from ventanilla.backoffice_adapters.records import (
    Address,
    Allocation,
    Geo,
    InvoiceLine,
    OfficialReference,
    Party,
    PartyRole,
    Property,
    ReadingWindow,
    Record,
    Register,
    RegisterValue,
    SettlementLine,
    Unit,
)

Row = dict[str, Any]
Rows = dict[str, list[Row]]
"""Table → its rows."""
Numbered = list[tuple[int, Row]]
"""The rows of a table with their numbers in its file."""

Keyed = TypeVar("Keyed", Party, Unit, Property)
Entry = TypeVar("Entry", bound=Record)
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
    every: Rows = {name: [*rows.get(name, ())] for name in TABLES}
    accounts = [_with_keys(row) for row in every["accounts"]]
    return Book(
        currency=currency,
        parties=_distinct([*_holders(accounts), *_entries(Party, every["parties"])]),
        units=_distinct(_unit(part(row, "unit")) for row in accounts if "unit_key" in row),
        properties=_distinct(_property(part(row, "place")) for row in accounts if "place_key" in row),
        accounts=tuple(_account(row) for row in accounts),
        invoices=_invoices(every),
        charges=_entries(ChargeEntry, every["charges"]),
        payments=_entries(PaymentEntry, every["payments"]),
        allocations=tuple(_allocation(row) for row in every["allocations"]),
        accruals=_entries(AccrualEntry, every["accruals"]),
        payment_plans=_plans(every, currency),
        instalments=_entries(InstalmentEntry, every["instalments"]),
        interest_rates=_entries(InterestRate, every["rates"]),
        enrolments=_entries(EnrolmentEntry, every["enrolments"]),
        meters=_meters(every),
        meter_readings=_readings(every["readings"]),
        utility_settlements=_settlements(every),
        buildings=tuple(_building(row) for row in every["buildings"]),
        standings=_entries(StandingEntry, every["standings"]),
        supplier_invoices=_entries(SupplierInvoiceEntry, every["supplier_invoices"]),
    )


def _entries(kind: type[Entry], rows: Iterable[Row]) -> tuple[Entry, ...]:
    return tuple(kind(**row) for row in rows)


def _gathered(rows: Iterable[Row], owner: str) -> defaultdict[str, list[Row]]:
    """Rows by the key that they tell as `owner`, without it."""
    found: defaultdict[str, list[Row]] = defaultdict(list)
    for row in rows:
        found[row[owner]].append({field: value for field, value in row.items() if field != owner})
    return found


def _with_keys(row: Row) -> Row:
    return {f"{name}_key": row["key"] for name in PARTS if part(row, name)} | row


def _distinct(records: Iterable[Keyed]) -> tuple[Keyed, ...]:
    return tuple({record.key: record for record in records}.values())


def _holders(accounts: Iterable[Row]) -> list[Party]:
    return [Party(**part(row, "holder")) for row in accounts]


def _account(row: Row) -> AccountEntry:
    own = _without(row, "held_as", *(f"{name}_" for name in PARTS))
    return AccountEntry(
        **own,
        holder=row["holder_key"],
        holder_as=row.get("held_as", PartyRole.HOLDER),
        unit=row.get("unit_key"),
        place=row.get("place_key"),
    )


def _unit(unit: Row) -> Unit:
    return Unit(**_without(unit, "building"), building_key=unit.get("building"))


def _property(place: Row) -> Property:
    return Property(key=place["key"], name=place["name"], address=_address(place), geo=_geo(place))


def _building(row: Row) -> BuildingEntry:
    rest = {field: row[field] for field in ("key", "name", "built_in", "unit_count") if field in row}
    return BuildingEntry(**rest, address=_address(row), geo=_geo(row))


def _address(row: Row) -> Address:
    told = {field: row[field] for field in ("locality", "country", "region", "postal_code") if field in row}
    return Address(lines=row["street"], **told)


def _geo(row: Row) -> Geo | None:
    return Geo(latitude=row["latitude"], longitude=row["longitude"]) if "latitude" in row else None


def _invoices(every: Rows) -> tuple[InvoiceEntry, ...]:
    lines = _gathered(every["lines"], "invoice")
    return tuple(_invoice(row, _entries(InvoiceLine, lines[row["key"]])) for row in every["invoices"])


def _invoice(row: Row, lines: tuple[InvoiceLine, ...]) -> InvoiceEntry:
    official = part(row, "official")
    reference = OfficialReference(**official) if official else None
    return InvoiceEntry(**_without(row, "official_"), lines=lines, official_reference=reference)


def _allocation(row: Row) -> Allocation:
    return Allocation(payment_key=row["payment"], invoice_key=row["invoice"], **_without(row, "payment", "invoice"))


def _plans(every: Rows, currency: str) -> tuple[PaymentPlanEntry, ...]:
    """Plans of a program that tells no interest cost none."""
    covered = _gathered(every["plan_invoices"], "plan")
    free: Row = {"interest": Money(0, currency)}
    return tuple(
        PaymentPlanEntry(**(free | row), invoices=tuple(each["invoice"] for each in covered[row["key"]]))
        for row in every["plans"]
    )


def _meters(every: Rows) -> tuple[MeterEntry, ...]:
    registers = _gathered(every["registers"], "meter")
    return tuple(_meter(row, _entries(Register, registers[row["key"]])) for row in every["meters"])


def _meter(row: Row, registers: tuple[Register, ...]) -> MeterEntry:
    days = part(row, "window")
    window = ReadingWindow(**days) if days else None
    return MeterEntry(**_without(row, "window_"), registers=registers, reading_window=window)


def _readings(rows: Iterable[Row]) -> tuple[MeterReadingEntry, ...]:
    return tuple(_reading(key, shown) for key, shown in _gathered(rows, "key").items())


def _reading(key: str, shown: list[Row]) -> MeterReadingEntry:
    values = tuple(
        RegisterValue(register_key=row["register"], **_without(row, "register", *READINGS.alike)) for row in shown
    )
    return MeterReadingEntry(key=key, **{field: shown[0][field] for field in READINGS.alike}, values=values)


def _settlements(every: Rows) -> tuple[UtilitySettlementEntry, ...]:
    lines = _gathered(every["settlement_lines"], "settlement")
    return tuple(UtilitySettlementEntry(**row, lines=_in_order(lines[row["key"]])) for row in every["settlements"])


def _in_order(lines: list[Row]) -> tuple[SettlementLine, ...]:
    ordered = sorted(lines, key=lambda row: row["position"])
    return tuple(SettlementLine(**_without(row, "position")) for row in ordered)


# -- a book to rows ----------------------------------------------------------------------------------------------


def rows_of(book: Book) -> Rows:
    """Lay a book out in rows; raise `KeyError` where an account names a party, unit or property it does not hold."""
    return {
        "accounts": _account_rows(book),
        "invoices": [_invoice_row(entry) for entry in book.invoices],
        "lines": [{"invoice": entry.key, **_fields(line)} for entry in book.invoices for line in entry.lines],
        "charges": [_fields(entry) for entry in book.charges],
        "payments": [_fields(entry) for entry in book.payments],
        "allocations": [
            {"payment": entry.payment_key, "invoice": entry.invoice_key, **_fields(entry, "payment_key", "invoice_key")}
            for entry in book.allocations
        ],
        "accruals": [_fields(entry) for entry in book.accruals],
        "plans": [_fields(entry, "invoices") for entry in book.payment_plans],
        "plan_invoices": [
            {"plan": entry.key, "invoice": key} for entry in book.payment_plans for key in entry.invoices
        ],
        "instalments": [_fields(entry) for entry in book.instalments],
        "rates": [_fields(entry) for entry in book.interest_rates],
        "enrolments": [_fields(entry) for entry in book.enrolments],
        "meters": [_meter_row(entry) for entry in book.meters],
        "registers": [{"meter": entry.key, **_fields(each)} for entry in book.meters for each in entry.registers],
        "readings": [row for entry in book.meter_readings for row in _reading_rows(entry)],
        "settlements": [_fields(entry, "lines") for entry in book.utility_settlements],
        "settlement_lines": [
            {"settlement": entry.key, "position": position, **_fields(line)}
            for entry in book.utility_settlements
            for position, line in enumerate(entry.lines, 1)
        ],
        "buildings": [_place(entry) for entry in book.buildings],
        "parties": _party_rows(book),
        "standings": [_fields(entry) for entry in book.standings],
        "supplier_invoices": [_fields(entry) for entry in book.supplier_invoices],
    }


def _fields(record: Record, *without: str) -> Row:
    names = (name for name in record.__struct_fields__ if name not in without)
    return {name: value for name in names if (value := getattr(record, name)) is not None}


def _front(name: str, fields: Row) -> Row:
    return {f"{name}_{field}": value for field, value in fields.items()}


def _account_rows(book: Book) -> list[Row]:
    parties = {party.key: party for party in book.parties}
    units = {unit.key: unit for unit in book.units}
    places = {place.key: place for place in book.properties}
    return [
        _fields(entry, "holder", "holder_as", "unit", "place")
        | {"held_as": entry.holder_as}
        | _front("holder", _fields(parties[entry.holder]))
        | _front("unit", _unit_row(units[entry.unit]) if entry.unit else {})
        | _front("place", _place(places[entry.place]) if entry.place else {})
        for entry in book.accounts
    ]


def _party_rows(book: Book) -> list[Row]:
    """Holders stand with their accounts; here, by key, stands whoever is none, or is something besides."""
    holders, named = {entry.holder for entry in book.accounts}, {entry.party for entry in book.standings}
    named |= {entry.supplier for entry in book.supplier_invoices}
    told = [party for party in book.parties if party.key in named or party.key not in holders]
    return [_fields(party) for party in sorted(told, key=lambda party: party.key)]


def _unit_row(unit: Unit) -> Row:
    return _fields(unit, "building_key") | ({"building": unit.building_key} if unit.building_key else {})


def _place(place: Property | BuildingEntry) -> Row:
    return {
        **_fields(place, "address", "geo"),
        "street": place.address.lines,
        **_fields(place.address, "lines"),
        **(_fields(place.geo) if place.geo else {}),
    }


def _invoice_row(entry: InvoiceEntry) -> Row:
    official = _fields(entry.official_reference) if entry.official_reference else {}
    return _fields(entry, "lines", "official_reference") | _front("official", official)


def _meter_row(entry: MeterEntry) -> Row:
    window = _fields(entry.reading_window) if entry.reading_window else {}
    return _fields(entry, "registers", "reading_window") | _front("window", window)


def _reading_rows(entry: MeterReadingEntry) -> list[Row]:
    """A row for each register; a reading that shows none keeps a row, which no file can hold."""
    told = _fields(entry, "values")
    shown = [{"register": each.register_key, **_fields(each, "register_key")} for each in entry.values]
    return [told | each for each in shown] or [told]
