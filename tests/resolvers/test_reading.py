"""What a person reads of their accounts, down to the office and back."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests.resolvers.answers import codes, first
from tests.world import World, book, manager, open_world
from ventanilla.backoffice_adapters.contract import FaultCode
from ventanilla.backoffice_adapters.records import Licence
from ventanilla.store.manager import MatchOn, OfficeChoice

pytestmark = pytest.mark.anyio

HOME = (Path(__file__).parents[2] / "examples" / "queries" / "home.graphql").read_text(encoding="utf-8")


async def test_the_home_query_asks_each_office_once_a_level(world: World) -> None:
    await world.person("sur", "ana@example.org", [("agua", "1"), ("agua", "2"), ("alquiler", "1")])
    actor = await world.actor("sur", "ana@example.org")
    world.calls.clear()
    outcome = await world.ask("sur", HOME, actor)
    assert outcome.errors == []
    asked = world.counted()
    # Invoices twice: those that are pending, and those that bear interest.
    repeated = {
        (name, times) for name, times in Counter((office, method) for office, method, _ in asked).items() if times > 1
    }
    assert repeated == {(("agua", "invoices"), 2), (("alquiler", "invoices"), 2)}
    of_accounts = {"accounts", "accruals", "balances", "charges", "enrolments", "invoices", "payment_plans", "payments"}
    subjects = {(office, method): subjects for office, method, subjects in asked}
    assert {subjects["agua", method] for method in of_accounts} == {2}
    assert {subjects["alquiler", method] for method in of_accounts} == {1}
    assert subjects["agua", "notices"] == subjects["alquiler", "notices"] == 1
    rent = {method for office, method in subjects if office == "alquiler"}
    assert not rent & {"communities", "meters", "ownership_shares", "utility_settlements"}


async def test_a_hundred_accounts_cost_no_more_calls_than_one(tmp_path: Path) -> None:

    async with open_world(
        tmp_path, manager("sur"), books={("sur", "agua"): book("sur", Licence.UTILITY, 100)}
    ) as world:
        await world.person("sur", "rico@example.org", [("agua", str(key + 1)) for key in range(100)])
        actor = await world.actor("sur", "rico@example.org")
        world.calls.clear()
        lines = "lines { amount { amount } } allocations { payment { id allocations { invoice { number } } } }"
        account = "id balance { side } invoices(first: 4) { totalCount nodes { id %s } }" % lines
        query = "{ viewer { accounts(first: 100) { nodes { %s } } } }" % account
        outcome = await world.ask("sur", query, actor)
        assert outcome.errors == []
        assert outcome.data is not None
        assert len(outcome.data["viewer"]["accounts"]["nodes"]) == 100
        assert [(method, subjects) for _, method, subjects in world.counted()] == [
            ("accounts", 100),
            ("balances", 100),
            ("invoice_allocations", 400),
            ("invoice_lines", 400),
            ("invoices", 100),
            ("invoices", 100),
            ("invoices_by_key", 200),
            ("payment_allocations", 200),
            ("payments_by_key", 200),
        ]


async def test_an_account_tells_what_it_is(world: World) -> None:
    found = await first(
        world,
        "number licence status title currency holder { name kind documentNumber } unit { label kind areaM2 }"
        " property { name address { lines locality postalCode country } geo { latitude longitude } }"
        " asOf stale source { name }",
    )
    assert found == {
        "number": "sur-001",
        "licence": "UTILITY",
        "status": "ACTIVE",
        "title": "Agua",
        "currency": "ARS",
        "holder": {"name": "sur Pérez 1", "kind": "PERSON", "documentNumber": "sur-1"},
        "unit": {"label": "1 B", "kind": "FLAT", "areaM2": "54.30"},
        "property": {
            "name": "sur House",
            "address": {"lines": ["Mitre 12"], "locality": "Junín", "postalCode": "B6000", "country": "AR"},
            "geo": {"latitude": -34.5, "longitude": -60.9},
        },
        "asOf": "2026-11-15T12:00:00+00:00",
        "stale": False,
        "source": {"name": "agua"},
    }


async def test_a_balance_adds_up_by_the_due_dates_in_force(world: World) -> None:
    found = await first(
        world,
        "balance { amount { amount currency } side overdue { amount { amount } oldestDueOn documentCount }"
        " nextDue { dueOn amount { amount } invoice { number } } stale }",
    )
    # B 200 - 50, D past its first date so with surcharge 315, E 400, less 10 unallocated of payment Q.
    assert found["balance"] == {
        "amount": {"amount": "855.00", "currency": "ARS"},
        "side": "DEBT",
        "overdue": {"amount": {"amount": "465.00"}, "oldestDueOn": "2026-10-10", "documentCount": 2},
        "nextDue": [{"dueOn": "2026-12-10", "amount": {"amount": "400.00"}, "invoice": {"number": "sur-E1"}}],
        "stale": False,
    }


async def test_invoices_tell_state_amounts_lines_and_what_settled_them(world: World) -> None:
    found = await first(
        world,
        "invoices(order: DUE_ON_ASC) { nodes { number status overdue dueOn"
        " total { amount } paid { amount } open { amount }"
        " dueDates { dueOn amount { amount } } lines { position description amount { amount } }"
        " allocations { amount { amount } allocatedOn payment { method unallocated { amount } } }"
        " account { number } } }",
    )
    nodes = found["invoices"]["nodes"]
    assert [(node["number"], node["status"], node["overdue"]) for node in nodes] == [
        ("sur-A1", "PAID", False),
        ("sur-B1", "PARTIALLY_PAID", True),
        ("sur-D1", "ISSUED", True),
        ("sur-E1", "ISSUED", False),
    ]
    assert [(node["total"]["amount"], node["paid"]["amount"], node["open"]["amount"]) for node in nodes] == [
        ("100.00", "100.00", "0.00"),
        ("200.00", "50.00", "150.00"),
        ("300.00", "0.00", "315.00"),
        ("400.00", "0.00", "400.00"),
    ]
    assert nodes[2]["dueDates"] == [
        {"dueOn": "2026-11-10", "amount": {"amount": "300.00"}},
        {"dueOn": "2026-11-25", "amount": {"amount": "315.00"}},
    ]
    assert [line["amount"]["amount"] for line in nodes[1]["lines"]] == ["199.00", "1.00"]
    assert nodes[1]["allocations"] == [
        {
            "amount": {"amount": "50.00"},
            "allocatedOn": "2026-10-12",
            "payment": {"method": "Transferencia", "unallocated": {"amount": "10.00"}},
        }
    ]
    assert nodes[0]["account"] == {"number": "sur-001"}


@pytest.mark.parametrize(
    ("where", "numbers"),
    [
        ("{status: [OVERDUE]}", ["sur-D1", "sur-B1"]),
        ("{status: [OPEN, PARTIALLY_PAID]}", ["sur-E1", "sur-D1", "sur-B1"]),
        ("{status: [PAID]}", ["sur-A1"]),
        ('{issuedFrom: "2026-10-01", issuedTo: "2026-11-30"}', ["sur-D1", "sur-B1"]),
        ('{dueFrom: "2026-11-10"}', ["sur-E1", "sur-D1"]),
        ('{number: "sur-B1"}', ["sur-B1"]),
        ('{number: "sur-B"}', []),
        ("null", ["sur-E1", "sur-D1", "sur-B1", "sur-A1"]),
        ("{status: null, number: null, dueFrom: null}, first: null", ["sur-E1", "sur-D1", "sur-B1", "sur-A1"]),
    ],
)
async def test_invoices_are_filtered(world: World, where: str, numbers: list[str]) -> None:
    found = await first(world, f"invoices(filter: {where}) {{ totalCount nodes {{ number }} }}")
    assert [node["number"] for node in found["invoices"]["nodes"]] == numbers
    assert found["invoices"]["totalCount"] == len(numbers)


async def test_charges_and_payments(world: World) -> None:
    found = await first(
        world,
        'charges(filter: {status: [PENDING], chargedFrom: "2026-11-01"})'
        " { nodes { description chargedOn status amount { amount } } }"
        ' payments(filter: {paidTo: "2026-09-01"}) { nodes { paidAt status method amount { amount } } }',
    )
    assert found["charges"]["nodes"] == [
        {"description": "Reconexión", "chargedOn": "2026-11-02", "status": "PENDING", "amount": {"amount": "50.00"}}
    ]
    assert found["payments"]["nodes"] == [
        {
            "paidAt": "2026-08-09T10:00:00+00:00",
            "status": "CONFIRMED",
            "method": "Transferencia",
            "amount": {"amount": "100.00"},
        }
    ]


async def test_a_connection_is_walked_forwards_and_backwards(world: World) -> None:
    await world.person("sur", "ana@example.org", [("agua", "1")])
    actor = await world.actor("sur", "ana@example.org")
    query = (
        "query ($first: Int, $after: String, $last: Int, $before: String) { viewer { defaultAccount {"
        " invoices(first: $first, after: $after, last: $last, before: $before, order: DUE_ON_ASC)"
        " { edges { cursor node { number } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } } } }"
    )

    async def part(**variables: Any) -> tuple[list[str], dict[str, Any]]:
        outcome = await world.ask("sur", query, actor, **variables)
        assert outcome.errors == []
        assert outcome.data is not None
        found = outcome.data["viewer"]["defaultAccount"]["invoices"]
        assert found["pageInfo"]["startCursor"] == found["edges"][0]["cursor"]
        return [edge["node"]["number"] for edge in found["edges"]], found["pageInfo"]

    numbers, page = await part(first=3)
    assert numbers == ["sur-A1", "sur-B1", "sur-D1"]
    assert (page["hasNextPage"], page["hasPreviousPage"]) == (True, False)
    numbers, page = await part(first=3, after=page["endCursor"])
    assert numbers == ["sur-E1"]
    assert (page["hasNextPage"], page["hasPreviousPage"]) == (False, True)
    numbers, page = await part(last=2, before=page["startCursor"])
    assert numbers == ["sur-B1", "sur-D1"]
    assert (page["hasNextPage"], page["hasPreviousPage"]) == (True, True)
    numbers, page = await part(last=4)
    assert numbers == ["sur-A1", "sur-B1", "sur-D1", "sur-E1"]
    assert (page["hasNextPage"], page["hasPreviousPage"]) == (False, False)


async def test_a_page_is_as_long_as_the_context_allows(world: World) -> None:
    await world.person("sur", "ana@example.org", [("agua", "1")])
    context = world.context("sur", await world.actor("sur", "ana@example.org"))
    context.most_page = 2
    lists = "two: invoices(first: 2) { nodes { id } } three: invoices(last: 3) { nodes { id } }"
    query = f"{{ viewer {{ defaultAccount {{ {lists} }} }} }}"
    outcome = await world.run(context, query)
    assert outcome.data is not None
    account = outcome.data["viewer"]["defaultAccount"]
    assert (len(account["two"]["nodes"]), account["three"]) == (2, None)
    assert "`last` is from 1 to 2; it was 3" in outcome.errors[0].message


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ("first: 0", "from 1 to 100"),
        ("first: 101", "from 1 to 100"),
        ("last: -1", "from 1 to 100"),
        ("first: 1, last: 1", "to go backwards"),
        ('after: "nonsense"', "is not a cursor"),
        ('first: 1, before: "x"', "to go backwards"),
    ],
)
async def test_wrong_paging_is_a_typed_problem_of_that_field(world: World, arguments: str, words: str) -> None:
    await world.person("sur", "ana@example.org", [("agua", "1")])
    actor = await world.actor("sur", "ana@example.org")
    outcome = await world.ask(
        "sur", "{ viewer { defaultAccount { number invoices(%s) { nodes { id } } } } }" % arguments, actor
    )
    assert outcome.data == {"viewer": {"defaultAccount": {"number": "sur-001", "invoices": None}}}
    assert codes(outcome) == [("viewer.defaultAccount.invoices", "INVALID_ARGUMENT")]
    assert words in outcome.errors[0].message


async def test_accounts_are_paged_and_searched(world: World) -> None:
    links = [("agua", "1"), ("agua", "2"), ("agua", "3"), ("alquiler", "1")]
    await world.person("sur", "ana@example.org", links)
    actor = await world.actor("sur", "ana@example.org")
    query = (
        "query ($first: Int, $after: String, $last: Int, $number: String) { viewer {"
        " accounts(first: $first, after: $after, last: $last, number: $number)"
        " { totalCount edges { cursor role isDefault node { number source { name } } }"
        " pageInfo { hasNextPage endCursor } } } }"
    )

    async def part(**variables: Any) -> dict[str, Any]:
        outcome = await world.ask("sur", query, actor, **variables)
        assert outcome.errors == []
        assert outcome.data is not None
        return outcome.data["viewer"]["accounts"]

    found = await part(first=3)
    assert found["totalCount"] == 4
    assert [edge["isDefault"] for edge in found["edges"]] == [True, False, False]
    assert found["edges"][0]["role"] == "HOLDER"
    rest = await part(first=3, after=found["pageInfo"]["endCursor"])
    assert [edge["node"] for edge in rest["edges"]] == [{"number": "sur-001", "source": {"name": "alquiler"}}]
    assert rest["pageInfo"]["hasNextPage"] is False
    assert [edge["node"]["number"] for edge in (await part(last=2))["edges"]] == ["sur-003", "sur-001"]
    assert [edge["node"]["number"] for edge in (await part(number="SUR 003"))["edges"]] == ["sur-003"]


async def test_an_office_that_is_gone_leaves_the_rest_whole(world: World) -> None:
    await world.person("sur", "ana@example.org", [("agua", "1"), ("alquiler", "1")])
    actor = await world.actor("sur", "ana@example.org")
    offices = {
        **world.managers["sur"].offices,
        "agua": OfficeChoice(adapter="embedded", configuration={"database": "env:NOT_SET"}),
    }
    world.managers["sur"] = msgspec.structs.replace(world.managers["sur"], offices=offices)
    query = "{ portal { name } viewer { accounts { totalCount nodes { number balance { side } } } } }"
    outcome = await world.ask("sur", query, actor)
    assert outcome.data == {
        "portal": {"name": "Manager sur"},
        "viewer": {"accounts": {"totalCount": 2, "nodes": [None, {"number": "sur-001", "balance": {"side": "DEBT"}}]}},
    }
    assert codes(outcome) == [("viewer.accounts.nodes.0", "BACK_OFFICE_UNAVAILABLE")]
    assert "NOT_SET" not in outcome.errors[0].message
    assert {call.fault for call in world.calls if call.office == "agua"} <= {None, FaultCode.UNAVAILABLE}


async def test_a_licence_that_is_not_held_is_told_beside_null(world: World) -> None:
    await world.person("sur", "ana@example.org", [("agua", "1"), ("alquiler", "1")])
    actor = await world.actor("sur", "ana@example.org")
    world.managers["sur"] = msgspec.structs.replace(world.managers["sur"], licences={Licence.RENT: "alquiler"})
    outcome = await world.ask("sur", "{ viewer { accounts { nodes { number } } } }", actor)
    assert outcome.data == {"viewer": {"accounts": {"nodes": [None, {"number": "sur-001"}]}}}
    assert codes(outcome) == [("viewer.accounts.nodes.0", "NOT_LICENSED")]


async def test_a_capability_may_be_served_by_another_office(world: World) -> None:
    await world.person("sur", "ana@example.org", [("agua", "1")])
    actor = await world.actor("sur", "ana@example.org")
    offices = {**world.managers["sur"].offices, "alquiler": OfficeChoice(adapter="embedded", match=MatchOn.DOCUMENT)}
    routed = {"routing": {"charges.list": "alquiler"}}
    query = "{ viewer { defaultAccount { invoices { nodes { source { name } } } charges { nodes { id } } } } }"
    world.managers["sur"] = msgspec.structs.replace(world.managers["sur"], offices=offices, **routed)
    outcome = await world.ask("sur", query, actor)
    assert outcome.data is not None
    # By document "sur-1", which is no key of the other office: it knows no such account.
    assert outcome.data["viewer"]["defaultAccount"]["charges"] is None
    offices["alquiler"] = OfficeChoice(adapter="embedded", match=MatchOn.KEY)
    world.managers["sur"] = msgspec.structs.replace(world.managers["sur"], offices=offices, **routed)
    outcome = await world.ask("sur", query, actor)
    assert outcome.errors == []
    assert outcome.data is not None
    found = outcome.data["viewer"]["defaultAccount"]
    assert {node["source"]["name"] for node in found["invoices"]["nodes"]} == {"agua"}
    charge = found["charges"]["nodes"][0]["id"]
    again = await world.ask(
        "sur", "query ($id: ID!) { node(id: $id) { ... on Charge { source { name } } } }", actor, id=charge
    )
    assert again.data == {"node": {"source": {"name": "alquiler"}}}
    world.calls.clear()
    several = await world.ask("sur", "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }", actor, ids=[charge] * 3)
    assert several.data == {"nodes": [{"id": charge}] * 3}
    assert world.counted() == [("agua", "accounts", 1), ("alquiler", "charges_by_key", 3)]


async def test_a_number_that_nobody_prints_is_refused(world: World) -> None:
    await world.person("sur", "ana@example.org", [("agua", "1")])
    actor = await world.actor("sur", "ana@example.org")
    query = "query ($number: String) { viewer { accounts(number: $number) { totalCount } } }"
    assert (await world.ask("sur", query, actor, number="-" * 256)).data == {"viewer": {"accounts": {"totalCount": 1}}}
    refused = await world.ask("sur", query, actor, number="-" * 257)
    assert [error.extensions["code"] for error in refused.errors] == ["INVALID_ARGUMENT"]
