"""The six tables an export may have, and the fields of each: the one list that reading and writing share."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from ventanilla.backoffice_adapters.files.cells import (
    AMOUNT,
    COUNT,
    DATE,
    DECIMAL,
    DEGREES,
    LINES,
    SIGNED,
    STANDING,
    TEXT,
    TIME,
    Kind,
)
from ventanilla.backoffice_adapters.records import (
    AccountStatus,
    ChargeStatus,
    InvoiceKind,
    InvoiceStatus,
    Licence,
    PartyKind,
    PaymentStatus,
    UnitKind,
)


@dataclass(frozen=True)
class Field:
    """One field of a table."""

    name: str
    kind: Kind | type[StrEnum]
    required: bool = False
    group: str = ""
    """The group it belongs to, ``outer.inner`` where nested: required only where one of the group is filled."""
    refers: str = ""
    """The table whose `key` it repeats."""


@dataclass(frozen=True)
class Table:
    """One table: its fields, and which of them together name a row."""

    name: str
    fields: tuple[Field, ...]
    key: tuple[str, ...] = ()

    @property
    def by_name(self) -> dict[str, Field]:
        """The fields by name."""
        return {field.name: field for field in self.fields}

    def required(self, given: Collection[str]) -> list[str]:
        """The fields that must be there, beside those `given` or among them."""
        groups = {field.group for field in self.fields if field.name in given and field.group}
        return [
            field.name
            for field in self.fields
            if field.required and (not field.group or any(f"{name}.".startswith(f"{field.group}.") for name in groups))
        ]


def _group(name: str, required: Mapping[str, Kind | type[StrEnum]], other: Mapping[str, Kind]) -> tuple[Field, ...]:
    needed = (Field(f"{name}_{field}", kind, True, name) for field, kind in required.items())
    return (*needed, *(Field(f"{name}_{field}", kind, False, name) for field, kind in other.items()))


ACCOUNTS: Final = Table(
    "accounts",
    (
        Field("key", TEXT, True),
        Field("number", TEXT, True),
        Field("licence", Licence, True),
        Field("status", AccountStatus),
        Field("title", TEXT, True),
        Field("opened_on", DATE),
        Field("closed_on", DATE),
        Field("stated_balance", STANDING),
        Field("holder_kind", PartyKind),
        Field("holder_name", TEXT, True),
        *_group(
            "holder",
            {},
            dict.fromkeys(("key", "document_type", "document_number", "email", "phone"), TEXT),
        ),
        *_group("unit", {"label": TEXT, "kind": UnitKind}, {"key": TEXT, "area_m2": DECIMAL}),
        *_group(
            "place",
            {"name": TEXT, "street": LINES, "locality": TEXT, "country": TEXT},
            {"key": TEXT, "region": TEXT, "postal_code": TEXT},
        ),
        Field("place_latitude", DEGREES, True, "place.geo"),
        Field("place_longitude", DEGREES, True, "place.geo"),
    ),
    ("key",),
)
INVOICES: Final = Table(
    "invoices",
    (
        Field("key", TEXT, True),
        Field("account", TEXT, True, refers="accounts"),
        Field("number", TEXT, True),
        Field("kind", InvoiceKind),
        Field("status", InvoiceStatus, True),
        Field("title", TEXT, True),
        Field("issued_on", DATE, True),
        Field("due_on", DATE, True),
        *_group("later", {"due_on": DATE, "total": AMOUNT}, {}),
        Field("total", AMOUNT, True),
        Field("period_from", DATE),
        Field("period_to", DATE),
        Field("paid_at", TIME),
        *_group("official", {"scheme": TEXT, "value": TEXT}, {"url": TEXT}),
    ),
    ("key",),
)
LINES_: Final = Table(
    "lines",
    (
        Field("invoice", TEXT, True, refers="invoices"),
        Field("position", COUNT, True),
        Field("description", TEXT, True),
        Field("amount", SIGNED, True),
        Field("quantity", DECIMAL),
        Field("unit", TEXT),
        Field("unit_price", DECIMAL),
        Field("tax_rate", DECIMAL),
    ),
    ("invoice", "position"),
)
PAYMENTS: Final = Table(
    "payments",
    (
        Field("key", TEXT, True),
        Field("account", TEXT, True, refers="accounts"),
        Field("amount", AMOUNT, True),
        Field("paid_at", TIME, True),
        Field("status", PaymentStatus, True),
        Field("method", TEXT, True),
        Field("reference", TEXT),
    ),
    ("key",),
)
ALLOCATIONS: Final = Table(
    "allocations",
    (
        Field("payment", TEXT, True, refers="payments"),
        Field("invoice", TEXT, True, refers="invoices"),
        Field("amount", AMOUNT, True),
        Field("allocated_on", DATE, True),
    ),
)
CHARGES: Final = Table(
    "charges",
    (
        Field("key", TEXT, True),
        Field("account", TEXT, True, refers="accounts"),
        Field("description", TEXT, True),
        Field("amount", AMOUNT, True),
        Field("charged_on", DATE, True),
        Field("status", ChargeStatus, True),
        Field("invoice", TEXT, refers="invoices"),
    ),
    ("key",),
)
TABLES: Final = {table.name: table for table in (ACCOUNTS, INVOICES, LINES_, PAYMENTS, ALLOCATIONS, CHARGES)}
