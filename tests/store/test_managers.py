"""Managers in the store: added, followed, listed, removed."""

import asyncio
from datetime import UTC, datetime

import pytest
from msgspec.structs import replace
from sqlmodel import select, update

from tests.store.fresh import manager_named
from ventanilla.store import managers
from ventanilla.store.engine import StoreError
from ventanilla.store.manager import Presentation
from ventanilla.store.managers import HostTakenError
from ventanilla.store.store import Store
from ventanilla.store.tables import HostRow, ManagerRow, PersonRow
from ventanilla.store.theme import Theme

pytestmark = pytest.mark.anyio


async def hosts(store: Store) -> dict[str, str]:
    return {row[0]: row[1] for row in await store.rows("SELECT name, manager FROM host ORDER BY name")}


async def test_what_was_added_comes_back(store: Store) -> None:
    manager = manager_named("oeste", "a.example", "b.example:8001")
    added = await managers.add(store, manager, source="oeste.toml")
    assert added == await managers.get(store, "oeste")
    assert added.manager == manager
    assert {name for name, slug in (await hosts(store)).items() if slug == "oeste"} == {"a.example", "b.example:8001"}


async def test_an_unknown_slug_is_none(store: Store) -> None:
    assert await managers.get(store, "nobody") is None


async def test_an_unchanged_file_keeps_its_version(store: Store) -> None:
    first = await managers.add(store, manager_named("sur"), source="test")
    assert (await managers.add(store, manager_named("sur"), source="test")).version == first.version


async def test_operator_keys_follow_the_file_and_presentation_does_not(store: Store) -> None:
    seeded = replace(manager_named("oeste"), presentation=Presentation(theme=Theme(primary="#000000")))
    first = await managers.add(store, seeded, source="test")
    changed = replace(
        seeded, name="Changed", hosts=("new.example",), presentation=Presentation(theme=Theme(primary="#111111"))
    )
    second = await managers.add(store, changed, source="test")
    assert second.version != first.version
    assert (second.manager.name, second.manager.presentation.theme.primary) == ("Changed", "#000000")
    assert [name for name, slug in (await hosts(store)).items() if slug == "oeste"] == ["new.example"]
    third = await managers.add(store, changed, source="test", reset_presentation=True)
    assert third.manager == changed == (await managers.get(store, "oeste")).manager  # type: ignore[union-attr]  # it was just added


async def test_a_host_belongs_to_one_manager(store: Store) -> None:
    before = (await hosts(store), await managers.get(store, "sur"))
    with pytest.raises(HostTakenError, match=r"norte\.example \(of norte\)") as caught:
        await managers.add(store, manager_named("sur", "sur.example", "norte.example"), source="test")
    assert caught.value.taken == {"norte.example": "norte"}
    assert (await hosts(store), await managers.get(store, "sur")) == before


async def test_of_two_that_want_one_host_at_once_one_gets_it(store: Store) -> None:
    wanted = [manager_named(slug, "same.example") for slug in ("a", "b", "c", "d")]
    results = await asyncio.gather(
        *(managers.add(store, manager, source="test") for manager in wanted), return_exceptions=True
    )
    assert sorted(type(result).__name__ for result in results) == ["HostTakenError"] * 3 + ["StoredManager"]
    assert len(await store.rows("SELECT slug FROM manager WHERE slug IN $1[]", [["a", "b", "c", "d"]])) == 1


async def test_one_file_added_by_many_processes_at_once_is_one_manager(store: Store) -> None:
    results = await asyncio.gather(*(managers.add(store, manager_named("oeste"), source="test") for _ in range(8)))
    assert len({result.version for result in results}) == 1


async def test_a_known_version_costs_no_statement(store: Store) -> None:
    known = await managers.get(store, "sur")
    assert known
    async with store.work() as work:
        await work.exec(update(ManagerRow).values(body="{}"))
    assert await managers.get(store, "sur", known.version) is known


async def test_a_version_never_comes_again(store: Store) -> None:
    first = await managers.add(store, manager_named("oeste"), source="test")
    assert await managers.remove(store, "oeste")
    again = await managers.add(store, replace(manager_named("oeste"), name="Another"), source="test")
    assert again.version != first.version
    assert (await managers.get(store, "oeste", again.version)).manager.name == "Another"  # type: ignore[union-attr]  # it was just added


async def test_a_store_that_was_set_back_comes_to_no_version_twice(store: Store) -> None:
    first = await managers.add(store, manager_named("oeste"), source="test")
    ((body,),) = await store.rows("SELECT body FROM manager WHERE slug = 'oeste'")
    lost = await managers.add(store, replace(manager_named("oeste"), name="Lost"), source="test")
    assert await managers.get(store, "oeste", lost.version)
    async with store.work() as work:
        back = update(ManagerRow).where(ManagerRow.slug == "oeste")
        await work.exec(back.values(body=body, version=first.version))
    found = await managers.add(store, replace(manager_named("oeste"), name="Found"), source="test")
    assert (await managers.get(store, "oeste", found.version)).manager.name == "Found"  # type: ignore[union-attr]  # it was just added


async def test_another_shape_is_told(store: Store) -> None:
    async with store.work() as work:
        await work.exec(update(ManagerRow).values(body="{}", version=ManagerRow.version + 1))
    with pytest.raises(StoreError, match="add its file again"):
        await managers.get(store, "sur")


async def test_removing_takes_everything_of_one_manager(store: Store) -> None:
    names = {"given_name": "A", "family_name": "B", "created_at": datetime(2026, 1, 1, tzinfo=UTC)}
    for slug in ("norte", "sur"):
        async with store.work(slug) as work:
            work.add(PersonRow(id=slug, email="a@b.c", **names))
    assert await managers.remove(store, "norte")
    assert not await managers.remove(store, "norte")
    assert await hosts(store) == {"sur.example": "sur"}
    assert [row[0] for row in await store.rows("SELECT id FROM person")] == ["sur"]


async def test_thousands_are_listed_in_parts(store: Store) -> None:
    body = (await store.rows("SELECT body FROM manager WHERE slug = 'sur'"))[0][0]
    slugs = [f"m{number:04}" for number in range(2_000)]
    async with store.work() as work:
        for number, slug in enumerate(slugs):
            own = body.replace('"slug":"sur"', f'"slug":"{slug}"')
            work.add(ManagerRow(slug=slug, version=number, body=own, source=""))
        await work.flush()
        work.add_all(HostRow(name=f"{slug}.example", manager=slug) for slug in slugs)
    found, after, parts = [], "", 0
    while True:
        part = await managers.listing(store, after=after, limit=300)
        found += [each.manager.slug for each in part.items]
        parts += 1
        if not part.more:
            break
        after = found[-1]
    assert parts == 7
    assert found == sorted(found)
    assert len(set(found)) == 2_002
    async with store.work() as work:
        assert len((await work.exec(select(HostRow))).all()) == 2_002


def test_offices_are_planned_once_and_anew_for_another_manager() -> None:
    manager = manager_named("sur")
    name, choice = next(iter(manager.offices.items()))
    assert manager.plans[name] is manager.plans[name]
    assert manager.plans.keys() == manager.offices.keys()
    hurried = replace(manager, offices={**manager.offices, name: replace(choice, deadline_s=1)})
    assert hurried.plans[name] == replace(
        manager.plans[name], patience=replace(manager.plans[name].patience, deadline_s=1)
    )
