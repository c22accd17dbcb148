"""Links to accounts where several people make and end them at once, on both databases."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest

from ventanilla.auth import account_links, audit, people
from ventanilla.auth.account_links import NewLink, NotLinked
from ventanilla.backoffice_adapters.records import AccountRole
from ventanilla.store.store import Store

pytestmark = pytest.mark.anyio
NOW = datetime(2026, 11, 15, 12, 0, tzinfo=UTC)
ACCOUNT = ("main", "7")


async def newcomers(store: Store, many: int) -> list[str]:
    async with store.work("sur") as work:
        return [
            (
                await people.add_person(
                    work, email=f"p{number}@example.org", password=None, given_name="P", family_name="Q", now=NOW
                )
            ).id
            for number in range(many)
        ]


async def link(store: Store, person: str, key: str = "7", most: int = 2) -> NotLinked | None:
    new = NewLink(person_id=person, office="main", account_key=key, number=f"N{key}", role=AccountRole.TENANT)
    async with store.work("sur") as work:
        return await account_links.link(work, new, most_people=most, now=NOW)


async def defaults(store: Store, person: str) -> list[str]:
    return [each.account_key for each in await account_links.links_of(store, "sur", person) if each.is_default]


async def test_no_more_people_than_may(store: Store) -> None:
    found = await asyncio.gather(*(link(store, person) for person in await newcomers(store, 6)))
    assert sorted(map(str, found)) == sorted(map(str, [None, None, *[NotLinked.LINK_LIMIT_REACHED] * 4]))
    ((first, second),) = await account_links.people_of(store, "sur", [ACCOUNT])
    assert first.person_id != second.person_id
    assert await audit.count_of_account(store, "sur", ACCOUNT) == 2


async def test_one_person_many_times_is_one_link(store: Store) -> None:
    (person,) = await newcomers(store, 1)
    found = await asyncio.gather(*(link(store, person, most=50) for _ in range(8)))
    assert found.count(None) == 1
    assert await audit.count_of_account(store, "sur", ACCOUNT) == 1


async def test_one_default_whoever_chooses_at_once(store: Store) -> None:
    (person,) = await newcomers(store, 1)
    await asyncio.gather(*(link(store, person, key=str(key)) for key in range(4)))
    assert len(await defaults(store, person)) == 1

    async def prefer(key: int) -> bool:
        async with store.work("sur") as work:
            return await account_links.prefer(work, person, ("main", str(key)))

    assert await asyncio.gather(*map(prefer, range(5))) == [True] * 4 + [False]
    assert len(await defaults(store, person)) == 1


async def test_a_link_ends_once(store: Store) -> None:
    (person,) = await newcomers(store, 1)
    await link(store, person)

    async def unlink(_: Any) -> bool:
        async with store.work("sur") as work:
            return await account_links.unlink(work, person, ACCOUNT, NOW)

    assert sorted(await asyncio.gather(*map(unlink, range(6)))) == [False] * 5 + [True]
    kinds = [event.kind for event in await audit.of_account(store, "sur", ACCOUNT, start=None, older=False, limit=9)]
    assert kinds == [audit.AuditKind.ACCOUNT_LINKED, audit.AuditKind.ACCOUNT_UNLINKED]
    assert await account_links.people_of(store, "sur", [ACCOUNT, ("main", "8")]) == [[], []]


async def test_another_manager_sees_nothing_of_it(store: Store) -> None:
    (person,) = await newcomers(store, 1)
    await link(store, person)
    assert await account_links.people_of(store, "norte", [ACCOUNT]) == [[]]
    assert await audit.of_account(store, "norte", ACCOUNT, start=None, older=True, limit=9) == []
