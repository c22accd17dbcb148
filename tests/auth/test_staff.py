"""Who works for a manager and who may come in, on both databases; and that a manager keeps an admin."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from ventanilla.auth import clients, people, sessions, staff
from ventanilla.auth.actor import StaffRole
from ventanilla.auth.identify import identify
from ventanilla.auth.oauth import opaque
from ventanilla.auth.sessions import hash_of
from ventanilla.auth.staff import NotDone
from ventanilla.store.store import Store
from ventanilla.store.tables import TokenRow

pytestmark = pytest.mark.anyio
NOW = datetime(2026, 11, 15, 12, 0, tzinfo=UTC)
ADMIN = StaffRole.STAFF_ADMIN


async def person(store: Store, email: str, role: StaffRole | None = None) -> str:
    async with store.work("sur") as work:
        added = await people.add_person(
            work, email=email, password=None, given_name="Ana", family_name="Paz", now=NOW, email_verified=True
        )
        if role:
            row = await people.held(work, added.id)
            assert row
            row.staff_role = role.value
    return added.id


async def set_role(store: Store, person_id: str, role: StaffRole | None, by: str | None = None) -> NotDone | None:
    async with store.work("sur") as work:
        return await staff.set_role(work, person_id, role, by=by, now=NOW)


async def events(store: Store) -> list[tuple[str, str | None, str, str]]:
    rows = await store.rows("SELECT kind, actor_id, person_id, told FROM audit_event ORDER BY id")
    return [(kind, actor, person_id, told) for kind, actor, person_id, told in rows]


async def admins(store: Store) -> list[str]:
    sql = "SELECT id FROM person WHERE staff_role = 'STAFF_ADMIN' AND disabled_at IS NULL"
    return [found for (found,) in await store.rows(sql)]


async def test_a_role_is_given_and_taken_and_written_down(store: Store) -> None:
    eva, ana = await person(store, "eva@sur.example", ADMIN), await person(store, "ana@example.org")
    assert await set_role(store, ana, StaffRole.STAFF, eva) is None
    assert await set_role(store, ana, StaffRole.STAFF, eva) is None  # which changes nothing
    assert await set_role(store, ana, None, eva) is None

    assert await events(store) == [
        ("STAFF_ROLE_SET", eva, ana, '{"role":"STAFF"}'),
        ("STAFF_ROLE_SET", eva, ana, "{}"),
    ]


async def test_what_cannot_be_is_told(store: Store) -> None:
    eva, ana = await person(store, "eva@sur.example", ADMIN), await person(store, "ana@example.org")
    assert await set_role(store, eva, None, eva) is NotDone.ONESELF
    assert await set_role(store, eva, StaffRole.STAFF) is NotDone.LAST_ADMIN
    assert await set_role(store, eva, ADMIN) is None
    assert await set_role(store, ana, ADMIN, ana) is NotDone.NO_ADMIN
    for nobody in ("0" * 32, "", "\0", "x"):
        assert await set_role(store, nobody, ADMIN, eva) is NotDone.NOT_FOUND
    async with store.work("norte") as work:
        assert await staff.set_role(work, ana, ADMIN, by=None, now=NOW) is NotDone.NOT_FOUND
    async with store.work("sur") as work:
        assert await staff.disable(work, eva, by=None, now=NOW) is NotDone.LAST_ADMIN
    assert await admins(store) == [eva]


async def test_of_two_admins_who_demote_each_other_one_stays(store: Store) -> None:
    pair = await person(store, "eva@sur.example", ADMIN), await person(store, "ivo@sur.example", ADMIN)
    for _ in range(10):
        outcomes = await asyncio.gather(
            set_role(store, pair[1], StaffRole.STAFF, pair[0]), set_role(store, pair[0], None, pair[1])
        )
        assert sorted(outcomes, key=str) == [NotDone.NO_ADMIN, None]
        (left,) = await admins(store)
        assert await set_role(store, next(each for each in pair if each != left), ADMIN, left) is None


async def test_of_two_admins_of_whom_the_operator_takes_both_one_stays(store: Store) -> None:
    pair = await person(store, "eva@sur.example", ADMIN), await person(store, "ivo@sur.example", ADMIN)

    async def disabled(person_id: str) -> NotDone | None:
        async with store.work("sur") as work:
            return await staff.disable(work, person_id, by=None, now=NOW)

    assert sorted(await asyncio.gather(*map(disabled, pair)), key=str) == [NotDone.LAST_ADMIN, None]
    assert len(await admins(store)) == 1


async def test_who_is_disabled_is_out_at_once_with_their_programs(store: Store) -> None:
    eva, ana = await person(store, "eva@sur.example", ADMIN), await person(store, "ana@example.org")
    access = opaque.made(opaque.ACCESS)
    async with store.work("sur") as work:
        session = (await sessions.issue(work, ana, now=NOW)).token
        program = await clients.add(
            work, name="Planilla", scopes=["accounts:read"], redirect_uris=["https://p.example/"], now=NOW
        )
        work.add(
            TokenRow(
                id="1" * 32,
                family="1" * 32,
                client_id=program.client.id,
                person_id=ana,
                scope="accounts:read",
                granted="accounts:read",
                access_hash=hash_of(access),
                created_at=NOW,
                expires_at=NOW + timedelta(minutes=15),
            )
        )

    async def who(token: str) -> str | None:
        found = await identify(store, "sur.example", token, NOW)
        return found.actor.person_id if found else None

    assert [await who(token) for token in (session, access)] == [ana, ana]
    async with store.work("sur") as work:
        assert await staff.disable(work, ana, by=eva, now=NOW) is None
        assert await staff.disable(work, ana, by=eva, now=NOW) is None
    assert [await who(token) for token in (session, access)] == [None, None]
    async with store.work("sur") as work:
        late = (await sessions.issue(work, ana, now=NOW)).token  # by who was signing in meanwhile
    async with store.work("sur") as work:
        assert await staff.enable(work, ana, by=eva, now=NOW) is None
        assert await staff.enable(work, ana, by=eva, now=NOW) is None

    assert [await who(token) for token in (session, access, late)] == [None, None, None]
    assert [kind for kind, *_ in await events(store)] == ["PERSON_DISABLED", "PERSON_ENABLED"]
