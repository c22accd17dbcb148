"""Who is asking, at which manager: one statement at each request, and nothing remembered."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from msgspec.structs import replace

from ventanilla.auth.actor import GUEST, Actor, Link, Onlooker, StaffRole
from ventanilla.auth.oauth.opaque import is_access
from ventanilla.auth.sessions import SEEN_EVERY, hash_of, is_token, is_without_password
from ventanilla.backoffice_adapters.database import Row, stamp
from ventanilla.backoffice_adapters.records import AccountRole, Record
from ventanilla.store.store import Store

_ROLES = {role.value: role for role in AccountRole}
_LONGEST_HOST = 260  # 253 of a name, a colon, and a port
_FIRST_OF_LINK: Final = 14
"""Which column of a row is a link's first."""
_SEES: Final = _FIRST_OF_LINK - 1
"""Which column tells as whom the person sees the portal."""
# A row for each link, or one row. The host counts with its port first: the port may tell managers apart.
_WHO = """
SELECT manager.slug, manager.version, person.id, person.email, person.given_name, person.family_name,
       {credential}, person.must_change_password, person.password_set_at,
       person.staff_role, person.second_factor_at, {factor},
       account_link.id, account_link.office, account_link.account_key, account_link.number, account_link.role,
       account_link.is_default
FROM host
JOIN manager ON manager.slug = host.manager
LEFT JOIN {found} AND {alive}
LEFT JOIN person ON person.id = {holder}.person_id AND person.manager = {holder}.manager
     AND person.disabled_at IS NULL
LEFT JOIN account_link ON account_link.person_id = person.id AND account_link.manager = person.manager
WHERE host.name = COALESCE((SELECT name FROM host WHERE name = $1), $2)
ORDER BY account_link.id
"""
_BY_SESSION = _WHO.format(
    credential="session.id, session.seen_at",
    # As whom somebody sees is told only while it lasts.
    factor="session.second_factor_at, CASE WHEN session.sees_until > $4 THEN session.sees_person_id END",
    found="session ON session.manager = host.manager AND session.token_hash = $3",
    alive="session.idle_at > $4 AND session.expires_at > $4",
    holder="session",
)
_BY_TOKEN = _WHO.format(
    credential="token.client_id, token.scope",
    factor="NULL, NULL",
    found="token ON token.manager = host.manager AND token.access_hash = $3",
    alive="""token.expires_at > $4 AND token.revoked_at IS NULL
     AND EXISTS (SELECT 1 FROM client WHERE client.manager = token.manager AND client.id = token.client_id
                 AND client.disabled_at IS NULL)
     AND (token.person_id IS NULL OR EXISTS (SELECT 1 FROM person holder WHERE holder.manager = token.manager
                 AND holder.id = token.person_id AND holder.disabled_at IS NULL))""",
    holder="token",
)

_SEEN = """
SELECT seen.id, seen.email, seen.given_name, seen.family_name, session.sees_until,
       account_link.id, account_link.office, account_link.account_key, account_link.number, account_link.role,
       account_link.is_default
FROM session
JOIN person seen ON seen.id = session.sees_person_id AND seen.manager = session.manager
     AND seen.disabled_at IS NULL AND seen.staff_role IS NULL
LEFT JOIN account_link ON account_link.person_id = seen.id AND account_link.manager = seen.manager
WHERE session.manager = $1 AND session.id = $2 AND session.sees_until > $3
ORDER BY account_link.id
"""

_FIRST_OF_SEEN: Final = 5


class Identified(Record):
    """The manager that a host belongs to, and who asks there."""

    manager: str
    version: int
    """Of the manager: what `managers.get` takes."""
    actor: Actor = GUEST
    touch_due: bool = False
    """Whether `sessions.touch` has something to write; call it once the answer is on its way."""


