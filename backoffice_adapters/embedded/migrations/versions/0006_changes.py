"""The journal of changes: what books hold gets numbers, in the order of keys."""

from uuid import uuid4

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

JOURNALS = ("account", "invoice", "charge", "payment", "meter_reading")


def text(name: str) -> "sa.Column[str]":
    return sa.Column(name, sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False)


def integer(name: str, default: "sa.TextClause | None" = None) -> "sa.Column[int]":
    return sa.Column(name, sa.BigInteger(), nullable=False, server_default=default)


def upgrade() -> None:
    for journal in JOURNALS:
        op.add_column(journal, integer("change_number", sa.text("0")))
        op.create_index(f"{journal}_by_change", journal, ["book", "change_number"])
        number(journal)
    op.create_table(
        "removal",
        *map(text, ("book", "journal", "key")),
        integer("number"),
        sa.PrimaryKeyConstraint("book", "journal", "key"),
    )
    op.create_index("removal_by_number", "removal", ["book", "journal", "number"], unique=True)
    book()


def number(journal: str) -> None:
    """A draft is told to nobody, so it has none."""
    told = "WHERE status <> 'DRAFT'" if journal == "invoice" else ""
    op.execute(
        f"""UPDATE {journal} SET change_number = counted.number FROM (
            SELECT book, key, ROW_NUMBER() OVER (PARTITION BY book ORDER BY key) AS number
            FROM {journal} {told}) counted
        WHERE {journal}.book = counted.book AND {journal}.key = counted.key"""
    )


def book() -> None:
    """SQLite adds no column that is never null to a table that holds rows, so the table is made anew."""
    connection = op.get_bind()
    rows = connection.execute(sa.text("SELECT book, currency FROM book")).all()
    op.drop_table("book")
    table = op.create_table(
        "book", *map(text, ("book", "currency", "journal")), integer("last_number"), sa.PrimaryKeyConstraint("book")
    )
    for name, currency in rows:
        connection.execute(
            table.insert(), {"book": name, "currency": currency, "journal": uuid4().hex, "last_number": last_of(name)}
        )


def last_of(name: str) -> int:
    """How far the numbers of a book go."""
    parts = " UNION ALL ".join(
        f"SELECT MAX(change_number) AS number FROM {each} WHERE book = :book" for each in JOURNALS
    )
    found = op.get_bind().execute(sa.text(f"SELECT MAX(number) FROM ({parts}) counted"), {"book": name})
    return found.scalar() or 0
