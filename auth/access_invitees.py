"""Invitees: people as the office knows them, and what speaks against sending them anything."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import Final

import msgspec

from ventanilla.auth.access_audiences import Grant, grant_of
from ventanilla.auth.access_batches import BatchPlan
from ventanilla.auth.applicant import is_document, plain_document
from ventanilla.auth.people import is_email, normal_email
from ventanilla.backoffice_adapters.records import Contractor, Record
from ventanilla.store.manager import UserName
from ventanilla.store.store import Store

_NAME: Final = 250


class InvitationProblem(StrEnum):
    """Why nothing is sent to somebody."""

    NO_EMAIL = "NO_EMAIL"
    EMAIL_INVALID = "EMAIL_INVALID"
    NO_DOCUMENT = "NO_DOCUMENT"
    DUPLICATE_DOCUMENT = "DUPLICATE_DOCUMENT"
    """Somebody before them in the batch has the same document, or a person with another e-mail."""
    SHARED_EMAIL = "SHARED_EMAIL"
    """Somebody before them in the batch has the address."""
    HAS_ACCESS = "HAS_ACCESS"
    """A person with that address reaches all of it already."""
    SHUT_OUT = "SHUT_OUT"
    """A person with that address may not sign in any more."""


class Invitee(Record):
    """Somebody who is to be given access, as the office knows them."""

    office: str
    party_key: str
    name: str
    email: str | None
    user_name: str | None
    grant: Grant
    problem: InvitationProblem | None = None

    def __repr__(self) -> str:
        return "Invitee(…)"


def invitee_of(contractor: Contractor, plan: BatchPlan, today: date) -> Invitee | None:
    """Who is to be given access, with what their own data already show; None for who is none of the audience."""
    grant = grant_of(contractor, plan.audience, today)
    if grant == Grant():
        return None
    party = contractor.party
    email = normal_email(party.email or "")
    document = plain_document(party.document_number or "") if plan.user_name is UserName.DOCUMENT else None
    return Invitee(
        office=contractor.origin.source,
        party_key=party.key,
        name=party.name[:_NAME],
        email=email if is_email(email) else None,
        user_name=document if document and is_document(document) else None,
        grant=grant,
        problem=_own_problem(email, document),
    )


def _own_problem(email: str, document: str | None) -> InvitationProblem | None:
    if not email:
        return InvitationProblem.NO_EMAIL
    if not is_email(email):
        return InvitationProblem.EMAIL_INVALID
    if document is not None and not is_document(document):
        return InvitationProblem.NO_DOCUMENT
    return None


class _Known(Record):
    """A person who is there already."""

    email: str
    user_name: str | None
    disabled: bool
    reached: frozenset[tuple[str, str]]
    """The office and the key of each account, and the role and the subject of each mandate in force or to come."""


async def judged(store: Store, manager: str, invitees: Sequence[Invitee], today: date) -> list[Invitee]:
    """The same people, with what those who are there already mean for them."""
    emails = sorted({each.email for each in invitees if each.email})
    user_names = sorted({each.user_name for each in invitees if each.user_name})
    people = await _people(store, manager, emails, today)
    owners = await _owners(store, manager, user_names)
    return [_judged(each, people.get(each.email or ""), owners.get(each.user_name or "")) for each in invitees]


def _judged(invitee: Invitee, person: _Known | None, owner: str | None) -> Invitee:
    problem = invitee.problem
    if problem is None and person is not None:
        problem = _problem_of(invitee.grant, person)
    if problem is None and owner is not None and owner != invitee.email:
        problem = InvitationProblem.DUPLICATE_DOCUMENT
    return msgspec.structs.replace(invitee, problem=problem)


def _problem_of(grant: Grant, person: _Known) -> InvitationProblem | None:
    if person.disabled:
        return InvitationProblem.SHUT_OUT
    accounts = {(each.office, each.key) for each in grant.accounts}
    mandates = {(f"{each.role} {each.office}", each.subject_key) for each in grant.mandates}
    return InvitationProblem.HAS_ACCESS if (accounts | mandates) <= person.reached else None


_PEOPLE: Final = "SELECT id, email, user_name, disabled_at FROM person WHERE manager = $1 AND email IN $2[]"
_OWNERS: Final = "SELECT user_name, email FROM person WHERE manager = $1 AND user_name IN $2[]"
_ACCOUNTS: Final = "SELECT person_id, office, account_key FROM account_link WHERE manager = $1 AND person_id IN $2[]"
_MANDATES: Final = """
SELECT person_id, role, office, subject_key FROM mandate
WHERE manager = $1 AND person_id IN $2[] AND (ends_on IS NULL OR ends_on >= $3)
"""


async def _people(store: Store, manager: str, emails: Sequence[str], today: date) -> Mapping[str, _Known]:
    rows = await store.rows(_PEOPLE, [manager, emails]) if emails else []
    ids = [row[0] for row in rows]
    reached: dict[str, set[tuple[str, str]]] = {each: set() for each in ids}
    if ids:
        for person_id, office, key in await store.rows(_ACCOUNTS, [manager, ids]):
            reached[person_id].add((office, key))
        for person_id, role, office, key in await store.rows(_MANDATES, [manager, ids, today.isoformat()]):
            reached[person_id].add((f"{role} {office}", key))
    return {
        email: _Known(
            email=email,
            user_name=user_name,
            disabled=disabled_at is not None,
            reached=frozenset(reached[person_id]),
        )
        for person_id, email, user_name, disabled_at in rows
    }


async def _owners(store: Store, manager: str, user_names: Sequence[str]) -> Mapping[str, str]:
    """User name → the e-mail of the person who has it."""
    rows = await store.rows(_OWNERS, [manager, user_names]) if user_names else []
    return {row[0]: row[1] for row in rows}
