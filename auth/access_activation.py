"""Activation: who was invited follows the link of their letter, and chooses a password unless they have one.

The link proves the address. Where somebody has it already, what the invitation is for is added to them, and nothing
else of them changes; signed in is nobody by it.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlmodel import col, select

from ventanilla.auth import attempts, challenges, passwords
from ventanilla.auth.access_giving import add_invited, give, invitation_of, names_in, person_at
from ventanilla.auth.attempts import Try
from ventanilla.auth.caller import Caller
from ventanilla.auth.challenges import Ended, Kind
from ventanilla.auth.link_tokens import OF_ENDING, BadToken
from ventanilla.auth.new_passwords import ChangedMeanwhileError
from ventanilla.auth.people import EmailTakenError
from ventanilla.auth.policy import Holder, Violation, violations
from ventanilla.auth.proofs import Proofs
from ventanilla.auth.refused import RefusedPasswords
from ventanilla.auth.terms import TermsFlaw, agreed, flaw_of
from ventanilla.backoffice_adapters.records import Record
from ventanilla.store.manager import Manager
from ventanilla.store.store import Store
from ventanilla.store.tables import AccessInvitationRow, PersonRow
from ventanilla.store.tenancy import Work

_KIND: Final = Kind.ACCESS_LINK


class Activation(Record):
    """What somebody brings who follows the link of an invitation."""

    token: str
    password: str | None = None
    """Theirs from now on; None from who has one."""
    accepted_terms: str | None = None

    def __repr__(self) -> str:
        return "Activation(…)"


class Activated(Record):
    """An invitation that was accepted."""

    email: str
    existing: bool
    """Whether the person was there already."""


class Lacking(Record):
    """What is yet to be brought, with all that is wrong with what was."""

    password: bool = False
    """Whether a password is to be chosen."""
    violations: tuple[Violation, ...] = ()
    terms: TermsFlaw | None = None


async def activate(
    store: Store,
    manager: Manager,
    proofs: Proofs,
    activation: Activation,
    *,
    refused: RefusedPasswords,
    caller: Caller,
    language: str,
    now: datetime,
) -> Activated | BadToken | Try | Lacking:
    """Accept an invitation. What is lacking does not use the link up, so tries are counted for the network address.

    A `Try` is one too many. Of all who come with one link at once, one succeeds. Raises `ChangedMeanwhileError`.
    """
    challenge_id = proofs.read_link(_KIND, activation.token)
    if challenge_id is None:
        return BadToken.TOKEN_INVALID
    counted = await attempts.count(store, manager.slug, attempts.Kind.ADDRESS, caller.address, now)
    if not counted.allowed:
        return counted
    holder = await _holder(store, manager, challenge_id, now)
    if isinstance(holder, BadToken):
        return holder
    if holder is not None and (lacking := await _lacking(manager, activation, holder, refused)):
        return lacking
    new_hash = await passwords.hashed(activation.password) if holder and activation.password else None
    try:
        async with store.work(manager.slug) as work:
            accepted = await _accepted(work, manager, challenge_id, new_hash, caller=caller, language=language, now=now)
            if isinstance(accepted, Activated):
                await attempts.succeeded(work, [counted])
            return accepted
    except EmailTakenError:
        raise ChangedMeanwhileError from None


async def _holder(store: Store, manager: Manager, challenge_id: str, now: datetime) -> Holder | BadToken | None:
    """Whose password it is to be; None for somebody who is there already."""
    async with store.work(manager.slug) as work:
        found = await challenges.find(work, _KIND, challenge_id, now)
        if isinstance(found, Ended):
            return OF_ENDING[found]
        ours = select(AccessInvitationRow).where(col(AccessInvitationRow.challenge_id) == challenge_id)
        invitation = (await work.exec(ours)).first()
        if invitation is None:
            return BadToken.TOKEN_INVALID
        person = (await work.exec(select(PersonRow).where(col(PersonRow.email) == found.email))).first()
        if person is not None:
            return BadToken.TOKEN_INVALID if person.disabled_at else None
    given, family = names_in(invitation.name)
    return Holder(email=found.email, given_name=given, family_name=family)


async def _lacking(
    manager: Manager, activation: Activation, holder: Holder, refused: RefusedPasswords
) -> Lacking | None:
    policy, password = manager.presentation.password_policy, activation.password
    lacking = Lacking(
        password=not password,
        violations=await violations(policy, password, holder, refused) if password else (),
        terms=flaw_of(manager.presentation.terms, activation.accepted_terms),
    )
    return None if lacking == Lacking() else lacking


async def _accepted(
    work: Work,
    manager: Manager,
    challenge_id: str,
    new_hash: str | None,
    *,
    caller: Caller,
    language: str,
    now: datetime,
) -> Activated | BadToken:
    met = await challenges.meet(work, _KIND, challenge_id, now)
    if isinstance(met, Ended):
        return OF_ENDING[met]
    invitation, person = await invitation_of(work, challenge_id), await person_at(work, met.email)
    if invitation is None or (person is None and new_hash is None) or (person and person.disabled_at):
        # What was so a moment ago is not now: nothing is used up, and asking again will tell.
        raise ChangedMeanwhileError
    existing = person is not None
    if person is None:
        person = await add_invited(work, invitation, new_hash or "", now=now, language=language)
        terms = manager.presentation.terms
        if terms is not None:
            await agreed(work, person.id, terms.version, now, caller.address)
    await give(work, invitation, person, today=now.astimezone(manager.zone).date(), now=now)
    return Activated(email=met.email, existing=existing)
