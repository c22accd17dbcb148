"""A person's profile: what they say of themselves, and how it is changed by them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Final

import msgspec
from msgspec import UNSET, UnsetType

from ventanilla.auth.applicant import Flaw, is_phone, normal_phone
from ventanilla.auth.audit import AuditKind, note_own
from ventanilla.auth.caller import Caller
from ventanilla.auth.people import held, is_email, is_name, normal_email
from ventanilla.backoffice_adapters.database import Row, stamp
from ventanilla.backoffice_adapters.records import Record
from ventanilla.store.manager import Manager
from ventanilla.store.store import Store
from ventanilla.store.tables import PersonRow
from ventanilla.store.tenancy import Work

Wanted = str | None | UnsetType
"""What a field is to hold: a text, nothing (None), or what it holds (UNSET)."""
_CLEARABLE: Final = frozenset({"phone", "language"})
_TIDY: Final[Mapping[str, Callable[[str], str]]] = {"phone": normal_phone, "email": normal_email}
"""How a text is written where it is not only stripped."""
_FITS: Final[Mapping[str, Callable[[str], bool]]] = {
    "given_name": is_name,
    "family_name": is_name,
    "phone": is_phone,
    "email": is_email,
}
_PROFILE: Final = """
SELECT given_name, family_name, document_type, document_number, phone, language, email, email_verified_at, user_name,
       created_at,
       (SELECT MAX(body) FROM challenge
        WHERE challenge.manager = person.manager AND kind = 'NEW_EMAIL' AND challenge.email = person.email
          AND challenge.person_id = person.id AND used_at IS NULL AND replaced_at IS NULL AND expires_at > $3)
FROM person WHERE manager = $1 AND id = $2
"""


class Profile(Record):
    """What is known of a person who may sign in."""

    given_name: str
    family_name: str
    document_type: str | None
    document_number: str | None
    phone: str | None
    language: str | None
    """What letters are written in; None for the manager's first language."""
    email: str
    email_verified_at: datetime | None
    pending_email: str | None
    """The address that is to take the place of `email` once it is proved."""
    user_name: str | None
    created_at: datetime


class ProfileChange(Record):
    """What a person wants to be called, and written to in."""

    given_name: Wanted = UNSET
    family_name: Wanted = UNSET
    language: Wanted = UNSET

    def __repr__(self) -> str:
        return "ProfileChange(…)"


async def of_person(store: Store, manager: str, person_id: str, now: datetime) -> Profile | None:
    """The profile of a person, None for nobody."""
    rows = await store.rows(_PROFILE, [manager, person_id, stamp(now)])
    return _profile(rows[0]) if rows else None


def _profile(row: Row) -> Profile:
    given_name, family_name, document_type, number, phone, language, email, verified, user_name, created, body = row
    return Profile(
        given_name=given_name,
        family_name=family_name,
        document_type=document_type,
        document_number=number,
        phone=phone,
        language=language,
        email=email,
        email_verified_at=datetime.fromisoformat(verified) if verified else None,
        pending_email=msgspec.json.decode(body)["email"] if body else None,
        user_name=user_name,
        created_at=datetime.fromisoformat(created),
    )


async def update(
    store: Store, manager: Manager, change: ProfileChange, *, person_id: str, caller: Caller, now: datetime
) -> dict[str, Flaw]:
    """Change a person's profile; what is wrong with each field that cannot be so, and then nothing is changed."""
    values = tidied(change)
    if flaws := flaws_of(values, manager.languages):
        return flaws
    async with store.work(manager.slug) as work:
        person = await held(work, person_id)
        if person is not None:
            await apply(work, person, values, caller=caller, now=now)
    return {}


def tidied(change: Record) -> dict[str, str | None]:
    """The fields that are to be changed, written as people are kept."""
    given = {name: getattr(change, name) for name in change.__struct_fields__}
    return {
        name: None if value is None else _TIDY.get(name, str.strip)(value)
        for name, value in given.items()
        if value is not UNSET
    }


def flaws_of(values: Mapping[str, str | None], languages: Sequence[str]) -> dict[str, Flaw]:
    """The tidied fields that cannot hold what they are to, each with what is wrong with it."""
    fits = {**_FITS, "language": languages.__contains__}
    flaws: dict[str, Flaw] = {}
    for name, value in values.items():
        if not value and not (value is None and name in _CLEARABLE):
            flaws[name] = Flaw.FIELD_REQUIRED
        elif value and not fits[name](value):
            flaws[name] = Flaw.FIELD_INVALID
    return flaws


async def apply(
    work: Work, person: PersonRow, values: Mapping[str, str | None], *, caller: Caller, now: datetime
) -> None:
    """Let a person's row, which is held, hold these fields, and note which of them are others than before."""
    changed = [name for name, value in values.items() if getattr(person, name) != value]
    for name in changed:
        setattr(person, name, values[name])
    if changed:
        await note_own(work, AuditKind.PROFILE_CHANGED, person.id, now, caller=caller, fields=" ".join(changed))
