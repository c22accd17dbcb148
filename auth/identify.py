"""Who is asking, at which manager: one statement at each request, and nothing remembered."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from ventanilla.auth.actor import GUEST, Actor, Link
from ventanilla.auth.sessions import SEEN_EVERY, hash_of, is_token
from ventanilla.backoffice_adapters.database import Row, stamp
from ventanilla.backoffice_adapters.records import AccountRole, Record
from ventanilla.store.store import Store

_ROLES = {role.value: role for role in AccountRole}
_LONGEST_HOST = 260  # 253 of a name, a colon, and a port
# A row for each link, or one row. The host counts with its port first: the port may tell managers apart.
_WHO = """
SELECT manager.slug, manager.version, person.id, person.email, person.given_name, person.family_name,
       session.id, session.seen_at,
       account_link.id, account_link.office, account_link.account_key, account_link.number, account_link.role,
       account_link.is_default
FROM host
JOIN manager ON manager.slug = host.manager
LEFT JOIN session ON session.manager = host.manager AND session.token_hash = $3
     AND session.idle_at > $4 AND session.expires_at > $4
LEFT JOIN person ON person.id = session.person_id AND person.manager = session.manager AND person.disabled_at IS NULL
LEFT JOIN account_link ON account_link.person_id = person.id AND account_link.manager = person.manager
WHERE host.name = COALESCE((SELECT name FROM host WHERE name = $1), $2)
ORDER BY account_link.id
"""


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
    another manager or of a disabled person is like none: the actor is a guest.
    """
    name = host.lower()
    if len(name) > _LONGEST_HOST or not (name.isascii() and name.isprintable()):
        return None
    digest = hash_of(token) if token and is_token(token) else ""
    rows = await store.rows(_WHO, [name, _without_port(name), digest, stamp(now)])
    if not rows:
        return None
    manager, version, person_id = rows[0][:3]
    if person_id is None:
        return Identified(manager=manager, version=version)
    due = datetime.fromisoformat(rows[0][7]) <= now - SEEN_EVERY
    return Identified(manager=manager, version=version, actor=_actor(rows), touch_due=due)


def _without_port(host: str) -> str:
    name, separator, port = host.rpartition(":")
    return name if separator and port.isdigit() else host


def _actor(rows: Sequence[Row]) -> Actor:
    person_id, email, given_name, family_name, session_id = rows[0][2:7]
    return Actor(
        person_id=person_id,
        session_id=session_id,
        email=email,
        name=f"{given_name} {family_name}",
        links=tuple([_link(row[8:]) for row in rows if row[8] is not None]),
    )


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
