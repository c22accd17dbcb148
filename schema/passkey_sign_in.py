"""Signing in with a passkey."""

from __future__ import annotations

from datetime import datetime

import strawberry

from ventanilla.resolvers import passkey_sign_in
from ventanilla.schema.enums import PasskeyHint, PasskeySignInReason, SessionDelivery, StartPasskeySignInReason
from ventanilla.schema.fields import distinct, prop
from ventanilla.schema.problems import UserError
from ventanilla.schema.session import Session
from ventanilla.schema.viewer import Viewer


@strawberry.input(description="Where the passkey is likely to be. Nobody has to say who they are.")
class StartPasskeySignInInput:
    """Input of `startPasskeySignIn`."""

    hints: list[PasskeyHint] | None = strawberry.field(
        default=None, description="Where browsers look first, the likeliest first; they may look elsewhere."
    )

    def record(self) -> passkey_sign_in.PasskeySearch:
        """The input as the resolver takes it."""
        return passkey_sign_in.PasskeySearch(hints=distinct(self.hints))


@strawberry.type(description="Why no passkey is asked for.")
class StartPasskeySignInError(UserError):
    """Refusal of `startPasskeySignIn`."""

    reason: StartPasskeySignInReason = prop("The reason.")


@strawberry.type(description="What came of `startPasskeySignIn`.")
class StartPasskeySignInPayload:
    """Payload of `startPasskeySignIn`."""

    ticket: str | None = prop("What `finishPasskeySignIn` takes, once: keep it secret. Null when refused.")
    options: str | None = prop(
        "What the browser is asked, as the JSON text of WebAuthn Level 3's `PublicKeyCredentialRequestOptionsJSON`:"
        " hand what `PublicKeyCredential.parseRequestOptionsFromJSON(JSON.parse(options))` makes of it to"
        " `navigator.credentials.get` as `publicKey`. Null when refused."
    )
    expires_at: datetime | None = prop("Until when the browser's answer is taken; null when refused.")
    user_errors: list[StartPasskeySignInError] = prop("Why no passkey is asked for; empty on success.")


@strawberry.input(description="What a passkey signed, and how the session is handed over.")
class FinishPasskeySignInInput:
    """Input of `finishPasskeySignIn`."""

    ticket: str = strawberry.field(description="The ticket of `startPasskeySignIn`.")
    response: str = strawberry.field(
        description="What the browser answered, as the JSON text of WebAuthn Level 3's `AuthenticationResponseJSON`:"
        " `JSON.stringify(credential.toJSON())`; at most 16,384 characters."
    )
    delivery: SessionDelivery = strawberry.field(
        default=SessionDelivery.COOKIE, description="As a cookie for portals, as a bearer token for scripts."
    )

    def record(self) -> passkey_sign_in.SignedPasskey:
        """The input as the resolver takes it."""
        return passkey_sign_in.SignedPasskey(ticket=self.ticket, response=self.response, delivery=self.delivery)


@strawberry.type(description="Why nobody was signed in.")
class FinishPasskeySignInError(UserError):
    """Refusal of `finishPasskeySignIn`."""

    reason: PasskeySignInReason = prop("The reason.")


@strawberry.type(description="What came of `finishPasskeySignIn`.")
class FinishPasskeySignInPayload:
    """Payload of `finishPasskeySignIn`."""

    session: Session | None = prop("The session; null when nobody was signed in.")
    viewer: Viewer | None = prop("Who is signed in now; null when nobody was.")
    user_errors: list[FinishPasskeySignInError] = prop("Why nobody was signed in; empty on success.")
