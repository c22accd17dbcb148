"""What an office, a licence or a route decides about a field: absent, refused, or asked elsewhere."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from tests.books import book
from tests.resolvers.adapters import fewer
from tests.resolvers.answers import accounts, codes
from tests.world import World, manager, open_world
from ventanilla.backoffice_adapters.book import Book
from ventanilla.backoffice_adapters.records import Licence
from ventanilla.resolvers.access import DECLARED
from ventanilla.resolvers.ids import Kind
from ventanilla.resolvers.methods import CAPABILITY_OF, LICENCES_OF
from ventanilla.store.manager import MatchOn, OfficeChoice

pytestmark = pytest.mark.anyio

UTILITY = {
    "meters": "meters { totalCount nodes { id } }",
    "utilitySettlements": "utilitySettlements { totalCount nodes { id } }",
}
COMMUNITY = {"community": "community { id }", "shares": "unit { shares { owner } }"}
BILLING = {
    "accruals.list": ("accruals", "accruals { totalCount nodes { id } }"),
    "payment_plans.list": ("paymentPlans", "paymentPlans { totalCount nodes { id } }"),
    "interest.read": ("interestAccruals", "interestAccruals { totalCount nodes { until } }"),
    "enrolments.read": ("enrolments", "enrolments { kind }"),
    "buildings.read": ("unit.building", "unit { building { name } }"),
    "meters.list": ("meters", UTILITY["meters"]),
    "utility_settlements.list": ("utilitySettlements", UTILITY["utilitySettlements"]),
    "communities.read": ("community", COMMUNITY["community"]),
    "shares.read": ("unit.shares", COMMUNITY["shares"]),
}
AGUA = OfficeChoice(adapter="embedded")


@pytest.mark.parametrize("field", [*UTILITY.values(), *COMMUNITY.values()])
async def test_what_an_office_has_no_licence_for_is_null_and_nobody_is_asked(world: World, field: str) -> None:
    (found,), errors = await accounts(world, field, [("alquiler", "1")])
    assert errors == []
    assert found in ({field.partition(" ")[0]: None}, {"unit": {"shares": None}})
    assert world.counted() == [("alquiler", "accounts", 1)]


@pytest.mark.parametrize("path", [*UTILITY, *COMMUNITY])
async def test_what_the_manager_has_no_licence_for_is_told_beside_null(world: World, path: str) -> None:
    world.managers["sur"] = msgspec.structs.replace(world.managers["sur"], licences={Licence.RENT: "alquiler"})
    (found,), errors = await accounts(world, {**UTILITY, **COMMUNITY}[path], [("alquiler", "1")])
    dotted = "unit.shares" if path == "shares" else path
    assert found == ({"unit": {"shares": None}} if path == "shares" else {path: None})
    assert errors == [(f"viewer.accounts.nodes.0.{dotted}", "NOT_LICENSED")]
    assert world.counted() == [("alquiler", "accounts", 1)]


@pytest.mark.parametrize("capability", BILLING)
async def test_what_an_office_cannot_do_is_told_beside_null(tmp_path: Path, capability: str) -> None:
    path, field = BILLING[capability]
    whole = book("sur", Licence.UTILITY)
    empty = Book(currency="ARS", parties=whole.parties, units=whole.units, properties=whole.properties)
    empty = msgspec.structs.replace(empty, accounts=whole.accounts, buildings=whole.buildings)
    empty = msgspec.structs.replace(empty, communities=whole.communities)
    offices = {"agua": OfficeChoice(adapter="fewer"), "alquiler": AGUA}
    async with open_world(
        tmp_path, manager("sur", offices=offices), registry=fewer(capability), books={("sur", "agua"): empty}
    ) as world:
        nodes, errors = await accounts(world, field, [("agua", "1"), ("alquiler", "1")])
    # An account without anything of the kind is told as well that its office could not tell.
    top, _, inner = path.partition(".")
    assert nodes[0][top] == ({inner: None} if inner else None)
    assert errors == [(f"viewer.accounts.nodes.0.{path}", "NOT_SUPPORTED")]


async def test_readings_instalments_and_buildings_may_be_what_an_office_cannot_tell(tmp_path: Path) -> None:
    registry = fewer("meter_readings.list", "payment_plans.instalments", "communities.buildings")
    offices = {"agua": OfficeChoice(adapter="fewer"), "alquiler": AGUA}
    async with open_world(tmp_path, manager("sur", offices=offices), registry=registry) as world:
        field = (
            "meters(first: 1) { nodes { number readings { totalCount } } } community { name buildings { name } }"
            " paymentPlans(first: 1) { nodes { number instalmentCount instalments { position } } }"
        )
        (found,), errors = await accounts(world, field, [("agua", "1")])
    assert found == {
        "meters": {"nodes": [{"number": "AG-11", "readings": None}]},
        "community": {"name": "sur Consorcio 1", "buildings": None},
        "paymentPlans": {"nodes": [{"number": "PLAN-PB1", "instalmentCount": 3, "instalments": None}]},
    }
    assert errors == [
        ("viewer.accounts.nodes.0.community.buildings", "NOT_SUPPORTED"),
        ("viewer.accounts.nodes.0.meters.nodes.0.readings", "NOT_SUPPORTED"),
        ("viewer.accounts.nodes.0.paymentPlans.nodes.0.instalments", "NOT_SUPPORTED"),
    ]


async def test_an_invoice_that_cannot_be_read_leaves_its_plan_whole(tmp_path: Path) -> None:
    offices = {"agua": OfficeChoice(adapter="fewer"), "alquiler": AGUA}
    async with open_world(tmp_path, manager("sur", offices=offices), registry=fewer("invoices.read")) as world:
        field = "paymentPlans(last: 1) { nodes { number invoices { number } } }"
        (found,), errors = await accounts(world, field, [("agua", "1")])
    assert found == {"paymentPlans": {"nodes": [{"number": "PLAN-PA1", "invoices": [None]}]}}
    assert errors == [("viewer.accounts.nodes.0.paymentPlans.nodes.0.invoices.0", "NOT_SUPPORTED")]


def routed(world: World, match: MatchOn, **routing: str) -> None:
    """Let the rent office serve some of sur's capabilities (their dots written as two underscores)."""
    offices = {**world.managers["sur"].offices, "alquiler": OfficeChoice(adapter="embedded", match=match)}
    routes = {name.replace("__", "."): office for name, office in routing.items()}
    world.managers["sur"] = msgspec.structs.replace(world.managers["sur"], offices=offices, routing=routes)


