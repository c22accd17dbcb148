"""People who come by themselves: what they prove by letter, the letters, and what is kept of their passwords."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "challenge",
        sa.Column("manager", sa.String(40), nullable=False),
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("email", sa.String(320), nullable=False),
        sa.Column("person_id", sa.String(32), nullable=True),
        sa.Column("body", sa.Text(), nullable=True),
        sa.Column("created_at", sa.String(32), nullable=False),
        sa.Column("expires_at", sa.String(32), nullable=False),
        sa.Column("used_at", sa.String(32), nullable=True),
        sa.Column("replaced_at", sa.String(32), nullable=True),
        sa.ForeignKeyConstraint(
            ["manager", "person_id"],
            ["person.manager", "person.id"],
            name=op.f("fk_challenge_person"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["manager"], ["manager.slug"], name=op.f("fk_challenge_manager"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_challenge")),
    )
    op.create_index("ix_challenge_email", "challenge", ["manager", "kind", "email"], unique=False)
    op.create_index(op.f("ix_challenge_expires_at"), "challenge", ["expires_at"], unique=False)

    op.create_table(
        "consent",
        sa.Column("manager", sa.String(40), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("version", sa.String(60), nullable=False),
        sa.Column("accepted_at", sa.String(32), nullable=False),
        sa.Column("address", sa.String(64), nullable=True),
        sa.ForeignKeyConstraint(
            ["manager", "person_id"],
            ["person.manager", "person.id"],
            name=op.f("fk_consent_person"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["manager"], ["manager.slug"], name=op.f("fk_consent_manager"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
    )
    op.create_index("ix_consent_person", "consent", ["manager", "person_id"], unique=False)

    op.create_table(
        "former_password",
        sa.Column("manager", sa.String(40), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.String(32), nullable=False),
        sa.Column("password_hash", sa.String(255), nullable=False),
        sa.Column("replaced_at", sa.String(32), nullable=False),
        sa.ForeignKeyConstraint(
            ["manager", "person_id"],
            ["person.manager", "person.id"],
            name=op.f("fk_former_password_person"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["manager"], ["manager.slug"], name=op.f("fk_former_password_manager"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_former_password")),
    )
    op.create_index("ix_former_password_person", "former_password", ["manager", "person_id"], unique=False)

    op.create_table(
        "known_device",
        sa.Column("manager", sa.String(40), nullable=False),
        sa.Column("person_id", sa.String(32), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("first_seen_at", sa.String(32), nullable=False),
        sa.Column("seen_at", sa.String(32), nullable=False),
        sa.ForeignKeyConstraint(
            ["manager", "person_id"],
            ["person.manager", "person.id"],
            name=op.f("fk_known_device_person"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["manager"], ["manager.slug"], name=op.f("fk_known_device_manager"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("manager", "person_id", "digest", name=op.f("pk_known_device")),
    )
    op.create_table(
        "letter",
        sa.Column("manager", sa.String(40), nullable=False),
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(30), nullable=False),
        sa.Column("recipient", sa.String(320), nullable=False),
        sa.Column("name", sa.String(250), nullable=False),
        sa.Column("language", sa.String(12), nullable=False),
        sa.Column("host", sa.String(260), nullable=False),
        sa.Column("secure", sa.Boolean(), nullable=False),
        sa.Column("person_id", sa.String(32), nullable=True),
        sa.Column("challenge_id", sa.String(32), nullable=True),
        sa.Column("for_nobody", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("told", sa.Text(), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("due_at", sa.String(32), nullable=False),
        sa.Column("leased_by", sa.String(32), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("failure", sa.String(20), nullable=True),
        sa.Column("failure_code", sa.String(16), nullable=True),
        sa.Column("created_at", sa.String(32), nullable=False),
        sa.Column("ended_at", sa.String(32), nullable=True),
        sa.ForeignKeyConstraint(
            ["manager", "person_id"], ["person.manager", "person.id"], name=op.f("fk_letter_person"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["manager"], ["manager.slug"], name=op.f("fk_letter_manager"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter")),
    )
    op.create_index("ix_letter_due", "letter", ["manager", "state", "due_at"], unique=False)

    with op.batch_alter_table("person") as batch:
        batch.add_column(sa.Column("document_type", sa.String(20), nullable=True))
        batch.add_column(sa.Column("document_number", sa.String(40), nullable=True))
        batch.add_column(sa.Column("phone", sa.String(40), nullable=True))
        batch.add_column(sa.Column("language", sa.String(12), nullable=True))
        batch.add_column(sa.Column("must_change_password", sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade() -> None:
    for table in ("letter", "known_device", "former_password", "consent", "challenge"):
        op.drop_table(table)
    with op.batch_alter_table("person") as batch:
        for column in ("must_change_password", "language", "phone", "document_number", "document_type"):
            batch.drop_column(column)
