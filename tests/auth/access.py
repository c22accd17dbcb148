"""People who are invited, by rows alone: no office is asked."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import msgspec

from tests.store.fresh import manager_named
from ventanilla.auth import access_batches, access_generation, access_invitations, access_sending
from ventanilla.auth.access_audiences import AccessAudience, FilterMode, Grant, GrantedAccount
from ventanilla.auth.access_batches import BatchPlan
from ventanilla.auth.access_invitees import Invitee
from ventanilla.auth.access_sending import NotSent
from ventanilla.auth.caller import Caller
from ventanilla.auth.mandates import Mandate, MandateRole
from ventanilla.backoffice_adapters.records import AccountRole
from ventanilla.jobs.letters import LEASE
from ventanilla.store.manager import Credential, Manager, MassAccess, UserName
from ventanilla.store.store import Store

CALLER = Caller(address="192.0.2.1", host="sur.example", user_agent="Browser/1")
HOURS = 48


def manager(credential: Credential = Credential.ACTIVATION_LINK, **changes: Any) -> Manager:
    """``sur``, where people sign in with their documents."""
    rules = MassAccess(credential=credential, user_name=UserName.DOCUMENT, valid_hours=HOURS)
    return msgspec.structs.replace(manager_named("sur"), mass_access=rules, **changes)


def grant(*keys: str, ends_on: date | None = None) -> Grant:
    """Accounts to own, and a mandate of a board."""
    accounts = tuple(
        GrantedAccount(office="main", key=key, number=f"00-{key}", role=AccountRole.OWNER, ends_on=ends_on)
        for key in keys
    )
    mandate = Mandate(
        id="",
        role=MandateRole.BOARD_MEMBER,
        office="main",
        subject_key="W1",
        subject_name="Wspólnota 1",
        starts_on=date(2026, 1, 1),
        ends_on=date(2027, 1, 1),
    )
    return Grant(accounts=accounts, mandates=(mandate,))


def invitee(number: int = 1, **changes: Any) -> Invitee:
    settings: dict[str, Any] = {
        "office": "main",
        "party_key": f"P{number}",
        "name": "Marta Giménez Ruiz",
        "email": f"p{number}@example.com",
        "user_name": f"1000{number}",
        "grant": grant(f"A{number}"),
    }
    return Invitee(**{**settings, **changes})


def plan(manager: Manager, **changes: Any) -> BatchPlan:
    settings: dict[str, Any] = {
        "audience": AccessAudience.TENANTS_AND_OWNERS,
        "filter_mode": FilterMode.NONE,
        "parties": (),
        "credential": manager.mass_access.credential,
        "user_name": manager.mass_access.user_name,
        "batch_size": 2,
        "interval_s": 60,
    }
    return BatchPlan(**{**settings, **changes})


async def generated(store: Store, manager: Manager, *people: Invitee, now: datetime, key: str = "one") -> str:
    """The id of a batch of these people that is ready."""
    async with store.work("sur") as work:
        id = await access_batches.create(work, plan(manager), created_by="a" * 32, key=key, now=now)
        assert not isinstance(id, access_batches.NotCreated)
        taken = await access_generation.take(work, now, "worker", LEASE)
        assert taken
        row = await access_generation.still(work, taken)
        assert row
        await access_invitations.write(work, id, people)
        access_generation.finish(row, now)
    return id


async def sent(store: Store, manager: Manager, *people: Invitee, now: datetime, key: str = "one") -> list[str]:
    """The challenges of people whose letters were let leave, in the order of the people."""
    id = await generated(store, manager, *people, now=now, key=key)
    async with store.work("sur") as work:
        found = await access_sending.send(work, manager, id, actor_id="a" * 32, caller=CALLER, now=now)
    assert not isinstance(found, NotSent), found
    rows = await store.rows("SELECT party_key, challenge_id FROM access_invitation WHERE batch_id = $1", [id])
    challenges = {row[0]: row[1] for row in rows}
    return [challenges[each.party_key] for each in people]
