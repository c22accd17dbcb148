"""Mandates as they are given and ended: as what somebody acts, for whom, from which day to which."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import Final

from msgspec.structs import replace

from ventanilla.auth import mandates, people
from ventanilla.auth.audit import AuditKind, note
from ventanilla.auth.mandates import Mandate, MandateRole
from ventanilla.auth.people import is_name
from ventanilla.backoffice_adapters.contract import Support
from ventanilla.backoffice_adapters.records import Community, Contractor, Record
from ventanilla.resolvers.access import Answer, Scope, call
from ventanilla.resolvers.asking import ask, support
from ventanilla.resolvers.context import Context
from ventanilla.resolvers.methods import CAPABILITY_OF
from ventanilla.resolvers.problems import Problem
from ventanilla.resolvers.refusals import Refusal, refused
from ventanilla.store.tables import is_id

_LONGEST_KEY: Final = 120
_LONGEST_NAME: Final = 250
_CHECKED_BY: Final = {MandateRole.BOARD_MEMBER: "communities_by_key", MandateRole.SUPPLIER: "parties_by_key"}
"""The contract method that knows for whom a mandate is: it answers nothing for a key that there is not."""


class MandateReason(StrEnum):
    """Why no mandate was given or ended."""

    PERSON_NOT_FOUND = "PERSON_NOT_FOUND"
    OFFICE_UNKNOWN = "OFFICE_UNKNOWN"
    SUBJECT_NOT_FOUND = "SUBJECT_NOT_FOUND"
    NAME_REQUIRED = "NAME_REQUIRED"
    ENDS_BEFORE_START = "ENDS_BEFORE_START"
    NOT_FOUND = "NOT_FOUND"


_MESSAGES: Final[Mapping[MandateReason, Mapping[str, str]]] = {
    MandateReason.PERSON_NOT_FOUND: {
        "en": "There is no such person here.",
        "es": "Aquí no hay tal persona.",
        "pl": "Nie ma tu takiej osoby.",
    },
    MandateReason.OFFICE_UNKNOWN: {
        "en": "There is no such office here. Take its name from one of the accounts that it keeps.",
        "es": "Aquí no existe tal oficina. Tome el nombre de alguna de las cuentas que lleva.",
        "pl": "Nie ma tu takiego biura. Prosimy wziąć nazwę z jednego z kont, które prowadzi.",
    },
    MandateReason.SUBJECT_NOT_FOUND: {
        "en": "The office knows nobody by this key.",
        "es": "La oficina no conoce a nadie con esa clave.",
        "pl": "Biuro nie zna nikogo o tym kluczu.",
    },
    MandateReason.NAME_REQUIRED: {
        "en": "The office does not tell what this is called: write it, in one line of at most 120 characters.",
        "es": "La oficina no indica cómo se llama: escríbalo en una línea de hasta 120 caracteres.",
        "pl": "Biuro nie podaje nazwy: prosimy ją wpisać, w jednym wierszu, do 120 znaków.",
    },
    MandateReason.ENDS_BEFORE_START: {
        "en": "It would end before it begins. Choose a later day.",
        "es": "Terminaría antes de empezar. Elija un día posterior.",
        "pl": "Koniec przypadałby przed początkiem. Prosimy wybrać późniejszy dzień.",
    },
    MandateReason.NOT_FOUND: {
        "en": "There is no such mandate.",
        "es": "No existe tal mandato.",
        "pl": "Nie ma takiego mandatu.",
    },
}
_FIELDS: Final[Mapping[MandateReason, str]] = {
    MandateReason.PERSON_NOT_FOUND: "personId",
    MandateReason.OFFICE_UNKNOWN: "office",
    MandateReason.SUBJECT_NOT_FOUND: "subjectKey",
    MandateReason.NAME_REQUIRED: "subjectName",
    MandateReason.ENDS_BEFORE_START: "endsOn",
    MandateReason.NOT_FOUND: "id",
}


class NewMandate(Record):
    """Who is to act as what, for whom, from when to when."""

    person_id: str
    role: MandateRole
    office: str
    subject_key: str
    subject_name: str | None = None
    starts_on: date | None = None
    ends_on: date | None = None


class MandateEnd(Record):
    """Which mandate ends, with which day."""

    id: str
    ends_on: date | None = None


class MandateOutcome(Record):
    """What came of it: the mandate as it is now."""

    mandate: Mandate | None = None
    user_errors: Sequence[Refusal] = ()


@call(scope=Scope.STAFF_ADMIN)
async def grant(context: Context, *, what: NewMandate) -> MandateOutcome:
    """Let somebody act for a community or a party that the office knows; raises `Problem` where it does not answer."""
    starts_on = what.starts_on or context.today
    if what.ends_on is not None and what.ends_on < starts_on:
        return _refused(context, MandateReason.ENDS_BEFORE_START)
    name = await _name_of(context, what)
    if isinstance(name, MandateReason):
        return _refused(context, name)
    mandate = Mandate(
        id="",
        role=what.role,
        office=what.office,
        subject_key=what.subject_key,
        subject_name=name,
        starts_on=starts_on,
        ends_on=what.ends_on,
    )
    return await _granted(context, what.person_id, mandate)


@call(scope=Scope.STAFF_ADMIN)
async def end(context: Context, *, which: MandateEnd) -> MandateOutcome:
    """Let a mandate end, today unless said otherwise; one that had an end gets this one instead."""
    last_day = which.ends_on or context.today
    async with context.services.store.work(context.manager.slug) as work:
        found = await mandates.held(work, which.id) if is_id(which.id) else None
        if found is None:
            return _refused(context, MandateReason.NOT_FOUND)
        person_id, mandate = found
        if last_day < mandate.starts_on:
            return _refused(context, MandateReason.ENDS_BEFORE_START)
        mandate = replace(mandate, ends_on=last_day)
        await mandates.end(work, mandate.id, last_day)
        kind, told = AuditKind.MANDATE_ENDED, _told(mandate)
        await note(work, kind, context.now, actor_id=context.actor.person_id, person_id=person_id, told=told)
    return MandateOutcome(mandate=mandate)


async def _granted(context: Context, person_id: str, mandate: Mandate) -> MandateOutcome:
    async with context.services.store.work(context.manager.slug) as work:
        if not is_id(person_id) or await people.held(work, person_id) is None:
            return _refused(context, MandateReason.PERSON_NOT_FOUND)
        granted = replace(mandate, id=await mandates.grant(work, person_id, mandate, context.now))
        kind, told = AuditKind.MANDATE_GRANTED, _told(granted)
        await note(work, kind, context.now, actor_id=context.actor.person_id, person_id=person_id, told=told)
    return MandateOutcome(mandate=granted)


async def _name_of(context: Context, what: NewMandate) -> str | MandateReason:
    """What that is called for which somebody is to act; why not, where the office knows nothing of it."""
    if what.office not in context.manager.offices:
        return MandateReason.OFFICE_UNKNOWN
    if not 0 < len(what.subject_key) <= _LONGEST_KEY or "\0" in what.subject_key:
        return MandateReason.SUBJECT_NOT_FOUND
    method = _CHECKED_BY[what.role]
    if support(context, what.office, CAPABILITY_OF[method]) is Support.NO:
        given = (what.subject_name or "").strip()
        return given if is_name(given) else MandateReason.NAME_REQUIRED
    found: Answer[Community | Contractor] = (await ask(context, method, [(what.office, what.subject_key)]))[0]
    if isinstance(found, Problem):
        raise found
    return found.name[:_LONGEST_NAME] if found else MandateReason.SUBJECT_NOT_FOUND


def _told(mandate: Mandate) -> Mapping[str, str]:
    days = {"startsOn": mandate.starts_on, "endsOn": mandate.ends_on}
    told = {name: day.isoformat() for name, day in days.items() if day}
    return {"role": mandate.role.value, "subject": mandate.subject_name, **told}


def _refused(context: Context, reason: MandateReason) -> MandateOutcome:
    return MandateOutcome(user_errors=[refused(reason, _MESSAGES[reason], context.language, _FIELDS[reason])])
