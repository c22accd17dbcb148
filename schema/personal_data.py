"""What is held of a person, and its end."""

from __future__ import annotations

import strawberry

from ventanilla.resolvers import personal_data
from ventanilla.schema.enums import DataCategory, ErasureOutcome, ErasureReason
from ventanilla.schema.fields import prop
from ventanilla.schema.problems import UserError


@strawberry.input(description="Who wants to be erased.")
class EraseMyDataInput:
    """Input of `eraseMyData`."""

    email: str = strawberry.field(description="The viewer's own e-mail address, as a sign that it is meant.")

    def record(self) -> personal_data.ErasureRequest:
        """The input as the resolver takes it."""
        return personal_data.ErasureRequest(email=self.email)


@strawberry.type(description="What became of one kind of personal data.")
class Erasure:
    """A category and its end."""

    category: DataCategory = prop("What kind of data.")
    outcome: ErasureOutcome = prop("What became of it.")
    reason: str | None = prop("Why it was not erased, for the person to read; null where it was.")


@strawberry.type(description="Why nobody was erased.")
class EraseMyDataError(UserError):
    """Refusal of `eraseMyData`."""

    reason: ErasureReason = prop("The reason.")


@strawberry.type(description="What came of `eraseMyData`.")
class EraseMyDataPayload:
    """Payload of `eraseMyData`."""

    erasures: list[Erasure] = prop("What became of each kind of data; empty on refusal.")
    user_errors: list[EraseMyDataError] = prop("Why nobody was erased; empty on success.")
