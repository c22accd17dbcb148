"""Whom a provider lets in: by the link of its account, by the e-mail that it vouches for, or as somebody new."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import uuid4

from msgspec.structs import replace
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select

from ventanilla.auth import people
from ventanilla.auth.audit import AuditKind, note_own
from ventanilla.auth.devices import circumstances
from ventanilla.auth.letters import language_of, letter_to
from ventanilla.auth.people import EmailTakenError, is_email, is_name, normal_email
from ventanilla.auth.providers.doors import Doors
from ventanilla.auth.providers.id_token import Known
from ventanilla.auth.providers.reasons import Reason
from ventanilla.auth.providers.visits import Visit
from ventanilla.auth.signing_in import SignedIn, admitted
from ventanilla.auth.terms import agreed, flaw_of
from ventanilla.store.letters import LetterKind, post
from ventanilla.store.manager import IdentityMatch, IdentityProvider, SignInWay
from ventanilla.store.tables import IdentityRow, PersonRow
from ventanilla.store.tenancy import Work

_TRIES: Final = 3
"""Somebody else may link or register the same at the same moment: then it is there, and found by the next try."""


async def enter(doors: Doors, known: Known, visit: Visit, now: datetime) -> SignedIn | Reason:
    """Sign in the person that the provider's account stands for, or say why nobody is."""
    for _ in range(_TRIES - 1):
        try:
            return await _entered(doors, known, visit, now)
        except (EmailTakenError, IntegrityError):
            continue
    return await _entered(doors, known, visit, now)


async def _entered(doors: Doors, known: Known, visit: Visit, now: datetime) -> SignedIn | Reason:
    async with doors.store.work(doors.manager.slug) as work:
        linked = await _linked(work, doors.provider, known, now)
        person = await _matched(work, doors, known, visit, now) if linked is None else linked
        if isinstance(person, Reason):
            return person
        if person.disabled_at is not None:
            return Reason.NOT_KNOWN
        # As with a passkey, nothing that is due to a password concerns who never typed one.
        signed_in = await admitted(
            work,
            doors.manager,
            person,
            [],
            way=SignInWay.PROVIDER,
            caller=doors.caller,
            now=now,
            provider=doors.provider.name,
        )
        return replace(signed_in, letter=signed_in.letter or linked is None)


async def _linked(work: Work, provider: IdentityProvider, known: Known, now: datetime) -> PersonRow | None:
    """The person who has linked that account."""
    found = select(IdentityRow).where(
        col(IdentityRow.provider) == provider.name, col(IdentityRow.subject) == known.subject
    )
    identity = (await work.exec(found)).first()
    if identity is None:
        return None
    identity.seen_at = now
    return await people.held(work, identity.person_id)


async def _matched(work: Work, doors: Doors, known: Known, visit: Visit, now: datetime) -> PersonRow | Reason:
    """The person with the e-mail that the provider vouches for, made if need be; from now on linked to the account."""
    provider = doors.provider
    if provider.match is IdentityMatch.SUBJECT:
        return Reason.NOT_KNOWN
    email = _email_of(provider, known)
    if isinstance(email, Reason):
        return email
    person = (await work.exec(select(PersonRow).where(col(PersonRow.email) == email).with_for_update())).first()
    if person is None:
        return await _registered(work, doors, known, visit, email=email, now=now)
    # The person is held by now: this very account may have been linked while we waited for that.
    linked = await subject_of(work, person.id, provider.name)
    if person.disabled_at is not None or linked not in (None, known.subject):
        # An address may be given to somebody else: whose other account is linked is not this one's.
        return Reason.NOT_KNOWN
    if linked is None:
        person.email_verified_at = person.email_verified_at or now
        await link(work, doors, known, person, now)
    return person


def _email_of(provider: IdentityProvider, known: Known) -> str | Reason:
    email = normal_email(known.verified_email or "")
    if not is_email(email):
        return Reason.EMAIL_NOT_VERIFIED
    domain = email.rpartition("@")[2]
    return email if not provider.domains or domain in provider.domains else Reason.DOMAIN_NOT_TAKEN


async def _registered(
    work: Work, doors: Doors, known: Known, visit: Visit, *, email: str, now: datetime
) -> PersonRow | Reason:
    """Somebody new, as the provider tells of them, linked; in a portal with terms only who has accepted them."""
    if not doors.provider.register:
        return Reason.NOT_KNOWN
    names = _names_of(known)
    if names is None:
        return Reason.NAME_MISSING
    terms = doors.manager.presentation.terms
    if flaw_of(terms, visit.accepted_terms):
        return Reason.TERMS_NOT_ACCEPTED
    given_name, family_name = names
    person = PersonRow(
        id=uuid4().hex,
        email=email,
        email_verified_at=now,
        given_name=given_name,
        family_name=family_name,
        language=doors.language,
        created_at=now,
    )
    await people.insert(work, person)
    if terms is not None:
        await agreed(work, person.id, terms.version, now, doors.caller.address)
    await _keep(work, doors, known, person.id, now)
    return person


def _names_of(known: Known) -> tuple[str, str] | None:
    """Given and family name; of a name of several words that is told in one piece, the last is the family's."""
    first, several, last = " ".join((known.name or "").split()).rpartition(" ")
    last = last if several else ""
    given, family = (known.given_name or first).strip(), (known.family_name or last).strip()
    return (given, family) if is_name(given) and is_name(family) else None


async def subject_of(work: Work, person_id: str, provider: str) -> str | None:
    """The account that a person has linked at a provider."""
    theirs = (col(IdentityRow.person_id) == person_id, col(IdentityRow.provider) == provider)
    return (await work.exec(select(IdentityRow.subject).where(*theirs))).first()


async def link(work: Work, doors: Doors, known: Known, person: PersonRow, now: datetime) -> None:
    """Let a person sign in with an account at a provider from now on, and tell them by letter; hold their row.

    `IntegrityError` for an account that is linked.
    """
    await _keep(work, doors, known, person.id, now)
    title = doors.provider.titled(language_of(person, doors.manager))
    told = {"provider": title, **circumstances(doors.manager, person, doors.caller, now)}
    await post(work, letter_to(person, LetterKind.IDENTITY_LINKED, doors.manager, doors.caller, told=told), now)


async def _keep(work: Work, doors: Doors, known: Known, person_id: str, now: datetime) -> None:
    name = doors.provider.name
    row = IdentityRow(provider=name, subject=known.subject, person_id=person_id, linked_at=now, seen_at=now)
    work.add(row)
    await work.flush()
    await note_own(work, AuditKind.IDENTITY_LINKED, person_id, now, caller=doors.caller, provider=name)
