"""Mandates, given and ended."""

from __future__ import annotations

from datetime import date

import strawberry

from ventanilla.resolvers import mandates
from ventanilla.schema.enums import MandateReason, MandateRole
from ventanilla.schema.fields import prop
from ventanilla.schema.person import Mandate
from ventanilla.schema.problems import UserError


@strawberry.type(description="Why no mandate was given or ended.")
class MandateError(UserError):
    """Refusal of `grantMandate` and `endMandate`."""

    reason: MandateReason = prop("The reason.")


@strawberry.input(description="As what somebody is to act, for whom, and when.")
class GrantMandateInput:
    """Input of `grantMandate`."""

    person_id: strawberry.ID = strawberry.field(description="The person's id.")
    role: MandateRole = strawberry.field(description="As what.")
    office: str = strawberry.field(description="The manager's own name of the office that knows for whom.")
    subject_key: str = strawberry.field(
        description="The community's key at that office, of a board member; the party's, of a supplier. Where the"
        " office can tell, it has to know the key."
    )
    subject_name: str | None = strawberry.field(
        default=None,
        description="What that is called, where the office cannot tell: one line, at most 120 characters.",
    )
    starts_on: date | None = strawberry.field(default=None, description="The first day; today unless said.")
    ends_on: date | None = strawberry.field(default=None, description="The last day; null while no end is known.")

    def record(self) -> mandates.NewMandate:
        """The input as the resolver takes it."""
        return mandates.NewMandate(
            person_id=self.person_id,
            role=self.role,
            office=self.office,
            subject_key=self.subject_key,
            subject_name=self.subject_name,
            starts_on=self.starts_on,
            ends_on=self.ends_on,
        )


@strawberry.type(description="What came of `grantMandate`.")
class GrantMandatePayload:
    """Payload of `grantMandate`."""

    mandate: Mandate | None = prop("The mandate; one from the same day for the same is changed. Null when refused.")
    user_errors: list[MandateError] = prop("Why none was given; empty on success.")


@strawberry.input(description="Which mandate ends, and when.")
class EndMandateInput:
    """Input of `endMandate`."""

    id: strawberry.ID = strawberry.field(description="The mandate's id.")
    ends_on: date | None = strawberry.field(default=None, description="Its last day; today unless said.")

    def record(self) -> mandates.MandateEnd:
        """The input as the resolver takes it."""
        return mandates.MandateEnd(id=self.id, ends_on=self.ends_on)


@strawberry.type(description="What came of `endMandate`.")
class EndMandatePayload:
    """Payload of `endMandate`."""

    mandate: Mandate | None = prop("The mandate as it is now; null when refused.")
    user_errors: list[MandateError] = prop("Why it was not ended; empty on success.")
