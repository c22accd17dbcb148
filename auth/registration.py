"""Registration: who comes by themselves waits in a challenge until they prove that they read their e-mail.

A person is made only then, so an address is never squatted. For an address that somebody has already the work and the
answer are the same, and the truth goes by letter to who reads it.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final
from uuid import uuid4

import msgspec
from sqlmodel import col, select

from ventanilla.auth import attempts, challenges, passwords, people
from ventanilla.auth.applicant import Applicant, Flaw, flaws_of, tidied
from ventanilla.auth.asked import Asked, NotAnEmailError
from ventanilla.auth.attempts import Try
from ventanilla.auth.caller import Caller
from ventanilla.auth.challenges import LIFETIMES, Challenge, Ended, Kind
from ventanilla.auth.letters import letter_to
from ventanilla.auth.link_tokens import OF_ENDING, BadToken
from ventanilla.auth.people import EmailTakenError, is_email, masked_email, normal_email
from ventanilla.auth.policy import Holder, Violation, violations
from ventanilla.auth.proofs import Proofs
from ventanilla.auth.refused import RefusedPasswords
from ventanilla.auth.terms import TermsFlaw, agreed, flaw_of
from ventanilla.backoffice_adapters.database import stamp
from ventanilla.backoffice_adapters.records import Record
from ventanilla.store.letters import LetterKind, NewLetter, post
from ventanilla.store.manager import Manager
from ventanilla.store.store import Store
from ventanilla.store.tables import ChallengeRow, PersonRow
from ventanilla.store.tenancy import Work

_KIND: Final = Kind.REGISTER
_TOLD: Final = {"hours": str(LIFETIMES[_KIND] // timedelta(hours=1))}
_PENDING = """
SELECT body FROM challenge
WHERE manager = $1 AND kind = 'REGISTER' AND email = $2 AND used_at IS NULL AND replaced_at IS NULL
  AND expires_at > $3 AND body IS NOT NULL
