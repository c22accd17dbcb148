"""Asking for access for many, letting it leave, cancelling it, trying it once more."""

from __future__ import annotations

import strawberry

from ventanilla.resolvers.access_requests import AccessRequest
from ventanilla.resolvers.access_sending import ChosenBatch
from ventanilla.schema.access_batch import AccessBatch
from ventanilla.schema.enums import (
    AccessAudience,
    CancelAccessReason,
    Credential,
    FilterMode,
    GenerateAccessReason,
    RetryAccessReason,
    SendAccessReason,
)
from ventanilla.schema.fields import prop
from ventanilla.schema.problems import UserError

_BATCH = "The batch; null where nothing was done."


@strawberry.input(description="Whom access is to be given to.")
class GenerateAccessInvitationsInput:
    """Input of `generateAccessInvitations`."""

    audience: AccessAudience = strawberry.field(description="Whom it is for.")
    filter_mode: FilterMode = strawberry.field(
        default=FilterMode.NONE, description="Whether people were picked by hand."
    )
    party_ids: list[strawberry.ID] = strawberry.field(
        default_factory=list, description="Those who were picked, from `staff.parties`; at most 1000."
    )
    credential_mode: Credential | None = strawberry.field(
        default=None, description="What people come in with; what the manager has decided unless said."
    )
    idempotency_key: str = strawberry.field(
        description="Of your own, at most 200 characters: the same key and input answer the same batch, whatever has"
        " become of it."
    )

    def record(self) -> AccessRequest:
        """The input as the resolver takes it."""
        return AccessRequest(
            audience=self.audience,
            filter_mode=self.filter_mode,
            party_ids=self.party_ids,
            credential_mode=self.credential_mode,
            idempotency_key=self.idempotency_key,
        )


@strawberry.type(description="Why no batch was asked for.")
class GenerateAccessInvitationsError(UserError):
    """Refusal of `generateAccessInvitations`."""

    reason: GenerateAccessReason = prop("The reason.")


@strawberry.type(description="What came of `generateAccessInvitations`.")
class GenerateAccessInvitationsPayload:
    """Payload of `generateAccessInvitations`."""

    batch: AccessBatch | None = prop(_BATCH)
    user_errors: list[GenerateAccessInvitationsError] = prop("Why no batch was asked for; empty on success.")


@strawberry.input(description="What is to leave.")
class SendAccessInvitationsInput:
    """Input of `sendAccessInvitations`."""

    batch_id: strawberry.ID = strawberry.field(description="The batch.")

    def record(self) -> ChosenBatch:
        """The input as the resolver takes it."""
        return ChosenBatch(batch_id=self.batch_id)


@strawberry.type(description="Why nothing was let leave.")
class SendAccessInvitationsError(UserError):
    """Refusal of `sendAccessInvitations`."""

    reason: SendAccessReason = prop("The reason.")


@strawberry.type(description="What came of `sendAccessInvitations`.")
class SendAccessInvitationsPayload:
    """Payload of `sendAccessInvitations`."""

    batch: AccessBatch | None = prop(_BATCH)
    user_errors: list[SendAccessInvitationsError] = prop("Why nothing was let leave; empty on success.")


@strawberry.input(description="What is not to leave any more.")
class CancelPendingInvitationsInput:
    """Input of `cancelPendingInvitations`."""

    batch_id: strawberry.ID = strawberry.field(description="The batch.")

    def record(self) -> ChosenBatch:
        """The input as the resolver takes it."""
        return ChosenBatch(batch_id=self.batch_id)


@strawberry.type(description="Why nothing was cancelled.")
class CancelPendingInvitationsError(UserError):
    """Refusal of `cancelPendingInvitations`."""

    reason: CancelAccessReason = prop("The reason.")


@strawberry.type(description="What came of `cancelPendingInvitations`: true at the moment of the answer.")
class CancelPendingInvitationsPayload:
    """Payload of `cancelPendingInvitations`."""

    batch: AccessBatch | None = prop(_BATCH)
    cancelled_count: int = prop("How many invitations do not leave any more.")
    in_flight_count: int = prop("How many were in a worker's hands already: at most those leave yet, at this moment.")
    user_errors: list[CancelPendingInvitationsError] = prop("Why nothing was cancelled; empty on success.")


@strawberry.input(description="What is to be tried once more.")
class RetryFailedInvitationsInput:
    """Input of `retryFailedInvitations`."""

    batch_id: strawberry.ID = strawberry.field(description="The batch.")

    def record(self) -> ChosenBatch:
        """The input as the resolver takes it."""
        return ChosenBatch(batch_id=self.batch_id)


@strawberry.type(description="Why nothing is tried once more.")
class RetryFailedInvitationsError(UserError):
    """Refusal of `retryFailedInvitations`."""

    reason: RetryAccessReason = prop("The reason.")


@strawberry.type(description="What came of `retryFailedInvitations`.")
class RetryFailedInvitationsPayload:
    """Payload of `retryFailedInvitations`."""

    batch: AccessBatch | None = prop(_BATCH)
    retried_count: int = prop("How many letters leave once more.")
    user_errors: list[RetryFailedInvitationsError] = prop("Why nothing is tried once more; empty on success.")
