"""Signing in and out, and the sessions that a person has."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum

from ventanilla.auth import devices, passwords, sessions, signing_in
from ventanilla.auth.actor import GUEST, Actor
from ventanilla.auth.identify import identify
from ventanilla.auth.signing_in import Reason, Refused
from ventanilla.backoffice_adapters.records import Record
from ventanilla.resolvers import seeing
from ventanilla.resolvers.access import Scope, batch, call
from ventanilla.resolvers.context import Context
from ventanilla.resolvers.problems import invalid_argument, overloaded
from ventanilla.resolvers.refusals import Refusal, refused, wait


class SessionDelivery(StrEnum):
    """How a session is handed over."""

    COOKIE = "COOKIE"
    BEARER = "BEARER"


class SignInReason(StrEnum):
    """Why nobody was signed in."""

    INVALID_CREDENTIALS = "INVALID_CREDENTIALS"
    WAY_NOT_OFFERED = "WAY_NOT_OFFERED"
    EMAIL_NOT_VERIFIED = "EMAIL_NOT_VERIFIED"
    TOO_MANY_ATTEMPTS = "TOO_MANY_ATTEMPTS"
    ACCOUNT_DISABLED = "ACCOUNT_DISABLED"


class EndSessionReason(StrEnum):
    """Why no session was ended."""

    NOT_FOUND = "NOT_FOUND"


MESSAGES: Mapping[Reason, Mapping[str, str]] = {
    Reason.INVALID_CREDENTIALS: {
        "en": "E-mail or password are wrong.",
        "es": "El correo electrónico o la contraseña no son correctos.",
        "pl": "Adres e-mail lub hasło są nieprawidłowe.",
    },
    Reason.WAY_NOT_OFFERED: {
        "en": "You cannot sign in this way here. Choose another one.",
        "es": "Aquí no se puede ingresar de esta manera. Elija otra.",
        "pl": "Tutaj nie można zalogować się w ten sposób. Prosimy wybrać inny.",
    },
    Reason.CODE_INVALID: {
        "en": "This code is wrong. Compare it with the newest letter, or ask for another one.",
        "es": "El código no es correcto. Compárelo con el del último mensaje o pida otro.",
        "pl": "Ten kod jest nieprawidłowy. Prosimy porównać go z najnowszą wiadomością lub poprosić o nowy.",
    },
    Reason.CODE_EXPIRED: {
        "en": "This code is not valid any more. Ask for another one.",
        "es": "Este código ya no es válido. Pida otro.",
        "pl": "Ten kod stracił ważność. Prosimy poprosić o nowy.",
    },
    Reason.CODE_USED: {
        "en": "This code was used already. Ask for another one.",
        "es": "Este código ya se usó. Pida otro.",
        "pl": "Ten kod został już użyty. Prosimy poprosić o nowy.",
    },
    Reason.EMAIL_NOT_VERIFIED: {
        "en": "Verify your e-mail address first: open the link in the letter we sent you.",
        "es": "Primero verifique su correo electrónico: abra el enlace que le enviamos.",
        "pl": "Najpierw potwierdź adres e-mail: otwórz odnośnik z wiadomości, którą wysłaliśmy.",
    },
    Reason.TOO_MANY_ATTEMPTS: {
        "en": "Too many tries. Wait a little and try again.",
        "es": "Demasiados intentos. Espere un momento y vuelva a intentarlo.",
        "pl": "Zbyt wiele prób. Odczekaj chwilę i spróbuj ponownie.",
    },
    Reason.NOT_AVAILABLE_HERE: {
        "en": "Passkeys do not work at this address. Open the portal by its name, with https, or sign in another way.",
        "es": "En esta dirección no funcionan las llaves de acceso. Abra el portal por su nombre, con https, o ingrese"
        " de otra manera.",
        "pl": "Pod tym adresem klucze dostępu nie działają. Prosimy otworzyć portal pod jego nazwą, przez https, lub"
        " zalogować się inaczej.",
    },
    Reason.PASSKEY_UNKNOWN: {
        "en": "This passkey is not known here. Choose another one, or sign in another way.",
        "es": "Aquí no se conoce esta llave de acceso. Elija otra o ingrese de otra manera.",
        "pl": "Ten klucz dostępu nie jest tu znany. Prosimy wybrać inny lub zalogować się inaczej.",
    },
    Reason.PASSKEY_INVALID: {
        "en": "The passkey did not answer as it should. Try again, or sign in another way.",
        "es": "La llave de acceso no respondió como debía. Inténtelo de nuevo o ingrese de otra manera.",
        "pl": "Klucz dostępu nie odpowiedział tak, jak powinien. Prosimy spróbować ponownie lub zalogować się inaczej.",
    },
    Reason.TICKET_EXPIRED: {
        "en": "That took too long, or was done already. Begin again.",
        "es": "Pasó demasiado tiempo, o ya se hizo. Empiece de nuevo.",
        "pl": "Minęło zbyt dużo czasu lub zostało to już zrobione. Prosimy zacząć od nowa.",
    },
    Reason.ACCOUNT_DISABLED: {
        "en": "This sign-in is disabled. Please contact us.",
        "es": "Este acceso está deshabilitado. Comuníquese con nosotros.",
        "pl": "Ten dostęp jest wyłączony. Prosimy o kontakt.",
    },
}
_NOT_FOUND: Mapping[str, str] = {
    "en": "You have no such session, or it has ended already.",
    "es": "Usted no tiene esa sesión, o ya se cerró.",
    "pl": "Nie ma takiej sesji albo już się zakończyła.",
}


class Credentials(Record):
    """Who signs in. It never shows what it holds."""

    email: str
    password: str
    delivery: SessionDelivery = SessionDelivery.COOKIE

    def __repr__(self) -> str:
        return "Credentials(…)"


class SessionInfo(Record):
    """A session as its owner sees it."""

    id: str
    current: bool
    created_at: datetime
    seen_at: datetime
    expires_at: datetime
    address: str | None
    user_agent: str | None
    device: str | None


class EndSession(Record):
    """Which session ends."""

    id: str


class EndedSession(Record):
    """What came of ending a session."""

    ended_sessions: int = 0
    user_errors: list[Refusal] = []


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
    return await entered(context, credentials.delivery, lambda: _compared(context, credentials), SignInReason)


async def entered(
    context: Context,
    delivery: SessionDelivery,
    way: Callable[[], Awaitable[signing_in.SignedIn | Refused]],
    reasons: type[StrEnum],
) -> SignedIn:
    """What comes of signing in by `way`, tried once in a request; `reasons` are those it may be refused for."""
    by_cookie = delivery is SessionDelivery.COOKIE
    if by_cookie and not context.takes_cookies:
        raise invalid_argument("No cookie can be set over a socket: sign in by HTTP, or with `delivery: BEARER`.")
    tried, context.tried = context.tried, True
    outcome = Refused(reason=Reason.TOO_MANY_ATTEMPTS) if tried else await way()
    if isinstance(outcome, Refused):
        return SignedIn(user_errors=[refusal(outcome, reasons(outcome.reason.value), context.language)])
    if outcome.letter:
        context.services.wake_worker()
    if by_cookie:
        context.reply.session = outcome.token
    context.actor = await _actor(context, outcome.token)
    session = NewSession(access_token=None if by_cookie else outcome.token, expires_at=outcome.session.expires_at)
    return SignedIn(session=session, viewer=context.actor)


@call(scope=Scope.PUBLIC)
async def sign_out(context: Context, *, which: SignOut | None = None) -> SignedOut:
    """End this session, or all of the person's; the cookie goes in any case."""
    context.reply.session = ""
    await seeing.stopped(context)
    session_id, context.actor = context.actor.held_session_id, GUEST
    if session_id is None:
        return SignedOut(ended_sessions=0)
    everywhere = bool(which and which.all_sessions)
    ended = await signing_in.sign_out(
        context.services.store,
        context.manager,
        session_id,
        caller=context.caller,
        now=context.now,
        all_sessions=everywhere,
    )
    return SignedOut(ended_sessions=ended)


