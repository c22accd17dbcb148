"""The second factor of the viewer: set up, shown and given up; and taken away from who has lost it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

import msgspec

from ventanilla.auth import roster, second_factors
from ventanilla.auth.actor import Actor
from ventanilla.auth.attempts import Try
from ventanilla.auth.roster import PersonCard
from ventanilla.auth.second_factors import Holder, Reason
from ventanilla.backoffice_adapters.records import Record
from ventanilla.resolvers.access import Scope, batch, call
from ventanilla.resolvers.asked import too_many
from ventanilla.resolvers.context import Context
from ventanilla.resolvers.new_passwords import in_line
from ventanilla.resolvers.person_changes import ChosenPerson
from ventanilla.resolvers.problems import Problem, ProblemCode
from ventanilla.resolvers.refusals import Refusal, refused


class StartSecondFactorReason(StrEnum):
    """Why no secret was offered."""

    REAUTHENTICATION_REQUIRED = "REAUTHENTICATION_REQUIRED"
    INVALID_CREDENTIALS = "INVALID_CREDENTIALS"
    TOO_MANY_ATTEMPTS = "TOO_MANY_ATTEMPTS"


class ConfirmSecondFactorReason(StrEnum):
    """Why nothing was set up."""

    NOT_STARTED = "NOT_STARTED"
    REAUTHENTICATION_REQUIRED = "REAUTHENTICATION_REQUIRED"
    CODE_INVALID = "CODE_INVALID"
    TOO_MANY_ATTEMPTS = "TOO_MANY_ATTEMPTS"


class SecondFactorReason(StrEnum):
    """Why a code was not taken."""

    NOT_SET_UP = "NOT_SET_UP"
    CODE_INVALID = "CODE_INVALID"
    CODE_USED = "CODE_USED"
    TOO_MANY_ATTEMPTS = "TOO_MANY_ATTEMPTS"


class ResetSecondFactorReason(StrEnum):
    """Why nothing was taken away."""

    NOT_FOUND = "NOT_FOUND"
    ONESELF = "ONESELF"
    NOT_SET_UP = "NOT_SET_UP"


_MESSAGES: Final[Mapping[StrEnum, Mapping[str, str]]] = {
    Reason.REAUTHENTICATION_REQUIRED: {
        "en": "Sign in once more first, or give your password: you signed in more than fifteen minutes ago.",
        "es": "Primero ingrese de nuevo o indique su contraseña: pasaron más de quince minutos desde su ingreso.",
        "pl": "Najpierw prosimy zalogować się ponownie lub podać hasło: od logowania minęło ponad piętnaście minut.",
    },
    Reason.INVALID_CREDENTIALS: {
        "en": "The password is wrong.",
        "es": "La contraseña no es correcta.",
        "pl": "Hasło jest nieprawidłowe.",
    },
    Reason.NOT_STARTED: {
        "en": "That took too long, or was done already. Begin again.",
        "es": "Pasó demasiado tiempo, o ya se hizo. Empiece de nuevo.",
        "pl": "Minęło zbyt dużo czasu lub zostało to już zrobione. Prosimy zacząć od nowa.",
    },
    Reason.CODE_INVALID: {
        "en": "This code is wrong. Take the one that your authenticator shows now, and see that its clock is right.",
        "es": "El código no es correcto. Use el que su aplicación muestra ahora y verifique que su reloj esté en hora.",
        "pl": "Ten kod jest nieprawidłowy. Prosimy podać kod, który aplikacja pokazuje teraz, i sprawdzić jej zegar.",
    },
    Reason.CODE_USED: {
        "en": "This code was used already. Wait for the next one, or take another recovery code.",
        "es": "Este código ya se usó. Espere el siguiente o use otro código de recuperación.",
        "pl": "Ten kod został już użyty. Prosimy poczekać na następny lub podać inny kod zapasowy.",
    },
    Reason.NOT_SET_UP: {
        "en": "No second factor is set up.",
        "es": "No hay un segundo factor configurado.",
        "pl": "Drugi składnik nie jest ustawiony.",
    },
    Reason.NOT_FOUND: {
        "en": "There is no such person here.",
        "es": "Aquí no hay tal persona.",
        "pl": "Nie ma tu takiej osoby.",
    },
    Reason.ONESELF: {
        "en": "Nobody takes their own away like this. Ask another administrator, or remove it with a recovery code.",
        "es": "Nadie quita así el suyo. Pídaselo a otra persona que administre los accesos o use un código de"
        " recuperación.",
        "pl": "Nikt nie usuwa tak własnego. Prosimy zwrócić się do innego administratora lub użyć kodu zapasowego.",
    },
}
_FIELDS: Final[Mapping[Reason, str]] = {
    Reason.REAUTHENTICATION_REQUIRED: "password",
    Reason.INVALID_CREDENTIALS: "password",
    Reason.CODE_INVALID: "code",
    Reason.CODE_USED: "code",
    Reason.NOT_FOUND: "id",
    Reason.ONESELF: "id",
}


class SecondFactor(Record):
    """How the viewer's second factor stands."""

    set_up_at: datetime | None
    recovery_codes_left: int
    due: bool


