"""Accruals, plans, late interest, enrolments, places, meters, settlements and notices."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def text(name: str, *, optional: bool = False) -> "sa.Column[str]":
    kind = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
    return sa.Column(name, kind, nullable=optional)


def texts(*names: str, optional: bool = False) -> "list[sa.Column[str]]":
    return [text(name, optional=optional) for name in names]


def integer(name: str, *, optional: bool = False) -> "sa.Column[int]":
    return sa.Column(name, sa.BigInteger(), nullable=optional)


def table(name: str, *columns: "sa.Column[str] | sa.Column[int] | sa.Column[float]", keys: tuple[str, ...]) -> None:
    op.create_table(name, text("book"), *columns, sa.PrimaryKeyConstraint("book", *keys))


def index(name: str, on: str, *columns: str) -> None:
    op.create_index(name, on, ["book", *columns])


def upgrade() -> None:
    accrual()
    payment_plan()
    rates_and_enrolment()
    meter()
    utility_settlement()
    place()
    notice()


def accrual() -> None:
    table(
        "accrual",
        *texts("key", "account_key", "month", "title", "description"),
        integer("amount_minor"),
        text("currency"),
        *texts("quantity", "unit", "unit_price", "invoice_key", optional=True),
        keys=("key",),
    )
    index("accrual_by_month", "accrual", "account_key", "month", "key")


def payment_plan() -> None:
    table(
        "payment_plan",
        *texts("key", "account_key", "number", "status", "agreed_on"),
        *map(integer, ("total_minor", "interest_minor", "paid_minor")),
        text("currency"),
        integer("instalment_count"),
        text("invoice_keys"),
        keys=("key",),
    )
    index("payment_plan_by_day", "payment_plan", "account_key", "agreed_on", "key")
    table(
        "instalment",
        *texts("key", "account_key", "plan_key"),
        integer("position"),
        text("due_on"),
        integer("amount_minor"),
        *texts("currency", "status"),
        text("paid_at", optional=True),
        keys=("key",),
    )
    index("instalment_by_plan", "instalment", "plan_key", "position")


def rates_and_enrolment() -> None:
    table(
        "interest_rate",
        text("valid_from"),
        text("valid_until", optional=True),
        *texts("annual_rate", "source"),
        keys=("valid_from",),
    )
    table(
        "enrolment",
        *texts("account_key", "kind"),
        integer("active"),
        *texts("since", "cancelled_at", "channel", optional=True),
        keys=("account_key", "kind"),
    )


def meter() -> None:
    dates = ("removed_on", "verified_until", "replaces_key", "window_opens_on", "window_closes_on")
    table(
        "meter",
        *texts("key", "account_key", "number", "medium", "status"),
        integer("remote"),
        text("registers"),
        text("location", optional=True),
        text("installed_on"),
        *texts(*dates, optional=True),
        keys=("key",),
    )
    index("meter_by_day", "meter", "account_key", "installed_on", "key")
    table(
        "meter_reading",
        *texts("key", "account_key", "meter_key", "read_on", "quality", "status", "register_values"),
        keys=("key",),
    )
    index("meter_reading_by_day", "meter_reading", "meter_key", "read_on", "key")


def utility_settlement() -> None:
    table(
        "utility_settlement",
        *texts("key", "account_key", "number", "settled_on", "period_from", "period_to"),
        *map(integer, ("cost_minor", "advances_minor")),
        *texts("currency", "lines"),
        text("invoice_key", optional=True),
        keys=("key",),
    )
    index("utility_settlement_by_day", "utility_settlement", "account_key", "settled_on", "key")


def address() -> "list[sa.Column[str]]":
    return [
        *texts("street_lines", "locality"),
        *texts("region", "postal_code", optional=True),
        text("country"),
    ]


def place() -> None:
    op.add_column("unit", text("building_key", optional=True))
    table("community", *texts("key", "name"), *address(), text("number", optional=True), keys=("key",))
    table(
        "building",
        *texts("key", "name"),
        *address(),
        sa.Column("latitude", sa.DOUBLE_PRECISION()),
        sa.Column("longitude", sa.DOUBLE_PRECISION()),
        *(integer(name, optional=True) for name in ("built_in", "unit_count")),
        text("community_key", optional=True),
        keys=("key",),
    )
    index("building_by_community", "building", "community_key", "name", "key")
    table(
        "ownership_share",
        *texts("key", "unit_key", "owner"),
        *map(integer, ("numerator", "denominator")),
        keys=("key",),
    )
    index("ownership_share_by_unit", "ownership_share", "unit_key", "key")


def notice() -> None:
    table(
        "notice",
        *texts("key", "title", "body"),
        text("community_key", optional=True),
        text("published_from"),
        text("visible_until", optional=True),
        keys=("key",),
    )
    scope = ("scope", "scope_key", "role", "notice_key")
    table("notice_audience", *texts(*scope), keys=scope)
