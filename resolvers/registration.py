"""Registration: people who come by themselves, until their e-mail is verified."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Final

from ventanilla.auth import registration
from ventanilla.auth.applicant import Flaw
from ventanilla.auth.attempts import Try
from ventanilla.auth.link_tokens import BadToken
from ventanilla.auth.people import EmailTakenError
from ventanilla.auth.registration import Registration, Unfit
from ventanilla.auth.terms import TermsFlaw
from ventanilla.backoffice_adapters.records import Record
from ventanilla.resolvers.access import Scope, call
from ventanilla.resolvers.asked import (
    NO_EMAIL,
    AskedLetter,
    LetterRequest,
    answered,
    bad_token,
    on_its_way,
    too_many,
)
from ventanilla.resolvers.context import Context
from ventanilla.resolvers.new_passwords import against_policy, in_line
from ventanilla.resolvers.refusals import Refusal, refused


class RegisterReason(StrEnum):
    """Why a registration was not taken."""

    FIELD_REQUIRED = "FIELD_REQUIRED"
    FIELD_INVALID = "FIELD_INVALID"
    PASSWORD_POLICY = "PASSWORD_POLICY"  # noqa: S105  the name of a reason, not a secret
    TERMS_NOT_ACCEPTED = "TERMS_NOT_ACCEPTED"
    TERMS_VERSION_STALE = "TERMS_VERSION_STALE"
    RATE_LIMITED = "RATE_LIMITED"


class VerifyEmailReason(StrEnum):
    """Why nothing was verified."""

    TOKEN_INVALID = "TOKEN_INVALID"  # noqa: S105  the name of a reason, not a secret
    TOKEN_EXPIRED = "TOKEN_EXPIRED"  # noqa: S105  the name of a reason, not a secret
    TOKEN_USED = "TOKEN_USED"  # noqa: S105  the name of a reason, not a secret
    EMAIL_TAKEN = "EMAIL_TAKEN"


_REQUIRED: Final[Mapping[str, str]] = {
    "en": "Please fill this in.",
    "es": "Complete este dato.",
    "pl": "Prosimy uzupełnić to pole.",
}
_NAME: Final[Mapping[str, str]] = {
    "en": "A name has one line of at most 120 characters.",
    "es": "Un nombre ocupa una línea de hasta 120 caracteres.",
    "pl": "Nazwa powinna zajmować jeden wiersz, najwyżej 120 znaków.",
}
_INVALID: Final[Mapping[str, Mapping[str, str]]] = {
    "email": NO_EMAIL,
    "given_name": _NAME,
    "family_name": _NAME,
    "document_type": {
        "en": "Write the short name of the document in letters and digits, at most 20.",
        "es": "Escriba el nombre corto del documento, con hasta 20 letras y números.",
        "pl": "Prosimy podać skrótową nazwę dokumentu: najwyżej 20 liter i cyfr.",
    },
    "document_number": {
        "en": "A document number has 3 to 40 letters and digits.",
        "es": "Un número de documento tiene de 3 a 40 letras y números.",
        "pl": "Numer dokumentu ma od 3 do 40 liter i cyfr.",
    },
    "phone": {
        "en": "Write the telephone number with 6 to 20 digits, such as +54 343 555 0142.",
        "es": "Escriba el teléfono con 6 a 20 números, por ejemplo +54 343 555 0142.",
        "pl": "Prosimy podać numer telefonu, od 6 do 20 cyfr, na przykład +48 22 555 01 00.",
    },
    "language": {
        "en": "We do not write letters in this language.",
        "es": "No escribimos mensajes en este idioma.",
        "pl": "Nie wysyłamy wiadomości w tym języku.",
    },
}
_TERMS: Final[Mapping[TermsFlaw, Mapping[str, str]]] = {
    TermsFlaw.TERMS_NOT_ACCEPTED: {
        "en": "Please read the terms of use and accept them.",
        "es": "Lea los términos y condiciones y acéptelos.",
        "pl": "Prosimy zapoznać się z regulaminem i go zaakceptować.",
    },
    TermsFlaw.TERMS_VERSION_STALE: {
        "en": "The terms of use have changed. Please read and accept the new ones.",
        "es": "Los términos y condiciones cambiaron. Lea y acepte los nuevos.",
        "pl": "Regulamin się zmienił. Prosimy zapoznać się z nową wersją i ją zaakceptować.",
    },
}
_TAKEN: Final[Mapping[str, str]] = {
    "en": "There is a sign-in with this e-mail address already. Sign in, or ask for another password.",
    "es": "Ya existe un acceso con este correo electrónico. Ingrese o pida otra contraseña.",
    "pl": "Istnieje już konto z tym adresem e-mail. Prosimy się zalogować lub poprosić o nowe hasło.",
}
_NAMES: Final[Mapping[str, str]] = {
    "given_name": "givenName",
    "family_name": "familyName",
    "document_type": "documentType",
    "document_number": "documentNumber",
}


class EmailProof(Record):
    """The token of a letter's link. It never shows what it holds."""

    token: str

    def __repr__(self) -> str:
        return "EmailProof(…)"


