"""What stands in a row of an outbox file, and in a row of the program's answer to it."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from ventanilla.backoffice_adapters.files.cells import COUNT, SIGNED, TEXT, TIME
from ventanilla.backoffice_adapters.files.table import Field, Table


class PostingKind(StrEnum):
    """What a row asks the program to book."""

    PAYMENT = "PAYMENT"
    REFUND = "REFUND"
    REVERSAL = "REVERSAL"


class Outcome(StrEnum):
    """What became of it in the program."""

    TAKEN = "TAKEN"
    REFUSED = "REFUSED"


OUTBOX: Final = Table(
    "rows",
    (
        Field("number", COUNT, True),
        Field("key", TEXT, True),
        Field("kind", PostingKind, True),
        Field("account", TEXT),
        Field("account_number", TEXT),
        Field("amount", SIGNED, True),
        Field("invoice", TEXT),
        Field("invoice_number", TEXT),
        Field("paid_at", TIME, True),
        Field("method", TEXT),
        Field("reference", TEXT),
        Field("payment", TEXT),
        Field("payment_posted", TEXT),
    ),
)
"""A posting is one row for each invoice that it is matched with, and one for the rest, all with its `key`.

`number` counts rows over all files, without a gap. What is taken back is one row with a negative amount; it names the
payment by the program's own key (`payment`), or by the `key` that it was posted under (`payment_posted`), or by both.
"""
ANSWERS: Final = Table(
    "answers",
    (
        Field("number", COUNT),
        Field("key", TEXT),
        Field("outcome", Outcome, True),
        Field("amount", SIGNED, True),
        Field("payment", TEXT),
        Field("reason", TEXT),
    ),
)
"""One row for each posting, which is named by its `key` or by the `number` of any of its rows.

`amount` is that of the whole posting, as a check; `payment` the program's own key of a payment that it took.
"""
CHOICES: Final = {
    OUTBOX.name: (("account", "account_number"), ("invoice", "invoice_number"), ("payment",), ("payment_posted",)),
    ANSWERS.name: (("key", "number"), ("payment",)),
}
"""Table → groups of fields that not every row fills; of each group one must have a column at least."""
