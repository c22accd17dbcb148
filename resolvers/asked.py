"""Letters that are asked for by people who need not be signed in: answered alike, whoever they are."""

from __future__ import annotations

from collections.abc import Awaitable, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Final

from ventanilla.auth.asked import Asked, NotAnEmailError
from ventanilla.auth.attempts import Try
from ventanilla.auth.link_tokens import BadToken
from ventanilla.backoffice_adapters.records import Record
from ventanilla.resolvers.context import Context
from ventanilla.resolvers.refusals import Refusal, refused, wait

_TOO_MANY: Final[Mapping[str, str]] = {
    "en": "Too many tries. Wait a little and try again.",
    "es": "Demasiados intentos. Espere un momento y vuelva a intentarlo.",
    "pl": "Zbyt wiele prób. Prosimy odczekać chwilę i spróbować ponownie.",
}
NO_EMAIL: Final[Mapping[str, str]] = {
    "en": "This is no e-mail address: write it as name@example.com.",
    "es": "Esto no es un correo electrónico: escríbalo como nombre@ejemplo.com.",
    "pl": "To nie jest adres e-mail: prosimy wpisać go w postaci nazwa@przyklad.pl.",
}
_BAD_TOKENS: Final[Mapping[BadToken, Mapping[str, str]]] = {
    BadToken.TOKEN_INVALID: {
        "en": "This link is not complete. Open it from the letter again, or ask for another letter.",
        "es": "El enlace no está completo. Ábralo de nuevo desde el mensaje o pida otro.",
        "pl": "Ten link jest niepełny. Prosimy otworzyć go ponownie z wiadomości lub poprosić o nową.",
    },
    BadToken.TOKEN_EXPIRED: {
        "en": "This link is not valid any more: its time is over, or a newer letter was sent. Ask for another letter.",
        "es": "El enlace ya no es válido: venció o se envió uno más nuevo. Pida otro mensaje.",
        "pl": "Ten link stracił ważność: minął jego czas lub wysłano nowszy. Prosimy poprosić o nową wiadomość.",
    },
    BadToken.TOKEN_USED: {
        "en": "This link was used already. If it was not you, ask for another letter.",
        "es": "El enlace ya se usó. Si no fue usted, pida otro mensaje.",
        "pl": "Ten link został już użyty. Jeśli ktoś inny z niego skorzystał, prosimy poprosić o nową wiadomość.",
    },
}


class LetterReason(StrEnum):
    """Why no letter was written."""

    FIELD_INVALID = "FIELD_INVALID"
    RATE_LIMITED = "RATE_LIMITED"


class LetterRequest(Record):
    """To whom a letter is to go. It never shows what it holds."""

    email: str

    def __repr__(self) -> str:
        return "LetterRequest(…)"


class AskedLetter(Record):
    """What came of asking for a letter: alike whether or not there is somebody whom it reaches."""

    masked_email: str | None = None
    expires_at: datetime | None = None
    user_errors: list[Refusal] = []


async def answered(context: Context, asked: Awaitable[Asked | Try]) -> AskedLetter:
    """Ask for a letter and tell what came of it."""
    try:
        outcome = await asked
    except NotAnEmailError:
        no_email = refused(LetterReason.FIELD_INVALID, NO_EMAIL, context.language, "email")
        return AskedLetter(user_errors=[no_email])
    if isinstance(outcome, Try):
        return AskedLetter(user_errors=[too_many(context, LetterReason.RATE_LIMITED, outcome)])
    return on_its_way(context, outcome)


def on_its_way(context: Context, asked: Asked) -> AskedLetter:
    """Wake the worker, and tell what everybody is told."""
    context.services.wake_worker()
    return AskedLetter(masked_email=asked.masked_email, expires_at=asked.expires_at)


def too_many(context: Context, reason: StrEnum, last: Try | None = None) -> Refusal:
    """The refusal of one try too many; when to come back, if `last` tells."""
    told = wait(last.wait(context.now) if last else None)
    return refused(reason, _TOO_MANY, context.language, retryable=True, params=told)


def bad_token(context: Context, reason: StrEnum, token: BadToken) -> Refusal:
    """The refusal of the token of a link."""
    return refused(reason, _BAD_TOKENS[token], context.language, "token")
