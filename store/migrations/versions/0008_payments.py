"""Paying: quotes, checkouts, what platforms tell, what is booked, what does not fit."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _checkout()
    _platform_event()
    _stray_payment()
    _checkout_item()
    _checkout_quote()
    _platform_payment()
    _payment_return()
    _reconciliation()


def _checkout() -> None:
    op.create_table(
        "checkout",
        sa.Column("manager", sa.String(40), nullable=False),
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("person_id", sa.String(32), nullable=False),
        sa.Column("quote_id", sa.String(32), nullable=False),
        sa.Column("idempotency_key", sa.String(64), nullable=False),
        sa.Column("asked", sa.String(64), nullable=False),
        sa.Column("reference", sa.String(32), nullable=False),
        sa.Column("platform", sa.String(40), nullable=False),
        sa.Column("platform_id", sa.String(120), nullable=True),
        sa.Column("office", sa.String(60), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("account_key", sa.String(120), nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("payer_fee_minor", sa.BigInteger(), nullable=False),
        sa.Column("manager_fee_minor", sa.BigInteger(), nullable=False),
        sa.Column("redirect", sa.Text(), nullable=True),
        sa.Column("origin", sa.String(300), nullable=False),
        sa.Column("return_path", sa.String(500), nullable=False),
        sa.Column("language", sa.String(12), nullable=False),
        sa.Column("terms_version", sa.String(60), nullable=True),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("created_at", sa.String(32), nullable=False),
        sa.Column("expires_at", sa.String(32), nullable=False),
        sa.Column("redirected_at", sa.String(32), nullable=True),
        sa.Column("returned_at", sa.String(32), nullable=True),
        sa.Column("ended_at", sa.String(32), nullable=True),
        sa.Column("due_at", sa.String(32), nullable=True),
        sa.Column("leased_by", sa.String(32), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["manager"], ["manager.slug"], name=op.f("fk_checkout_manager"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checkout")),
        sa.UniqueConstraint("manager", "id", name=op.f("uq_checkout_manager_id")),
        sa.UniqueConstraint(
            "manager", "person_id", "idempotency_key", name=op.f("uq_checkout_manager_person_id_idempotency_key")
        ),
        sa.UniqueConstraint("manager", "quote_id", name=op.f("uq_checkout_manager_quote_id")),
        sa.UniqueConstraint("manager", "reference", name=op.f("uq_checkout_manager_reference")),
    )
    with op.batch_alter_table("checkout") as table:
        table.create_index("ix_checkout_account", ["manager", "office", "account_key", "created_at"])
        table.create_index("ix_checkout_created_at", ["manager", "person_id", "created_at", "id"])
        table.create_index("ix_checkout_due", ["manager", "state", "due_at"])
        table.create_index("ix_checkout_listed", ["manager", "created_at", "id"])


def _platform_event() -> None:
    op.create_table(
        "platform_event",
        sa.Column("manager", sa.String(40), nullable=False),
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("platform", sa.String(40), nullable=False),
        sa.Column("event_key", sa.String(64), nullable=False),
        sa.Column("told", sa.Text(), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("received_at", sa.String(32), nullable=False),
        sa.Column("due_at", sa.String(32), nullable=True),
        sa.Column("leased_by", sa.String(32), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["manager"], ["manager.slug"], name=op.f("fk_platform_event_manager"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_platform_event")),
        sa.UniqueConstraint(
            "manager", "platform", "event_key", name=op.f("uq_platform_event_manager_platform_event_key")
        ),
    )
    with op.batch_alter_table("platform_event") as table:
        table.create_index("ix_platform_event_due", ["manager", "state", "due_at"])
        table.create_index("ix_platform_event_received_at", ["manager", "received_at"])


def _stray_payment() -> None:
    op.create_table(
        "stray_payment",
        sa.Column("manager", sa.String(40), nullable=False),
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("subject", sa.String(200), nullable=False),
        sa.Column("platform_payment_id", sa.String(32), nullable=True),
        sa.Column("checkout_id", sa.String(32), nullable=True),
        sa.Column("office", sa.String(60), nullable=True),
        sa.Column("office_payment_key", sa.String(120), nullable=True),
        sa.Column("reference", sa.String(64), nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("expected_minor", sa.BigInteger(), nullable=True),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("resolution", sa.String(12), nullable=True),
        sa.Column("note", sa.String(500), nullable=False),
        sa.Column("found_at", sa.String(32), nullable=False),
        sa.Column("resolved_at", sa.String(32), nullable=True),
        sa.Column("resolved_by", sa.String(32), nullable=True),
        sa.ForeignKeyConstraint(
            ["manager"], ["manager.slug"], name=op.f("fk_stray_payment_manager"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stray_payment")),
        sa.UniqueConstraint("manager", "kind", "subject", name=op.f("uq_stray_payment_manager_kind_subject")),
    )
    with op.batch_alter_table("stray_payment") as table:
        table.create_index("ix_stray_payment_found_at", ["manager", "state", "found_at", "id"])


def _checkout_item() -> None:
    op.create_table(
        "checkout_item",
        sa.Column("manager", sa.String(40), nullable=False),
        sa.Column("checkout_id", sa.String(32), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("office", sa.String(60), nullable=False),
        sa.Column("invoice_key", sa.String(120), nullable=False),
        sa.Column("number", sa.String(120), nullable=False),
        sa.Column("title", sa.String(250), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("held", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.ForeignKeyConstraint(
            ["manager", "checkout_id"],
            ["checkout.manager", "checkout.id"],
            name=op.f("fk_checkout_item_checkout"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["manager"], ["manager.slug"], name=op.f("fk_checkout_item_manager"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("checkout_id", "position", name=op.f("pk_checkout_item")),
    )
    with op.batch_alter_table("checkout_item") as table:
        table.create_index(
            "uq_checkout_item_held",
            ["manager", "office", "invoice_key"],
            unique=True,
            sqlite_where=sa.text("held"),
            postgresql_where=sa.text("held"),
        )


def _checkout_quote() -> None:
    op.create_table(
        "checkout_quote",
        sa.Column("manager", sa.String(40), nullable=False),
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("person_id", sa.String(32), nullable=False),
        sa.Column("told", sa.Text(), nullable=False),
        sa.Column("created_at", sa.String(32), nullable=False),
        sa.Column("expires_at", sa.String(32), nullable=False),
        sa.ForeignKeyConstraint(
            ["manager", "person_id"],
            ["person.manager", "person.id"],
            name=op.f("fk_checkout_quote_person"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["manager"], ["manager.slug"], name=op.f("fk_checkout_quote_manager"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checkout_quote")),
    )
    with op.batch_alter_table("checkout_quote") as table:
        table.create_index("ix_checkout_quote_expires_at", ["manager", "expires_at"])


def _platform_payment() -> None:
    op.create_table(
        "platform_payment",
        sa.Column("manager", sa.String(40), nullable=False),
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("checkout_id", sa.String(32), nullable=True),
        sa.Column("platform", sa.String(40), nullable=False),
        sa.Column("payment_id", sa.String(120), nullable=False),
        sa.Column("reference", sa.String(64), nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("refunded_minor", sa.BigInteger(), nullable=False),
        sa.Column("method", sa.String(60), nullable=False),
        sa.Column("paid_at", sa.String(32), nullable=True),
        sa.Column("booking", sa.String(12), nullable=False),
        sa.Column("office_payment_key", sa.String(120), nullable=True),
        sa.Column("booked_at", sa.String(32), nullable=True),
        sa.Column("problem", sa.String(30), nullable=True),
        sa.Column("created_at", sa.String(32), nullable=False),
        sa.Column("changed_at", sa.String(32), nullable=False),
        sa.Column("due_at", sa.String(32), nullable=True),
        sa.Column("leased_by", sa.String(32), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["manager", "checkout_id"], ["checkout.manager", "checkout.id"], name=op.f("fk_platform_payment_checkout")
        ),
        sa.ForeignKeyConstraint(
            ["manager"], ["manager.slug"], name=op.f("fk_platform_payment_manager"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_platform_payment")),
        sa.UniqueConstraint("manager", "id", name=op.f("uq_platform_payment_manager_id")),
        sa.UniqueConstraint(
            "manager", "platform", "payment_id", name=op.f("uq_platform_payment_manager_platform_payment_id")
        ),
    )
    with op.batch_alter_table("platform_payment") as table:
        table.create_index("ix_platform_payment_booked_at", ["manager", "booked_at", "id"])
        table.create_index("ix_platform_payment_checkout", ["manager", "checkout_id"])
        table.create_index("ix_platform_payment_created_at", ["manager", "created_at", "id"])
        table.create_index("ix_platform_payment_due", ["manager", "booking", "due_at"])
        table.create_index("ix_platform_payment_paid_at", ["manager", "paid_at"])
        table.create_index("ix_platform_payment_reference", ["manager", "reference"])


def _payment_return() -> None:
    op.create_table(
        "payment_return",
        sa.Column("manager", sa.String(40), nullable=False),
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("platform_payment_id", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("office_minor", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.Column("requested_by", sa.String(32), nullable=True),
        sa.Column("idempotency_key", sa.String(64), nullable=True),
        sa.Column("asked", sa.String(64), nullable=True),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("refund_id", sa.String(120), nullable=True),
        sa.Column("problem", sa.String(30), nullable=True),
        sa.Column("created_at", sa.String(32), nullable=False),
        sa.Column("ended_at", sa.String(32), nullable=True),
        sa.Column("due_at", sa.String(32), nullable=True),
        sa.Column("leased_by", sa.String(32), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["manager", "platform_payment_id"],
            ["platform_payment.manager", "platform_payment.id"],
            name=op.f("fk_payment_return_platform_payment"),
        ),
        sa.ForeignKeyConstraint(
            ["manager"], ["manager.slug"], name=op.f("fk_payment_return_manager"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_return")),
        sa.UniqueConstraint("manager", "id", name=op.f("uq_payment_return_manager_id")),
        sa.UniqueConstraint(
            "manager",
            "requested_by",
            "idempotency_key",
            name=op.f("uq_payment_return_manager_requested_by_idempotency_key"),
        ),
    )
    with op.batch_alter_table("payment_return") as table:
        table.create_index("ix_payment_return_due", ["manager", "state", "due_at"])
        table.create_index("ix_payment_return_payment", ["manager", "platform_payment_id"])


def _reconciliation() -> None:
    op.create_table(
        "reconciliation",
        sa.Column("manager", sa.String(40), nullable=False),
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("place", sa.Text(), nullable=True),
        sa.Column("begun_at", sa.String(32), nullable=False),
        sa.Column("ended_at", sa.String(32), nullable=True),
        sa.Column("due_at", sa.String(32), nullable=False),
        sa.Column("leased_by", sa.String(32), nullable=True),
        sa.ForeignKeyConstraint(
            ["manager"], ["manager.slug"], name=op.f("fk_reconciliation_manager"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reconciliation")),
        sa.UniqueConstraint("manager", name=op.f("uq_reconciliation_manager")),
    )


def downgrade() -> None:
    for table in (
        "reconciliation",
        "payment_return",
        "platform_payment",
        "platform_event",
        "stray_payment",
        "checkout_item",
        "checkout",
        "checkout_quote",
    ):
        op.drop_table(table)
