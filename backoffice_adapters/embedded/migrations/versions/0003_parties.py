"""Parties are found by name and document; what they are to the manager has a table."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def text(name: str, *, optional: bool = False) -> "sa.Column[str]":
    kind = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
    return sa.Column(name, kind, nullable=optional)


def texts(*names: str, optional: bool = False) -> "list[sa.Column[str]]":
    return [text(name, optional=optional) for name in names]


def upgrade() -> None:
    party()
    standing()


def party() -> None:
    """SQLite adds no column that is never null to a table that holds rows, so the table is made anew."""
    connection = op.get_bind()
    told = "book, key, name, kind, document_type, document_number, email, phone"
    rows = connection.execute(sa.text(f"SELECT {told} FROM party")).all()
    op.drop_table("party")
    table = op.create_table(
        "party",
        *texts("book", "key", "name", "folded_name", "kind"),
        *texts("document_type", "document_number", "plain_document", "email", "phone", optional=True),
        sa.PrimaryKeyConstraint("book", "key"),
    )
    names = told.split(", ")
    known = [found(dict(zip(names, row, strict=True))) for row in rows]
    if known:
        connection.execute(table.insert(), known)
    op.create_index("party_by_name", "party", ["book", "name", "key"])


def found(row: "dict[str, str | None]") -> "dict[str, str | None]":
    """What the row is found by, as this release reckons it."""
    document = "".join(filter(str.isalnum, row["document_number"] or "")).casefold()
    return row | {"folded_name": (row["name"] or "").casefold(), "plain_document": document or None}


def standing() -> None:
    """So far it was known of each account who holds it, and no more."""
    op.create_table(
        "standing",
        *texts("book", "party_key"),
        sa.Column("position", sa.BigInteger(), nullable=False),
        text("role"),
        *texts("account_key", "community_key", "starts_on", "ends_on", optional=True),
        sa.PrimaryKeyConstraint("book", "party_key", "position"),
    )
    op.execute(
        """INSERT INTO standing (book, party_key, position, role, account_key, starts_on, ends_on)
        SELECT book, holder_key, ROW_NUMBER() OVER (PARTITION BY book, holder_key ORDER BY key) - 1, 'HOLDER', key,
            opened_on, closed_on
        FROM account WHERE status <> 'CLOSED'"""
    )
