"""Passwords: another one for who forgot theirs, and for who knows it."""

from __future__ import annotations

from datetime import datetime

import strawberry

from ventanilla.auth.password_change import Passwords
from ventanilla.resolvers.asked import LetterRequest
from ventanilla.resolvers.passwords import Reset
from ventanilla.schema.enums import ChangePasswordReason, LetterReason, ResetPasswordReason
from ventanilla.schema.fields import prop
from ventanilla.schema.problems import UserError


@strawberry.input(description="Who forgot their password.")
class RequestPasswordResetInput:
    """Input of `requestPasswordReset`."""

    email: str = strawberry.field(description="The e-mail address they sign in with; case does not matter.")

    def record(self) -> LetterRequest:
        """The input as the resolver takes it."""
        return LetterRequest(email=self.email)


@strawberry.type(description="Why no letter was written.")
class RequestPasswordResetError(UserError):
    """Refusal of `requestPasswordReset`."""

    reason: LetterReason = prop("The reason.")


@strawberry.type(
    description="What came of `requestPasswordReset`: alike whether or not somebody has that e-mail address."
)
class RequestPasswordResetPayload:
    """Payload of `requestPasswordReset`."""

    masked_email: str | None = prop("Where a letter goes, to be shown: enough to see a slip.")
    expires_at: datetime | None = prop("Until when its link can be followed.")
    user_errors: list[RequestPasswordResetError] = prop("Why no letter was written; empty on success.")


@strawberry.input(description="What proves that somebody reads their e-mail, and the password that they want.")
class ResetPasswordInput:
    """Input of `resetPassword`."""

    token: str = strawberry.field(description="What stands behind `#` in the address of the letter's link.")
    new_password: str = strawberry.field(description="As `portal.passwordPolicy` asks for.")

    def record(self) -> Reset:
        """The input as the resolver takes it."""
        return Reset(token=self.token, new_password=self.new_password)


@strawberry.type(description="Why the password stays as it is.")
class ResetPasswordError(UserError):
    """Refusal of `resetPassword`."""

    reason: ResetPasswordReason = prop("The reason.")


@strawberry.type(description="What came of `resetPassword`.")
class ResetPasswordPayload:
    """Payload of `resetPassword`."""

    ended_sessions: int = prop("How many sessions ended: all there were. 0 when the password stays as it is.")
    user_errors: list[ResetPasswordError] = prop("Why the password stays as it is; empty on success.")


@strawberry.input(description="The password that somebody has, and the one that they want.")
class ChangePasswordInput:
    """Input of `changePassword`."""

    current_password: str = strawberry.field(description="The password that they sign in with.")
    new_password: str = strawberry.field(description="As `portal.passwordPolicy` asks for.")

    def record(self) -> Passwords:
        """The input as the resolver takes it."""
        return Passwords(current=self.current_password, new=self.new_password)


@strawberry.type(description="Why the password stays as it is.")
class ChangePasswordError(UserError):
    """Refusal of `changePassword`."""

    reason: ChangePasswordReason = prop("The reason.")


@strawberry.type(description="What came of `changePassword`.")
class ChangePasswordPayload:
    """Payload of `changePassword`."""

    ended_sessions: int = prop("How many sessions ended: all but this one. 0 when the password stays as it is.")
    user_errors: list[ChangePasswordError] = prop("Why the password stays as it is; empty on success.")
