"""What a program of the manager's own is told: whosever it is, what its scopes open, and nothing else."""

from __future__ import annotations

from typing import Any

import pytest

from tests.everybody import ALL, everybody
from tests.resolvers.answers import codes
from tests.resolvers.test_exports import PROGRAM, query
from tests.resolvers.test_reach import KEYS, NODE, id_of
from tests.world import World
from ventanilla.auth.actor import Actor
from ventanilla.auth.scopes import EXPORTS
from ventanilla.resolvers import narrowed
from ventanilla.resolvers.access import DECLARED, FOR_EXPORTS, Scope
from ventanilla.resolvers.ids import Kind
from ventanilla.schema.roles import Asker

pytestmark = pytest.mark.anyio
ACCOUNT = "account { number title status }"
OPENED = {
    "accounts:export": (
        "accounts",
        "number holder { name documentNumber phone } unit { label } property { address { lines } } balance { side }",
    ),
    "invoices:export": (
        "invoices",
        "number lines { amount { amount } } allocations { amount { amount } invoice { number } } " + ACCOUNT,
    ),
    "charges:export": ("charges", "description invoice { number account { number } } " + ACCOUNT),
    "payments:export": (
        "payments",
        "method allocations { allocatedOn invoice { number } payment { method } } " + ACCOUNT,
    ),
    "readings:export": ("meterReadings", "readOn meter { number registers { key } " + ACCOUNT + " }"),
}
"""Each scope, and what it opens."""
CLOSED = {
    "invoices": [
        ("accounts:export", "account { holder { name } }", "account"),
        ("accounts:export", "account { unit { label } }", "account.unit"),
        ("accounts:export", "account { property { name } }", "account.property"),
        ("accounts:export", "account { balance { side } }", "account.balance"),
        ("payments:export", "allocations { payment { method } }", "allocations.0.payment"),
        (None, "account { invoices { totalCount } }", "account.invoices"),
        (None, "account { people { name } }", "account"),
        (None, "account { audit { totalCount } }", "account.audit"),
        (None, "account { unit { shares { owner } } }", "account.unit.shares"),
        (None, "account { community { name } }", "account.community"),
        (None, "document { url }", "document"),
        (None, "lateInterest { until }", "lateInterest"),
    ],
    "payments": [
        ("invoices:export", "allocations { invoice { lines { position } } }", "allocations.0.invoice.lines"),
        (
            "invoices:export",
            "allocations { invoice { allocations { allocatedOn } } }",
            "allocations.0.invoice.allocations",
        ),
        (None, "receipt { url }", "receipt"),
    ],
    "charges": [("accounts:export", "account { holder { name } }", "account")],
    "meterReadings": [
        ("accounts:export", "meter { account { holder { name } } }", "meter.account"),
        (None, "meter { readings { totalCount } }", "meter.readings"),
        (None, "meter { replaces { number } }", "meter.replaces"),
    ],
    "accounts": [
        (None, "payments { totalCount }", "payments"),
        (None, "balance { nextDue { invoice { number } } }", "balance.nextDue.0.invoice"),
        (None, "enrolments { kind }", "enrolments"),
    ],
}
"""What hangs on each noun and is closed without a scope, or with all of them (None): path of the first error."""


def program(*scopes: str) -> Actor:
    return Actor(client_id="contabilidad", scopes=frozenset(scopes))


def export_of(noun: str, fields: str) -> str:
    return "{ export { %s(first: 1000) { nodes { %s } } } }" % (noun, fields)


async def test_a_scope_opens_its_noun_and_what_hangs_on_it(world: World) -> None:
    assert OPENED.keys() == EXPORTS
    for scope, (noun, fields) in OPENED.items():
        outcome = await world.ask("sur", export_of(noun, fields), program(scope))
        assert (scope, outcome.errors) == (scope, [])
        assert outcome.data
        nodes: list[dict[str, Any]] = outcome.data["export"][noun]["nodes"]
        assert nodes
        assert all(node["account"] for node in nodes if "account" in node)


@pytest.mark.parametrize("scope", OPENED)
async def test_a_scope_opens_no_other_noun(world: World, scope: str) -> None:
    for other, (noun, _) in OPENED.items():
        outcome = await world.ask("sur", export_of(noun, "id"), program(scope))
        lacking = [] if other == scope else [f"The token lacks the scope `{other}`."]
        assert [error.message for error in outcome.errors] == lacking
        assert outcome.data
        assert bool(outcome.data["export"][noun]) is not bool(lacking)
        without = await world.ask("sur", export_of(noun, "id"), program(*(ALL - {other})))
        assert codes(without) == [(f"export.{noun}", "FORBIDDEN")]


