"""Stored documents: GraphQL documents that requests name instead of sending them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "stored_document",
        sa.Column("manager", sa.String(40), nullable=False),
        sa.Column("id", sa.String(128), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["manager"], ["manager.slug"], name=op.f("fk_stored_document_manager"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("manager", "id", name=op.f("pk_stored_document")),
    )


def downgrade() -> None:
    op.drop_table("stored_document")
