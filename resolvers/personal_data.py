"""What is held of a person: told to them, and erased when they ask."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Final, cast

import msgspec

from ventanilla.auth import personal_data, sessions
from ventanilla.auth.actor import GUEST, Actor
from ventanilla.auth.people import normal_email
from ventanilla.backoffice_adapters.records import Record
from ventanilla.resolvers.access import Scope, batch, call
from ventanilla.resolvers.context import Context
from ventanilla.resolvers.refusals import Refusal, refused, sign_in_anew, spoken


class DataCategory(StrEnum):
    """A kind of personal data."""

    PROFILE = "PROFILE"
    SIGN_IN = "SIGN_IN"
    ACCOUNT_LINKS = "ACCOUNT_LINKS"
    LETTERS = "LETTERS"
    CHECKOUTS = "CHECKOUTS"
    EVENTS = "EVENTS"
    OFFICE_RECORDS = "OFFICE_RECORDS"


class ErasureOutcome(StrEnum):
    """What became of it."""

    ERASED = "ERASED"
    PSEUDONYMISED = "PSEUDONYMISED"
    RETAINED = "RETAINED"


class ErasureReason(StrEnum):
    """Why nobody was erased."""

    EMAIL_DIFFERS = "EMAIL_DIFFERS"
    REAUTHENTICATION_REQUIRED = "REAUTHENTICATION_REQUIRED"
    WORKS_HERE = "WORKS_HERE"


class Erasure(Record):
    """What became of one kind of data, and why it was not erased."""

    category: DataCategory
    outcome: ErasureOutcome
    reason: str | None = None


class ErasureRequest(Record):
    """Who wants to be erased says so by their own e-mail."""

    email: str


class Erased(Record):
    """What came of it."""

    erasures: Sequence[Erasure] = ()
    user_errors: Sequence[Refusal] = ()


_REASONS: Final[Mapping[DataCategory, Mapping[str, str]]] = {
    DataCategory.CHECKOUTS: {
        "en": "What was paid is kept as long as the law demands, without your name.",
        "es": "Lo pagado se conserva durante el plazo legal, sin su nombre.",
        "pl": "Informacje o zapłaconych kwotach pozostają przez okres wymagany prawem, bez Państwa danych.",
    },
    DataCategory.EVENTS: {
        "en": "What happened to an account is kept for its other people, without your name.",
        "es": "Lo ocurrido en una cuenta se conserva para sus demás personas, sin su nombre.",
        "pl": "Historia zdarzeń na koncie pozostaje dla pozostałych osób, bez Państwa danych.",
    },
    DataCategory.OFFICE_RECORDS: {
        "en": "Invoices, payments and contracts are kept by the manager as long as the law demands. Ask them.",
        "es": "Facturas, pagos y contratos los conserva la administración durante el plazo legal. Consúltela.",
        "pl": "Faktury, wpłaty i umowy przechowuje zarządca przez okres wymagany prawem. Prosimy o kontakt z zarządcą.",
    },
}
_MESSAGES: Final[Mapping[ErasureReason, Mapping[str, str]]] = {
    ErasureReason.EMAIL_DIFFERS: {
        "en": "This is not your e-mail address. Write it to confirm that you mean it.",
        "es": "Este no es su correo electrónico. Escríbalo para confirmar su decisión.",
        "pl": "To nie jest Państwa adres e-mail. Prosimy wpisać go, aby potwierdzić decyzję.",
    },
    ErasureReason.WORKS_HERE: {
        "en": "You work for the manager. Have who administers access end that first.",
        "es": "Usted trabaja para la administración. Pida primero a quien administra los accesos que le dé de baja.",
        "pl": "Pracują Państwo u zarządcy. Najpierw administrator dostępu musi to zakończyć.",
    },
}
_OUTCOMES: Final = {
    DataCategory.PROFILE: ErasureOutcome.ERASED,
    DataCategory.SIGN_IN: ErasureOutcome.ERASED,
    DataCategory.ACCOUNT_LINKS: ErasureOutcome.ERASED,
    DataCategory.LETTERS: ErasureOutcome.ERASED,
    DataCategory.CHECKOUTS: ErasureOutcome.PSEUDONYMISED,
    DataCategory.EVENTS: ErasureOutcome.PSEUDONYMISED,
    DataCategory.OFFICE_RECORDS: ErasureOutcome.RETAINED,
}


@batch(scope=Scope.PERSON)
async def of_viewers(context: Context, viewers: Sequence[Actor]) -> list[str]:
    """All that is held of each viewer, as JSON text."""
    store, manager = context.services.store, context.manager.slug
    held = [await personal_data.held_of(store, manager, cast("str", viewer.person_id)) for viewer in viewers]
    return [msgspec.json.format(msgspec.json.encode(each), indent=2).decode() for each in held]


@call(scope=Scope.PERSON)
async def erase(context: Context, *, what: ErasureRequest) -> Erased:
    """Erase the viewer, who has just signed in and says their own e-mail; every session ends with it."""
    if normal_email(what.email) != context.actor.email:
        return Erased(user_errors=[_refusal(context, ErasureReason.EMAIL_DIFFERS, "email")])
    person_id = context.person_id
    if context.actor.staff_role is not None:  # the manager would be left without whoever decides about access
        return Erased(user_errors=[_refusal(context, ErasureReason.WORKS_HERE)])
    async with context.services.store.work(context.manager.slug) as work:
        if not await sessions.is_fresh(work, person_id, context.actor.session_id, context.now):
            return Erased(user_errors=[sign_in_anew(ErasureReason.REAUTHENTICATION_REQUIRED, context.language)])
        await personal_data.erase(work, context.manager, person_id, caller=context.caller, now=context.now)
    context.services.wake_worker()
    context.reply.session, context.actor = "", GUEST
    return Erased(erasures=[_told(context, *each) for each in _OUTCOMES.items()])


def _told(context: Context, category: DataCategory, outcome: ErasureOutcome) -> Erasure:
    why = _REASONS.get(category)
    return Erasure(category=category, outcome=outcome, reason=spoken(why, context.language) if why else None)


def _refusal(context: Context, reason: ErasureReason, field: str | None = None) -> Refusal:
    return refused(reason, _MESSAGES[reason], context.language, field)
