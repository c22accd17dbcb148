"""The passkeys of the viewer: made, listed, named and given up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Final

from ventanilla.auth import passkeys
from ventanilla.auth.actor import Actor
from ventanilla.auth.passkeys import Ceremony, Passkey, Reason
from ventanilla.backoffice_adapters.records import Record
from ventanilla.resolvers.access import Scope, batch, call
from ventanilla.resolvers.context import Context
from ventanilla.resolvers.refusals import Refusal, refused, sign_in_anew


class StartPasskeyReason(StrEnum):
    """Why no passkey can be made."""

    WAY_NOT_OFFERED = "WAY_NOT_OFFERED"
    NOT_AVAILABLE_HERE = "NOT_AVAILABLE_HERE"
    REAUTHENTICATION_REQUIRED = "REAUTHENTICATION_REQUIRED"
    TOO_MANY_PASSKEYS = "TOO_MANY_PASSKEYS"
    FIELD_INVALID = "FIELD_INVALID"


class FinishPasskeyReason(StrEnum):
    """Why no passkey was kept."""

    WAY_NOT_OFFERED = "WAY_NOT_OFFERED"
    NOT_AVAILABLE_HERE = "NOT_AVAILABLE_HERE"
    TICKET_EXPIRED = "TICKET_EXPIRED"
    PASSKEY_INVALID = "PASSKEY_INVALID"
    PASSKEY_EXISTS = "PASSKEY_EXISTS"
    FIELD_INVALID = "FIELD_INVALID"


class RenamePasskeyReason(StrEnum):
    """Why a passkey keeps its name."""

    NOT_FOUND = "NOT_FOUND"
    FIELD_INVALID = "FIELD_INVALID"


class RemovePasskeyReason(StrEnum):
    """Why a passkey stays."""

    NOT_FOUND = "NOT_FOUND"
    LAST_SIGN_IN_WAY = "LAST_SIGN_IN_WAY"


_MESSAGES: Final[Mapping[Reason, Mapping[str, str]]] = {
    Reason.WAY_NOT_OFFERED: {
        "en": "Nobody signs in with a passkey here.",
        "es": "Aquí no se ingresa con llave de acceso.",
        "pl": "Tutaj nie można logować się kluczem dostępu.",
    },
    Reason.NOT_AVAILABLE_HERE: {
        "en": "Passkeys do not work at this address: open the portal by its name, with https.",
        "es": "En esta dirección no funcionan las llaves de acceso: abra el portal por su nombre, con https.",
        "pl": "Pod tym adresem klucze dostępu nie działają: prosimy otworzyć portal pod jego nazwą, przez https.",
    },
    Reason.TOO_MANY_PASSKEYS: {
        "en": "You have ten passkeys already. Remove one that you do not use.",
        "es": "Ya tiene diez llaves de acceso. Quite una que no use.",
        "pl": "Jest już dziesięć kluczy dostępu. Prosimy usunąć nieużywany.",
    },
    Reason.FIELD_INVALID: {
        "en": "Give it a name of one line, at most 120 characters.",
        "es": "Póngale un nombre de una línea, de hasta 120 caracteres.",
        "pl": "Prosimy nadać mu nazwę w jednym wierszu, do 120 znaków.",
    },
    Reason.TICKET_EXPIRED: {
        "en": "That took too long, or was done already. Begin again.",
        "es": "Pasó demasiado tiempo, o ya se hizo. Empiece de nuevo.",
        "pl": "Minęło zbyt dużo czasu lub zostało to już zrobione. Prosimy zacząć od nowa.",
    },
    Reason.PASSKEY_INVALID: {
        "en": "The passkey did not answer as it should. Try again, or take another device.",
        "es": "La llave de acceso no respondió como debía. Inténtelo de nuevo o use otro dispositivo.",
        "pl": "Klucz dostępu nie odpowiedział tak, jak powinien. Prosimy spróbować ponownie lub na innym urządzeniu.",
    },
    Reason.PASSKEY_EXISTS: {
        "en": "This passkey is in use already. Make another one.",
        "es": "Esta llave de acceso ya está en uso. Cree otra.",
        "pl": "Ten klucz dostępu jest już używany. Prosimy utworzyć inny.",
    },
    Reason.NOT_FOUND: {
        "en": "You have no such passkey.",
        "es": "Usted no tiene esa llave de acceso.",
        "pl": "Nie ma takiego klucza dostępu.",
    },
    Reason.LAST_SIGN_IN_WAY: {
        "en": "This is the only way that you can sign in. Set a password, or make another passkey first.",
        "es": "Es su única manera de ingresar. Primero elija una contraseña o cree otra llave de acceso.",
        "pl": "To jedyny sposób logowania. Najpierw prosimy ustawić hasło lub utworzyć inny klucz dostępu.",
    },
}
_FIELDS: Final[Mapping[Reason, str]] = {
    Reason.FIELD_INVALID: "name",
    Reason.NOT_FOUND: "id",
    Reason.TICKET_EXPIRED: "ticket",
    Reason.PASSKEY_INVALID: "response",
    Reason.PASSKEY_EXISTS: "response",
}


class NewPasskey(Record):
    """What a passkey is to be called."""

    name: str


class MadePasskey(Record):
    """A passkey that a browser made. It never shows what it holds."""

    ticket: str
    response: str
    name: str | None = None

    def __repr__(self) -> str:
        return "MadePasskey(…)"


class RenamedPasskey(Record):
    """What a passkey is to be called from now on."""

    id: str
    name: str


class GivenUpPasskey(Record):
    """Which passkey goes."""

    id: str


class StartedCeremony(Record):
    """What came of asking for a ceremony."""

    ticket: str | None = None
    options: str | None = None
    expires_at: datetime | None = None
    user_errors: list[Refusal] = []


class PasskeyOutcome(Record):
    """What came of making, naming or giving up a passkey."""

    passkey: Passkey | None = None
    user_errors: list[Refusal] = []


@batch(scope=Scope.PERSON)
async def of_viewers(context: Context, viewers: Sequence[Actor]) -> list[list[Passkey]]:
    """The passkeys of each viewer, who is always the one who asks: oldest first."""
    theirs = await passkeys.of_person(context.services.store, context.manager.slug, context.person_id)
    return [theirs] * len(viewers)


@call(scope=Scope.PERSON)
async def start_registration(context: Context, *, what: NewPasskey) -> StartedCeremony:
    """Ask the browser of who signed in a moment ago for a passkey."""
    started = await passkeys.start(
        context.services.store,
        context.manager,
        context.proofs,
        person_id=context.person_id,
        session_id=context.actor.session_id,
        name=what.name,
        caller=context.caller,
        now=context.now,
    )
    if isinstance(started, Reason):
        return StartedCeremony(user_errors=[_refusal(context, StartPasskeyReason, started)])
    return ceremony(started)


@call(scope=Scope.PERSON)
async def finish_registration(context: Context, *, made: MadePasskey) -> PasskeyOutcome:
    """Keep the passkey that a browser made."""
    outcome = await passkeys.finish(
        context.services.store,
        context.manager,
        context.proofs,
        person_id=context.person_id,
        ticket=made.ticket,
        response=made.response,
        name=made.name,
        caller=context.caller,
        now=context.now,
    )
    if isinstance(outcome, Passkey):
        context.services.wake_worker()
    return _outcome(context, FinishPasskeyReason, outcome)


@call(scope=Scope.PERSON)
async def rename(context: Context, *, to: RenamedPasskey) -> PasskeyOutcome:
    """Call one of the viewer's passkeys otherwise."""
    outcome = await passkeys.rename(
        context.services.store, context.manager.slug, person_id=context.person_id, passkey_id=to.id, name=to.name
    )
    return _outcome(context, RenamePasskeyReason, outcome)