@batch(scope=Scope.SIGNED_IN)
async def of_viewers(context: Context, viewers: Sequence[Actor]) -> list[list[SessionInfo]]:
    """The sessions of each viewer, who is always the one who asks: newest first."""
    person_id = context.person_id
    theirs = await sessions.of_person(context.services.store, context.manager.slug, person_id, context.now)
    return [[_info(context, each) for each in theirs]] * len(viewers)


@call(scope=Scope.SIGNED_IN)
async def end_session(context: Context, *, which: EndSession) -> EndedSession:
    """End one of the person's sessions; the cookie goes with the one that asks."""
    ended = await signing_in.end_session(
        context.services.store,
        context.manager,
        which.id,
        person_id=context.person_id,
        caller=context.caller,
        now=context.now,
    )
    if not ended:
        not_found = refused(EndSessionReason.NOT_FOUND, _NOT_FOUND, context.language, "id")
        return EndedSession(user_errors=[not_found])
    if which.id == context.actor.session_id:
        context.reply.session, context.actor = "", GUEST
    return EndedSession(ended_sessions=ended)


def _info(context: Context, session: sessions.Session) -> SessionInfo:
    return SessionInfo(
        id=session.id,
        current=session.id == context.actor.session_id,
        created_at=session.created_at,
        seen_at=session.seen_at,
        expires_at=session.expires_at,
        address=session.address,
        user_agent=session.user_agent,
        device=devices.described(session.user_agent, context.language),
    )


async def _compared(context: Context, credentials: Credentials) -> signing_in.SignedIn | Refused:
    """Try the password; a `Problem` when too many people sign in at this moment."""
    try:
        with passwords.place_in_line():
            return await signing_in.sign_in(
                context.services.store,
                context.manager,
                context.proofs,
                email=credentials.email,
                password=credentials.password,
                caller=context.caller,
                now=context.now,
            )
    except passwords.BusyError:
        raise overloaded() from None


async def _actor(context: Context, token: str) -> Actor:
    """Who the new token stands for: found as at any later request."""
    identified = await identify(context.services.store, context.host, token, context.now)
    return identified.actor if identified else GUEST


def refusal(outcome: Refused, reason: StrEnum, language: str) -> Refusal:
    """What a mutation tells, for a `reason` of its own, of a sign-in that was refused."""
    passes, told = outcome.reason is Reason.TOO_MANY_ATTEMPTS, dict(wait(outcome.retry_after))
    if outcome.tries_left is not None:
        told["triesLeft"] = str(outcome.tries_left)
    return refused(reason, MESSAGES[outcome.reason], language, retryable=passes, params=told)
