"""What those who administer access change of the manager's people: whether they come in, and as what they work."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Final

from ventanilla.auth import roster, staff
from ventanilla.auth.actor import StaffRole
from ventanilla.auth.roster import PersonCard
from ventanilla.auth.staff import NotDone
from ventanilla.backoffice_adapters.records import Record
from ventanilla.resolvers.access import FOR_STAFF_ADMINS, Scope, call
from ventanilla.resolvers.context import Context
from ventanilla.resolvers.problems import Problem, ProblemCode
from ventanilla.resolvers.refusals import Refusal, refused


class PersonReason(StrEnum):
    """Why nothing was changed of a person."""

    NOT_FOUND = "NOT_FOUND"
    ONESELF = "ONESELF"


_MESSAGES: Final[Mapping[PersonReason, Mapping[str, str]]] = {
    PersonReason.NOT_FOUND: {
        "en": "There is no such person here.",
        "es": "Aquí no hay tal persona.",
        "pl": "Nie ma tu takiej osoby.",
    },
    PersonReason.ONESELF: {
        "en": "Nobody changes their own access. Ask another administrator.",
        "es": "Nadie cambia su propio acceso. Pídaselo a otra persona que administre los accesos.",
        "pl": "Nikt nie zmienia własnego dostępu. Prosimy zwrócić się do innego administratora.",
    },
}


class ChosenPerson(Record):
    """Who is meant."""

    id: str


class NewRole(Record):
    """As what somebody is to work for the manager; None for not at all."""

    id: str
    role: StaffRole | None


class ChangedPerson(Record):
    """What came of it: the person as they are now."""

    person: PersonCard | None = None
    user_errors: Sequence[Refusal] = ()


@call(scope=Scope.STAFF_ADMIN)
async def disable(context: Context, *, which: ChosenPerson) -> ChangedPerson:
    """Let somebody in no more, and end their sessions and what programs may do for them."""
    async with context.services.store.work(context.manager.slug) as work:
        refused = await staff.disable(work, which.id, by=context.actor.person_id, now=context.now)
    return await _changed(context, which.id, refused)


@call(scope=Scope.STAFF_ADMIN)
async def enable(context: Context, *, which: ChosenPerson) -> ChangedPerson:
    """Let somebody in again."""
    async with context.services.store.work(context.manager.slug) as work:
        refused = await staff.enable(work, which.id, by=context.actor.person_id, now=context.now)
    return await _changed(context, which.id, refused)


@call(scope=Scope.STAFF_ADMIN)
async def set_role(context: Context, *, what: NewRole) -> ChangedPerson:
    """Let somebody work for the manager, as something else, or no more."""
    async with context.services.store.work(context.manager.slug) as work:
        refused = await staff.set_role(work, what.id, what.role, by=context.actor.person_id, now=context.now)
    return await _changed(context, what.id, refused)


async def _changed(context: Context, person_id: str, refused: NotDone | None) -> ChangedPerson:
    """What is told of a change; raises `Problem` where who asks was no admin any more."""
    if refused in {NotDone.NO_ADMIN, NotDone.LAST_ADMIN}:  # the last admin is who asks, unless they are none
        raise Problem(ProblemCode.FORBIDDEN, FOR_STAFF_ADMINS)
    if refused:
        return ChangedPerson(user_errors=[refusal(context, PersonReason(refused.value))])
    return ChangedPerson(person=await roster.person(context.services.store, context.manager.slug, person_id))


def refusal(context: Context, reason: PersonReason) -> Refusal:
    """Why nothing was changed of the person whom `id` names."""
    return refused(reason, _MESSAGES[reason], context.language, "id")
