"""The ledger's first tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def text(name: str, *, optional: bool = False) -> "sa.Column[str]":
    kind = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
    return sa.Column(name, kind, nullable=optional)


def integer(name: str, *, optional: bool = False) -> "sa.Column[int]":
    return sa.Column(name, sa.BigInteger(), nullable=optional)


def table(name: str, *columns: "sa.Column[str] | sa.Column[int] | sa.Column[float]", keys: tuple[str, ...]) -> None:
    op.create_table(name, text("book"), *columns, sa.PrimaryKeyConstraint("book", *keys))


def upgrade() -> None:
    people_and_places()
    account()
    invoice()
    charge_and_payment()


def people_and_places() -> None:
    table("book", text("currency"), keys=())
    table(
        "party",
        text("key"),
        text("name"),
        text("kind"),
        *(text(name, optional=True) for name in ("document_type", "document_number", "email", "phone")),
        keys=("key",),
    )
    table(
        "place",
        *(text(name) for name in ("key", "name", "street_lines", "locality")),
        text("region", optional=True),
        text("postal_code", optional=True),
        text("country"),
        sa.Column("latitude", sa.DOUBLE_PRECISION()),
        sa.Column("longitude", sa.DOUBLE_PRECISION()),
        keys=("key",),
    )
    table("unit", text("key"), text("label"), text("kind"), text("area_m2", optional=True), keys=("key",))


def account() -> None:
    table(
        "account",
        *(text(name) for name in ("key", "number", "plain_number", "licence", "status", "title", "holder_key")),
        text("unit_key", optional=True),
        text("place_key", optional=True),
        text("currency"),
        text("opened_on", optional=True),
        text("closed_on", optional=True),
        integer("stated_minor", optional=True),
        keys=("key",),
    )
    op.create_index("account_by_number", "account", ["book", "plain_number"])


def invoice() -> None:
    later = ("period_from", "period_to", "paid_at", "reference_scheme", "reference_value", "reference_url")
    table(
        "invoice",
        *(text(name) for name in ("key", "account_key", "number", "kind", "status", "title", "issued_on", "due_on")),
        text("later_due_on", optional=True),
        integer("later_minor", optional=True),
        integer("total_minor"),
        integer("paid_minor"),
        text("currency"),
        *(text(name, optional=True) for name in later),
        keys=("key",),
    )
    op.create_index("invoice_by_issue", "invoice", ["book", "account_key", "issued_on", "key"])
    op.create_index("invoice_by_due", "invoice", ["book", "account_key", "due_on", "key"])
    table(
        "invoice_line",
        text("invoice_key"),
        integer("position"),
        text("description"),
        integer("amount_minor"),
        text("currency"),
        *(text(name, optional=True) for name in ("quantity", "unit", "unit_price", "tax_rate")),
        keys=("invoice_key", "position"),
    )


def charge_and_payment() -> None:
    table(
        "charge",
        *(text(name) for name in ("key", "account_key", "description")),
        integer("amount_minor"),
        *(text(name) for name in ("currency", "charged_on", "status")),
        text("invoice_key", optional=True),
        keys=("key",),
    )
    op.create_index("charge_by_day", "charge", ["book", "account_key", "charged_on", "key"])
    table(
        "payment",
        text("key"),
        text("account_key"),
        integer("amount_minor"),
        integer("unallocated_minor"),
        *(text(name) for name in ("currency", "paid_at", "status", "method")),
        text("reference", optional=True),
        keys=("key",),
    )
    op.create_index("payment_by_time", "payment", ["book", "account_key", "paid_at", "key"])
    table(
        "allocation",
        integer("position"),
        text("payment_key"),
        text("invoice_key"),
        integer("amount_minor"),
        text("currency"),
        text("allocated_on"),
        integer("counted"),
        keys=("position",),
    )
    op.create_index("allocation_by_invoice", "allocation", ["book", "invoice_key", "allocated_on", "position"])
    op.create_index("allocation_by_payment", "allocation", ["book", "payment_key", "allocated_on", "position"])
