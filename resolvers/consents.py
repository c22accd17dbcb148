"""Programs that the viewer lets act on their behalf."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Final

from ventanilla.auth.actor import Actor
from ventanilla.auth.oauth import consents
from ventanilla.auth.oauth.consents import Consent
from ventanilla.backoffice_adapters.records import Record
from ventanilla.resolvers.access import Scope, batch, call
from ventanilla.resolvers.context import Context
from ventanilla.resolvers.refusals import Refusal, refused


class WithdrawConsentReason(StrEnum):
    """Why nothing was withdrawn."""

    NOT_FOUND = "NOT_FOUND"


_NOT_FOUND: Final[Mapping[str, str]] = {
    "en": "No such program acts on your behalf, or not any more.",
    "es": "Ningún programa así actúa en su nombre, o ya no lo hace.",
    "pl": "Żaden taki program nie działa w Państwa imieniu albo już nie działa.",
}


class GivenUpConsent(Record):
    """Which program is to act for the viewer no more."""

    program_id: str


class Withdrawn(Record):
    """What came of withdrawing a consent."""

    program: Consent | None = None
    user_errors: Sequence[Refusal] = ()


@batch(scope=Scope.PERSON)
async def of_viewers(context: Context, viewers: Sequence[Actor]) -> list[list[Consent]]:
    """The programs that can act on behalf of each viewer, who is always the one who asks: by name."""
    store, manager = context.services.store, context.manager.slug
    return [await consents.of_person(store, manager, context.person_id, context.now)] * len(viewers)


@call(scope=Scope.PERSON)
async def withdraw(context: Context, *, which: GivenUpConsent) -> Withdrawn:
    """End all that a program may do on the viewer's behalf, at once."""
    gone = await consents.withdraw(
        context.services.store,
        context.manager.slug,
        which.program_id,
        person_id=context.person_id,
        caller=context.caller,
        now=context.now,
    )
    if gone is None:
        not_found = refused(WithdrawConsentReason.NOT_FOUND, _NOT_FOUND, context.language, "programId")
        return Withdrawn(user_errors=[not_found])
    return Withdrawn(program=gone)
