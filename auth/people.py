"""People who may sign in, and the accounts they reach."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime
from uuid import uuid4

from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select, update

from ventanilla.auth import passwords
from ventanilla.backoffice_adapters.records import AccountRole, Record
from ventanilla.store.tables import AccountLinkRow, PersonRow
from ventanilla.store.tenancy import Work

_MAX_EMAIL = 254
_MAX_NAME = 120
_NOT_IN_NAMES = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_EMAIL = re.compile(r"[^@\s\x00-\x1f\ud800-\udfff]{1,64}@[^@\s\x00-\x1f\ud800-\udfff]{1,253}")


class Person(Record):
    """Somebody who may sign in at one manager's portal."""

    id: str
    email: str
    given_name: str
    family_name: str

    @property
    def name(self) -> str:
        """How the person is addressed: given name, then family name."""
        return f"{self.given_name} {self.family_name}".strip()


class PersonError(ValueError):
    """A person cannot be added, or an account linked, as given; the message says what to change."""


class EmailTakenError(PersonError):
    """Somebody at this manager has that e-mail already."""


def is_email(text: str) -> bool:
    """Whether a normalised `text` could be an e-mail address at all."""
    return len(text) <= _MAX_EMAIL and _EMAIL.fullmatch(text) is not None


def is_name(text: str) -> bool:
    """Whether a stripped `text` could be a name: one line, and nothing that changes how the rest is read."""
    return 0 < len(text) <= _MAX_NAME and not any(unicodedata.category(letter) in _NOT_IN_NAMES for letter in text)


def normal_email(email: str) -> str:
    """An e-mail as people are found by it: without the white space around it, and without case."""
    return email.strip().casefold()


def masked_email(email: str) -> str:
    """An e-mail as it is told to whoever gave it: enough to see a slip, not enough for who looks over a shoulder."""
    local, _, domain = email.rpartition("@")
    return f"{local[:1]}•••@{domain}"


async def add_person(
    work: Work,
    *,
    email: str,
    password: str | None,
    given_name: str,
    family_name: str,
    now: datetime,
    email_verified: bool = False,
) -> Person:
    """Add a person to the manager of `work`; without a password they cannot sign in with one yet.

    The manager's password policy is the caller's to ask (`policy.violations`). Raises `EmailTakenError`, and
    `PersonError` for an e-mail or a name that cannot be one.
    """
    person = PersonRow(
        id=uuid4().hex,
        email=_checked_email(email),
        email_verified_at=now if email_verified else None,
        password_hash=None if password is None else await passwords.hashed(password),
        password_set_at=None if password is None else now,
        given_name=_checked_name(given_name),
        family_name=_checked_name(family_name),
        created_at=now,
    )
    await insert(work, person)
    return person_of(person)


async def insert(work: Work, person: PersonRow) -> None:
    """Add a checked row; `EmailTakenError`, after which the unit of work is to be left, when its e-mail is taken."""
    if (await work.exec(select(PersonRow.id).where(col(PersonRow.email) == person.email))).first():
        raise EmailTakenError(_taken(person.email))
    work.add(person)
    try:
        await work.flush()
    except IntegrityError as error:
        raise EmailTakenError(_taken(person.email)) from error


def person_of(row: PersonRow) -> Person:
    """The person that a row holds, without what is only for the door."""
    return Person(id=row.id, email=row.email, given_name=row.given_name, family_name=row.family_name)


async def with_email(work: Work, email: str) -> Person | None:
    """Who has that e-mail, however it is written; None if the manager has nobody with it."""
    row = (await work.exec(select(PersonRow).where(col(PersonRow.email) == normal_email(email)))).first()
    return None if row is None else person_of(row)


async def held(work: Work, person_id: str) -> PersonRow | None:
    """The row of a person whom nobody else changes until `work` ends; None if the manager has nobody of that id."""
    return (await work.exec(select(PersonRow).where(col(PersonRow.id) == person_id).with_for_update())).first()


async def link_account(
    work: Work,
    person_id: str,
    *,
    office: str,
    account_key: str,
    number: str,
    role: AccountRole,
    now: datetime,
    is_default: bool = False,
) -> int:
    """Let a person reach an account of `office`; the link's id. A link that stands already gets this number and role.

    A person's first link is their default; a new default takes the place of the former one. Raises `PersonError` when
    the manager of `work` has no such person.
    """
    if await held(work, person_id) is None:  # two links made at once must not both become the default
        msg = f"this manager has no person {person_id!r}: add the person first"
        raise PersonError(msg)
    links = (await work.exec(select(AccountLinkRow).where(col(AccountLinkRow.person_id) == person_id))).all()
    link = next((each for each in links if (each.office, each.account_key) == (office, account_key)), None)
    if is_default:
        await _clear_default(work, person_id)
    if link is None:
        link = AccountLinkRow(
            person_id=person_id, office=office, account_key=account_key, number=number, role=role.value, created_at=now
        )
        work.add(link)
    link.number, link.role, link.is_default = number, role.value, is_default or link.is_default or not links
    await work.flush()
    if link.id is None:
        msg = "the database gave the new link no id"
        raise RuntimeError(msg)
    return link.id


async def _clear_default(work: Work, person_id: str) -> None:
    ours = update(AccountLinkRow).where(col(AccountLinkRow.person_id) == person_id, col(AccountLinkRow.is_default))
    await work.exec(ours.values(is_default=False))


def _checked_email(email: str) -> str:
    address = normal_email(email)
    if not is_email(address):
        msg = f"{email!r} is not an e-mail address: write it as name@example.com, at most {_MAX_EMAIL} characters"
        raise PersonError(msg)
    return address


def _checked_name(name: str) -> str:
    found = name.strip()
    if not is_name(found):
        msg = (
            f"a given name and a family name are needed, each at most {_MAX_NAME} characters, without control "
            "characters and line breaks"
        )
        raise PersonError(msg)
    return found


def _taken(address: str) -> str:
    return f"{address} is somebody's e-mail at this manager already: find that person instead"
