"""The tables of a ledger. Every key begins with `book`, the tenant: nothing is ever read across books."""

from __future__ import annotations

from ventanilla.backoffice_adapters.database import Database, Dialect

_TABLES = (
    """CREATE TABLE book (
        book TEXT NOT NULL, currency TEXT NOT NULL, PRIMARY KEY (book))""",
    """CREATE TABLE party (
        book TEXT NOT NULL, key TEXT NOT NULL, name TEXT NOT NULL, kind TEXT NOT NULL, document_type TEXT,
        document_number TEXT, email TEXT, phone TEXT, PRIMARY KEY (book, key))""",
    """CREATE TABLE place (
        book TEXT NOT NULL, key TEXT NOT NULL, name TEXT NOT NULL, street_lines TEXT NOT NULL, locality TEXT NOT NULL,
        region TEXT, postal_code TEXT, country TEXT NOT NULL, latitude DOUBLE PRECISION, longitude DOUBLE PRECISION,
        PRIMARY KEY (book, key))""",
    """CREATE TABLE unit (
        book TEXT NOT NULL, key TEXT NOT NULL, label TEXT NOT NULL, kind TEXT NOT NULL, area_m2 TEXT,
        PRIMARY KEY (book, key))""",
    """CREATE TABLE account (
        book TEXT NOT NULL, key TEXT NOT NULL, number TEXT NOT NULL, plain_number TEXT NOT NULL, licence TEXT NOT NULL,
        status TEXT NOT NULL, title TEXT NOT NULL, holder_key TEXT NOT NULL, unit_key TEXT, place_key TEXT,
        currency TEXT NOT NULL, opened_on TEXT, closed_on TEXT, stated_minor BIGINT, PRIMARY KEY (book, key))""",
    """CREATE TABLE invoice (
        book TEXT NOT NULL, key TEXT NOT NULL, account_key TEXT NOT NULL, number TEXT NOT NULL, kind TEXT NOT NULL,
        status TEXT NOT NULL, title TEXT NOT NULL, issued_on TEXT NOT NULL, due_on TEXT NOT NULL, later_due_on TEXT,
        later_minor BIGINT, total_minor BIGINT NOT NULL, paid_minor BIGINT NOT NULL, currency TEXT NOT NULL,
        period_from TEXT, period_to TEXT, paid_at TEXT, reference_scheme TEXT, reference_value TEXT, reference_url TEXT,
        PRIMARY KEY (book, key))""",
    """CREATE TABLE invoice_line (
        book TEXT NOT NULL, invoice_key TEXT NOT NULL, position BIGINT NOT NULL, description TEXT NOT NULL,
        amount_minor BIGINT NOT NULL, currency TEXT NOT NULL, quantity TEXT, unit TEXT, unit_price TEXT, tax_rate TEXT,
        PRIMARY KEY (book, invoice_key, position))""",
    """CREATE TABLE charge (
        book TEXT NOT NULL, key TEXT NOT NULL, account_key TEXT NOT NULL, description TEXT NOT NULL,
        amount_minor BIGINT NOT NULL, currency TEXT NOT NULL, charged_on TEXT NOT NULL, status TEXT NOT NULL,
        invoice_key TEXT, PRIMARY KEY (book, key))""",
    """CREATE TABLE payment (
        book TEXT NOT NULL, key TEXT NOT NULL, account_key TEXT NOT NULL, amount_minor BIGINT NOT NULL,
        unallocated_minor BIGINT NOT NULL, currency TEXT NOT NULL, paid_at TEXT NOT NULL, status TEXT NOT NULL,
        method TEXT NOT NULL, reference TEXT, PRIMARY KEY (book, key))""",
    """CREATE TABLE allocation (
        book TEXT NOT NULL, position BIGINT NOT NULL, payment_key TEXT NOT NULL, invoice_key TEXT NOT NULL,
        amount_minor BIGINT NOT NULL, currency TEXT NOT NULL, allocated_on TEXT NOT NULL, counted BIGINT NOT NULL,
        PRIMARY KEY (book, position))""",
)
_INDEXES = (
    "CREATE INDEX account_by_number ON account (book, plain_number)",
    "CREATE INDEX invoice_by_issue ON invoice (book, account_key, issued_on, key)",
    "CREATE INDEX invoice_by_due ON invoice (book, account_key, due_on, key)",
    "CREATE INDEX charge_by_day ON charge (book, account_key, charged_on, key)",
    "CREATE INDEX payment_by_time ON payment (book, account_key, paid_at, key)",
    "CREATE INDEX allocation_by_invoice ON allocation (book, invoice_key, allocated_on, position)",
    "CREATE INDEX allocation_by_payment ON allocation (book, payment_key, allocated_on, position)",
)


async def create_tables(database: Database) -> None:
    """Make all tables and indexes in an empty database, in one transaction."""
    async with database.write() as work:
        for statement in (*_TABLES, *_INDEXES):
            await work.execute(_worded(statement, database.dialect))


def _worded(statement: str, dialect: Dialect) -> str:
    # SQLite sorts by code point; PostgreSQL does so only when told, and keys must break ties alike everywhere.
    return statement.replace(" TEXT", ' TEXT COLLATE "C"') if dialect is Dialect.POSTGRESQL else statement
