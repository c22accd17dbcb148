"""Invoices of suppliers, and the way from a community to its accounts."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def text(name: str, *, optional: bool = False) -> "sa.Column[str]":
    kind = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
    return sa.Column(name, kind, nullable=optional)


def upgrade() -> None:
    op.create_table(
        "supplier_invoice",
        *map(text, ("book", "key", "number", "supplier_key")),
        text("community_key", optional=True),
        text("title"),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        *map(text, ("currency", "issued_on", "due_on", "status")),
        text("paid_on", optional=True),
        sa.PrimaryKeyConstraint("book", "key"),
    )
    op.create_index("supplier_invoice_by_issue", "supplier_invoice", ["book", "community_key", "issued_on", "key"])
    op.create_index("supplier_invoice_by_due", "supplier_invoice", ["book", "community_key", "due_on", "key"])
    op.create_index("supplier_invoice_by_supplier", "supplier_invoice", ["book", "supplier_key", "issued_on", "key"])
    op.create_index("unit_by_building", "unit", ["book", "building_key"])
    op.create_index("account_by_unit", "account", ["book", "unit_key"])
