"""Nobody reads what is not theirs: not by id, not at another portal, not signed out."""

from __future__ import annotations

from itertools import product

import msgspec
import pytest

from tests.resolvers.answers import codes
from tests.world import SCHEMA, World
from ventanilla.auth.actor import GUEST, Actor, Link
from ventanilla.backoffice_adapters.records import AccountRole
from ventanilla.resolvers.access import Scope
from ventanilla.resolvers.ids import Kind
from ventanilla.resolvers.nodes import KIND_OF, NOUN_OF
from ventanilla.schema.roles import declared_fields
from ventanilla.store.manager import OfficeChoice

pytestmark = pytest.mark.anyio

NODE = "query ($id: ID!) { node(id: $id) { __typename id } }"
KEYS = {
    Kind.ACCOUNT: "1",
    Kind.INVOICE: "B1",
    Kind.CHARGE: "C1",
    Kind.PAYMENT: "Q1",
    Kind.ACCRUAL: "NA1",
    Kind.PAYMENT_PLAN: "PA1",
    Kind.INSTALMENT: "IA1",
    Kind.METER: "MB1",
    Kind.METER_READING: "RA1",
    Kind.UTILITY_SETTLEMENT: "L1",
    Kind.COMMUNITY: "W1",
    Kind.NOTICE: "TA1",
}
"""What is the first account's; with a 2 for the 1 it is the second's."""


@pytest.fixture
async def ana(world: World) -> Actor:
    """Holds the first account of sur's water office; somebody of norte holds the same key there."""
    await world.person("sur", "ana@example.org", [("agua", "1")])
    await world.person("sur", "beto@example.org", [("agua", "2"), ("alquiler", "1")])
    await world.person("norte", "carla@example.org", [("agua", "1")])
    return await world.actor("sur", "ana@example.org")


def id_of(world: World, slug: str, kind: Kind, key: str, office: str = "agua") -> str:
    return world.context(slug).ids.column(kind, office, [key])[0]


def test_there_is_one_of_everything_that_has_an_id() -> None:
    assert {*KEYS} == {*NOUN_OF} == {*KIND_OF.values()}


@pytest.mark.parametrize("kind", KEYS)
async def test_ones_own_things_are_found_by_id(world: World, ana: Actor, kind: Kind) -> None:
    mine = id_of(world, "sur", kind, KEYS[kind])
    outcome = await world.ask("sur", NODE, ana, id=mine)
    assert outcome.errors == []
    assert outcome.data == {"node": {"__typename": kind.name.title().replace("_", ""), "id": mine}}


@pytest.mark.parametrize(
    ("kind", "who"), list(product(KEYS, ["another resident", "another office", "nobody", "missing"]))
)
async def test_anything_else_is_null_and_all_alike(world: World, ana: Actor, kind: Kind, who: str) -> None:
    theirs = {
        "another resident": id_of(world, "sur", kind, KEYS[kind].replace("1", "2")),
        "another office": id_of(world, "sur", kind, KEYS[kind], "alquiler"),
        "nobody": id_of(world, "sur", kind, KEYS[kind]),
        "missing": id_of(world, "sur", kind, KEYS[kind] + "99"),
    }[who]
    outcome = await world.ask("sur", NODE, GUEST if who == "nobody" else ana, id=theirs)
    assert (outcome.data, outcome.errors) == ({"node": None}, [])


@pytest.mark.parametrize("text", ["", "1", "QWNjb3VudDox", "zz", "0" * 32, "ż", "'; DROP TABLE account --"])
async def test_a_malformed_id_is_null_too(world: World, ana: Actor, text: str) -> None:
    outcome = await world.ask("sur", NODE, ana, id=text)
    assert (outcome.data, outcome.errors) == ({"node": None}, [])


@pytest.mark.parametrize("kind", KEYS)
async def test_an_id_of_another_portal_is_null(world: World, ana: Actor, kind: Kind) -> None:
    carla = await world.actor("norte", "carla@example.org")
    for slug, other, actor in (("norte", "sur", carla), ("sur", "norte", ana)):
        foreign = id_of(world, other, kind, KEYS[kind])
        outcome = await world.ask(slug, NODE, actor, id=foreign)
        assert (outcome.data, outcome.errors) == ({"node": None}, [])
    assert id_of(world, "sur", kind, KEYS[kind]) != id_of(world, "norte", kind, KEYS[kind])


