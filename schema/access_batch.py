"""Access for many people at once: batches, and the people of each."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import strawberry
from strawberry import UNSET

from ventanilla.resolvers import access_batches, letters
from ventanilla.schema.connection import Connection
from ventanilla.schema.enums import (
    AccessAudience,
    AccessBatchState,
    Credential,
    FilterMode,
    InvitationProblem,
    InvitationState,
)
from ventanilla.schema.fields import PAGE, After, Before, First, Last, arg, batch, column, prop


@strawberry.type(description="Somebody whom access would be given to.")
class AccessCandidate:
    """One of an audience."""

    name: str = prop("As the office knows them.")
    email: str | None = prop("Their e-mail address; null where the office knows none that is one.")
    problem: InvitationProblem | None = prop("Why they would be sent nothing; null where nothing speaks against it.")


@strawberry.type(description="Whom access would be given to, as the offices know them now.")
class AccessAudiencePreview:
    """A look at an audience."""

    total: int = prop("How many people.")
    without_email: int = prop("How many of them no e-mail address is known of.")
    already_invited: int = prop("How many have an invitation that they can still follow.")
    with_access: int = prop("How many reach all of it already.")
    sample: list[AccessCandidate] = prop("The first ten.")


@strawberry.type(description="How many people of a batch are in each state; together they are all.")
class AccessBatchCounts:
    """The counts of a batch."""

    total: int = prop("All.")
    pending: int = prop("Their letters wait.")
    sending: int = prop("Their letters are being handed over at this moment.")
    sent: int = prop("A mail server took their letters.")
    failed: int = prop("Their letters were given up.")
    cancelled: int = prop("Their letters do not leave any more.")
    skipped: int = prop("They are sent nothing.")
    accepted: int = prop("They have come in.")


@strawberry.type(description="One person of a batch.")
class AccessInvitation:
    """An invitation."""

    id: strawberry.ID = prop("Its id. Invitations are no nodes.")
    name: str = prop("As the office knows them.")
    email: str | None = prop("Where the letter goes; null where the office knows no address that is one.")
    user_name: str | None = prop(
        "The document that they will sign in with beside the address, if that is the way here."
    )
    state: InvitationState = prop("How they fare.")
    problem: InvitationProblem | None = prop("Why they are sent nothing; null where they are.")
    due_at: datetime | None = prop("When the letter leaves or is tried again; of one that has ended, when it did.")
    tries: int = prop("How often the letter was tried.")
    failure: str | None = column(letters.why, "Why the last try failed, in words; null if none failed.")
    failure_code: str | None = prop("What the mail server called it: `550 5.1.1`.")
    accepted_at: datetime | None = prop("When they came in; null if not yet.")


@strawberry.type(description="Access for many people at once: generated first, then let leave, lot by lot.")
class AccessBatch:
    """A batch."""

    id: strawberry.ID = prop("Its id. Batches are no nodes.")
    state: AccessBatchState = prop("How far it has come.")
    audience: AccessAudience = prop("Whom it is for.", of="plan.audience")
    filter_mode: FilterMode = prop("Whether people were picked by hand.", of="plan.filter_mode")
    credential_mode: Credential = prop("What people come in with.", of="plan.credential")
    batch_size: int = prop("How many letters leave together.", of="plan.batch_size")
    interval_seconds: int = prop("Seconds from one such lot to the next.", of="plan.interval_s")
    problem: str | None = column(access_batches.problems, "Why it could not be generated, in words; null otherwise.")
    created_by: str | None = prop("Who asked for it; null where nobody knows any more.")
    created_at: datetime = prop("When it was asked for.")
    generated_at: datetime | None = prop("Since when it can be sent.")
    sending_at: datetime | None = prop("When somebody let it leave.")
    cancelled_at: datetime | None = prop("When it was cancelled.")
    next_run_at: datetime | None = prop("When the next letters leave; null where none waits.")
    counts: AccessBatchCounts = prop("How many of its people are in each state, now.")

    @batch(access_batches.invitations, "Its people, by name.", listing=PAGE)
    def invitations(
        self,
        first: First = UNSET,
        after: After = UNSET,
        last: Last = UNSET,
        before: Before = UNSET,
        states: Annotated[list[InvitationState] | None, arg("Only those in one of these states.")] = UNSET,
    ) -> Connection[AccessInvitation]: ...
