"""Staff, mandates and second factors; access for many at once."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def _of_person(table: str) -> sa.ForeignKeyConstraint:
    person = ["person.manager", "person.id"]
    return sa.ForeignKeyConstraint(["manager", "person_id"], person, name=f"fk_{table}_person", ondelete="CASCADE")


def _of_manager(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["manager"], ["manager.slug"], name=f"fk_{table}_manager", ondelete="CASCADE")


def upgrade() -> None:
    with op.batch_alter_table("person") as person:
        person.add_column(sa.Column("user_name", sa.String(40), nullable=True))
        person.add_column(sa.Column("staff_role", sa.String(20), nullable=True))
        person.add_column(sa.Column("second_factor_at", sa.String(32), nullable=True))
        person.create_unique_constraint("uq_person_manager_user_name", ["manager", "user_name"])
    with op.batch_alter_table("session") as session:
        session.add_column(sa.Column("second_factor_at", sa.String(32), nullable=True))
        session.add_column(sa.Column("sees_person_id", sa.String(32), nullable=True))
        session.add_column(sa.Column("sees_until", sa.String(32), nullable=True))
    with op.batch_alter_table("letter") as letter:
        letter.add_column(sa.Column("batch_id", sa.String(32), nullable=True))
        letter.add_column(sa.Column("recalled", sa.Boolean(), nullable=False, server_default=sa.false()))
        letter.create_index("ix_letter_batch", ["manager", "batch_id", "state"])
        letter.create_index("ix_letter_created", ["manager", "created_at", "id"])
    op.create_index("ix_audit_event_at", "audit_event", ["manager", "at"])
    op.create_index("ix_token_person", "token", ["manager", "person_id"])
    _people()
    _access()


def _people() -> None:
    op.create_table(
        "mandate",
        sa.Column("manager", sa.String(40), nullable=False),
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("person_id", sa.String(32), nullable=False),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("office", sa.String(60), nullable=False),
        sa.Column("subject_key", sa.String(120), nullable=False),
        sa.Column("subject_name", sa.String(250), nullable=False),
        sa.Column("starts_on", sa.String(10), nullable=False),
        sa.Column("ends_on", sa.String(10), nullable=True),
        sa.Column("created_at", sa.String(32), nullable=False),
        _of_person("mandate"),
        _of_manager("mandate"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mandate")),
        sa.UniqueConstraint(
            *("manager", "person_id", "role", "office", "subject_key", "starts_on"),
            name=op.f("uq_mandate_manager_person_id_role_office_subject_key_starts_on"),
        ),
    )
    op.create_index("ix_mandate_subject", "mandate", ["manager", "office", "subject_key"])
    op.create_table(
        "second_factor",
        sa.Column("manager", sa.String(40), nullable=False),
        sa.Column("person_id", sa.String(32), nullable=False),
        sa.Column("secret", sa.Text(), nullable=True),
        sa.Column("offered", sa.Text(), nullable=True),
        sa.Column("offered_at", sa.String(32), nullable=False),
        sa.Column("confirmed_at", sa.String(32), nullable=True),
        sa.Column("last_step", sa.BigInteger(), nullable=True),
        _of_person("second_factor"),
        _of_manager("second_factor"),
        sa.PrimaryKeyConstraint("manager", "person_id", name=op.f("pk_second_factor")),
    )
    op.create_table(
        "recovery_code",
        sa.Column("manager", sa.String(40), nullable=False),
        sa.Column("person_id", sa.String(32), nullable=False),
        sa.Column("code_hash", sa.String(64), nullable=False),
        sa.Column("used_at", sa.String(32), nullable=True),
        _of_person("recovery_code"),
        _of_manager("recovery_code"),
        sa.PrimaryKeyConstraint("manager", "person_id", "code_hash", name=op.f("pk_recovery_code")),
    )


def _access() -> None:
    op.create_table(
        "access_batch",
        sa.Column("manager", sa.String(40), nullable=False),
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("created_by", sa.String(32), nullable=False),
        sa.Column("idempotency_key", sa.String(64), nullable=False),
        sa.Column("asked", sa.Text(), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("position", sa.Text(), nullable=True),
        sa.Column("due_at", sa.String(32), nullable=False),
        sa.Column("leased_by", sa.String(32), nullable=True),
        sa.Column("problem", sa.String(30), nullable=True),
        sa.Column("created_at", sa.String(32), nullable=False),
        sa.Column("generated_at", sa.String(32), nullable=True),
        sa.Column("sending_at", sa.String(32), nullable=True),
        sa.Column("cancelled_at", sa.String(32), nullable=True),
        _of_manager("access_batch"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_batch")),
        sa.UniqueConstraint("manager", "id", name=op.f("uq_access_batch_manager_id")),
        sa.UniqueConstraint(
            *("manager", "created_by", "idempotency_key"),
            name=op.f("uq_access_batch_manager_created_by_idempotency_key"),
        ),
    )
    op.create_index("ix_access_batch_state", "access_batch", ["state", "due_at"])
    op.create_table(
        "access_invitation",
        sa.Column("manager", sa.String(40), nullable=False),
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("batch_id", sa.String(32), nullable=False),
        sa.Column("office", sa.String(60), nullable=False),
        sa.Column("party_key", sa.String(120), nullable=False),
        sa.Column("name", sa.String(250), nullable=False),
        sa.Column("email", sa.String(320), nullable=True),
        sa.Column("user_name", sa.String(40), nullable=True),
        sa.Column("standings", sa.Text(), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("problem", sa.String(30), nullable=True),
        sa.Column("letter_id", sa.String(32), nullable=True),
        sa.Column("challenge_id", sa.String(32), nullable=True),
        sa.Column("person_id", sa.String(32), nullable=True),
        sa.Column("accepted_at", sa.String(32), nullable=True),
        sa.ForeignKeyConstraint(
            ["manager", "batch_id"],
            ["access_batch.manager", "access_batch.id"],
            name=op.f("fk_access_invitation_access_batch"),
            ondelete="CASCADE",
        ),
        _of_manager("access_invitation"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_invitation")),
        sa.UniqueConstraint(
            *("manager", "batch_id", "office", "party_key"),
            name=op.f("uq_access_invitation_manager_batch_id_office_party_key"),
        ),
        sa.UniqueConstraint("manager", "letter_id", name=op.f("uq_access_invitation_manager_letter_id")),
    )
    op.create_index("ix_access_invitation_party", "access_invitation", ["manager", "office", "party_key"])
    op.create_index("ix_access_invitation_email", "access_invitation", ["manager", "email"])
    op.create_index("ix_access_invitation_user_name", "access_invitation", ["manager", "user_name"])
    op.create_index("ix_access_invitation_challenge", "access_invitation", ["manager", "challenge_id"])


def downgrade() -> None:
    for table in ("access_invitation", "access_batch", "recovery_code", "second_factor", "mandate"):
        op.drop_table(table)
    op.drop_index("ix_token_person", "token")
    op.drop_index("ix_audit_event_at", "audit_event")
    with op.batch_alter_table("letter") as letter:
        letter.drop_index("ix_letter_created")
        letter.drop_index("ix_letter_batch")
        letter.drop_column("recalled")
        letter.drop_column("batch_id")
    with op.batch_alter_table("session") as session:
        for column in ("sees_until", "sees_person_id", "second_factor_at"):
            session.drop_column(column)
    with op.batch_alter_table("person") as person:
        person.drop_constraint("uq_person_manager_user_name", type_="unique")
        for column in ("second_factor_at", "staff_role", "user_name"):
            person.drop_column(column)
