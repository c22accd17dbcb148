"""Who of the staff sees the portal as a customer: they change nothing, and the customer can read of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from enum import StrEnum
from typing import Final

from ventanilla.auth import seeing
from ventanilla.auth.actor import Actor, Onlooker
from ventanilla.auth.identify import onlooking
from ventanilla.auth.seeing import NotSeen, View
from ventanilla.backoffice_adapters.records import Record
from ventanilla.resolvers.access import Scope, call
from ventanilla.resolvers.context import Context
from ventanilla.resolvers.refusals import Refusal, refused


class SeeAsReason(StrEnum):
    """Why nobody is seen as somebody."""

    NOT_FOUND = "NOT_FOUND"
    REASON_REQUIRED = "REASON_REQUIRED"


class StopSeeingAsReason(StrEnum):
    """Why nothing ended."""

    NOT_SEEING = "NOT_SEEING"


class SeeAs(Record):
    """As whom somebody wants to see the portal, and why."""

    person_id: str
    reason: str


class SeenAs(Record):
    """What came of wanting to see as somebody."""

    seen_by: Onlooker | None = None
    viewer: Actor | None = None
    user_errors: Sequence[Refusal] = ()


class Stopped(Record):
    """What came of wanting to see as oneself again."""

    user_errors: Sequence[Refusal] = ()


_MESSAGES: Final[Mapping[StrEnum, Mapping[str, str]]] = {
    SeeAsReason.NOT_FOUND: {
        "en": "There is no such customer. Nobody can see as people who work here, or as somebody who is disabled.",
        "es": "No existe ese cliente. No se puede ver el portal como quien trabaja aquí ni como alguien deshabilitado.",
        "pl": "Nie ma takiego klienta. Nie można oglądać portalu jako pracownik ani jako osoba z wyłączonym dostępem.",
    },
    SeeAsReason.REASON_REQUIRED: {
        "en": "Say why, in at most 300 characters. The customer can read it.",
        "es": "Indique el motivo, con un máximo de 300 caracteres. El cliente puede leerlo.",
        "pl": "Prosimy podać powód, najwyżej 300 znaków. Klient może go przeczytać.",
    },
    StopSeeingAsReason.NOT_SEEING: {
        "en": "You see the portal as yourself.",
        "es": "Usted ve el portal como usted mismo.",
        "pl": "Widzą Państwo portal jako Państwo.",
    },
}


@call(scope=Scope.STAFF)
async def see_as(context: Context, *, whom: SeeAs) -> SeenAs:
    """See the portal as a customer from now on, in this session and for as long as the manager lets its staff."""
    staff = context.actor
    view = View(
        session_id=staff.session_id or "",
        staff_id=staff.person_id or "",
        person_id=whom.person_id,
        reason=whom.reason,
        lasts=timedelta(minutes=context.manager.staff.sees_minutes),
    )
    async with context.services.store.work(context.manager.slug) as work:
        refused = await seeing.begin(work, view, context.now)
    if refused is None:
        context.actor = await onlooking(context.services.store, context.manager.slug, staff, context.now)
    if context.actor.seen_by is None:
        return SeenAs(user_errors=[_not_seen(context, refused or NotSeen.NOT_FOUND)])
    return SeenAs(seen_by=context.actor.seen_by, viewer=context.actor)


@call(scope=Scope.SIGNED_IN)
async def stop_seeing(context: Context) -> Stopped:
    """See the portal as oneself again, from the next request on: this one stays a customer's, who changes nothing."""
    if not await stopped(context):
        return Stopped(user_errors=[_refusal(context, StopSeeingAsReason.NOT_SEEING)])
    return Stopped()


async def stopped(context: Context) -> bool:
    """End what who asks sees as somebody else; False if they see as themselves."""
    onlooker = context.actor.seen_by
    if onlooker is None:
        return False
    async with context.services.store.work(context.manager.slug) as work:
        return await seeing.end(work, onlooker.session_id, onlooker.person_id, context.now)


def _not_seen(context: Context, why: NotSeen) -> Refusal:
    return _refusal(context, SeeAsReason(why.value), "reason" if why is NotSeen.REASON_REQUIRED else "personId")


def _refusal(context: Context, reason: StrEnum, field: str | None = None) -> Refusal:
    return refused(reason, _MESSAGES[reason], context.language, field)
