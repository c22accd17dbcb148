"""Recovery: who forgot their password proves that they read their e-mail, and chooses another."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from sqlmodel import col, select

from ventanilla.auth import attempts, challenges, passwords, sessions
from ventanilla.auth.asked import Asked, NotAnEmailError
from ventanilla.auth.attempts import Try
from ventanilla.auth.audit import AuditKind, note_own
from ventanilla.auth.caller import Caller
from ventanilla.auth.challenges import LIFETIMES, Challenge, Ended, Kind
from ventanilla.auth.letters import letter_to
from ventanilla.auth.link_tokens import OF_ENDING, BadToken
from ventanilla.auth.new_passwords import ChangedMeanwhileError, holder_of, replace
from ventanilla.auth.people import is_email, masked_email, normal_email
from ventanilla.auth.policy import Holder, Violation, violations
from ventanilla.auth.proofs import Proofs
from ventanilla.auth.refused import RefusedPasswords
from ventanilla.store.letters import LetterKind, post
from ventanilla.store.manager import Manager
from ventanilla.store.store import Store
from ventanilla.store.tables import PersonRow
from ventanilla.store.tenancy import Work

_KIND: Final = Kind.RESET_PASSWORD
_TOLD: Final = {"minutes": str(LIFETIMES[_KIND] // timedelta(minutes=1))}


async def request(store: Store, manager: Manager, *, email: str, caller: Caller, now: datetime) -> Asked | Try:
    """Post the letter whose link leads to another password; an older one leads nowhere any more.

    Somebody who may sign in, somebody who may not and nobody are answered alike, for the same work: each try counted, a
    look-up, a challenge and a letter, which for nobody is only written. A `Try` is one letter too many. Raises
    `NotAnEmailError`.
    """
    address = normal_email(email)
    if not is_email(address):
        raise NotAnEmailError
    if counted := await attempts.letter_too_many(store, manager.slug, address, caller.address, now):
        return counted
    async with store.work(manager.slug) as work:
        person = (await work.exec(select(PersonRow).where(col(PersonRow.email) == address))).first()
        meant = person if person is not None and person.disabled_at is None else None
        person_id = None if meant is None else meant.id
        challenge = await challenges.begin(work, _KIND, email=address, now=now, person_id=person_id)
        letter = letter_to(meant, LetterKind.RESET_PASSWORD, manager, caller, told=_TOLD, challenge=challenge)
        await post(work, letter, now)
    return Asked(masked_email=masked_email(address), expires_at=challenge.expires_at)


async def reset(
    store: Store,
    manager: Manager,
    proofs: Proofs,
    *,
    token: str,
    password: str,
    refused: RefusedPasswords,
    caller: Caller,
    now: datetime,
) -> int | BadToken | Try | tuple[Violation, ...]:
    """Give who followed the link of a letter another password; how many sessions ended, all there were.

    A password that the policy refuses does not use the link up, so tries are counted for the network address, as those
    of signing in are; a `Try` is one too many. The e-mail is verified by the link. Raises `ChangedMeanwhileError`.
    """
    challenge_id = proofs.read_link(_KIND, token)
    if challenge_id is None:
        return BadToken.TOKEN_INVALID
    counted = await attempts.count(store, manager.slug, attempts.Kind.ADDRESS, caller.address, now)
    if not counted.allowed:
        return counted
    holder = await _holder(store, manager, challenge_id, now)
    if isinstance(holder, BadToken):
        return holder
    if broken := await violations(manager.presentation.password_policy, password, holder, refused):
        return broken
    new_hash = await passwords.hashed(password)
    async with store.work(manager.slug) as work:
        met = await challenges.meet(work, _KIND, challenge_id, now)
        if isinstance(met, Ended):
            return OF_ENDING[met]
        await attempts.succeeded(work, [counted])
        return await _set(work, manager, met, holder, new_hash, caller=caller, now=now)


async def _holder(store: Store, manager: Manager, challenge_id: str, now: datetime) -> Holder | BadToken:
    async with store.work(manager.slug) as work:
        found = await challenges.find(work, _KIND, challenge_id, now)
        if isinstance(found, Ended):
            return OF_ENDING[found]
        person = await _person(work, found)
        if person is None:
            return BadToken.TOKEN_INVALID
        return await holder_of(work, manager.presentation.password_policy, person)


async def _set(
    work: Work, manager: Manager, met: Challenge, holder: Holder, new_hash: str, *, caller: Caller, now: datetime
) -> int:
    person = await _person(work, met)
    if person is None or await holder_of(work, manager.presentation.password_policy, person) != holder:
        raise ChangedMeanwhileError
    person.email_verified_at = person.email_verified_at or now
    await replace(work, manager, person, new_hash, caller=caller, now=now)
    await note_own(work, AuditKind.PASSWORD_RESET, person.id, now, caller=caller)
    return await sessions.end_all(work, person.id)


async def _person(work: Work, challenge: Challenge) -> PersonRow | None:
    """Whom a letter was for; None for who has another e-mail or is disabled by now, and for nobody."""
    meant = (col(PersonRow.id) == challenge.person_id, col(PersonRow.email) == challenge.email)
    enabled = col(PersonRow.disabled_at).is_(None)
    return (await work.exec(select(PersonRow).where(*meant, enabled).with_for_update())).first()
