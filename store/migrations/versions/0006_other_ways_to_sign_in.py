"""Accounts at identity providers, and passkeys."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "identity",
        sa.Column("manager", sa.String(40), nullable=False),
        sa.Column("provider", sa.String(60), nullable=False),
        sa.Column("subject", sa.String(255), nullable=False),
        sa.Column("person_id", sa.String(32), nullable=False),
        sa.Column("linked_at", sa.String(32), nullable=False),
        sa.Column("seen_at", sa.String(32), nullable=False),
        sa.ForeignKeyConstraint(
            ["manager", "person_id"],
            ["person.manager", "person.id"],
            name=op.f("fk_identity_person"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["manager"], ["manager.slug"], name=op.f("fk_identity_manager"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("manager", "provider", "subject", name=op.f("pk_identity")),
    )
    op.create_index("ix_identity_person", "identity", ["manager", "person_id"])

    op.create_table(
        "provider_visit",
        sa.Column("manager", sa.String(40), nullable=False),
        sa.Column("state_hash", sa.String(64), nullable=False),
        sa.Column("provider", sa.String(60), nullable=False),
        sa.Column("browser_hash", sa.String(64), nullable=False),
        sa.Column("return_to", sa.String(2_000), nullable=False),
        sa.Column("person_id", sa.String(32), nullable=True),
        sa.Column("accepted_terms", sa.String(60), nullable=True),
        sa.Column("expires_at", sa.String(32), nullable=False),
        sa.Column("used_at", sa.String(32), nullable=True),
        sa.ForeignKeyConstraint(
            ["manager", "person_id"],
            ["person.manager", "person.id"],
            name=op.f("fk_provider_visit_person"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["manager"], ["manager.slug"], name=op.f("fk_provider_visit_manager"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("state_hash", name=op.f("pk_provider_visit")),
    )
    op.create_index(op.f("ix_provider_visit_expires_at"), "provider_visit", ["expires_at"])

    op.create_table(
        "passkey",
        sa.Column("manager", sa.String(40), nullable=False),
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("person_id", sa.String(32), nullable=False),
        sa.Column("credential_hash", sa.String(64), nullable=False),
        sa.Column("credential", sa.Text(), nullable=False),
        sa.Column("public_key", sa.Text(), nullable=False),
        sa.Column("sign_count", sa.BigInteger(), nullable=False),
        sa.Column("transports", sa.String(120), nullable=False),
        sa.Column("backed_up", sa.Boolean(), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("created_at", sa.String(32), nullable=False),
        sa.Column("used_at", sa.String(32), nullable=True),
        sa.ForeignKeyConstraint(
            ["manager", "person_id"],
            ["person.manager", "person.id"],
            name=op.f("fk_passkey_person"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["manager"], ["manager.slug"], name=op.f("fk_passkey_manager"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passkey")),
        sa.UniqueConstraint("manager", "credential_hash", name=op.f("uq_passkey_manager_credential_hash")),
    )
    op.create_index("ix_passkey_person", "passkey", ["manager", "person_id"])


def downgrade() -> None:
    for table in ("passkey", "provider_visit", "identity"):
        op.drop_table(table)
