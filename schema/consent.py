"""Programs that the viewer lets act on their behalf."""

from __future__ import annotations

from datetime import datetime

import strawberry

from ventanilla.resolvers.consents import GivenUpConsent
from ventanilla.schema.enums import WithdrawConsentReason
from ventanilla.schema.fields import prop
from ventanilla.schema.problems import UserError


@strawberry.type(description="A program that the viewer lets read on their behalf.")
class Consent:
    """A program, and what it may read."""

    program_id: strawberry.ID = prop("What the program is known by: for `withdrawConsent`.")
    name: str = prop("What the program is called.")
    scopes: list[str] = prop("What it may read: `accounts:read`, `invoices:read`, …")
    allowed_at: datetime = prop("When the viewer last consented.")
    used_at: datetime = prop("When it last asked for a token on their behalf. A token is good for fifteen minutes.")


@strawberry.input(description="Which program is to act for the viewer no more.")
class WithdrawConsentInput:
    """Input of `withdrawConsent`."""

    program_id: strawberry.ID = strawberry.field(description="One of `viewer.programs`.")

    def record(self) -> GivenUpConsent:
        """The input as the resolver takes it."""
        return GivenUpConsent(program_id=self.program_id)


@strawberry.type(description="Why nothing was withdrawn.")
class WithdrawConsentError(UserError):
    """Refusal of `withdrawConsent`."""

    reason: WithdrawConsentReason = prop("The reason.")


@strawberry.type(description="What came of `withdrawConsent`.")
class WithdrawConsentPayload:
    """Payload of `withdrawConsent`."""

    program: Consent | None = prop("What the program could do until now; null on refusal.")
    user_errors: list[WithdrawConsentError] = prop("Why nothing was withdrawn; empty on success.")
