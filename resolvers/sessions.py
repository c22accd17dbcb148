"""Signing in and out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from ventanilla.auth import passwords, signing_in
from ventanilla.auth.actor import GUEST, Actor
from ventanilla.auth.identify import identify
from ventanilla.backoffice_adapters.records import Record
from ventanilla.resolvers.access import Scope, call
from ventanilla.resolvers.context import Context
from ventanilla.resolvers.problems import invalid_argument, overloaded
from ventanilla.resolvers.refusals import Param, Refusal, spoken


class SessionDelivery(StrEnum):
    """How a session is handed over."""

    COOKIE = "COOKIE"
    BEARER = "BEARER"


class SignInReason(StrEnum):
    """Why nobody was signed in."""

    INVALID_CREDENTIALS = "INVALID_CREDENTIALS"
    EMAIL_NOT_VERIFIED = "EMAIL_NOT_VERIFIED"
    TOO_MANY_ATTEMPTS = "TOO_MANY_ATTEMPTS"
    ACCOUNT_DISABLED = "ACCOUNT_DISABLED"


_MESSAGES: Mapping[SignInReason, Mapping[str, str]] = {
    SignInReason.INVALID_CREDENTIALS: {
        "en": "E-mail or password are wrong.",
        "es": "El correo electrónico o la contraseña no son correctos.",
        "pl": "Adres e-mail lub hasło są nieprawidłowe.",
    },
    SignInReason.EMAIL_NOT_VERIFIED: {
        "en": "Verify your e-mail address first: open the link in the letter we sent you.",
        "es": "Primero verifique su correo electrónico: abra el enlace que le enviamos.",
        "pl": "Najpierw potwierdź adres e-mail: otwórz odnośnik z wiadomości, którą wysłaliśmy.",
    },
    SignInReason.TOO_MANY_ATTEMPTS: {
        "en": "Too many tries. Wait a little and try again.",
        "es": "Demasiados intentos. Espere un momento y vuelva a intentarlo.",
        "pl": "Zbyt wiele prób. Odczekaj chwilę i spróbuj ponownie.",
    },
    SignInReason.ACCOUNT_DISABLED: {
        "en": "This sign-in is disabled. Please contact us.",
        "es": "Este acceso está deshabilitado. Comuníquese con nosotros.",
        "pl": "Ten dostęp jest wyłączony. Prosimy o kontakt.",
    },
}


class Credentials(Record):
    """Who signs in. It never shows what it holds."""

    email: str
    password: str
    delivery: SessionDelivery = SessionDelivery.COOKIE

    def __repr__(self) -> str:
        return "Credentials(…)"


class SignOut(Record):
    """Which sessions end."""

    all_sessions: bool = False


class NewSession(Record):
    """A session that has begun; the token only where it is not in a cookie."""

    access_token: str | None
    expires_at: datetime


class SignedIn(Record):
    """What came of signing in."""

    session: NewSession | None = None
    viewer: Actor | None = None
    user_errors: list[Refusal] = []


class SignedOut(Record):
    """What came of signing out."""

    ended_sessions: int


@call(scope=Scope.PUBLIC)
async def sign_in(context: Context, *, credentials: Credentials) -> SignedIn:
    """Begin a session. Unknown e-mail and wrong password are alike in answer and in work."""
    by_cookie = credentials.delivery is SessionDelivery.COOKIE
    if by_cookie and not context.takes_cookies:
        raise invalid_argument("No cookie can be set over a socket: sign in by HTTP, or with `delivery: BEARER`.")
    outcome = await _tried(context, credentials)
    if isinstance(outcome, signing_in.Refused):
        return SignedIn(user_errors=[_refusal(outcome, context.language)])
    if by_cookie:
        context.reply.session = outcome.token
    context.actor = await _actor(context, outcome.token)
    session = NewSession(access_token=None if by_cookie else outcome.token, expires_at=outcome.session.expires_at)
    return SignedIn(session=session, viewer=context.actor)


@call(scope=Scope.PUBLIC)
async def sign_out(context: Context, *, which: SignOut | None = None) -> SignedOut:
    """End this session, or all of the person's; the cookie goes in any case."""
    context.reply.session = ""
    actor, context.actor = context.actor, GUEST
    if actor.session_id is None:
        return SignedOut(ended_sessions=0)
    everywhere = bool(which and which.all_sessions)
    ended = await signing_in.sign_out(
        context.services.store, context.manager, actor.session_id, all_sessions=everywhere
    )
    return SignedOut(ended_sessions=ended)


async def _tried(context: Context, credentials: Credentials) -> signing_in.SignedIn | signing_in.Refused:
    """Try, once in a request; a `Problem` when too many people sign in at this moment."""
    if context.tried:
        return signing_in.Refused(reason=signing_in.Reason.TOO_MANY_ATTEMPTS)
    context.tried = True
    try:
        with passwords.place_in_line():
            return await signing_in.sign_in(
                context.services.store,
                context.manager,
                email=credentials.email,
                password=credentials.password,
                address=context.address,
                user_agent=context.user_agent,
                now=context.now,
            )
    except passwords.BusyError:
        raise overloaded() from None


async def _actor(context: Context, token: str) -> Actor:
    """Who the new token stands for: found as at any later request."""
    identified = await identify(context.services.store, context.host, token, context.now)
    return identified.actor if identified else GUEST


def _refusal(refused: signing_in.Refused, language: str) -> Refusal:
    reason = SignInReason(refused.reason.value)
    return Refusal(
        reason=reason,
        message=spoken(_MESSAGES[reason], language),
        retryable=reason is SignInReason.TOO_MANY_ATTEMPTS,
        params=() if refused.retry_after is None else (Param(key="retryAfterSeconds", value=str(refused.retry_after)),),
    )
