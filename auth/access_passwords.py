"""Mailed passwords: somebody comes in for the first time with the password that a letter told them.

It stands nowhere: it is derived from its challenge again, to be compared. Once they are a person it is theirs like any
other password, but for that nothing is given to who signs in with it until it is changed.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from ventanilla.auth import challenges
from ventanilla.auth.access_giving import add_invited, give, invitation_of, person_at
from ventanilla.auth.challenges import Ended, Kind
from ventanilla.auth.people import is_email
from ventanilla.auth.proofs import Proofs
from ventanilla.backoffice_adapters.database import stamp
from ventanilla.store.manager import Manager
from ventanilla.store.store import Store
from ventanilla.store.tables import PersonRow
from ventanilla.store.tenancy import Work

_NOBODYS: Final = "0" * 32
"""The challenge whose password is compared where there is none: it takes as long."""
_MAILED: Final = """
SELECT challenge.id FROM access_invitation invitation
JOIN challenge ON challenge.id = invitation.challenge_id AND challenge.manager = invitation.manager
WHERE invitation.manager = $1 AND invitation.{column} = $2 AND challenge.kind = 'ACCESS_PASSWORD'
  AND challenge.used_at IS NULL AND challenge.replaced_at IS NULL AND challenge.expires_at > $3
ORDER BY challenge.created_at DESC LIMIT 1
"""
_BY_EMAIL: Final = _MAILED.format(column="email")
_BY_USER_NAME: Final = _MAILED.format(column="user_name")


async def mailed_to(store: Store, manager_slug: str, name: str, now: datetime) -> str | None:
    """The challenge of the password that was mailed to who signs in under this name; None where there is none."""
    sql = _BY_EMAIL if is_email(name) else _BY_USER_NAME
    rows = await store.rows(sql, [manager_slug, name, stamp(now)])
    return rows[0][0] if rows else None


def is_right(proofs: Proofs, challenge_id: str | None, password: str) -> bool:
    """Whether a password is the one that was mailed; as long for a challenge as for none."""
    return proofs.is_password(challenge_id or _NOBODYS, password) and challenge_id is not None


def is_over(manager: Manager, person: PersonRow, now: datetime) -> bool:
    """Whether a password that was mailed, and has not been changed, is good no longer: its letter was too long ago."""
    valid = timedelta(hours=manager.mass_access.valid_hours)
    return person.password_set_at is not None and person.password_set_at + valid <= now


async def come_in(
    work: Work, manager: Manager, challenge_id: str, password_hash: str, now: datetime
) -> PersonRow | None:
    """Make the person who signs in with the password that was mailed; None where it is used or over by now,
    or somebody has the address.

    Raises `EmailTakenError`, after which the unit of work is to be left.
    """
    invitation = await invitation_of(work, challenge_id)
    if invitation is None or await person_at(work, invitation.email or "") is not None:
        return None
    met = await challenges.meet(work, Kind.ACCESS_PASSWORD, challenge_id, now)
    if isinstance(met, Ended):
        return None
    person = await add_invited(work, invitation, password_hash, now=now, language=None, mailed_at=met.created_at)
    await give(work, invitation, person, today=now.astimezone(manager.zone).date(), now=now)
    return person
