"""Programs that ask on somebody's behalf: clients, codes and tokens."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "client",
        sa.Column("manager", sa.String(40), nullable=False),
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("secret_hash", sa.String(64), nullable=True),
        sa.Column("former_secret_hash", sa.String(64), nullable=True),
        sa.Column("former_until", sa.String(32), nullable=True),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("redirect_uris", sa.Text(), nullable=False),
        sa.Column("created_at", sa.String(32), nullable=False),
        sa.Column("created_by", sa.String(32), nullable=True),
        sa.Column("used_at", sa.String(32), nullable=True),
        sa.Column("disabled_at", sa.String(32), nullable=True),
        sa.ForeignKeyConstraint(["manager"], ["manager.slug"], name=op.f("fk_client_manager"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_client")),
        sa.UniqueConstraint("manager", "id", name=op.f("uq_client_manager_id")),
    )

    op.create_table(
        "authorization_code",
        sa.Column("manager", sa.String(40), nullable=False),
        sa.Column("code_hash", sa.String(64), nullable=False),
        sa.Column("client_id", sa.String(32), nullable=False),
        sa.Column("person_id", sa.String(32), nullable=False),
        sa.Column("redirect_uri", sa.Text(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("challenge", sa.String(128), nullable=False),
        sa.Column("expires_at", sa.String(32), nullable=False),
        sa.Column("used_at", sa.String(32), nullable=True),
        sa.Column("family", sa.String(32), nullable=False),
        sa.ForeignKeyConstraint(
            ["manager", "client_id"],
            ["client.manager", "client.id"],
            name=op.f("fk_authorization_code_client"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["manager", "person_id"],
            ["person.manager", "person.id"],
            name=op.f("fk_authorization_code_person"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["manager"], ["manager.slug"], name=op.f("fk_authorization_code_manager"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("code_hash", name=op.f("pk_authorization_code")),
    )
    op.create_index(op.f("ix_authorization_code_expires_at"), "authorization_code", ["expires_at"])

    op.create_table(
        "token",
        sa.Column("manager", sa.String(40), nullable=False),
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("family", sa.String(32), nullable=False),
        sa.Column("client_id", sa.String(32), nullable=False),
        sa.Column("person_id", sa.String(32), nullable=True),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("granted", sa.Text(), nullable=False),
        sa.Column("access_hash", sa.String(64), nullable=False),
        sa.Column("refresh_hash", sa.String(64), nullable=True),
        sa.Column("created_at", sa.String(32), nullable=False),
        sa.Column("expires_at", sa.String(32), nullable=False),
        sa.Column("refresh_expires_at", sa.String(32), nullable=True),
        sa.Column("rotated_at", sa.String(32), nullable=True),
        sa.Column("revoked_at", sa.String(32), nullable=True),
        sa.ForeignKeyConstraint(
            ["manager", "client_id"], ["client.manager", "client.id"], name=op.f("fk_token_client"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["manager", "person_id"], ["person.manager", "person.id"], name=op.f("fk_token_person"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["manager"], ["manager.slug"], name=op.f("fk_token_manager"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_token")),
        sa.UniqueConstraint("manager", "access_hash", name=op.f("uq_token_manager_access_hash")),
        sa.UniqueConstraint("manager", "refresh_hash", name=op.f("uq_token_manager_refresh_hash")),
    )
    op.create_index(op.f("ix_token_expires_at"), "token", ["expires_at"])
    op.create_index("ix_token_family", "token", ["manager", "family"])


def downgrade() -> None:
    for table in ("token", "authorization_code", "client"):
        op.drop_table(table)
