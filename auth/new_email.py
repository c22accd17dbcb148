"""Another e-mail address: asked for by who is signed in, proved by who reads it, and only then the person's.

An address that is free and one that somebody has are alike in answer and in work; the truth goes by letter to who reads
it.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from msgspec.structs import replace
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select

from ventanilla.auth import attempts, challenges
from ventanilla.auth.audit import AuditKind, note_own
from ventanilla.auth.caller import Caller
from ventanilla.auth.challenges import LIFETIMES, Challenge, Ended
from ventanilla.auth.devices import circumstances
from ventanilla.auth.letters import letter_to
from ventanilla.auth.link_tokens import OF_ENDING, BadToken
from ventanilla.auth.people import EmailTakenError, masked_email
from ventanilla.auth.proofs import Proofs
from ventanilla.backoffice_adapters.records import Record
from ventanilla.store.letters import LetterKind, NewLetter, post
from ventanilla.store.manager import Manager
from ventanilla.store.store import Store
from ventanilla.store.tables import PersonRow
from ventanilla.store.tenancy import Work

_KIND: Final = challenges.Kind.NEW_EMAIL
_TOLD: Final = {"hours": str(LIFETIMES[_KIND] // timedelta(hours=1))}


class Moved(Record):
    """Whose address was replaced, and by which."""

    person_id: str
    email: str


async def ask(
    work: Work, manager: Manager, person: PersonRow, email: str, *, caller: Caller, now: datetime
) -> Challenge:
    """Post the letter whose link makes a normalised address this person's, and tell their present one; hold their row.

    An older link of theirs leads nowhere any more. Whoever has the address already is told that it was wanted.
    """
    owner = (await work.exec(select(PersonRow).where(col(PersonRow.email) == email))).first()
    challenge = await challenges.begin(
        work, _KIND, email=person.email, now=now, person_id=person.id, body={"email": email}
    )
    await post(work, _letter(manager, person, owner, challenge, email=email, caller=caller), now)
    told = {"email": masked_email(email), **circumstances(manager, person, caller, now)}
    await post(work, letter_to(person, LetterKind.NEW_EMAIL_ASKED, manager, caller, told=told), now)
    return challenge


def _letter(
    manager: Manager, person: PersonRow, owner: PersonRow | None, challenge: Challenge, *, email: str, caller: Caller
) -> NewLetter:
    """The letter with the link, or the truth to who has the address.

    It calls nobody by a name: who reads the address may be somebody else, and never have asked.
    """
    if owner is not None:
        return letter_to(owner, LetterKind.EMAIL_IN_USE, manager, caller, told={})
    letter = letter_to(person, LetterKind.VERIFY_NEW_EMAIL, manager, caller, told=_TOLD, challenge=challenge)
    return replace(letter, recipient=email, name="")


async def confirm(
    store: Store, manager: Manager, proofs: Proofs, *, token: str, caller: Caller, now: datetime
) -> Moved | BadToken | EmailTakenError:
    """Follow the link of a letter: from now on the address is the person's, and nothing of the former one is left.

    Their sessions stay. Of all who come with one link at once one succeeds, and of all who want one address.
    """
    challenge_id = proofs.read_link(_KIND, token)
    if challenge_id is None:
        return BadToken.TOKEN_INVALID
    try:
        async with store.work(manager.slug) as work:
            met = await challenges.meet(work, _KIND, challenge_id, now)
            return OF_ENDING[met] if isinstance(met, Ended) else await _move(work, manager, met, caller, now)
    except EmailTakenError as taken:
        return taken


async def _move(work: Work, manager: Manager, met: Challenge, caller: Caller, now: datetime) -> Moved | BadToken:
    meant = (col(PersonRow.id) == met.person_id, col(PersonRow.email) == met.email)
    enabled = col(PersonRow.disabled_at).is_(None)
    person = (await work.exec(select(PersonRow).where(*meant, enabled).with_for_update())).first()
    if person is None:  # disabled by now
        return BadToken.TOKEN_INVALID
    former, email = person.email, str((met.body or {})["email"])
    told = {"email": masked_email(email), **circumstances(manager, person, caller, now)}
    letter = letter_to(person, LetterKind.EMAIL_CHANGED, manager, caller, told=told)
    await _take(work, person, email, now)
    await challenges.withdraw_all(work, email=former, now=now)
    await attempts.forget(work, attempts.Kind.ACCOUNT, former)
    await post(work, letter, now)
    addresses = {"from": masked_email(former), "to": masked_email(email)}
    await note_own(work, AuditKind.EMAIL_CHANGED, person.id, now, caller=caller, **addresses)
    return Moved(person_id=person.id, email=email)


async def _take(work: Work, person: PersonRow, email: str, now: datetime) -> None:
    """Let a person have an address; `EmailTakenError`, after which `work` is to be left, for one that somebody has."""
    taken = "somebody else proved this address first: choose another one"
    if (await work.exec(select(PersonRow.id).where(col(PersonRow.email) == email))).first():
        raise EmailTakenError(taken)
    person.email, person.email_verified_at = email, now
    try:
        await work.flush()
    except IntegrityError as error:
        raise EmailTakenError(taken) from error