class VerifiedEmail(Record):
    """What came of following a letter's link."""

    email: str | None = None
    user_errors: list[Refusal] = []


@call(scope=Scope.PUBLIC)
async def register(context: Context, *, who: Registration) -> AskedLetter:
    """Take a registration. An address that is free and one that somebody has are alike in answer and in work."""
    with in_line():
        outcome = await registration.register(
            context.services.store,
            context.manager,
            who,
            refused=context.services.refused,
            caller=context.caller,
            language=context.language,
            now=context.now,
        )
    if isinstance(outcome, Unfit):
        return AskedLetter(user_errors=[*_refusals(context, outcome)])
    if isinstance(outcome, Try):
        return AskedLetter(user_errors=[too_many(context, RegisterReason.RATE_LIMITED, outcome)])
    return on_its_way(context, outcome)


@call(scope=Scope.PUBLIC)
async def resend_verification(context: Context, *, to: LetterRequest) -> AskedLetter:
    """Send the letter of an open registration anew; who waits, is there already and is unknown are alike."""
    store, manager = context.services.store, context.manager
    asked = registration.resend(store, manager, email=to.email, caller=context.caller, now=context.now)
    return await answered(context, asked)


@call(scope=Scope.PUBLIC)
async def verify_email(context: Context, *, proof: EmailProof) -> VerifiedEmail:
    """Follow the link of a letter: the person who registered can sign in from now on."""
    outcome = await registration.verify(
        context.services.store, context.manager, context.proofs, token=proof.token, now=context.now
    )
    if isinstance(outcome, BadToken):
        return VerifiedEmail(user_errors=[bad_token(context, VerifyEmailReason(outcome.value), outcome)])
    if isinstance(outcome, EmailTakenError):
        taken = refused(VerifyEmailReason.EMAIL_TAKEN, _TAKEN, context.language)
        return VerifiedEmail(user_errors=[taken])
    return VerifiedEmail(email=outcome)


def _refusals(context: Context, unfit: Unfit) -> Iterator[Refusal]:
    yield from of_fields(context, RegisterReason, unfit.fields)
    if unfit.violations:
        yield against_policy(context, RegisterReason.PASSWORD_POLICY, unfit.violations, "password")
    if unfit.terms:
        yield of_terms(context, RegisterReason(unfit.terms.value), unfit.terms)


def of_fields(context: Context, reasons: type[StrEnum], flaws: Mapping[str, Flaw]) -> Iterator[Refusal]:
    """The refusal of each field that cannot be what was given, as the mutation whose `reasons` those are tells it."""
    for field, flaw in flaws.items():
        texts = _REQUIRED if flaw is Flaw.FIELD_REQUIRED else _INVALID[field]
        yield refused(reasons(flaw.value), texts, context.language, _NAMES.get(field, field))


def of_terms(context: Context, reason: StrEnum, flaw: TermsFlaw) -> Refusal:
    """The refusal of terms that were not accepted, or not those in force."""
    terms = context.manager.presentation.terms
    told = {"version": terms.version} if terms else None
    return refused(reason, _TERMS[flaw], context.language, "acceptedTermsVersion", params=told)
