"""Which accounts people reach: links made, ended and preferred. What happens is noted for the account's people."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from sqlmodel import col, delete, select, update

from ventanilla.auth.actor import Link
from ventanilla.auth.audit import AuditKind, note
from ventanilla.auth.people import link_account
from ventanilla.backoffice_adapters.records import AccountRole, Record
from ventanilla.store.store import Store
from ventanilla.store.tables import AccountLinkRow as Row
from ventanilla.store.tables import ManagerRow
from ventanilla.store.tenancy import Work


class NotLinked(StrEnum):
    """Why an account was not linked."""

    ALREADY_LINKED = "ALREADY_LINKED"
    LINK_LIMIT_REACHED = "LINK_LIMIT_REACHED"


class NewLink(Record):
    """A person is about to reach an account."""

    person_id: str
    office: str
    account_key: str
    number: str
    role: AccountRole


class LinkedPerson(Record):
    """Somebody who reaches an account."""

    person_id: str
    name: str
    role: AccountRole
    since: datetime


async def link(work: Work, new: NewLink, *, most_people: int, now: datetime) -> NotLinked | None:
    """Let a person reach an account that at most `most_people` may reach, and note it; why not, else."""
    await _alone(work)
    reached = (col(Row.office) == new.office, col(Row.account_key) == new.account_key)
    people = (await work.exec(select(Row.person_id).where(*reached))).all()
    if new.person_id in people:
        return NotLinked.ALREADY_LINKED
    if len(people) >= most_people:
        return NotLinked.LINK_LIMIT_REACHED
    await link_account(
        work,
        new.person_id,
        office=new.office,
        account_key=new.account_key,
        number=new.number,
        role=new.role,
        now=now,
    )
    account = (new.office, new.account_key)
    await note(
        work,
        AuditKind.ACCOUNT_LINKED,
        now,
        actor_id=new.person_id,
        person_id=new.person_id,
        account=account,
        told={"number": new.number, "role": new.role.value},
    )
    return None


async def unlink(work: Work, person_id: str, account: tuple[str, str], now: datetime) -> bool:
    """End a person's reach of an account, and note it; False if there was none. Nothing else of the account changes."""
    office, key = account
    ours = (col(Row.person_id) == person_id, col(Row.office) == office, col(Row.account_key) == key)
    number = (await work.exec(select(Row.number).where(*ours))).first()
    if number is None or not (await work.exec(delete(Row).where(*ours))).rowcount:
        return False
    told = {"number": number}
    await note(
        work, AuditKind.ACCOUNT_UNLINKED, now, actor_id=person_id, person_id=person_id, account=account, told=told
    )
    return True


async def prefer(work: Work, person_id: str, account: tuple[str, str]) -> bool:
    """Make a linked account the one that a person sees first; False if it is not theirs."""
    await _alone(work)
    office, key = account
    ours = col(Row.person_id) == person_id
    chosen = (ours, col(Row.office) == office, col(Row.account_key) == key)
    if not (await work.exec(select(Row.id).where(*chosen))).first():
        return False
    await work.exec(update(Row).where(ours, col(Row.is_default)).values(is_default=False))
    await work.exec(update(Row).where(*chosen).values(is_default=True))
    return True


async def links_of(store: Store, manager: str, person_id: str) -> tuple[Link, ...]:
    """The accounts that a person reaches now."""
    rows = await store.rows(_LINKS, [manager, person_id])
    return tuple(
        Link(
            id=row[0],
            office=row[1],
            account_key=row[2],
            number=row[3],
            role=AccountRole(row[4]),
            is_default=bool(row[5]),
        )
        for row in rows
    )


async def people_of(store: Store, manager: str, accounts: Sequence[tuple[str, str]]) -> list[list[LinkedPerson]]:
    """Who reaches each account (home office and key), who came first before the others."""
    rows = await store.rows(_PEOPLE, [manager, list({key for _, key in accounts})]) if accounts else []
    found: dict[tuple[str, str], list[LinkedPerson]] = {account: [] for account in accounts}
    for office, key, person_id, given, family, role, since in rows:
        person = LinkedPerson(
            person_id=person_id,
            name=f"{given} {family}".strip(),
            role=AccountRole(role),
            since=datetime.fromisoformat(since),
        )
        found.get((office, key), []).append(person)
    return [found[account] for account in accounts]


_LINKS = """
SELECT id, office, account_key, number, role, is_default FROM account_link
WHERE manager = $1 AND person_id = $2 ORDER BY id
"""
_PEOPLE = """
SELECT account_link.office, account_link.account_key, person.id, person.given_name, person.family_name,
       account_link.role, account_link.created_at
FROM account_link
JOIN person ON person.manager = account_link.manager AND person.id = account_link.person_id
WHERE account_link.manager = $1 AND account_link.account_key IN $2[] AND person.disabled_at IS NULL
ORDER BY account_link.id
"""


async def _alone(work: Work) -> None:
    """Let nobody else link at this manager meanwhile: how many reach an account is counted over all people."""
    await work.exec(select(ManagerRow.slug).where(col(ManagerRow.slug) == work.manager).with_for_update())
