"""What happened, for those whom it concerns to read."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "audit_event",
        sa.Column("manager", sa.String(40), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(30), nullable=False),
        sa.Column("at", sa.String(32), nullable=False),
        sa.Column("actor_id", sa.String(32), nullable=True),
        sa.Column("person_id", sa.String(32), nullable=True),
        sa.Column("office", sa.String(60), nullable=True),
        sa.Column("account_key", sa.String(120), nullable=True),
        sa.Column("told", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["manager"], ["manager.slug"], name=op.f("fk_audit_event_manager"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_event")),
    )
    op.create_index("ix_audit_event_account", "audit_event", ["manager", "office", "account_key", "id"])
    op.create_index("ix_audit_event_person", "audit_event", ["manager", "person_id", "id"])


def downgrade() -> None:
    op.drop_table("audit_event")
