"""The first tables: managers, their hosts, people, sessions, links and sign-in attempts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "manager",
        sa.Column("slug", sa.String(40), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("slug", name=op.f("pk_manager")),
    )
    op.create_table(
        "host",
        sa.Column("name", sa.String(260), nullable=False),
        sa.Column("manager", sa.String(40), nullable=False),
        sa.ForeignKeyConstraint(["manager"], ["manager.slug"], name=op.f("fk_host_manager"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_host")),
    )
    op.create_index(op.f("ix_host_manager"), "host", ["manager"], unique=False)

    op.create_table(
        "person",
        sa.Column("manager", sa.String(40), nullable=False),
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("email", sa.String(320), nullable=False),
        sa.Column("email_verified_at", sa.String(32), nullable=True),
        sa.Column("password_hash", sa.String(255), nullable=True),
        sa.Column("password_set_at", sa.String(32), nullable=True),
        sa.Column("given_name", sa.String(120), nullable=False),
        sa.Column("family_name", sa.String(120), nullable=False),
        sa.Column("created_at", sa.String(32), nullable=False),
        sa.Column("disabled_at", sa.String(32), nullable=True),
        sa.ForeignKeyConstraint(["manager"], ["manager.slug"], name=op.f("fk_person_manager"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("manager", "email", name=op.f("uq_person_manager_email")),
        sa.UniqueConstraint("manager", "id", name=op.f("uq_person_manager_id")),
    )
    op.create_table(
        "sign_in_attempt",
        sa.Column("manager", sa.String(40), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("subject", sa.String(64), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("ends_at", sa.String(32), nullable=False),
        sa.ForeignKeyConstraint(
            ["manager"], ["manager.slug"], name=op.f("fk_sign_in_attempt_manager"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("manager", "kind", "subject", name=op.f("pk_sign_in_attempt")),
    )
    op.create_index(op.f("ix_sign_in_attempt_ends_at"), "sign_in_attempt", ["ends_at"], unique=False)

    op.create_table(
        "account_link",
        sa.Column("manager", sa.String(40), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.String(32), nullable=False),
        sa.Column("office", sa.String(60), nullable=False),
        sa.Column("account_key", sa.String(120), nullable=False),
        sa.Column("number", sa.String(120), nullable=False),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("is_default", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.String(32), nullable=False),
        sa.ForeignKeyConstraint(
            ["manager", "person_id"],
            ["person.manager", "person.id"],
            name=op.f("fk_account_link_person"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["manager"], ["manager.slug"], name=op.f("fk_account_link_manager"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_link")),
        sa.UniqueConstraint(
            "manager",
            "person_id",
            "office",
            "account_key",
            name=op.f("uq_account_link_manager_person_id_office_account_key"),
        ),
    )
    op.create_index(
        "ix_account_link_default",
        "account_link",
        ["manager", "person_id"],
        unique=True,
        sqlite_where=sa.text("is_default"),
        postgresql_where=sa.text("is_default"),
    )

    op.create_table(
        "session",
        sa.Column("manager", sa.String(40), nullable=False),
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("person_id", sa.String(32), nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("created_at", sa.String(32), nullable=False),
        sa.Column("seen_at", sa.String(32), nullable=False),
        sa.Column("idle_at", sa.String(32), nullable=False),
        sa.Column("expires_at", sa.String(32), nullable=False),
        sa.Column("address", sa.String(64), nullable=True),
        sa.Column("user_agent", sa.String(300), nullable=True),
        sa.ForeignKeyConstraint(
            ["manager", "person_id"],
            ["person.manager", "person.id"],
            name=op.f("fk_session_person"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["manager"], ["manager.slug"], name=op.f("fk_session_manager"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session")),
        sa.UniqueConstraint("manager", "token_hash", name=op.f("uq_session_manager_token_hash")),
    )
    op.create_index("ix_session_person", "session", ["manager", "person_id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_session_person", "session")

    op.drop_table("session")
    op.drop_index(
        "ix_account_link_default",
        "account_link",
        sqlite_where=sa.text("is_default"),
        postgresql_where=sa.text("is_default"),
    )

    op.drop_table("account_link")
    op.drop_index(op.f("ix_sign_in_attempt_ends_at"), "sign_in_attempt")

    op.drop_table("sign_in_attempt")
    op.drop_table("person")
    op.drop_index(op.f("ix_host_manager"), "host")

    op.drop_table("host")
    op.drop_table("manager")