async def identify(store: Store, host: str, token: str | None, now: datetime) -> Identified | None:
    """Tell whose portal `host` is and whom `token` stands for there; None for a host that is nobody's.

    `host` is as the client sent it, with its port or without. A token that is altered, invented, over, ended, of
    another manager, or of a disabled person or program is like none: the actor is a guest.
    """
    name = host.lower()
    if len(name) > _LONGEST_HOST or not (name.isascii() and name.isprintable()):
        return None
    by_program = token is not None and is_access(token)
    digest = hash_of(token) if token and (by_program or is_token(token)) else ""
    rows = await store.rows(_BY_TOKEN if by_program else _BY_SESSION, [name, _without_port(name), digest, stamp(now)])
    if not rows:
        return None
    manager, version, person_id = rows[0][:3]
    if by_program:
        return Identified(manager=manager, version=version, actor=_program(rows))
    if person_id is None:
        return Identified(manager=manager, version=version)
    due = datetime.fromisoformat(rows[0][7]) <= now - SEEN_EVERY
    actor = _actor(rows, without_password=token is not None and is_without_password(token))
    if rows[0][_SEES] is not None:
        actor = await onlooking(store, manager, actor, now)
    return Identified(manager=manager, version=version, actor=actor, touch_due=due)


def _without_port(host: str) -> str:
    name, separator, port = host.rpartition(":")
    return name if separator and port.isdigit() else host


def _actor(rows: Sequence[Row], without_password: bool) -> Actor:
    person_id, email, given_name, family_name, session_id, _, must_change, set_at, *staff = rows[0][2:_FIRST_OF_LINK]
    staff_role, factor_at, shown_at, _ = staff
    return Actor(
        person_id=person_id,
        session_id=session_id,
        email=email,
        name=f"{given_name} {family_name}",
        links=_links(rows, _FIRST_OF_LINK),
        must_change_password=bool(must_change),
        password_set_at=datetime.fromisoformat(set_at) if set_at else None,
        staff_role=StaffRole(staff_role) if staff_role else None,
        second_factor_at=datetime.fromisoformat(factor_at) if factor_at else None,
        second_factor_shown=shown_at is not None,
        without_password=without_password,
    )


async def onlooking(store: Store, manager: str, staff: Actor, now: datetime) -> Actor:
    """The customer as whom somebody of the staff sees the portal; themselves once either may not be."""
    if staff.staff_role is None or staff.session_id is None or staff.person_id is None:
        return staff
    if staff.second_factor_due:  # set up in another session since they began to see
        return staff
    rows = await store.rows(_SEEN, [manager, staff.session_id, stamp(now)])
    if not rows:
        return staff
    person_id, email, given_name, family_name, until = rows[0][:_FIRST_OF_SEEN]
    onlooker = Onlooker(
        person_id=staff.person_id,
        session_id=staff.session_id,
        name=staff.name or "",
        until=datetime.fromisoformat(until),
    )
    return Actor(
        person_id=person_id,
        email=email,
        name=f"{given_name} {family_name}",
        links=_links(rows, _FIRST_OF_SEEN),
        seen_by=onlooker,
        # Nor are they held up by what is due to the customer.
        without_password=True,
    )


def _program(rows: Sequence[Row]) -> Actor:
    """A program, on behalf of the person it names, if any: with their reach, and without a session of theirs."""
    person_id, client_id, scope = rows[0][2], rows[0][6], rows[0][7]
    if client_id is None:
        return GUEST
    person = _actor(rows, without_password=False) if person_id else GUEST
    asked = {"session_id": None, "staff_role": None, "second_factor_at": None}
    return replace(person, **asked, client_id=client_id, scopes=frozenset(scope.split()))


def _links(rows: Sequence[Row], first: int) -> tuple[Link, ...]:
    return tuple([_link(row[first:]) for row in rows if row[first] is not None])


def _link(row: Row) -> Link:
    link_id, office, account_key, number, role, is_default = row
    return Link(
        id=link_id,
        office=office,
        account_key=account_key,
        number=number,
        role=_ROLES[role],
        is_default=bool(is_default),
    )
