"""People as those who work for the manager see them: found, listed, and what hangs on each.

Read by SQL text: a list of people costs one statement, and one more for each thing that is wanted of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, Final

from ventanilla.auth.actor import StaffRole
from ventanilla.backoffice_adapters.contract import ListOrder, Position, Window
from ventanilla.backoffice_adapters.database import Argument, Row, stamp
from ventanilla.backoffice_adapters.records import AccountRole, Record, Slice
from ventanilla.store.store import Store
from ventanilla.store.tables import is_id


class PersonOrder(ListOrder):
    """How people are sorted."""

    NAME_ASC = "NAME_ASC"
    EMAIL_ASC = "EMAIL_ASC"
    CREATED_AT_DESC = "CREATED_AT_DESC"


class PersonFilter(Record):
    """Which people are wanted."""

    search: str = ""
    """What their e-mail begins with, or words that their name contains, in whatever order."""
    staff_only: bool = False


class PersonCard(Record):
    """Somebody who may sign in, as the staff sees them."""

    id: str
    email: str
    given_name: str
    family_name: str
    user_name: str | None
    email_verified_at: datetime | None
    document_type: str | None
    document_number: str | None
    phone: str | None
    language: str | None
    staff_role: StaffRole | None
    second_factor_at: datetime | None
    created_at: datetime
    disabled_at: datetime | None

    @property
    def name(self) -> str:
        """How the person is addressed: given name, then family name."""
        return f"{self.given_name} {self.family_name}".strip()


class HeldAccount(Record):
    """An account that a person reaches."""

    office: str
    number: str
    role: AccountRole
    since: datetime


_COLUMNS: Final = ", ".join(PersonCard.__struct_fields__)
_SORTED_BY: Final = {
    PersonOrder.NAME_ASC: "family_name || ' ' || given_name",
    PersonOrder.EMAIL_ASC: "email",
    PersonOrder.CREATED_AT_DESC: "created_at",
}
_NAME: Final = "LOWER(given_name || ' ' || family_name)"
_BY_ID: Final = f"SELECT {_COLUMNS} FROM person WHERE manager = $1 AND id = $2"
_ACCOUNTS: Final = """
SELECT person_id, office, number, role, created_at FROM account_link
WHERE manager = $1 AND person_id IN $2[] ORDER BY id
"""
_SEEN: Final = """
SELECT person_id, MAX(seen_at) FROM (
    SELECT person_id, seen_at FROM session WHERE manager = $1 AND person_id IN $2[]
    UNION ALL SELECT person_id, seen_at FROM known_device WHERE manager = $1 AND person_id IN $2[]
) AS seen GROUP BY person_id
"""


def position(order: PersonOrder, card: PersonCard) -> Position:
    """Where somebody stands in a list of that order."""
    value = {
        PersonOrder.NAME_ASC: f"{card.family_name} {card.given_name}",
        PersonOrder.EMAIL_ASC: card.email,
        PersonOrder.CREATED_AT_DESC: stamp(card.created_at),
    }[order]
    return Position(value=value, key=card.id)


async def people(
    store: Store, manager: str, where: PersonFilter, order: PersonOrder, view: Window
) -> Slice[PersonCard]:
    """A part of a manager's people, those who are disabled too; how many there are in all where `view` counts."""
    args: list[Argument] = [manager]
    found = " AND ".join(_conditions(where, args))
    if view.count:
        ((count,),) = await store.rows(f"SELECT COUNT(*) FROM person WHERE {found}", args)
        return Slice(items=(), more=False, count=count)
    down, sort = order.descending != view.backwards, _SORTED_BY[order]
    if view.start:
        args += [view.start.value, view.start.key]
        found += f" AND ({sort}, id) {'<' if down else '>'} (${len(args) - 1}, ${len(args)})"
    args.append(view.limit + 1)
    way = "DESC" if down else "ASC"
    sql = f"SELECT {_COLUMNS} FROM person WHERE {found} ORDER BY {sort} {way}, id {way} LIMIT ${len(args)}"
    rows = await store.rows(sql, args)
    items = [_card(row) for row in rows[: view.limit]]
    return Slice(items=tuple(reversed(items) if view.backwards else items), more=len(rows) > view.limit)


async def person(store: Store, manager: str, person_id: str) -> PersonCard | None:
    """Somebody by id; None for whatever is the id of nobody."""
    if not is_id(person_id):
        return None
    rows = await store.rows(_BY_ID, [manager, person_id])
    return _card(rows[0]) if rows else None


async def accounts_of(store: Store, manager: str, people: Sequence[str]) -> list[list[HeldAccount]]:
    """The accounts that each person reaches, in the order in which they began to."""
    found: dict[str, list[HeldAccount]] = {person_id: [] for person_id in people}
    for person_id, office, number, role, since in await store.rows(_ACCOUNTS, [manager, list(found)]):
        held = HeldAccount(office=office, number=number, role=AccountRole(role), since=datetime.fromisoformat(since))
        found[person_id].append(held)
    return [found[person_id] for person_id in people]


async def last_seen(store: Store, manager: str, people: Sequence[str]) -> list[datetime | None]:
    """When each person was last here, as far as is remembered: by a session that stands, or a browser that is known."""
    rows = await store.rows(_SEEN, [manager, list(set(people))])
    seen = {person_id: datetime.fromisoformat(at) for person_id, at in rows}
    return [seen.get(person_id) for person_id in people]


def _conditions(where: PersonFilter, args: list[Argument]) -> Iterator[str]:
    """What people have to meet; its arguments are added to `args`."""
    yield "manager = $1"
    if where.staff_only:
        yield "staff_role IS NOT NULL"
    words = "".join(each if each.isprintable() else " " for each in where.search).split()
    if words:
        email = f"email LIKE {_argument(args, _literal(' '.join(words).casefold()) + '%')} ESCAPE '\\'"
        yield f"({email} OR ({' AND '.join(_named(word, args) for word in words)}))"


def _named(word: str, args: list[Argument]) -> str:
    """That a name contains `word`, however it is spelt: databases fold ``A``, but not every one folds ``Ł``."""
    spellings = dict.fromkeys((word,) if word.isascii() else (word.lower(), word.title(), word.upper()))
    tries = [f"{_NAME} LIKE LOWER({_argument(args, f'%{_literal(each)}%')}) ESCAPE '\\'" for each in spellings]
    return f"({' OR '.join(tries)})"


def _argument(args: list[Argument], value: str) -> str:
    args.append(value)
    return f"${len(args)}"


def _literal(text: str) -> str:
    """`text` for LIKE, with nothing in it that stands for anything else."""
    return re.sub(r"([\\%_])", r"\\\1", text)


def _card(row: Row) -> PersonCard:
    told: dict[str, Any] = dict(zip(PersonCard.__struct_fields__, row, strict=True))
    for name in ("email_verified_at", "second_factor_at", "created_at", "disabled_at"):
        told[name] = datetime.fromisoformat(told[name]) if told[name] else None
    told["staff_role"] = StaffRole(told["staff_role"]) if told["staff_role"] else None
    return PersonCard(**told)
