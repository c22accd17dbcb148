"""Letters, as the staff sees them."""

from __future__ import annotations

from datetime import datetime

import strawberry

from ventanilla.resolvers import letters
from ventanilla.schema.enums import LetterKind, LetterState
from ventanilla.schema.fields import column, prop


@strawberry.type(description="How many letters are in each state. Those that have ended are counted for 90 days.")
class LetterCounts:
    """How the letters stand."""

    pending: int = prop("Letters that wait, or are to be tried again.")
    sending: int = prop("Letters that are being handed over at this moment.")
    sent: int = prop("Letters that a mail server took.")
    failed: int = prop("Letters that were given up.")
    cancelled: int = prop("Letters that do not leave any more.")
    oldest_due_at: datetime | None = prop("When the one that waits longest was, or will be, due; null if none waits.")


@strawberry.type(description="A letter of the portal, and what became of it. What it says is told to its reader alone.")
class Letter:
    """A letter."""

    id: strawberry.ID = prop("For `retryLetters` and `cancelLetters` alone: letters are no nodes.")
    kind: LetterKind = prop("What it is about.")
    recipient: str = prop("The address that it goes to.")
    state: LetterState = prop("What became of it.")
    tries: int = prop("How often it was tried since it was posted, or put back.")
    failure: str | None = column(letters.why, "Why the last try failed, in words; null if none failed.")
    failure_code: str | None = prop("What the mail server called it: `550 5.1.1`.")
    created_at: datetime = prop("When it was posted.")
    due_at: datetime = prop("When it is, or was, to be sent or tried again.")
    ended_at: datetime | None = prop("When it was sent, given up or cancelled.")
    batch_id: str | None = prop("The run of many letters that it is one of; null for a single letter.")


@strawberry.input(description="Which letters are to be sent again: either of both.")
class RetryLettersInput:
    """Input of `retryLetters`."""

    ids: list[strawberry.ID] | None = strawberry.field(
        default=None, description="At most 500 ids; letters that did not fail stay as they are."
    )
    all_failed: bool = strawberry.field(default=False, description="All that failed.")

    def record(self) -> letters.ChosenLetters:
        """The input as the resolver takes it."""
        return letters.ChosenLetters(ids=self.ids, all_failed=self.all_failed)


@strawberry.type(description="What came of `retryLetters`.")
class RetryLettersPayload:
    """Payload of `retryLetters`."""

    retried: int = prop("How many letters will be sent again.")


@strawberry.input(description="Which letters are not to leave any more.")
class CancelLettersInput:
    """Input of `cancelLetters`."""

    ids: list[strawberry.ID] = strawberry.field(
        description="At most 500 ids; letters that do not wait stay as they are."
    )

    def record(self) -> letters.ChosenLetters:
        """The input as the resolver takes it."""
        return letters.ChosenLetters(ids=self.ids)


@strawberry.type(description="What came of `cancelLetters`.")
class CancelLettersPayload:
    """Payload of `cancelLetters`."""

    cancelled: int = prop("How many letters do not leave any more.")
    in_flight: int = prop("How many of those meant a worker had in hand: at most these leave yet, at this moment.")
