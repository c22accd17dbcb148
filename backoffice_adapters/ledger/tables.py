"""The tables of a ledger. Every key begins with `book`, the tenant: nothing is ever read across books."""

from __future__ import annotations

import re
from typing import Final

from ventanilla.backoffice_adapters.database import Database, Dialect

_TABLES = (
    """CREATE TABLE book (
        book TEXT NOT NULL, currency TEXT NOT NULL, journal TEXT NOT NULL, last_number BIGINT NOT NULL,
        PRIMARY KEY (book))""",
    """CREATE TABLE removal (
        book TEXT NOT NULL, journal TEXT NOT NULL, key TEXT NOT NULL, number BIGINT NOT NULL,
        PRIMARY KEY (book, journal, key))""",
    """CREATE TABLE party (
        book TEXT NOT NULL, key TEXT NOT NULL, name TEXT NOT NULL, folded_name TEXT NOT NULL, kind TEXT NOT NULL,
        document_type TEXT, document_number TEXT, plain_document TEXT, email TEXT, phone TEXT,
        PRIMARY KEY (book, key))""",
    """CREATE TABLE standing (
        book TEXT NOT NULL, party_key TEXT NOT NULL, position BIGINT NOT NULL, role TEXT NOT NULL, account_key TEXT,
        community_key TEXT, starts_on TEXT, ends_on TEXT, PRIMARY KEY (book, party_key, position))""",
    """CREATE TABLE place (
        book TEXT NOT NULL, key TEXT NOT NULL, name TEXT NOT NULL, street_lines TEXT NOT NULL, locality TEXT NOT NULL,
        region TEXT, postal_code TEXT, country TEXT NOT NULL, latitude DOUBLE PRECISION, longitude DOUBLE PRECISION,
        PRIMARY KEY (book, key))""",
    """CREATE TABLE unit (
        book TEXT NOT NULL, key TEXT NOT NULL, label TEXT NOT NULL, kind TEXT NOT NULL, area_m2 TEXT,
        building_key TEXT, PRIMARY KEY (book, key))""",
    """CREATE TABLE account (
        book TEXT NOT NULL, key TEXT NOT NULL, number TEXT NOT NULL, plain_number TEXT NOT NULL, licence TEXT NOT NULL,
        status TEXT NOT NULL, title TEXT NOT NULL, holder_key TEXT NOT NULL, unit_key TEXT, place_key TEXT,
        currency TEXT NOT NULL, opened_on TEXT, closed_on TEXT, stated_minor BIGINT,
        change_number BIGINT NOT NULL DEFAULT 0, PRIMARY KEY (book, key))""",
    """CREATE TABLE invoice (
        book TEXT NOT NULL, key TEXT NOT NULL, account_key TEXT NOT NULL, number TEXT NOT NULL, kind TEXT NOT NULL,
        status TEXT NOT NULL, title TEXT NOT NULL, issued_on TEXT NOT NULL, due_on TEXT NOT NULL, later_due_on TEXT,
        later_minor BIGINT, total_minor BIGINT NOT NULL, paid_minor BIGINT NOT NULL, currency TEXT NOT NULL,
        period_from TEXT, period_to TEXT, paid_at TEXT, reference_scheme TEXT, reference_value TEXT, reference_url TEXT,
        change_number BIGINT NOT NULL DEFAULT 0, PRIMARY KEY (book, key))""",
    """CREATE TABLE invoice_line (
        book TEXT NOT NULL, invoice_key TEXT NOT NULL, position BIGINT NOT NULL, description TEXT NOT NULL,
        amount_minor BIGINT NOT NULL, currency TEXT NOT NULL, quantity TEXT, unit TEXT, unit_price TEXT, tax_rate TEXT,
        PRIMARY KEY (book, invoice_key, position))""",
    """CREATE TABLE charge (
        book TEXT NOT NULL, key TEXT NOT NULL, account_key TEXT NOT NULL, description TEXT NOT NULL,
        amount_minor BIGINT NOT NULL, currency TEXT NOT NULL, charged_on TEXT NOT NULL, status TEXT NOT NULL,
        invoice_key TEXT, change_number BIGINT NOT NULL DEFAULT 0, PRIMARY KEY (book, key))""",
    """CREATE TABLE payment (
        book TEXT NOT NULL, key TEXT NOT NULL, account_key TEXT NOT NULL, amount_minor BIGINT NOT NULL,
        unallocated_minor BIGINT NOT NULL, currency TEXT NOT NULL, paid_at TEXT NOT NULL, status TEXT NOT NULL,
        method TEXT NOT NULL, reference TEXT, taken_back_minor BIGINT, change_number BIGINT NOT NULL DEFAULT 0,
        PRIMARY KEY (book, key))""",
    """CREATE TABLE allocation (
        book TEXT NOT NULL, position BIGINT NOT NULL, payment_key TEXT NOT NULL, invoice_key TEXT NOT NULL,
        amount_minor BIGINT NOT NULL, currency TEXT NOT NULL, allocated_on TEXT NOT NULL, counted BIGINT NOT NULL,
        PRIMARY KEY (book, position))""",
    """CREATE TABLE posting (
        book TEXT NOT NULL, key TEXT NOT NULL, position BIGINT NOT NULL, kind TEXT NOT NULL, digest TEXT NOT NULL,
        payment_key TEXT NOT NULL, answer TEXT NOT NULL, PRIMARY KEY (book, key))""",
    """CREATE TABLE accrual (
        book TEXT NOT NULL, key TEXT NOT NULL, account_key TEXT NOT NULL, month TEXT NOT NULL, title TEXT NOT NULL,
        description TEXT NOT NULL, amount_minor BIGINT NOT NULL, currency TEXT NOT NULL, quantity TEXT, unit TEXT,
        unit_price TEXT, invoice_key TEXT, PRIMARY KEY (book, key))""",
    """CREATE TABLE payment_plan (
        book TEXT NOT NULL, key TEXT NOT NULL, account_key TEXT NOT NULL, number TEXT NOT NULL, status TEXT NOT NULL,
        agreed_on TEXT NOT NULL, total_minor BIGINT NOT NULL, interest_minor BIGINT NOT NULL,
        paid_minor BIGINT NOT NULL, currency TEXT NOT NULL, instalment_count BIGINT NOT NULL,
        invoice_keys TEXT NOT NULL, PRIMARY KEY (book, key))""",
    """CREATE TABLE instalment (
        book TEXT NOT NULL, key TEXT NOT NULL, account_key TEXT NOT NULL, plan_key TEXT NOT NULL,
        position BIGINT NOT NULL, due_on TEXT NOT NULL, amount_minor BIGINT NOT NULL, currency TEXT NOT NULL,
        status TEXT NOT NULL, paid_at TEXT, PRIMARY KEY (book, key))""",
    """CREATE TABLE interest_rate (
        book TEXT NOT NULL, valid_from TEXT NOT NULL, valid_until TEXT, annual_rate TEXT NOT NULL,
        source TEXT NOT NULL, PRIMARY KEY (book, valid_from))""",
    """CREATE TABLE enrolment (
        book TEXT NOT NULL, account_key TEXT NOT NULL, kind TEXT NOT NULL, active BIGINT NOT NULL, since TEXT,
        cancelled_at TEXT, channel TEXT, PRIMARY KEY (book, account_key, kind))""",
    """CREATE TABLE meter (
        book TEXT NOT NULL, key TEXT NOT NULL, account_key TEXT NOT NULL, number TEXT NOT NULL, medium TEXT NOT NULL,
        status TEXT NOT NULL, remote BIGINT NOT NULL, registers TEXT NOT NULL, location TEXT,
        installed_on TEXT NOT NULL, removed_on TEXT, verified_until TEXT, replaces_key TEXT, window_opens_on TEXT,
        window_closes_on TEXT, PRIMARY KEY (book, key))""",
    """CREATE TABLE meter_reading (
        book TEXT NOT NULL, key TEXT NOT NULL, account_key TEXT NOT NULL, meter_key TEXT NOT NULL,
        read_on TEXT NOT NULL, quality TEXT NOT NULL, status TEXT NOT NULL, register_values TEXT NOT NULL,
        change_number BIGINT NOT NULL DEFAULT 0, PRIMARY KEY (book, key))""",
    """CREATE TABLE utility_settlement (
        book TEXT NOT NULL, key TEXT NOT NULL, account_key TEXT NOT NULL, number TEXT NOT NULL,
        settled_on TEXT NOT NULL, period_from TEXT NOT NULL, period_to TEXT NOT NULL, cost_minor BIGINT NOT NULL,
        advances_minor BIGINT NOT NULL, currency TEXT NOT NULL, lines TEXT NOT NULL, invoice_key TEXT,
        PRIMARY KEY (book, key))""",
    """CREATE TABLE community (
        book TEXT NOT NULL, key TEXT NOT NULL, name TEXT NOT NULL, street_lines TEXT NOT NULL, locality TEXT NOT NULL,
        region TEXT, postal_code TEXT, country TEXT NOT NULL, number TEXT, PRIMARY KEY (book, key))""",
    """CREATE TABLE building (
        book TEXT NOT NULL, key TEXT NOT NULL, name TEXT NOT NULL, street_lines TEXT NOT NULL, locality TEXT NOT NULL,
        region TEXT, postal_code TEXT, country TEXT NOT NULL, latitude DOUBLE PRECISION, longitude DOUBLE PRECISION,
        built_in BIGINT, unit_count BIGINT, community_key TEXT, PRIMARY KEY (book, key))""",
    """CREATE TABLE ownership_share (
        book TEXT NOT NULL, key TEXT NOT NULL, unit_key TEXT NOT NULL, owner TEXT NOT NULL, numerator BIGINT NOT NULL,
        denominator BIGINT NOT NULL, PRIMARY KEY (book, key))""",
    """CREATE TABLE supplier_invoice (
        book TEXT NOT NULL, key TEXT NOT NULL, number TEXT NOT NULL, supplier_key TEXT NOT NULL, community_key TEXT,
        title TEXT NOT NULL, amount_minor BIGINT NOT NULL, currency TEXT NOT NULL, issued_on TEXT NOT NULL,
        due_on TEXT NOT NULL, status TEXT NOT NULL, paid_on TEXT, PRIMARY KEY (book, key))""",
    """CREATE TABLE notice (
        book TEXT NOT NULL, key TEXT NOT NULL, title TEXT NOT NULL, body TEXT NOT NULL, community_key TEXT,
        published_from TEXT NOT NULL, visible_until TEXT, PRIMARY KEY (book, key))""",
    """CREATE TABLE notice_audience (
        book TEXT NOT NULL, scope TEXT NOT NULL, scope_key TEXT NOT NULL, role TEXT NOT NULL, notice_key TEXT NOT NULL,
        PRIMARY KEY (book, scope, scope_key, role, notice_key))""",
)
_INDEXES = (
    "CREATE UNIQUE INDEX removal_by_number ON removal (book, journal, number)",
    "CREATE INDEX account_by_change ON account (book, change_number)",
    "CREATE INDEX invoice_by_change ON invoice (book, change_number)",
    "CREATE INDEX charge_by_change ON charge (book, change_number)",
    "CREATE INDEX payment_by_change ON payment (book, change_number)",
    "CREATE INDEX meter_reading_by_change ON meter_reading (book, change_number)",
    "CREATE INDEX party_by_name ON party (book, name, key)",
    "CREATE INDEX unit_by_building ON unit (book, building_key)",
    "CREATE INDEX account_by_number ON account (book, plain_number)",
    "CREATE INDEX account_by_unit ON account (book, unit_key)",
    "CREATE INDEX invoice_by_issue ON invoice (book, account_key, issued_on, key)",
    "CREATE INDEX invoice_by_due ON invoice (book, account_key, due_on, key)",
    "CREATE INDEX charge_by_day ON charge (book, account_key, charged_on, key)",
    "CREATE INDEX payment_by_time ON payment (book, account_key, paid_at, key)",
    "CREATE INDEX allocation_by_invoice ON allocation (book, invoice_key, allocated_on, position)",
    "CREATE INDEX allocation_by_payment ON allocation (book, payment_key, allocated_on, position)",
    "CREATE UNIQUE INDEX posting_by_position ON posting (book, position)",
    "CREATE INDEX accrual_by_month ON accrual (book, account_key, month, key)",
    "CREATE INDEX payment_plan_by_day ON payment_plan (book, account_key, agreed_on, key)",
    "CREATE INDEX instalment_by_plan ON instalment (book, plan_key, position)",
    "CREATE INDEX meter_by_day ON meter (book, account_key, installed_on, key)",
    "CREATE INDEX meter_reading_by_day ON meter_reading (book, meter_key, read_on, key)",
    "CREATE INDEX utility_settlement_by_day ON utility_settlement (book, account_key, settled_on, key)",
    "CREATE INDEX building_by_community ON building (book, community_key, name, key)",
    "CREATE INDEX ownership_share_by_unit ON ownership_share (book, unit_key, key)",
    "CREATE INDEX supplier_invoice_by_issue ON supplier_invoice (book, community_key, issued_on, key)",
    "CREATE INDEX supplier_invoice_by_due ON supplier_invoice (book, community_key, due_on, key)",
    "CREATE INDEX supplier_invoice_by_supplier ON supplier_invoice (book, supplier_key, issued_on, key)",
)
_TEXT = re.compile(r"(\w+) TEXT( NOT NULL)?")
PROOFS: Final = {
    (statement.split()[2], column): "str" if never_null else "str?"
    for statement in _TABLES
    for column, never_null in _TEXT.findall(statement)
}
"""Table and column → what its declaration proves of what it holds, as `Shape.leaf` says it."""


async def create_tables(database: Database) -> None:
    """Make all tables and indexes in an empty database, in one transaction."""
    async with database.write() as work:
        for statement in (*_TABLES, *_INDEXES):
            await work.execute(_worded(statement, database.dialect))


def _worded(statement: str, dialect: Dialect) -> str:
    # SQLite sorts by code point; PostgreSQL does so only when told, and keys must break ties alike everywhere.
    return statement.replace(" TEXT", ' TEXT COLLATE "C"') if dialect is Dialect.POSTGRESQL else statement
