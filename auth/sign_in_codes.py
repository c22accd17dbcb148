"""Signing in with a code that a letter tells, for who has the ticket that was given for asking.

The code is tried with the ticket alone, so a code that somebody reads over a shoulder opens nothing elsewhere. Tries
are counted for the e-mail, whichever of its codes is tried: the five that are compared last longer than any code
(`attempts`), and with the fifth wrong one the code is burnt.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from sqlmodel import col, select

from ventanilla.auth import attempts, challenges
from ventanilla.auth.asked import Asked, NotAnEmailError
from ventanilla.auth.attempts import Kind, Try
from ventanilla.auth.caller import Caller
from ventanilla.auth.challenges import LIFETIMES, Challenge, Ended
from ventanilla.auth.letters import letter_to
from ventanilla.auth.people import is_email, masked_email, normal_email
from ventanilla.auth.proofs import Proofs
from ventanilla.auth.signing_in import Reason, Refused, SignedIn, admitted, too_many
from ventanilla.store.letters import LetterKind, post
from ventanilla.store.manager import Manager, SignInWay
from ventanilla.store.store import Store
from ventanilla.store.tables import PersonRow
from ventanilla.store.tenancy import Work

_CODE: Final = challenges.Kind.SIGN_IN_CODE
_LETTER: Final = LetterKind.SIGN_IN_CODE
_TOLD: Final = {"minutes": str(LIFETIMES[_CODE] // timedelta(minutes=1))}
_OF_ENDED: Final = {
    Ended.UNKNOWN: Reason.CODE_EXPIRED,  # long over: nobody but us makes tickets
    Ended.EXPIRED: Reason.CODE_EXPIRED,
    Ended.REPLACED: Reason.CODE_EXPIRED,
    Ended.USED: Reason.CODE_USED,
}


class AskedCode(Asked):
    """A code that was asked for, whether or not there is somebody whom a letter tells it to."""

    ticket: str
    """What the code is tried with. Told this once."""
    resend_at: datetime
    """From when on another one may be asked for."""

    def __repr__(self) -> str:
        return "AskedCode(…)"


async def ask(
    store: Store, manager: Manager, proofs: Proofs, *, email: str, caller: Caller, now: datetime
) -> AskedCode | Refused:
    """Ask for a code to sign in with; an older one cannot be used any more.

    Somebody who may sign in, somebody who may not and nobody are answered alike, for the same work: each try counted, a
    look-up, a challenge and a letter, which for nobody is only written. Raises `NotAnEmailError`.
    """
    if SignInWay.EMAIL_CODE not in manager.sign_in_ways:
        return Refused(reason=Reason.WAY_NOT_OFFERED)
    address = normal_email(email)
    if not is_email(address):
        raise NotAnEmailError
    # What is refused for one limit must not use up the next: the strictest stands before the scarcest.
    for kind, subject in ((Kind.SENDER, caller.address), (Kind.RESEND, address), (Kind.LETTER, address)):
        counted = await attempts.count(store, manager.slug, kind, subject, now)
        if not counted.allowed:
            return too_many(counted, now)
    async with store.work(manager.slug) as work:
        person = (await work.exec(select(PersonRow).where(col(PersonRow.email) == address))).first()
        welcome = person if person is not None and person.disabled_at is None else None
        person_id = None if welcome is None else welcome.id
        challenge = await challenges.begin(work, _CODE, email=address, now=now, person_id=person_id)
        await post(work, letter_to(welcome, _LETTER, manager, caller, told=_TOLD, challenge=challenge), now)
    return AskedCode(
        ticket=proofs.ticket(challenge.id),
        masked_email=masked_email(address),
        expires_at=challenge.expires_at,
        resend_at=now + attempts.RESEND,
    )


async def sign_in(
    store: Store, manager: Manager, proofs: Proofs, *, ticket: str, code: str, caller: Caller, now: datetime
) -> SignedIn | Refused:
    """Sign a person in with a code and its ticket, once; the try is counted before the code is compared.

    A ticket that is none of ours counts against the network address alone. Raises only what the store raises.
    """
    if SignInWay.EMAIL_CODE not in manager.sign_in_ways:
        return Refused(reason=Reason.WAY_NOT_OFFERED)
    tries = [await attempts.count(store, manager.slug, Kind.ADDRESS, caller.address, now)]
    if not tries[-1].allowed:
        return too_many(tries[-1], now)
    challenge = await _challenge_of(store, manager, proofs.read_ticket(ticket), now)
    if isinstance(challenge, Refused):
        return challenge
    tries.append(await attempts.count(store, manager.slug, Kind.CODE, challenge.email, now))
    if not tries[-1].allowed:
        return too_many(tries[-1], now)
    # A challenge of nobody has a code as well, which no letter tells: who guesses it is told what all others are.
    if not proofs.is_code(challenge.id, code) or challenge.person_id is None:
        return Refused(reason=Reason.CODE_INVALID, tries_left=tries[-1].left)
    async with store.work(manager.slug) as work:
        return await _met(work, manager, challenge, tries, caller=caller, now=now)


async def _challenge_of(store: Store, manager: Manager, challenge_id: str | None, now: datetime) -> Challenge | Refused:
    if challenge_id is None:
        return Refused(reason=Reason.CODE_INVALID)
    async with store.work(manager.slug) as work:
        found = await challenges.find(work, _CODE, challenge_id, now)
    return Refused(reason=_OF_ENDED[found]) if isinstance(found, Ended) else found


async def _met(
    work: Work, manager: Manager, challenge: Challenge, tries: list[Try], *, caller: Caller, now: datetime
) -> SignedIn | Refused:
    """Use the code up and let its person in: of all who come with it at once, one."""
    met = await challenges.meet(work, _CODE, challenge.id, now)
    if isinstance(met, Ended):
        return Refused(reason=_OF_ENDED[met])
    meant = (col(PersonRow.id) == met.person_id, col(PersonRow.email) == met.email)
    person = (await work.exec(select(PersonRow).where(*meant).with_for_update())).first()
    if person is None:  # they have another e-mail by now
        return Refused(reason=Reason.CODE_EXPIRED)
    if person.disabled_at is not None:
        return Refused(reason=Reason.ACCOUNT_DISABLED)
    person.email_verified_at = person.email_verified_at or now
    return await admitted(work, manager, person, tries, way=SignInWay.EMAIL_CODE, caller=caller, now=now)