@call(scope=Scope.PERSON)
async def remove(context: Context, *, which: GivenUpPasskey) -> PasskeyOutcome:
    """Give one of the viewer's passkeys up."""
    outcome = await passkeys.remove(
        context.services.store,
        context.manager,
        person_id=context.person_id,
        passkey_id=which.id,
        caller=context.caller,
        now=context.now,
    )
    return _outcome(context, RemovePasskeyReason, outcome)


def ceremony(started: Ceremony) -> StartedCeremony:
    """A ceremony that has begun."""
    return StartedCeremony(ticket=started.ticket, options=started.options, expires_at=started.expires_at)


def _outcome(context: Context, reasons: type[StrEnum], outcome: Passkey | Reason) -> PasskeyOutcome:
    if isinstance(outcome, Reason):
        return PasskeyOutcome(user_errors=[_refusal(context, reasons, outcome)])
    return PasskeyOutcome(passkey=outcome)


def _refusal(context: Context, reasons: type[StrEnum], reason: Reason) -> Refusal:
    """The refusal as the mutation whose `reasons` those are tells it."""
    if reason is Reason.REAUTHENTICATION_REQUIRED:
        return sign_in_anew(reasons(reason.value), context.language)
    return refused(reasons(reason.value), _MESSAGES[reason], context.language, _FIELDS.get(reason))
