"""Signing in with a code that a letter tells."""

from __future__ import annotations

from datetime import datetime

import strawberry

from ventanilla.resolvers import sign_in_codes
from ventanilla.schema.enums import SessionDelivery, SignInCodeReason, SignInWithCodeReason
from ventanilla.schema.fields import prop
from ventanilla.schema.problems import UserError
from ventanilla.schema.session import Session
from ventanilla.schema.viewer import Viewer


@strawberry.input(description="Who wants to sign in.")
class RequestSignInCodeInput:
    """Input of `requestSignInCode`."""

    email: str = strawberry.field(description="The e-mail address given at registration; case does not matter.")

    def record(self) -> sign_in_codes.CodeRequest:
        """The input as the resolver takes it."""
        return sign_in_codes.CodeRequest(email=self.email)


@strawberry.type(description="Why no code was sent.")
class RequestSignInCodeError(UserError):
    """Refusal of `requestSignInCode`."""

    reason: SignInCodeReason = prop("The reason.")


@strawberry.type(description="What came of `requestSignInCode`: alike whether or not somebody has that e-mail address.")
class RequestSignInCodePayload:
    """Payload of `requestSignInCode`."""

    ticket: str | None = prop("What the code is tried with, for whoever asked for it: keep it, and keep it secret.")
    masked_email: str | None = prop("The e-mail address, to be shown: enough to see a slip.")
    expires_at: datetime | None = prop("Until when the code can be used.")
    resend_available_at: datetime | None = prop("From when on another code may be asked for.")
    user_errors: list[RequestSignInCodeError] = prop("Why no code was sent; empty on success.")


@strawberry.input(description="A code, what it is tried with, and how the session is handed over.")
class SignInWithCodeInput:
    """Input of `signInWithCode`."""

    ticket: str = strawberry.field(description="The ticket of `requestSignInCode`.")
    code: str = strawberry.field(description="The six digits of the letter; spaces do not count.")
    delivery: SessionDelivery = strawberry.field(
        default=SessionDelivery.COOKIE, description="As a cookie for portals, as a bearer token for scripts."
    )

    def record(self) -> sign_in_codes.CodeTry:
        """The input as the resolver takes it."""
        return sign_in_codes.CodeTry(ticket=self.ticket, code=self.code, delivery=self.delivery)


@strawberry.type(description="Why nobody was signed in.")
class SignInWithCodeError(UserError):
    """Refusal of `signInWithCode`."""

    reason: SignInWithCodeReason = prop("The reason.")


@strawberry.type(description="What came of `signInWithCode`.")
class SignInWithCodePayload:
    """Payload of `signInWithCode`."""

    session: Session | None = prop("The session; null when nobody was signed in.")
    viewer: Viewer | None = prop("Who is signed in now; null when nobody was.")
    user_errors: list[SignInWithCodeError] = prop("Why nobody was signed in; empty on success.")
