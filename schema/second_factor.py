"""Second factors: set up, shown, given up, and taken away."""

from __future__ import annotations

from datetime import datetime

import strawberry

from ventanilla.resolvers import second_factor
from ventanilla.resolvers.person_changes import ChosenPerson
from ventanilla.schema.enums import (
    ConfirmSecondFactorReason,
    ResetSecondFactorReason,
    SecondFactorReason,
    StartSecondFactorReason,
)
from ventanilla.schema.fields import prop
from ventanilla.schema.person import Person
from ventanilla.schema.problems import UserError
from ventanilla.schema.viewer import Viewer

_CODE = (
    "The six digits that the authenticator shows now, or a recovery code. Spaces, hyphens and letter case do not count."
)


@strawberry.input(description="Who wants a second factor.")
class StartSecondFactorInput:
    """Input of `startSecondFactor`."""

    password: str | None = strawberry.field(
        default=None, description="The viewer's password, if they signed in more than fifteen minutes ago."
    )

    def record(self) -> second_factor.NewSecondFactor:
        """The input as the resolver takes it."""
        return second_factor.NewSecondFactor(password=self.password)


@strawberry.type(description="Why no second factor was begun.")
class StartSecondFactorError(UserError):
    """Refusal of `startSecondFactor`."""

    reason: StartSecondFactorReason = prop("The reason.")


@strawberry.type(description="What came of `startSecondFactor`. The secret is told this once.")
class StartSecondFactorPayload:
    """Payload of `startSecondFactor`."""

    otpauth_uri: str | None = prop("To be shown as a QR code, which authenticators read; null when refused.")
    secret: str | None = prop("The same to be typed in: 32 letters and digits, base32. Null when refused.")
    expires_at: datetime | None = prop("Until when `confirmSecondFactor` takes its codes; null when refused.")
    user_errors: list[StartSecondFactorError] = prop("Why none was begun; empty on success.")


@strawberry.input(description="A first code.")
class ConfirmSecondFactorInput:
    """Input of `confirmSecondFactor`."""

    code: str = strawberry.field(description="The six digits that the authenticator shows now.")

    def record(self) -> second_factor.ShownCode:
        """The input as the resolver takes it."""
        return second_factor.ShownCode(code=self.code)


@strawberry.type(description="Why no second factor was set up.")
class ConfirmSecondFactorError(UserError):
    """Refusal of `confirmSecondFactor`."""

    reason: ConfirmSecondFactorReason = prop("The reason.")


@strawberry.type(description="What came of `confirmSecondFactor`. The recovery codes are told this once.")
class ConfirmSecondFactorPayload:
    """Payload of `confirmSecondFactor`."""

    viewer: Viewer | None = prop("The viewer as they are now; null when refused.")
    recovery_codes: list[str] = prop(
        "Ten codes for who has lost their authenticator, each good once: to be kept on paper. Empty when refused."
    )
    user_errors: list[ConfirmSecondFactorError] = prop("Why nothing was set up; empty on success.")


@strawberry.input(description="A code of the second factor.")
class ShowSecondFactorInput:
    """Input of `showSecondFactor`."""

    code: str = strawberry.field(description=_CODE)

    def record(self) -> second_factor.ShownCode:
        """The input as the resolver takes it."""
        return second_factor.ShownCode(code=self.code)


@strawberry.type(description="Why a code was not taken.")
class SecondFactorError(UserError):
    """Refusal of `showSecondFactor` and `removeSecondFactor`."""

    reason: SecondFactorReason = prop("The reason.")


@strawberry.type(description="What came of `showSecondFactor`.")
class ShowSecondFactorPayload:
    """Payload of `showSecondFactor`."""

    viewer: Viewer | None = prop("The viewer, to whom everything is open from now on; null when refused.")
    user_errors: list[SecondFactorError] = prop("Why the code was not taken; empty on success.")


@strawberry.input(description="A code of the second factor that is given up.")
class RemoveSecondFactorInput:
    """Input of `removeSecondFactor`."""

    code: str = strawberry.field(description=_CODE)

    def record(self) -> second_factor.ShownCode:
        """The input as the resolver takes it."""
        return second_factor.ShownCode(code=self.code)


@strawberry.type(description="What came of `removeSecondFactor`.")
class RemoveSecondFactorPayload:
    """Payload of `removeSecondFactor`."""

    viewer: Viewer | None = prop("The viewer as they are now; null when refused.")
    user_errors: list[SecondFactorError] = prop("Why it stays; empty on success.")


@strawberry.input(description="Who has lost their second factor.")
class ResetSecondFactorInput:
    """Input of `resetSecondFactor`."""

    id: strawberry.ID = strawberry.field(description="The person's id.")

    def record(self) -> ChosenPerson:
        """The input as the resolver takes it."""
        return ChosenPerson(id=self.id)


@strawberry.type(description="Why nothing was taken away.")
class ResetSecondFactorError(UserError):
    """Refusal of `resetSecondFactor`."""

    reason: ResetSecondFactorReason = prop("The reason.")


@strawberry.type(description="What came of `resetSecondFactor`.")
class ResetSecondFactorPayload:
    """Payload of `resetSecondFactor`."""

    person: Person | None = prop("The person as they are now; null when refused.")
    ended_sessions: int = prop("How many of their sessions ended: all there were.")
    user_errors: list[ResetSecondFactorError] = prop("Why nothing was taken away; empty on success.")
