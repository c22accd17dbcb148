"""Seeing the portal as a customer."""

from __future__ import annotations

import strawberry

from ventanilla.resolvers import seeing
from ventanilla.schema.enums import SeeAsReason, StopSeeingAsReason
from ventanilla.schema.fields import prop
from ventanilla.schema.onlooker import Onlooker
from ventanilla.schema.problems import UserError
from ventanilla.schema.viewer import Viewer


@strawberry.input(description="As whom the portal is to be seen, and why.")
class SeeAsInput:
    """Input of `seeAs`."""

    person_id: strawberry.ID = strawberry.field(
        description="The customer's id. Not somebody who works for the manager, nor somebody who is disabled."
    )
    reason: str = strawberry.field(description="Why, in at most 300 characters. The customer can read it.")

    def record(self) -> seeing.SeeAs:
        """The input as the resolver takes it."""
        return seeing.SeeAs(person_id=self.person_id, reason=self.reason)


@strawberry.type(description="Why the portal is not seen as somebody.")
class SeeAsError(UserError):
    """Refusal of `seeAs`."""

    reason: SeeAsReason = prop("The reason.")


@strawberry.type(description="What came of `seeAs`.")
class SeeAsPayload:
    """Payload of `seeAs`."""

    seen_by: Onlooker | None = prop("Who sees, and until when; null when refused.")
    viewer: Viewer | None = prop("The customer, as the session sees the portal from now on; null when refused.")
    user_errors: list[SeeAsError] = prop("Why not; empty on success.")


@strawberry.type(description="Why nothing ended.")
class StopSeeingAsError(UserError):
    """Refusal of `stopSeeingAs`."""

    reason: StopSeeingAsReason = prop("The reason.")


@strawberry.type(description="What came of `stopSeeingAs`.")
class StopSeeingAsPayload:
    """Payload of `stopSeeingAs`."""

    user_errors: list[StopSeeingAsError] = prop("Why nothing ended; empty on success.")
