"""What was posted, by its key; how much of a payment was taken back."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def text(name: str) -> "sa.Column[str]":
    return sa.Column(name, sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False)


def upgrade() -> None:
    op.add_column("payment", sa.Column("taken_back_minor", sa.BigInteger()))
    op.create_table(
        "posting",
        *map(text, ("book", "key")),
        sa.Column("position", sa.BigInteger(), nullable=False),
        *map(text, ("kind", "digest", "payment_key", "answer")),
        sa.PrimaryKeyConstraint("book", "key"),
    )
    op.create_index("posting_by_position", "posting", ["book", "position"], unique=True)
