"""Signing in and out, and the sessions of a person."""

from __future__ import annotations

from datetime import datetime

import strawberry

from ventanilla.resolvers import sessions
from ventanilla.schema.enums import EndSessionReason, SessionDelivery, SignInReason
from ventanilla.schema.fields import prop
from ventanilla.schema.problems import UserError
from ventanilla.schema.viewer import Viewer


@strawberry.input(description="Who signs in, and how the session is handed over.")
class SignInInput:
    """Input of `signIn`."""

    email: str = strawberry.field(
        description="The e-mail address, or the number of the identity document where the manager lets people who were"
        " invited sign in with it; case does not matter."
    )
    password: str = strawberry.field(description="The password.")
    delivery: SessionDelivery = strawberry.field(
        default=SessionDelivery.COOKIE, description="As a cookie for portals, as a bearer token for scripts."
    )

    def record(self) -> sessions.Credentials:
        """The input as the resolver takes it."""
        return sessions.Credentials(email=self.email, password=self.password, delivery=self.delivery)


@strawberry.type(description="A session that has begun.")
class Session:
    """What a client needs to go on."""

    access_token: str | None = prop(
        "Only with `delivery: BEARER`: send it as `Authorization: Bearer …`; keep it secret."
    )
    expires_at: datetime = prop("When it ends at the latest, used or not.")


@strawberry.type(description="Why nobody was signed in.")
class SignInError(UserError):
    """Refusal of `signIn`."""

    reason: SignInReason = prop("The reason.")


@strawberry.type(description="What came of `signIn`.")
class SignInPayload:
    """Payload of `signIn`."""

    session: Session | None = prop("The session; null when nobody was signed in.")
    viewer: Viewer | None = prop("Who is signed in now; null when nobody was.")
    user_errors: list[SignInError] = prop("Why nobody was signed in; empty on success.")


@strawberry.input(description="Which session ends.")
class EndSessionInput:
    """Input of `endSession`."""

    id: strawberry.ID = strawberry.field(description="The id of one of `viewer.sessions`.")

    def record(self) -> sessions.EndSession:
        """The input as the resolver takes it."""
        return sessions.EndSession(id=self.id)


@strawberry.type(description="Why no session was ended.")
class EndSessionError(UserError):
    """Refusal of `endSession`."""

    reason: EndSessionReason = prop("The reason.")


@strawberry.type(description="What came of `endSession`.")
class EndSessionPayload:
    """Payload of `endSession`."""

    ended_sessions: int = prop("How many sessions ended: 1, or 0 when there was none to end.")
    user_errors: list[EndSessionError] = prop("Why none was ended; empty on success.")


@strawberry.input(description="Which sessions end.")
class SignOutInput:
    """Input of `signOut`."""

    all_sessions: bool = strawberry.field(default=False, description="Every session of the person, on every device.")

    def record(self) -> sessions.SignOut:
        """The input as the resolver takes it."""
        return sessions.SignOut(all_sessions=self.all_sessions)


@strawberry.type(description="What came of `signOut`.")
class SignOutPayload:
    """Payload of `signOut`."""

    ended_sessions: int = prop("How many sessions ended; 0 when nobody was signed in.")
