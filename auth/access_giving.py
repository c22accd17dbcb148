"""Giving access: somebody has come in by their invitation, and reaches from then on what it was for."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final
from uuid import uuid4

import msgspec
from sqlmodel import col, select

from ventanilla.auth import mandates
from ventanilla.auth.access_audiences import Grant
from ventanilla.auth.audit import AuditKind, note
from ventanilla.auth.people import insert, link_account
from ventanilla.store.tables import AccessBatchRow, AccountLinkRow, PersonRow
from ventanilla.store.tables import AccessInvitationRow as Row
from ventanilla.store.tenancy import Work

_NAME: Final = 120


async def invitation_of(work: Work, challenge_id: str) -> Row | None:
    """The invitation that a challenge proves, held; None for a challenge of something else."""
    return (await work.exec(select(Row).where(col(Row.challenge_id) == challenge_id).with_for_update())).first()


async def person_at(work: Work, email: str) -> PersonRow | None:
    """Who has this address, held."""
    return (await work.exec(select(PersonRow).where(col(PersonRow.email) == email).with_for_update())).first()


def names_in(name: str) -> tuple[str, str]:
    """The given name and the family name in a whole one, as far as it tells: the first word, and the others."""
    given, _, family = " ".join(name.split()).partition(" ")
    return given[:_NAME], family[:_NAME]


async def add_invited(
    work: Work,
    invitation: Row,
    password_hash: str,
    *,
    now: datetime,
    language: str | None,
    mailed_at: datetime | None = None,
) -> PersonRow:
    """Make the person who was invited, whose address is proved; they are yet to choose a password if one was mailed.

    Raises `EmailTakenError`, after which the unit of work is to be left.
    """
    given, family = names_in(invitation.name)
    person = PersonRow(
        id=uuid4().hex,
        email=invitation.email or "",
        email_verified_at=now,
        password_hash=password_hash,
        password_set_at=mailed_at or now,
        must_change_password=mailed_at is not None,
        given_name=given,
        family_name=family,
        language=language,
        user_name=await _free_name(work, invitation.user_name),
        created_at=now,
    )
    await insert(work, person)
    return person


async def give(work: Work, invitation: Row, person: PersonRow, *, today: date, now: datetime) -> None:
    """Let a person reach what they were invited to, as far as it has not ended meanwhile; hold both rows."""
    grant = msgspec.json.decode(invitation.standings, type=Grant).still(today)
    giver, reached = await _giver(work, invitation), await _reached(work, person.id)
    for account in grant.accounts:
        await link_account(
            work,
            person.id,
            office=account.office,
            account_key=account.key,
            number=account.number,
            role=account.role,
            now=now,
        )
        if (place := (account.office, account.key)) not in reached:
            told, whom = {"role": account.role.value, "number": account.number}, person.id
            await note(work, AuditKind.ACCOUNT_LINKED, now, actor_id=giver, person_id=whom, account=place, told=told)
    for mandate in grant.mandates:
        await mandates.grant(work, person.id, mandate, now)
    person.user_name = person.user_name or await _free_name(work, invitation.user_name)
    person.email_verified_at = person.email_verified_at or now
    invitation.person_id, invitation.accepted_at = person.id, now
    told = {"accounts": str(len(grant.accounts)), "mandates": str(len(grant.mandates))}
    await note(work, AuditKind.ACCESS_GIVEN, now, actor_id=giver, person_id=person.id, told=told)


async def _reached(work: Work, person_id: str) -> set[tuple[str, str]]:
    links = select(AccountLinkRow.office, AccountLinkRow.account_key)
    return {(office, key) for office, key in (await work.exec(links.where(col(AccountLinkRow.person_id) == person_id)))}


async def _giver(work: Work, invitation: Row) -> str | None:
    asked_by = select(AccessBatchRow.created_by).where(col(AccessBatchRow.id) == invitation.batch_id)
    return (await work.exec(asked_by)).first()


async def _free_name(work: Work, user_name: str | None) -> str | None:
    """The user name, unless somebody has it by now: the e-mail serves as well."""
    if user_name is None:
        return None
    taken = (await work.exec(select(PersonRow.id).where(col(PersonRow.user_name) == user_name))).first()
    return None if taken else user_name