@pytest.mark.parametrize(
    ("noun", "scope", "fields", "path"), [(noun, *case) for noun, cases in CLOSED.items() for case in cases]
)
async def test_what_hangs_on_it_needs_a_scope_of_its_own_or_is_closed(
    world: World, noun: str, scope: str | None, fields: str, path: str
) -> None:
    text = export_of(noun, fields)
    outcome = await world.ask("sur", text, program(*(ALL - {scope})))
    found = codes(outcome)
    assert {code for _, code in found} == {"FORBIDDEN"}
    told = {place.partition(".nodes.")[2].partition(".")[2] for place, _ in found}
    assert {place.removesuffix(".holder").removesuffix(".people") for place in told} == {path}
    if scope:
        assert {error.message for error in outcome.errors} == {f"The token lacks the scope `{scope}`."}
        assert codes(await world.ask("sur", text, PROGRAM)) == []


async def test_everything_but_exports_is_closed_to_it(world: World) -> None:
    mine = id_of(world, "sur", Kind.ACCOUNT, "1")
    text = "query ($id: ID!) { portal { name } viewer { name } account(id: $id) { number } staff { __typename } }"
    outcome = await world.ask("sur", text, PROGRAM, id=mine)
    assert outcome.data == {"portal": {"name": "Manager sur"}, "viewer": None, "account": None, "staff": None}
    assert codes(outcome) == [("staff", "FORBIDDEN")]


@pytest.mark.parametrize("kind", KEYS)
async def test_an_id_leads_it_nowhere(world: World, kind: Kind) -> None:
    outcome = await world.ask("sur", NODE, PROGRAM, id=id_of(world, "sur", kind, KEYS[kind]))
    assert (outcome.data, outcome.errors) == ({"node": None}, [])


async def test_nothing_of_another_manager_is_told(world: World) -> None:
    told: dict[str, set[str]] = {}
    for slug in ("sur", "norte"):
        for noun in ("accounts", "invoices", "payments", "charges", "meterReadings"):
            outcome = await world.ask(slug, export_of(noun, "id"), PROGRAM)
            assert outcome.data
            told.setdefault(slug, set()).update(node["id"] for node in outcome.data["export"][noun]["nodes"])
        numbers = await world.ask(slug, export_of("invoices", "number account { number }"), PROGRAM)
        assert numbers.data
        for node in numbers.data["export"]["invoices"]["nodes"]:
            assert node["number"].startswith(slug)
            assert node["account"]["number"].startswith(slug)
    assert len(told["sur"]) == len(told["norte"]) > 50
    assert not told["sur"] & told["norte"]


async def test_exports_are_for_nobody_else(world: World) -> None:
    for asker, actor in (await everybody(world)).items():
        outcome = await world.ask("sur", query("invoices"), actor, first=1, after=None)
        found = [
            (path, code, error.message) for (path, code), error in zip(codes(outcome), outcome.errors, strict=True)
        ]
        match asker:
            case Asker.PROGRAM_OF_MANAGER:
                assert found == []
            case Asker.GUEST:
                assert found[0][:2] == ("export", "UNAUTHENTICATED")
            case Asker.ONLOOKER:
                assert found == [("export", "FORBIDDEN", narrowed.FOR_THEMSELVES)]
            case _:
                assert found == [("export", "FORBIDDEN", FOR_EXPORTS)]


async def test_a_program_of_a_person_exports_nothing_whatever_its_token_says(world: World) -> None:
    actor = (await everybody(world))[Asker.PROGRAM]
    assert actor.scopes >= EXPORTS
    outcome = await world.ask("sur", "{ export { __typename } viewer { accounts { nodes { number } } } }", actor)
    assert outcome.data == {"export": None, "viewer": {"accounts": {"nodes": [{"number": "sur-001"}]}}}
    assert codes(outcome) == [("export", "FORBIDDEN")]


async def test_a_program_without_any_scope_of_exports_is_told_which_it_lacks(world: World) -> None:
    outcome = await world.ask("sur", export_of("invoices", "id"), program("invoices:read"))
    assert outcome.data == {"export": {"invoices": None}}
    assert [error.message for error in outcome.errors] == ["The token lacks the scope `invoices:export`."]


async def test_it_is_told_why_by_the_same_rules(world: World) -> None:
    asked = [
        "Query.export",
        "Export.invoices",
        "Invoice.lines",
        "Invoice.account",
        "Export.payments",
        "Account.invoices",
    ]
    text = "query ($asked: [String!]!) { explainAccess(coordinates: $asked) { answer reasons { code message } } }"
    outcome = await world.ask("sur", text, program("invoices:export"), asked=asked)
    assert outcome.data
    told = [(each["answer"], [reason["code"] for reason in each["reasons"]]) for each in outcome.data["explainAccess"]]
    assert told == [("YES", []), ("YES", []), ("YES", []), ("YES", []), ("NO", ["SCOPE"]), ("NO", ["SCOPE"])]
    (lacking,) = outcome.data["explainAccess"][4]["reasons"]
    assert "`payments:export`" in lacking["message"]


def test_what_it_is_told_is_a_table_of_functions_that_there_are() -> None:
    assert narrowed.EXPORTED.keys() <= DECLARED.keys()
    assert {scope for scopes in narrowed.EXPORTED.values() for scope in scopes} == EXPORTS
    exporting = {name for name, declared in DECLARED.items() if declared.scope is Scope.EXPORT}
    assert exporting - {"exports.export"} == {name for name in narrowed.EXPORTED if name.startswith("exports.")}