class NewSecondFactor(Record):
    """Who wants one, and their password, if they signed in long ago. It never shows what it holds."""

    password: str | None = None

    def __repr__(self) -> str:
        return "NewSecondFactor(…)"


class ShownCode(Record):
    """A code. It never shows what it holds."""

    code: str

    def __repr__(self) -> str:
        return "ShownCode(…)"


class OfferedSecondFactor(Record):
    """What came of asking for a secret."""

    otpauth_uri: str | None = None
    secret: str | None = None
    expires_at: datetime | None = None
    user_errors: Sequence[Refusal] = ()

    def __repr__(self) -> str:
        return "OfferedSecondFactor(…)"


class ConfirmedSecondFactor(Record):
    """What came of setting one up."""

    viewer: Actor | None = None
    recovery_codes: Sequence[str] = ()
    user_errors: Sequence[Refusal] = ()

    def __repr__(self) -> str:
        return "ConfirmedSecondFactor(…)"


class TakenCode(Record):
    """What came of a code."""

    viewer: Actor | None = None
    user_errors: Sequence[Refusal] = ()


class ResetSecondFactor(Record):
    """What came of taking somebody's away."""

    person: PersonCard | None = None
    ended_sessions: int = 0
    user_errors: Sequence[Refusal] = ()


@batch(scope=Scope.SIGNED_IN)
async def of_viewers(context: Context, viewers: Sequence[Actor]) -> list[SecondFactor]:
    """How the second factor of each viewer stands, who is always the one who asks."""
    person_id = _holder(context).person_id
    found = await second_factors.of_person(context.services.store, context.manager.slug, person_id)
    due = context.actor.second_factor_due
    told = SecondFactor(set_up_at=found.set_up_at, recovery_codes_left=found.recovery_codes_left, due=due)
    return [told] * len(viewers)


@call(scope=Scope.PERSON)
async def start(context: Context, *, what: NewSecondFactor) -> OfferedSecondFactor:
    """Offer the viewer a secret for their authenticator."""
    if _again(context):
        return OfferedSecondFactor(user_errors=[too_many(context, StartSecondFactorReason.TOO_MANY_ATTEMPTS)])
    with in_line() if what.password is not None else nullcontext():
        outcome = await second_factors.start(_holder(context), what.password)
    if isinstance(outcome, Reason | Try):
        return OfferedSecondFactor(user_errors=[_refusal(context, StartSecondFactorReason, outcome)])
    return OfferedSecondFactor(otpauth_uri=outcome.address, secret=outcome.secret, expires_at=outcome.expires_at)


