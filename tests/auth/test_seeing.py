"""Seeing as a customer: who may be seen, what ends it, and what is noted, on both databases."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import col, select, update

from ventanilla.auth import people, seeing, sessions
from ventanilla.auth.actor import GUEST, Actor, Role
from ventanilla.auth.audit import AuditKind
from ventanilla.auth.identify import identify
from ventanilla.auth.seeing import NotSeen, View
from ventanilla.backoffice_adapters.records import AccountRole
from ventanilla.store.store import Store
from ventanilla.store.tables import AuditEventRow, PersonRow, SessionRow

pytestmark = pytest.mark.anyio
NOW = datetime(2026, 11, 15, 12, 0, tzinfo=UTC)
MINUTES = timedelta(minutes=15)


async def person(store: Store, name: str, slug: str = "sur", staff_role: str | None = None) -> str:
    async with store.work(slug) as work:
        added = await people.add_person(
            work, email=f"{name}@example.org", password=None, given_name=name, family_name="Paz", now=NOW
        )
    await change(store, added.id, slug, staff_role=staff_role)
    return added.id


async def change(store: Store, person_id: str, slug: str = "sur", **values: object) -> None:
    async with store.work(slug) as work:
        await work.exec(update(PersonRow).where(col(PersonRow.id) == person_id).values(**values))


async def begun(store: Store, person_id: str) -> tuple[str, str]:
    """The token and the id of a new session."""
    async with store.work("sur") as work:
        issued = await sessions.issue(work, person_id, now=NOW)
    return issued.token, issued.session.id


async def see(store: Store, staff: str, session: str, customer: str, reason: str = "Llamó") -> NotSeen | None:
    view = View(session_id=session, staff_id=staff, person_id=customer, reason=reason, lasts=MINUTES)
    async with store.work("sur") as work:
        return await seeing.begin(work, view, NOW)


async def who(store: Store, token: str, later: timedelta = timedelta()) -> Actor:
    found = await identify(store, "sur.example", token, NOW + later)
    assert found
    return found.actor


async def noted(store: Store) -> list[tuple[str, str | None, str | None, dict[str, str]]]:
    async with store.work("sur") as work:
        rows = (await work.exec(select(AuditEventRow).order_by(col(AuditEventRow.id)))).all()
    return [(row.kind, row.actor_id, row.person_id, json.loads(row.told)) for row in rows]


class Seen:
    """Mirta of the staff, who sees as Ana."""

    def __init__(self, store: Store, mirta: str, ana: str, token: str, session: str) -> None:
        self.store, self.mirta, self.ana, self.token, self.session = store, mirta, ana, token, session

    async def end(self, now: datetime = NOW) -> bool:
        async with self.store.work("sur") as work:
            return await seeing.end(work, self.session, self.mirta, now)


@pytest.fixture
async def seen(store: Store) -> Seen:
    mirta, ana = await person(store, "mirta", staff_role="STAFF"), await person(store, "ana")
    async with store.work("sur") as work:
        await people.link_account(
            work, ana, office="main", account_key="7", number="N7", role=AccountRole.TENANT, now=NOW
        )
    token, session = await begun(store, mirta)
    assert await see(store, mirta, session, ana) is None
    return Seen(store, mirta, ana, token, session)


async def test_every_request_of_the_session_is_the_customers(seen: Seen) -> None:
    actor = await who(seen.store, seen.token)
    assert (actor.person_id, actor.name, actor.email) == (seen.ana, "ana Paz", "ana@example.org")
    assert [link.account_key for link in actor.links] == ["7"]
    assert (actor.session_id, actor.staff_role, actor.roles) == (None, None, {Role.CUSTOMER})
    assert actor.held_session_id == seen.session
    assert actor.seen_by
    assert (actor.seen_by.person_id, actor.seen_by.name, actor.seen_by.until) == (
        seen.mirta,
        "mirta Paz",
        NOW + MINUTES,
    )


async def test_no_other_session_of_theirs_sees(seen: Seen) -> None:
    token, _ = await begun(seen.store, seen.mirta)
    assert (await who(seen.store, token)).person_id == seen.mirta


async def test_it_is_told_to_the_customer_with_its_reason(seen: Seen) -> None:
    told = {"reason": "Llamó", "until": (NOW + MINUTES).isoformat(timespec="microseconds")}
    assert await noted(seen.store) == [(AuditKind.SEEN_AS, seen.mirta, seen.ana, told)]
    assert await seen.end()
    assert (await noted(seen.store))[1:] == [(AuditKind.SEEING_ENDED, seen.mirta, seen.ana, {})]


async def test_it_ends_when_its_time_is_over(seen: Seen) -> None:
    assert (await who(seen.store, seen.token, MINUTES - timedelta(seconds=1))).person_id == seen.ana
    after = await who(seen.store, seen.token, MINUTES)
    assert (after.person_id, after.session_id, after.staff_role, after.seen_by) == (
        seen.mirta,
        seen.session,
        "STAFF",
        None,
    )
    assert not await seen.end(NOW + MINUTES)
    assert len(await noted(seen.store)) == 1


async def test_it_never_outlasts_the_session(store: Store) -> None:
    mirta, ana = await person(store, "mirta", staff_role="STAFF"), await person(store, "ana")
    token, session = await begun(store, mirta)
    over = NOW + timedelta(minutes=3)
    async with store.work("sur") as work:
        await work.exec(update(SessionRow).values(expires_at=over))
    assert await see(store, mirta, session, ana) is None
    onlooker = (await who(store, token)).seen_by
    assert onlooker
    assert onlooker.until == over
    assert await who(store, token, timedelta(minutes=3)) == GUEST


@pytest.mark.parametrize(
    ("whose", "values", "then"),
    [
        ("mirta", {"disabled_at": NOW}, None),
        ("mirta", {"staff_role": None}, "mirta"),
        ("ana", {"disabled_at": NOW}, "mirta"),
        ("ana", {"staff_role": "STAFF"}, "mirta"),
    ],
)
async def test_it_ends_at_once_when_either_may_not(
    seen: Seen, whose: str, values: dict[str, object], then: str | None
) -> None:
    await change(seen.store, getattr(seen, whose), **values)
    actor = await who(seen.store, seen.token)
    assert actor.seen_by is None
    assert actor.person_id == (getattr(seen, then) if then else None)


async def test_it_ends_at_once_when_the_customer_is_gone(seen: Seen) -> None:
    async with seen.store.work("sur") as work:
        await work.delete((await work.exec(select(PersonRow).where(col(PersonRow.id) == seen.ana))).one())
    assert (await who(seen.store, seen.token)).person_id == seen.mirta


@pytest.mark.parametrize("whom", ["staff", "themselves", "disabled", "norte", "nobody", "", "\x00", "\ud800", "x" * 32])
async def test_nobody_else_can_be_seen(store: Store, whom: str) -> None:
    mirta = await person(store, "mirta", staff_role="STAFF_ADMIN")
    known = {
        "staff": await person(store, "olga", staff_role="STAFF"),
        "themselves": mirta,
        "disabled": await person(store, "beto"),
        "norte": await person(store, "carla", "norte"),
        "nobody": "0" * 32,
    }
    await change(store, known["disabled"], disabled_at=NOW)
    token, session = await begun(store, mirta)
    assert await see(store, mirta, session, known.get(whom, whom)) is NotSeen.NOT_FOUND
    assert (await who(store, token)).person_id == mirta
    assert await noted(store) == []


@pytest.mark.parametrize("reason", ["", " \n\t", "x" * 301, "a\x00b", "a\u202eb", "\ud800"])
async def test_a_reason_is_one_that_can_be_shown(store: Store, reason: str) -> None:
    mirta, ana = await person(store, "mirta", staff_role="STAFF"), await person(store, "ana")
    token, session = await begun(store, mirta)
    assert await see(store, mirta, session, ana, reason) is NotSeen.REASON_REQUIRED
    assert (await who(store, token)).person_id == mirta


async def test_whom_one_saw_before_is_told_that_it_ended(seen: Seen) -> None:
    beto = await person(seen.store, "beto")
    assert await see(seen.store, seen.mirta, seen.session, beto) is None
    assert (await who(seen.store, seen.token)).person_id == beto
    assert [(kind, of) for kind, _, of, _ in await noted(seen.store)] == [
        (AuditKind.SEEN_AS, seen.ana),
        (AuditKind.SEEING_ENDED, seen.ana),
        (AuditKind.SEEN_AS, beto),
    ]


async def test_of_many_at_once_one_is_seen_and_the_others_ended(store: Store) -> None:
    mirta = await person(store, "mirta", staff_role="STAFF")
    customers = [await person(store, f"p{number}") for number in range(5)]
    token, session = await begun(store, mirta)
    assert {*await asyncio.gather(*(see(store, mirta, session, each) for each in customers))} == {None}
    events = await noted(store)
    left = {of for kind, _, of, _ in events if kind == AuditKind.SEEN_AS} - {
        of for kind, _, of, _ in events if kind == AuditKind.SEEING_ENDED
    }
    assert left == {(await who(store, token)).person_id}
    assert len(events) == 9


async def test_nothing_is_seen_with_the_session_of_somebody_else(seen: Seen) -> None:
    olga = await person(seen.store, "olga", staff_role="STAFF")
    beto = await person(seen.store, "beto")
    assert await see(seen.store, olga, seen.session, beto) is NotSeen.NOT_FOUND
    async with seen.store.work("sur") as work:
        assert not await seeing.end(work, seen.session, olga, NOW)
    assert (await who(seen.store, seen.token)).person_id == seen.ana
