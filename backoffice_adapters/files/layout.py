"""The tables an export may have, and the fields of each: the one list that reading and writing share."""

from __future__ import annotations

from typing import Final

from ventanilla.backoffice_adapters.files.cells import (
    AMOUNT,
    COUNT,
    DATE,
    DECIMAL,
    DEGREES,
    LINES,
    MONTH,
    SIGNED,
    STANDING,
    TEXT,
    TIME,
)
from ventanilla.backoffice_adapters.files.table import Field, Table, grouped
from ventanilla.backoffice_adapters.records import (
    AccountStatus,
    ChargeStatus,
    EnrolmentKind,
    InstalmentStatus,
    InvoiceKind,
    InvoiceStatus,
    Licence,
    Medium,
    MeterStatus,
    PartyKind,
    PartyRole,
    PaymentPlanStatus,
    PaymentStatus,
    ReadingQuality,
    ReadingStatus,
    SupplierInvoiceStatus,
    TitleKind,
    UnitKind,
)

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
        Field("held_as", PartyRole),
        Field("holder_kind", PartyKind),
        Field("holder_name", TEXT, True),
        *grouped(
            "holder",
            {},
            dict.fromkeys(("key", "document_type", "document_number", "email", "phone"), TEXT),
        ),
        *grouped("unit", {"label": TEXT, "kind": UnitKind}, {"key": TEXT, "area_m2": DECIMAL}),
        Field("unit_building", TEXT, group="unit", refers="buildings"),
        *grouped(
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
        *grouped("later", {"due_on": DATE, "total": AMOUNT}),
        Field("total", AMOUNT, True),
        Field("period_from", DATE),
        Field("period_to", DATE),
        Field("paid_at", TIME),
        *grouped("official", {"scheme": TEXT, "value": TEXT}, {"url": TEXT}),
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
        Field("taken_back", AMOUNT),
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
ACCRUALS: Final = Table(
    "accruals",
    (
        Field("key", TEXT, True),
        Field("account", TEXT, True, refers="accounts"),
        Field("month", MONTH, True),
        Field("title", TitleKind, True),
        Field("description", TEXT, True),
        Field("amount", SIGNED, True),
        Field("quantity", DECIMAL),
        Field("unit", TEXT),
        Field("unit_price", DECIMAL),
        Field("invoice", TEXT, refers="invoices"),
    ),
    ("key",),
)
PLANS: Final = Table(
    "plans",
    (
        Field("key", TEXT, True),
        Field("account", TEXT, True, refers="accounts"),
        Field("number", TEXT, True),
        Field("status", PaymentPlanStatus, True),
        Field("agreed_on", DATE, True),
        Field("interest", AMOUNT),
    ),
    ("key",),
    parts="instalments",
)
PLAN_INVOICES: Final = Table(
    "plan_invoices",
    (
        Field("plan", TEXT, True, refers="plans"),
        Field("invoice", TEXT, True, refers="invoices"),
    ),
    ("plan", "invoice"),
)
INSTALMENTS: Final = Table(
    "instalments",
    (
        Field("key", TEXT, True),
        Field("plan", TEXT, True, refers="plans"),
        Field("position", COUNT, True),
        Field("due_on", DATE, True),
        Field("amount", AMOUNT, True),
        Field("status", InstalmentStatus, True),
        Field("paid_at", TIME),
    ),
    ("key",),
)
RATES: Final = Table(
    "rates",
    (
        Field("valid_from", DATE, True),
        Field("valid_until", DATE),
        Field("annual_rate", DECIMAL, True),
        Field("source", TEXT, True),
    ),
    ("valid_from",),
)
ENROLMENTS: Final = Table(
    "enrolments",
    (
        Field("account", TEXT, True, refers="accounts"),
        Field("kind", EnrolmentKind, True),
        Field("active", bool, True),
        Field("since", DATE),
        Field("cancelled_at", TIME),
        Field("channel", TEXT),
    ),
    ("account", "kind"),
)
METERS: Final = Table(
    "meters",
    (
        Field("key", TEXT, True),
        Field("account", TEXT, True, refers="accounts"),
        Field("number", TEXT, True),
        Field("medium", Medium, True),
        Field("status", MeterStatus),
        Field("remote", bool),
        Field("location", TEXT),
        Field("installed_on", DATE, True),
        Field("removed_on", DATE),
        Field("verified_until", DATE),
        Field("replaces", TEXT, refers="meters"),
        *grouped("window", {"opens_on": DATE, "closes_on": DATE}),
    ),
    ("key",),
    parts="registers",
)
REGISTERS: Final = Table(
    "registers",
    (
        Field("meter", TEXT, True, refers="meters"),
        Field("key", TEXT, True),
        Field("label", TEXT, True),
        Field("unit", TEXT, True),
        Field("digits", COUNT, True),
        Field("decimals", COUNT, True),
    ),
    ("meter", "key"),
)
READINGS: Final = Table(
    "readings",
    (
        Field("key", TEXT, True),
        Field("meter", TEXT, True, refers="meters"),
        Field("read_on", DATE, True),
        Field("quality", ReadingQuality, True),
        Field("status", ReadingStatus, True),
        Field("register", TEXT, True, refers="registers", within="meter"),
        Field("value", DECIMAL, True),
        Field("consumption", DECIMAL),
    ),
    ("key", "register"),
    alike=("meter", "read_on", "quality", "status"),
)
SETTLEMENTS: Final = Table(
    "settlements",
    (
        Field("key", TEXT, True),
        Field("account", TEXT, True, refers="accounts"),
        Field("number", TEXT, True),
        Field("settled_on", DATE, True),
        Field("period_from", DATE, True),
        Field("period_to", DATE, True),
        Field("invoice", TEXT, refers="invoices"),
    ),
    ("key",),
    parts="settlement_lines",
)
SETTLEMENT_LINES: Final = Table(
    "settlement_lines",
    (
        Field("settlement", TEXT, True, refers="settlements"),
        Field("position", COUNT, True),
        Field("medium", Medium, True),
        Field("description", TEXT, True),
        Field("cost", AMOUNT, True),
        Field("advances", AMOUNT, True),
        Field("quantity", DECIMAL),
        Field("unit", TEXT),
    ),
    ("settlement", "position"),
)
BUILDINGS: Final = Table(
    "buildings",
    (
        Field("key", TEXT, True),
        Field("name", TEXT, True),
        Field("street", LINES, True),
        Field("locality", TEXT, True),
        Field("country", TEXT, True),
        Field("region", TEXT),
        Field("postal_code", TEXT),
        Field("latitude", DEGREES, True, "geo"),
        Field("longitude", DEGREES, True, "geo"),
        Field("built_in", COUNT),
        Field("unit_count", COUNT),
    ),
    ("key",),
)
PARTIES: Final = Table(
    "parties",
    (
        Field("key", TEXT, True),
        Field("name", TEXT, True),
        Field("kind", PartyKind),
        *(Field(name, TEXT) for name in ("document_type", "document_number", "email", "phone")),
    ),
    ("key",),
)
STANDINGS: Final = Table(
    "standings",
    (
        Field("party", TEXT, True, refers="parties"),
        Field("role", PartyRole, True),
        Field("account", TEXT, refers="accounts"),
        Field("starts_on", DATE),
        Field("ends_on", DATE),
    ),
)
SUPPLIER_INVOICES: Final = Table(
    "supplier_invoices",
    (
        Field("key", TEXT, True),
        Field("supplier", TEXT, True, refers="parties"),
        Field("number", TEXT, True),
        Field("title", TEXT, True),
        Field("amount", AMOUNT, True),
        Field("issued_on", DATE, True),
        Field("due_on", DATE, True),
        Field("status", SupplierInvoiceStatus, True),
        Field("paid_on", DATE),
    ),
    ("key",),
)
TABLES: Final = {
    table.name: table
    for table in (
        ACCOUNTS, INVOICES, LINES_, PAYMENTS, ALLOCATIONS, CHARGES, ACCRUALS, PLANS, PLAN_INVOICES, INSTALMENTS, RATES,
        ENROLMENTS, METERS, REGISTERS, READINGS, SETTLEMENTS, SETTLEMENT_LINES, BUILDINGS, PARTIES,
        STANDINGS, SUPPLIER_INVOICES,
    )
}  # fmt: skip