ORDER BY created_at DESC
"""


class Registration(Record):
    """Who registers, with what they chose and agreed to."""

    applicant: Applicant
    password: str
    accepted_terms: str | None = None
    """The version of the terms that they read and accepted."""

    def __repr__(self) -> str:
        return "Registration(…)"


class Unfit(Record):
    """A registration that cannot be taken, with all that is wrong with it."""

    fields: dict[str, Flaw] = {}
    violations: tuple[Violation, ...] = ()
    terms: TermsFlaw | None = None


class _Waiting(Record):
    """Who waits in a challenge to become a person."""

    password_hash: str
    given_name: str
    family_name: str
    document_type: str
    document_number: str
    phone: str
    language: str
    at: datetime
    """When they chose the password and accepted the terms."""
    terms: str | None = None
    address: str | None = None
    """The network address that they registered from."""


async def register(
    store: Store,
    manager: Manager,
    registration: Registration,
    *,
    refused: RefusedPasswords,
    caller: Caller,
    language: str,
    now: datetime,
) -> Asked | Unfit | Try:
    """Take a registration, and post the letter whose link completes it.

    An address that is free and one that somebody has are answered alike, for the same work: each try counted, one hash,
    a look-up, a challenge and a letter. A `Try` is one letter too many.
    """
    applicant = tidied(registration.applicant)
    if unfit := await _unfit(manager, applicant, registration, refused):
        return unfit
    if counted := await attempts.letter_too_many(store, manager.slug, applicant.email, caller.address, now):
        return counted
    waiting = _Waiting(
        password_hash=await passwords.hashed(registration.password),
        given_name=applicant.given_name,
        family_name=applicant.family_name,
        document_type=applicant.document_type,
        document_number=applicant.document_number,
        phone=applicant.phone,
        language=applicant.language or language,
        at=now,
        terms=registration.accepted_terms if manager.presentation.terms else None,
        address=caller.address,
    )
    async with store.work(manager.slug) as work:
        challenge = await _invited(work, manager, applicant.email, waiting, caller=caller, now=now)
    return Asked(masked_email=masked_email(applicant.email), expires_at=challenge.expires_at)


async def _unfit(
    manager: Manager, applicant: Applicant, registration: Registration, refused: RefusedPasswords
) -> Unfit | None:
    holder = Holder(email=applicant.email, given_name=applicant.given_name, family_name=applicant.family_name)
    policy = manager.presentation.password_policy
    unfit = Unfit(
        fields=flaws_of(applicant, manager.languages),
        violations=await violations(policy, registration.password, holder, refused),
        terms=flaw_of(manager.presentation.terms, registration.accepted_terms),
    )
    return None if unfit == Unfit() else unfit


async def resend(store: Store, manager: Manager, *, email: str, caller: Caller, now: datetime) -> Asked | Try:
    """Post the letter of an open registration anew, with another link; the former link leads nowhere any more.

    Whoever waits, is there already or is unknown: the answer and the work are alike. Raises `NotAnEmailError`.
    """
    address = normal_email(email)
    if not is_email(address):
        raise NotAnEmailError
    if counted := await attempts.letter_too_many(store, manager.slug, address, caller.address, now):
        return counted
    async with store.work(manager.slug) as work:
        challenge = await _invited(work, manager, address, await _waiting(work, address, now), caller=caller, now=now)
    return Asked(masked_email=masked_email(address), expires_at=challenge.expires_at)


async def pending_hash(store: Store, manager_slug: str, email: str, now: datetime) -> str | None:
    """The hash of the password in the open registration of a normalised address; None where nobody waits."""
    rows = await store.rows(_PENDING, [manager_slug, email, stamp(now)])
    return msgspec.json.decode(rows[0][0], type=_Waiting).password_hash if rows else None


async def _waiting(work: Work, email: str, now: datetime) -> _Waiting | None:
    ours = (col(ChallengeRow.kind) == _KIND.value, col(ChallengeRow.email) == email, col(ChallengeRow.expires_at) > now)
    unmet = (col(ChallengeRow.used_at).is_(None), col(ChallengeRow.replaced_at).is_(None))
    newest = select(ChallengeRow.body).where(*ours, *unmet).order_by(col(ChallengeRow.created_at).desc())
    body = (await work.exec(newest)).first()
    return None if body is None else msgspec.json.decode(body, type=_Waiting)


async def _invited(
    work: Work, manager: Manager, email: str, waiting: _Waiting | None, *, caller: Caller, now: datetime
) -> Challenge:
    """Begin the challenge of an address and post its letter. Where somebody is there already, nobody waits in it."""
    person = (await work.exec(select(PersonRow).where(col(PersonRow.email) == email))).first()
    unverified = person.id if person is not None and person.email_verified_at is None else None
    body: Any = msgspec.to_builtins(waiting) if waiting is not None and person is None else None
    challenge = await challenges.begin(work, _KIND, email=email, now=now, person_id=unverified, body=body)
    await post(work, _letter(manager, person, waiting, challenge, caller), now)
    return challenge


def _letter(
    manager: Manager, person: PersonRow | None, waiting: _Waiting | None, challenge: Challenge, caller: Caller
) -> NewLetter:
    """The letter with the link, to who waits or is there unverified; the truth, to who is there; else one for nobody.

    It calls nobody by a name that is only claimed: it would carry strangers' words to people who never asked.
    """
    if person is not None and person.email_verified_at is not None:
        return letter_to(person, LetterKind.ALREADY_REGISTERED, manager, caller, told={})
    letter = letter_to(person, LetterKind.VERIFY_EMAIL, manager, caller, told=_TOLD, challenge=challenge)
    if person is not None or waiting is None:
        return letter
    return msgspec.structs.replace(letter, language=waiting.language, for_nobody=False)


async def verify(
    store: Store, manager: Manager, proofs: Proofs, *, token: str, now: datetime
) -> str | BadToken | EmailTakenError:
    """Follow the link of a letter: make the person who waited, with the evidence of what they agreed to.

    The e-mail that is verified by it. Somebody who is there unverified is verified. Of all who come with one link at
    once, one succeeds.
    """
    challenge_id = proofs.read_link(_KIND, token)
    if challenge_id is None:
        return BadToken.TOKEN_INVALID
    try:
        async with store.work(manager.slug) as work:
            met = await challenges.meet(work, _KIND, challenge_id, now)
            return OF_ENDING[met] if isinstance(met, Ended) else await _verified(work, met, now)
    except EmailTakenError as taken:
        return taken


async def _verified(work: Work, met: Challenge, now: datetime) -> str | BadToken:
    if met.body is not None:
        await _add(work, met.email, msgspec.convert(met.body, _Waiting), now)
        return met.email
    meant = (col(PersonRow.id) == met.person_id, col(PersonRow.email) == met.email)
    person = (await work.exec(select(PersonRow).where(*meant).with_for_update())).first()
    if person is None:  # they have another e-mail by now; or it is the challenge of nobody, whose link no letter tells
        return BadToken.TOKEN_INVALID
    person.email_verified_at = person.email_verified_at or now
    return met.email


async def _add(work: Work, email: str, waiting: _Waiting, now: datetime) -> None:
    person = PersonRow(
        id=uuid4().hex,
        email=email,
        email_verified_at=now,
        password_hash=waiting.password_hash,
        password_set_at=waiting.at,
        given_name=waiting.given_name,
        family_name=waiting.family_name,
        document_type=waiting.document_type,
        document_number=waiting.document_number,
        phone=waiting.phone,
        language=waiting.language,
        created_at=now,
    )
    await people.insert(work, person)
    if waiting.terms is not None:
        await agreed(work, person.id, waiting.terms, waiting.at, waiting.address)