@pytest.mark.parametrize("kind", KEYS)
async def test_an_office_that_is_gone_is_an_error_for_ones_own_things_and_hides_none(
    world: World, ana: Actor, kind: Kind
) -> None:
    gone = OfficeChoice(adapter="embedded", configuration={"database": "env:NOT_SET"})
    offices = {**world.managers["sur"].offices, "agua": gone}
    world.managers["sur"] = msgspec.structs.replace(world.managers["sur"], offices=offices)
    outcome = await world.ask("sur", NODE, ana, id=id_of(world, "sur", kind, KEYS[kind]))
    assert outcome.data == {"node": None}
    assert codes(outcome) == [("node", "BACK_OFFICE_UNAVAILABLE")]


async def test_account_by_id_takes_accounts_only(world: World, ana: Actor) -> None:
    query = "query ($id: ID!) { account(id: $id) { number } }"
    mine, invoice = id_of(world, "sur", Kind.ACCOUNT, "1"), id_of(world, "sur", Kind.INVOICE, "B1")
    assert (await world.ask("sur", query, ana, id=mine)).data == {"account": {"number": "sur-001"}}
    assert (await world.ask("sur", query, ana, id=invoice)).data == {"account": None}


async def test_several_ids_keep_their_order_and_cost_one_call_a_kind(world: World, ana: Actor) -> None:
    world.calls.clear()
    ids = [
        id_of(world, "sur", Kind.INVOICE, "B1"),
        "nonsense",
        id_of(world, "sur", Kind.ACCOUNT, "1"),
        id_of(world, "sur", Kind.INVOICE, "B2"),
        id_of(world, "sur", Kind.INVOICE, "D1"),
        id_of(world, "sur", Kind.ACCOUNT, "2"),
    ]
    query = "query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Invoice { number } ... on Account { number } } }"
    outcome = await world.ask("sur", query, ana, ids=ids)
    assert outcome.data == {
        "nodes": [{"number": "sur-B1"}, None, {"number": "sur-001"}, None, {"number": "sur-D1"}, None]
    }
    assert world.counted() == [("agua", "accounts", 1), ("agua", "invoices_by_key", 3)]


async def test_things_of_every_kind_cost_one_call_a_kind(world: World, ana: Actor) -> None:
    world.calls.clear()
    mine = [id_of(world, "sur", kind, key) for kind, key in KEYS.items()]
    theirs = [id_of(world, "sur", kind, key.replace("1", "2")) for kind, key in KEYS.items()]
    outcome = await world.ask("sur", "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }", ana, ids=[*theirs, *mine])
    assert outcome.errors == []
    assert outcome.data == {"nodes": [*([None] * len(theirs)), *({"id": each} for each in mine)]}
    assert [(method, subjects) for _, method, subjects in world.counted()] == [
        ("accounts", 1),
        ("accounts", 1),  # the caller's own, to ask for their communities
        ("accruals_by_key", 2),
        ("charges_by_key", 2),
        ("communities", 1),
        ("instalments_by_key", 2),
        ("invoices_by_key", 2),
        ("meter_readings_by_key", 2),
        ("meters_by_key", 2),
        ("notices_by_key", 2),
        ("payment_plans_by_key", 2),
        ("payments_by_key", 2),
        ("utility_settlements_by_key", 2),
    ]


async def test_more_than_a_hundred_ids_are_a_problem(world: World, ana: Actor) -> None:
    outcome = await world.ask("sur", "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }", ana, ids=["x"] * 101)
    assert "at most 100" in outcome.errors[0].message


async def test_a_link_to_an_account_that_is_gone_is_null_not_somebody_elses(world: World) -> None:
    ghost = Link(id=9, office="agua", account_key="404", number="404", role=AccountRole.HOLDER)
    actor = Actor(person_id="p", session_id="s", email="a@b.example", name="A", links=(ghost,))
    outcome = await world.ask("sur", "{ viewer { accounts { nodes { number } } } }", actor)
    assert (outcome.data, outcome.errors) == ({"viewer": {"accounts": {"nodes": [None]}}}, [])


async def test_nobody_signed_in_sees_the_portal_and_nothing_else(world: World) -> None:
    outcome = await world.ask("sur", "{ portal { name } viewer { name } }")
    assert (outcome.data, outcome.errors) == ({"portal": {"name": "Manager sur"}, "viewer": None}, [])


def test_every_field_under_an_account_asks_for_reach() -> None:
    """Who is let in elsewhere stands in `schema/ROLES.md`."""
    under = {each: declared.scope for each, declared in declared_fields(SCHEMA).items() if each.startswith("Account.")}
    assert len(under) > 10
    assert {*under.values()} == {Scope.REACH}
