"""Access for many: invitations are written, sent and called back."""

from __future__ import annotations

from typing import Annotated

import strawberry

from ventanilla.resolvers import (
    access_requests,
    access_sending,
)
from ventanilla.schema.access_changes import (
    CancelPendingInvitationsInput,
    CancelPendingInvitationsPayload,
    GenerateAccessInvitationsInput,
    GenerateAccessInvitationsPayload,
    RetryFailedInvitationsInput,
    RetryFailedInvitationsPayload,
    SendAccessInvitationsInput,
    SendAccessInvitationsPayload,
)
from ventanilla.schema.fields import arg, call


@strawberry.type
class MassAccess:
    """A part of the root of mutations."""

    @call(
        access_requests.generate,
        "Ask for access for many people. A worker reads them from the offices; the batch is then GENERATED, and"
        " `sendAccessInvitations` lets it leave. For those who administer access, as the next three.",
    )
    def generate_access_invitations(
        self, what: Annotated[GenerateAccessInvitationsInput, arg("Whom it is for.", "input")]
    ) -> GenerateAccessInvitationsPayload: ...

    @call(access_sending.send, "Let the invitations of a batch leave: `batchSize` of them every `intervalSeconds`.")
    def send_access_invitations(
        self, which: Annotated[SendAccessInvitationsInput, arg("Which.", "input")]
    ) -> SendAccessInvitationsPayload: ...

    @call(
        access_sending.cancel,
        "Cancel what of a batch has not left. Once it is answered nothing of it leaves but what was in flight.",
    )
    def cancel_pending_invitations(
        self, which: Annotated[CancelPendingInvitationsInput, arg("Which.", "input")]
    ) -> CancelPendingInvitationsPayload: ...

    @call(access_sending.retry, "Let the letters of a batch that were given up leave once more.")
    def retry_failed_invitations(
        self, which: Annotated[RetryFailedInvitationsInput, arg("Which.", "input")]
    ) -> RetryFailedInvitationsPayload: ...
