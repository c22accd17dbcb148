"""How a person is reached: their telephone number, and their e-mail address, which takes a proof."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from msgspec import UNSET

from ventanilla.auth import attempts, challenges, new_email, profile, sessions
from ventanilla.auth.applicant import Flaw
from ventanilla.auth.attempts import Kind, Try
from ventanilla.auth.caller import Caller
from ventanilla.auth.people import held
from ventanilla.auth.profile import Wanted
from ventanilla.backoffice_adapters.records import Record
from ventanilla.store.manager import Manager
from ventanilla.store.store import Store


class ContactChange(Record):
    """How a person wants to be reached."""

    email: Wanted = UNSET
    phone: Wanted = UNSET

    def __repr__(self) -> str:
        return "ContactChange(…)"


class ContactState(StrEnum):
    """What came of wanting to be reached otherwise."""

    UPDATED = "UPDATED"
    EMAIL_VERIFICATION_SENT = "EMAIL_VERIFICATION_SENT"
    """All else is changed; the e-mail will be once it is proved. Told alike of an address that somebody has."""


class StaleSessionError(Exception):
    """The session began too long ago for this, or what it knows of its person holds no more: sign in anew."""


async def update(
    store: Store,
    manager: Manager,
    change: ContactChange,
    *,
    person_id: str,
    session_id: str | None,
    email: str,
    caller: Caller,
    now: datetime,
) -> ContactState | dict[str, Flaw] | Try:
    """Change how a person is reached, all of it or nothing; `email` is their address now.

    Another address takes a session that has just begun, and is asked for alone (`new_email.ask`). Their own takes back
    what they asked for before. A `Try` is one letter too many. Raises `StaleSessionError`.
    """
    values = profile.tidied(change)
    if flaws := profile.flaws_of(values, manager.languages):
        return flaws
    given = values.pop("email", None)
    wanted = None if given == email else given
    if wanted and (counted := await _too_many(store, manager.slug, email, wanted, caller=caller, now=now)):
        return counted
    async with store.work(manager.slug) as work:
        person = await held(work, person_id)
        fresh = wanted is None or await sessions.is_fresh(work, person_id, session_id, now)
        if person is None or person.email != email or not fresh:
            raise StaleSessionError
        await profile.apply(work, person, values, caller=caller, now=now)
        if wanted is not None:
            await new_email.ask(work, manager, person, wanted, caller=caller, now=now)
            return ContactState.EMAIL_VERIFICATION_SENT
        if given is not None:
            await challenges.withdraw(work, challenges.Kind.NEW_EMAIL, email=email, now=now)
    return ContactState.UPDATED


async def _too_many(store: Store, manager: str, own: str, wanted: str, *, caller: Caller, now: datetime) -> Try | None:
    """Count the letters to both addresses; their own first, so that nobody makes us write to any number of others."""
    counted = await attempts.count(store, manager, Kind.LETTER, own, now)
    return await attempts.letter_too_many(store, manager, wanted, caller.address, now) if counted.allowed else counted