async def test_at_its_home_office_an_account_keeps_its_key_whatever_others_are_matched_on(world: World) -> None:
    routed(world, MatchOn.NUMBER, payment_plans__list="alquiler")
    field = "source { name } paymentPlans { nodes { number account { number source { name } } } }"
    (away, home), errors = await accounts(world, field, [("agua", "1"), ("alquiler", "2")])
    assert errors == []
    assert away["paymentPlans"] is None
    assert [node["number"] for node in home["paymentPlans"]["nodes"]] == ["PLAN-PB2", "PLAN-PA2"]


async def test_a_routed_document_belongs_to_the_callers_own_account(world: World) -> None:
    routed(world, MatchOn.KEY, payment_plans__list="alquiler")
    field = "paymentPlans { nodes { id source { name } account { number source { name } } instalments { position } } }"
    (found,), errors = await accounts(world, field, [("agua", "1")])
    assert errors == []
    first = found["paymentPlans"]["nodes"][0]
    assert first["source"] == {"name": "alquiler"}
    assert first["account"] == {"number": "sur-001", "source": {"name": "agua"}}
    assert len(first["instalments"]) == 3
    again = await world.ask(
        "sur", "query ($id: ID!) { node(id: $id) { id } }", await world.actor("sur", "ana@example.org"), id=first["id"]
    )
    assert (again.data, again.errors) == ({"node": {"id": first["id"]}}, [])


async def test_a_route_serves_the_accounts_of_offices_without_the_licence(world: World) -> None:
    routed(world, MatchOn.KEY, meters__list="alquiler")
    (found,), errors = await accounts(
        world, "meters { totalCount nodes { readings { totalCount } } }", [("alquiler", "1")]
    )
    assert errors == []
    assert found["meters"]["nodes"][0]["readings"] == {"totalCount": 3}
    # To be a route's goal for one thing makes an office no goal for others.
    (found,), errors = await accounts_again(world, "utilitySettlements { totalCount }")
    assert (found, errors) == ({"utilitySettlements": None}, [])


async def accounts_again(world: World, field: str) -> tuple[list[dict[str, object]], list[tuple[str, str]]]:
    outcome = await world.ask(
        "sur", "{ viewer { accounts { nodes { %s } } } }" % field, await world.actor("sur", "ana@example.org")
    )
    assert outcome.data is not None
    return outcome.data["viewer"]["accounts"]["nodes"], codes(outcome)


def test_what_a_function_needs_follows_from_the_method_that_it_asks() -> None:
    needed = {(declared.capability, declared.licences) for declared in DECLARED.values() if declared.capability}
    assert needed <= {(CAPABILITY_OF[method], LICENCES_OF[method]) for method in CAPABILITY_OF}
    assert DECLARED["meter_readings.of_meters"].licences == {Licence.UTILITY}
    assert DECLARED["units.shares"].licences == {Licence.COMMUNITY}
    assert DECLARED["notices.of_viewers"].licences == {Licence.RENT, Licence.COMMUNITY, Licence.UTILITY}


async def test_a_route_for_one_thing_reaches_no_other_by_id(world: World) -> None:
    routed(world, MatchOn.KEY, meters__list="alquiler")
    await world.person("sur", "ana@example.org", [("agua", "1")])
    actor = await world.actor("sur", "ana@example.org")
    context = world.context("sur")
    for kind, key, reached in (
        (Kind.METER, "MB1", True),
        (Kind.METER_READING, "RA1", True),
        (Kind.INVOICE, "A1", False),
        (Kind.PAYMENT_PLAN, "PA1", False),
        (Kind.CHARGE, "C1", False),
        (Kind.METER, "MB2", False),
    ):
        (id,) = context.ids.column(kind, "alquiler", [key])
        outcome = await world.ask("sur", "query ($id: ID!) { node(id: $id) { id } }", actor, id=id)
        assert outcome.errors == []
        assert outcome.data == {"node": {"id": id} if reached else None}


async def test_whose_a_routed_document_is_cannot_be_told_while_the_home_office_is_gone(world: World) -> None:
    routed(world, MatchOn.KEY, payment_plans__list="alquiler")
    await world.person("sur", "ana@example.org", [("agua", "1")])
    actor = await world.actor("sur", "ana@example.org")
    gone = OfficeChoice(adapter="embedded", configuration={"database": "env:NOT_SET"})
    offices = {**world.managers["sur"].offices, "agua": gone}
    world.managers["sur"] = msgspec.structs.replace(world.managers["sur"], offices=offices)
    (id,) = world.context("sur").ids.column(Kind.PAYMENT_PLAN, "alquiler", ["PA1"])
    outcome = await world.ask("sur", "query ($id: ID!) { node(id: $id) { id } }", actor, id=id)
    assert outcome.data == {"node": None}
    assert codes(outcome) == [("node", "BACK_OFFICE_UNAVAILABLE")]
