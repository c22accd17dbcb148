"""What people are told: only what is theirs to see, out of all offices as one list."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests.resolvers.adapters import fewer
from tests.resolvers.answers import codes
from tests.world import World, manager, open_world
from ventanilla.auth.actor import Actor
from ventanilla.backoffice_adapters.records import AccountRole, Licence
from ventanilla.execution.engine import Outcome
from ventanilla.resolvers.ids import Kind
from ventanilla.store.manager import MatchOn, OfficeChoice

pytestmark = pytest.mark.anyio

QUERY = (
    "query ($first: Int, $after: String, $last: Int, $before: String, $order: NoticeOrder! = PUBLISHED_FROM_DESC) {"
    " viewer { notices(first: $first, after: $after, last: $last, before: $before, order: $order)"
    " { edges { cursor node { title source { name } } }"
    " pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } } }"
)
NODE = "query ($id: ID!) { node(id: $id) { id } }"
ROUTES = {"notices.list": "alquiler", "notices.read": "alquiler"}


async def titles(world: World, actor: Actor, slug: str = "sur") -> list[str]:
    """What the viewer is told, newest first."""
    outcome = await world.ask(slug, "{ viewer { notices { nodes { title } } } }", actor)
    assert outcome.errors == []
    assert outcome.data is not None
    return [node["title"] for node in outcome.data["viewer"]["notices"]["nodes"]]


async def told(world: World, actor: Actor, **variables: Any) -> dict[str, Any]:
    """The part of the notices that the variables name."""
    outcome = await world.ask("sur", QUERY, actor, **variables)
    assert outcome.errors == []
    assert outcome.data is not None
    return outcome.data["viewer"]["notices"]


def refused(outcome: Outcome) -> list[tuple[str, str]]:
    assert outcome.data == {"viewer": {"notices": None}}
    return codes(outcome)


async def test_a_notice_tells_what_and_who_and_when(world: World) -> None:
    await world.person("sur", "ana@example.org", [("agua", "1")])
    actor = await world.actor("sur", "ana@example.org")
    outcome = await world.ask(
        "sur",
        "{ viewer { notices { totalCount nodes { title body scope communityName publishedFrom visibleUntil stale"
        " source { name } } } } }",
        actor,
    )
    assert outcome.errors == []
    assert outcome.data is not None
    notices = outcome.data["viewer"]["notices"]
    assert notices["totalCount"] == 3
    assert [node["title"] for node in notices["nodes"]] == ["sur TA1", "sur W1", "sur TODOS"]
    assert notices["nodes"][1] == {
        "title": "sur W1",
        "body": "Hola.\n\nChau.",
        "scope": "COMMUNITY",
        "communityName": "sur Consorcio 1",
        "publishedFrom": "2026-11-12T12:00:00+00:00",
        "visibleUntil": None,
        "stale": False,
        "source": {"name": "agua"},
    }


async def test_neighbours_owners_and_other_managers_are_told_other_things(world: World) -> None:
    await world.person("sur", "ana@example.org", [("agua", "1")])
    await world.person("sur", "beto@example.org", [("agua", "2")], role=AccountRole.OWNER)
    await world.person("norte", "carla@example.org", [("agua", "1")])
    await world.person("sur", "nadie@example.org", [])
    ana, beto = await world.actor("sur", "ana@example.org"), await world.actor("sur", "beto@example.org")
    assert await titles(world, ana) == ["sur TA1", "sur W1", "sur TODOS"]
    assert await titles(world, beto) == ["sur TA2", "sur W2", "sur OWNERS", "sur TODOS"]
    carla = await world.actor("norte", "carla@example.org")
    assert await titles(world, carla, "norte") == ["norte TA1", "norte W1", "norte TODOS"]
    assert await titles(world, await world.actor("sur", "nadie@example.org")) == []


async def test_a_notice_is_found_by_id_by_those_who_may_see_it(world: World) -> None:
    await world.person("sur", "ana@example.org", [("agua", "1")])
    await world.person("sur", "beto@example.org", [("agua", "2")], role=AccountRole.OWNER)
    ana, beto = await world.actor("sur", "ana@example.org"), await world.actor("sur", "beto@example.org")
    keys = ["TODOS", "W1", "W2", "OWNERS", "FUTURE", "PAST", "TA2", "NONE"]
    ids = world.context("sur").ids.column(Kind.NOTICE, "agua", keys)
    query = "query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Notice { title } } }"
    seen: dict[str, list[str]] = {}
    for name, actor in (("ana", ana), ("beto", beto)):
        world.calls.clear()
        outcome = await world.ask("sur", query, actor, ids=ids)
        assert outcome.errors == []
        assert outcome.data is not None
        seen[name] = [key for key, node in zip(keys, outcome.data["nodes"], strict=True) if node]
        assert world.counted() == [("agua", "notices_by_key", len(keys))]
    assert seen == {"ana": ["TODOS", "W1"], "beto": ["TODOS", "W2", "OWNERS", "TA2"]}


@pytest.mark.parametrize("order", ["PUBLISHED_FROM_DESC", "PUBLISHED_FROM_ASC"])
@pytest.mark.parametrize("size", [1, 2, 3, 5, 20])
async def test_two_offices_are_one_list_in_either_direction(world: World, order: str, size: int) -> None:
    await world.person("sur", "ana@example.org", [("agua", "1"), ("agua", "2"), ("alquiler", "1")])
    actor = await world.actor("sur", "ana@example.org")
    both = [("TA1", 13), ("TA2", 13), ("W1", 12), ("W2", 12), ("TODOS", 10)]
    rows = [*((day, "agua", key) for key, day in both), *((day, "alquiler", key) for key, day in both)]
    rows = [row for row in rows if row[1:] not in {("alquiler", "TA2"), ("alquiler", "W2")}]
    expected = [
        {"title": f"sur {key}", "source": {"name": office}}
        for _, office, key in sorted(rows, reverse=order.endswith("DESC"))
    ]
    forwards: list[Any] = []
    page: dict[str, Any] = {"endCursor": None, "hasNextPage": True}
    while page["hasNextPage"]:
        part = await told(world, actor, order=order, first=size, after=page["endCursor"])
        page = part["pageInfo"]
        forwards += [edge["node"] for edge in part["edges"]]
    assert forwards == expected
    backwards: list[Any] = []
    page = {"startCursor": None, "hasPreviousPage": True}
    while page["hasPreviousPage"]:
        part = await told(world, actor, order=order, last=size, before=page["startCursor"])
        page = part["pageInfo"]
        backwards = [*(edge["node"] for edge in part["edges"]), *backwards]
    assert backwards == expected


async def test_each_office_is_asked_once_and_counts_add_up(world: World) -> None:
    await world.person("sur", "ana@example.org", [("agua", "1"), ("agua", "2"), ("alquiler", "1")])
    actor = await world.actor("sur", "ana@example.org")
    world.calls.clear()
    outcome = await world.ask("sur", "{ viewer { notices(first: 1) { totalCount nodes { title } } } }", actor)
    assert outcome.data == {"viewer": {"notices": {"totalCount": 8, "nodes": [{"title": "sur TA1"}]}}}
    assert world.counted() == [("agua", "notices", 1), ("agua", "notices", 1)] + [("alquiler", "notices", 1)] * 2


async def test_an_office_that_fails_leaves_no_list_with_holes(world: World) -> None:
    await world.person("sur", "ana@example.org", [("agua", "1"), ("alquiler", "1")])
    actor = await world.actor("sur", "ana@example.org")
    gone = OfficeChoice(adapter="embedded", configuration={"database": "env:NOT_SET"})
    offices = {**world.managers["sur"].offices, "alquiler": gone}
    world.managers["sur"] = msgspec.structs.replace(world.managers["sur"], offices=offices)
    outcome = await world.ask("sur", "{ viewer { notices { nodes { title } } } }", actor)
    assert refused(outcome) == [("viewer.notices", "BACK_OFFICE_UNAVAILABLE")]


async def test_an_office_that_keeps_none_adds_none(tmp_path: Path) -> None:
    offices = {"agua": OfficeChoice(adapter="embedded"), "alquiler": OfficeChoice(adapter="fewer")}
    registry = fewer("notices.list", "notices.read")
    async with open_world(tmp_path, manager("sur", offices=offices), registry=registry) as world:
        await world.person("sur", "ana@example.org", [("agua", "1"), ("alquiler", "1")])
        actor = await world.actor("sur", "ana@example.org")
        assert await titles(world, actor) == ["sur TA1", "sur W1", "sur TODOS"]
        neither = {"agua": OfficeChoice(adapter="fewer"), "alquiler": OfficeChoice(adapter="fewer")}
        world.managers["sur"] = msgspec.structs.replace(world.managers["sur"], offices=neither)
        outcome = await world.ask("sur", "{ viewer { notices { nodes { title } } } }", actor)
        assert refused(outcome) == [("viewer.notices", "NOT_SUPPORTED")]


async def test_notices_may_be_kept_by_one_office_for_the_accounts_of_all(world: World) -> None:
    await world.person("sur", "ana@example.org", [("agua", "1"), ("agua", "2")])
    await world.person("sur", "beto@example.org", [("agua", "3"), ("alquiler", "2")])
    await world.person("sur", "dora@example.org", [("agua", "3")])
    ana, beto = await world.actor("sur", "ana@example.org"), await world.actor("sur", "beto@example.org")

    def routed(match: MatchOn) -> None:
        offices = {**world.managers["sur"].offices, "alquiler": OfficeChoice(adapter="embedded", match=match)}
        world.managers["sur"] = msgspec.structs.replace(world.managers["sur"], offices=offices, routing=ROUTES)

    routed(MatchOn.NUMBER)
    # The numbers of the water office are no keys of the rent office: its accounts are strangers there.
    assert await titles(world, ana) == ["sur TODOS"]
    # An account at its home is known by its own key, whatever others are matched on.
    assert await titles(world, beto) == ["sur TA2", "sur W2", "sur TODOS"]
    routed(MatchOn.KEY)
    world.calls.clear()
    assert await titles(world, ana) == ["sur TA2", "sur TA1", "sur W2", "sur W1", "sur TODOS"]
    assert world.counted() == [("agua", "accounts", 2), ("alquiler", "notices", 1)]
    outcome = await world.ask("sur", "{ viewer { notices(first: 1) { nodes { id source { name } } } } }", ana)
    assert outcome.data is not None
    (notice,) = outcome.data["viewer"]["notices"]["nodes"]
    assert notice["source"] == {"name": "alquiler"}
    for actor, seen in (
        (ana, notice["id"]),
        (beto, notice["id"]),
        (await world.actor("sur", "dora@example.org"), None),
    ):
        answer = await world.ask("sur", NODE, actor, id=notice["id"])
        assert (answer.data, answer.errors) == ({"node": seen and {"id": seen}}, [])


async def test_a_manager_without_any_such_licence_is_told_so(world: World) -> None:
    await world.person("sur", "ana@example.org", [("agua", "1")])
    actor = await world.actor("sur", "ana@example.org")
    world.managers["sur"] = msgspec.structs.replace(world.managers["sur"], licences={Licence.MAINTENANCE: "agua"})
    outcome = await world.ask("sur", "{ viewer { notices { nodes { title } } } }", actor)
    assert refused(outcome) == [("viewer.notices", "NOT_LICENSED")]
