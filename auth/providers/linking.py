"""Identities: the accounts at identity providers that a person has linked to their sign-in here."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlmodel import col, delete, select

from ventanilla.auth import challenges, ways_in
from ventanilla.auth.audit import AuditKind, note_own
from ventanilla.auth.caller import Caller
from ventanilla.auth.challenges import Ended, Kind
from ventanilla.auth.people import held
from ventanilla.auth.proofs import Proofs
from ventanilla.auth.providers.doors import Doors
from ventanilla.auth.providers.entering import link, subject_of
from ventanilla.auth.providers.id_token import Known
from ventanilla.auth.providers.reasons import Reason
from ventanilla.backoffice_adapters.records import Record
from ventanilla.store.manager import Manager
from ventanilla.store.store import Store
from ventanilla.store.tables import IdentityRow
from ventanilla.store.tenancy import Work

_KIND = Kind.IDENTITY_LINK
_THEIRS = """
SELECT provider, linked_at, seen_at FROM identity WHERE manager = $1 AND person_id = $2 ORDER BY linked_at, provider
"""


class Identity(Record):
    """An account at a provider, as its person sees it."""

    provider: str
    linked_at: datetime
    seen_at: datetime
    """When they last came in by it."""


async def of_person(store: Store, manager: str, person_id: str) -> Sequence[Identity]:
    """The identities of a person, in the order in which they were linked."""
    return [
        Identity(
            provider=provider, linked_at=datetime.fromisoformat(linked_at), seen_at=datetime.fromisoformat(seen_at)
        )
        for provider, linked_at, seen_at in await store.rows(_THEIRS, [manager, person_id])
    ]


class Offer(Record):
    """An address to link by, made for one person and one provider."""

    token: str
    expires_at: datetime

    def __repr__(self) -> str:
        return "Offer(…)"


async def offer(
    store: Store, manager: str, proofs: Proofs, *, provider: str, person_id: str, email: str, now: datetime
) -> Offer | Reason:
    """Let a person link, once and within five minutes; an older offer of theirs is good no more."""
    async with store.work(manager) as work:
        if await subject_of(work, person_id, provider) is not None:
            return Reason.OTHER_LINKED
        body = {"provider": provider}
        challenge = await challenges.begin(work, _KIND, email=email, now=now, person_id=person_id, body=body)
    return Offer(token=proofs.link(_KIND, challenge.id), expires_at=challenge.expires_at)


async def accept(
    store: Store, manager: str, proofs: Proofs, *, token: str, provider: str, person_id: str | None, now: datetime
) -> str | None:
    """Use an offer up; the person who links, or None where it is not theirs, not for this provider, or over."""
    challenge_id = proofs.read_link(_KIND, token)
    if challenge_id is None or person_id is None:
        return None
    async with store.work(manager) as work:
        found = await challenges.find(work, _KIND, challenge_id, now)
        if isinstance(found, Ended) or found.person_id != person_id or (found.body or {}).get("provider") != provider:
            return None
        met = await challenges.meet(work, _KIND, challenge_id, now)
    return None if isinstance(met, Ended) else person_id


async def attach(doors: Doors, known: Known, person_id: str, now: datetime) -> Reason | None:
    """Link an account to a person; why not, if it is somebody else's, or they have linked another one."""
    slug = doors.manager.slug
    try:
        async with doors.store.work(slug) as work:
            return await _attached(work, doors, known, person_id, now)
    except IntegrityError:  # linked by somebody at the same moment
        async with doors.store.work(slug) as work:
            return await _attached(work, doors, known, person_id, now)


async def _attached(work: Work, doors: Doors, known: Known, person_id: str, now: datetime) -> Reason | None:
    person, provider = await held(work, person_id), doors.provider
    if person is None:
        return Reason.LINK_OVER
    named = (col(IdentityRow.provider) == provider.name, col(IdentityRow.subject) == known.subject)
    owner = (await work.exec(select(IdentityRow.person_id).where(*named))).first()
    if owner is not None:
        return None if owner == person_id else Reason.LINKED_TO_OTHER
    if await subject_of(work, person_id, provider.name) is not None:
        return Reason.OTHER_LINKED
    await link(work, doors, known, person, now)
    return None


class LastWayError(Exception):
    """Without this identity the person could sign in no more."""


async def detach(
    store: Store, manager: Manager, provider: str, person_id: str, *, caller: Caller, now: datetime
) -> bool:
    """End the link of a person with a provider; whether there was one. Raises `LastWayError`."""
    async with store.work(manager.slug) as work:
        person = await held(work, person_id)
        if person is None or await subject_of(work, person_id, provider) is None:
            return False
        if not await ways_in.is_left(work, manager, person, without_provider=provider):
            raise LastWayError
        theirs = (col(IdentityRow.person_id) == person_id, col(IdentityRow.provider) == provider)
        await work.exec(delete(IdentityRow).where(*theirs))
        await note_own(work, AuditKind.IDENTITY_UNLINKED, person_id, now, caller=caller, provider=provider)
    return True