@call(scope=Scope.PERSON)
async def confirm(context: Context, *, shown: ShownCode) -> ConfirmedSecondFactor:
    """Set the second factor up that was offered."""
    if _again(context):
        return ConfirmedSecondFactor(user_errors=[too_many(context, ConfirmSecondFactorReason.TOO_MANY_ATTEMPTS)])
    outcome = await second_factors.confirm(_holder(context), shown.code)
    if isinstance(outcome, Reason | Try):
        return ConfirmedSecondFactor(user_errors=[_refusal(context, ConfirmSecondFactorReason, outcome)])
    context.services.wake_worker()
    _now_is(context, second_factor_at=context.now, second_factor_shown=True)
    return ConfirmedSecondFactor(viewer=context.actor, recovery_codes=outcome.recovery_codes)


@call(scope=Scope.SIGNED_IN)
async def show(context: Context, *, shown: ShownCode) -> TakenCode:
    """Show the second factor in this session."""
    if _again(context):
        return TakenCode(user_errors=[too_many(context, SecondFactorReason.TOO_MANY_ATTEMPTS)])
    if outcome := await second_factors.show(_holder(context), shown.code):
        return TakenCode(user_errors=[_refusal(context, SecondFactorReason, outcome)])
    _now_is(context, second_factor_shown=True)
    return TakenCode(viewer=context.actor)


@call(scope=Scope.PERSON)
async def remove(context: Context, *, shown: ShownCode) -> TakenCode:
    """Give the viewer's second factor up."""
    if _again(context):
        return TakenCode(user_errors=[too_many(context, SecondFactorReason.TOO_MANY_ATTEMPTS)])
    if outcome := await second_factors.remove(_holder(context), shown.code):
        return TakenCode(user_errors=[_refusal(context, SecondFactorReason, outcome)])
    context.services.wake_worker()
    _now_is(context, second_factor_at=None, second_factor_shown=False)
    return TakenCode(viewer=context.actor)


@call(scope=Scope.STAFF_ADMIN)
async def reset(context: Context, *, which: ChosenPerson) -> ResetSecondFactor:
    """Take the second factor away from somebody who has lost it, and end their sessions."""
    store, manager = context.services.store, context.manager
    outcome = await second_factors.reset(
        store, manager, person_id=which.id, by=context.actor.person_id, caller=context.caller, now=context.now
    )
    if isinstance(outcome, Reason):
        return ResetSecondFactor(user_errors=[_refusal(context, ResetSecondFactorReason, outcome)])
    context.services.wake_worker()
    return ResetSecondFactor(person=await roster.person(store, manager.slug, which.id), ended_sessions=outcome)


def _holder(context: Context) -> Holder:
    """The viewer, with the session that asks."""
    person_id, session_id = context.actor.person_id, context.actor.session_id
    if person_id is None or session_id is None:
        raise Problem(ProblemCode.UNAUTHENTICATED)
    return Holder(
        store=context.services.store,
        manager=context.manager,
        keys=context.services.keys,
        person_id=person_id,
        session_id=session_id,
        caller=context.caller,
        now=context.now,
    )


def _again(context: Context) -> bool:
    """Whether this request has tried something already: a request tries one password, or one code."""
    tried, context.tried = context.tried, True
    return tried


def _now_is(context: Context, **changes: Any) -> None:
    context.actor = msgspec.structs.replace(context.actor, **changes)


def _refusal(context: Context, reasons: type[StrEnum], outcome: Reason | Try) -> Refusal:
    """The refusal as the mutation whose `reasons` those are tells it."""
    if isinstance(outcome, Try):
        return too_many(context, reasons("TOO_MANY_ATTEMPTS"), outcome)
    passes = outcome is Reason.REAUTHENTICATION_REQUIRED
    texts, field = _MESSAGES[outcome], _FIELDS.get(outcome)
    return refused(reasons(outcome.value), texts, context.language, field, retryable=passes)
