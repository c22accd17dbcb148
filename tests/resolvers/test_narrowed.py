"""What is told to who asks in somebody's place: what their scopes cover, within the person's reach, and no change.

Which fields those are stands in `schema/ROLES.md`.
"""

from __future__ import annotations

from typing import Any

import pytest
from graphql import GraphQLObjectType
from msgspec.structs import replace

from tests.resolvers.answers import codes
from tests.resolvers.test_reach import KEYS, NODE, id_of
from tests.world import NOW, World
from ventanilla.auth.actor import Actor, Onlooker
from ventanilla.auth.scopes import SCOPES
from ventanilla.execution.fields import DECLARATION
from ventanilla.resolvers import narrowed, nodes
from ventanilla.resolvers.access import DECLARED, Scope, declared_of, refusal
from ventanilla.resolvers.ids import Kind
from ventanilla.schema.schema import build, functions_of

pytestmark = pytest.mark.anyio
ALL = frozenset(SCOPES)
FOR_STAFF = {Scope.STAFF, Scope.STAFF_ADMIN}
SCHEMA = build()
MIRTA = Onlooker(person_id="mirta", session_id="s", name="Mirta Sosa", until=NOW)


async def program(world: World, *scopes: str) -> Actor:
    """A program that asks on Ana's behalf."""
    await world.person("sur", "ana@example.org", [("agua", "1")])
    ana = await world.actor("sur", "ana@example.org")
    return replace(ana, session_id=None, client_id="planilla", scopes=frozenset(scopes))


def roots(kind: GraphQLObjectType | None) -> dict[str, Any]:
    """The declared function of each field of a root."""
    assert kind
    found = {name: functions_of(field.extensions[DECLARATION])[0] for name, field in kind.fields.items()}
    return {name: declared_of(function) for name, function in found.items()}


async def test_nothing_that_changes_anything_is_for_programs(world: World) -> None:
    context = world.context("sur", Actor(person_id="ana", client_id="planilla", scopes=ALL))
    mutations = roots(SCHEMA.mutation_type)
    told = {name: refusal(context, declared) for name, declared in mutations.items()}

    assert len(told) > 10
    assert {name for name, problem in told.items() if problem is None or problem.code != "FORBIDDEN"} == set()
    assert str(told["signOut"]) == "The token lacks the scope `sessions`, which is given to no program."
    assert narrowed.FREE.isdisjoint({declared.name for declared in mutations.values()})


@pytest.mark.parametrize("name", sorted(DECLARED))
async def test_who_sees_as_a_customer_is_told_what_programs_are(world: World, name: str) -> None:
    """Whatever function it is, and whoever adds it: beside that, they may only end it."""
    declared = DECLARED[name]
    program = refusal(world.context("sur", Actor(person_id="ana", client_id="planilla", scopes=ALL)), declared)
    seeing = refusal(world.context("sur", Actor(person_id="ana", seen_by=MIRTA)), declared)

    assert (seeing is None) == (program is None or name in narrowed.ENDING)
    assert seeing is None or (seeing.code, seeing.reason) == ("FORBIDDEN", "SEEING")


def test_every_noun_of_an_office_that_customers_ask_has_a_scope() -> None:
    capabilities = {each.capability for each in DECLARED.values() if each.capability and each.scope not in FOR_STAFF}
    assert {capability.partition(".")[0] for capability in capabilities} <= narrowed.READ_BY.keys()
    assert set(narrowed.READ_BY.values()) <= ALL
    assert set(narrowed.BY_NAME.values()) <= ALL


async def test_a_program_is_told_what_its_scopes_cover(world: World) -> None:
    actor = await program(world, "accounts:read", "invoices:read")
    mine = id_of(world, "sur", Kind.ACCOUNT, "1")
    query = "query ($id: ID!) { account(id: $id) { title balance { side } invoices { nodes { number } } } }"
    outcome = await world.ask("sur", query, actor, id=mine)

    assert outcome.errors == []
    assert outcome.data
    assert outcome.data["account"]["invoices"]["nodes"]


async def test_it_is_told_which_scope_it_lacks(world: World) -> None:
    actor = await program(world, "accounts:read")
    mine = id_of(world, "sur", Kind.ACCOUNT, "1")
    query = "query ($id: ID!) { account(id: $id) { title invoices { nodes { number } } payments { totalCount } } }"
    outcome = await world.ask("sur", query, actor, id=mine)

    assert outcome.data
    assert outcome.data["account"]["title"]
    assert codes(outcome) == [("account.invoices", "FORBIDDEN"), ("account.payments", "FORBIDDEN")]
    assert {error.message for error in outcome.errors} == {
        "The token lacks the scope `invoices:read`.",
        "The token lacks the scope `payments:read`.",
    }


async def test_a_scope_that_there_is_no_more_opens_nothing(world: World) -> None:
    actor = await program(world, "sessions", "accounts:write")
    outcome = await world.ask("sur", "{ viewer { sessions { id } } }", actor)

    assert codes(outcome) == [("viewer.sessions", "FORBIDDEN")]


async def test_a_name_is_told_with_its_scope_alone(world: World) -> None:
    actor = await program(world, "accounts:read")
    refused = await world.ask("sur", "{ viewer { name } }", actor)
    told = await world.ask("sur", "{ viewer { name email } }", replace(actor, scopes=frozenset({"profile:read"})))
    without = await world.ask("sur", "{ viewer { accounts { totalCount } } }", actor)

    assert (refused.data, codes(refused)) == ({"viewer": None}, [("viewer.name", "FORBIDDEN")])
    assert told.data == {"viewer": {"name": "Ana Paz", "email": "ana@example.org"}}
    assert without.data == {"viewer": {"accounts": {"totalCount": 1}}}


@pytest.mark.parametrize("kind", nodes.NOUN_OF)
async def test_things_by_id_need_the_scope_of_their_noun(world: World, kind: Kind) -> None:
    scope = narrowed.READ_BY[nodes.NOUN_OF[kind]]
    mine = id_of(world, "sur", kind, KEYS[kind])
    actor = await program(world, scope, "accounts:read")
    let_in = await world.ask("sur", NODE, actor, id=mine)
    kept_out = await world.ask("sur", NODE, replace(actor, scopes=ALL - {scope}), id=mine)

    assert (let_in.errors, let_in.data and let_in.data["node"]["id"]) == ([], mine)
    assert (kept_out.data, codes(kept_out)) == ({"node": None}, [("node", "FORBIDDEN")])


@pytest.mark.parametrize("kind", nodes.NOUN_OF)
async def test_a_program_reaches_no_more_than_its_person(world: World, kind: Kind) -> None:
    theirs = id_of(world, "sur", kind, KEYS[kind].replace("1", "2"))
    outcome = await world.ask("sur", NODE, await program(world, *SCOPES), id=theirs)

    assert outcome.data == {"node": None}


async def test_a_program_of_nobody_is_told_of_the_portal_alone(world: World) -> None:
    actor = Actor(client_id="planilla", scopes=ALL)
    mine = id_of(world, "sur", Kind.ACCOUNT, "1")
    outcome = await world.ask(
        "sur", "query ($id: ID!) { portal { name } viewer { name } node(id: $id) { id } }", actor, id=mine
    )
    nobody = refusal(world.context("sur", actor), DECLARED["invoices.of_accounts"])

    assert outcome.data == {"portal": {"name": "Manager sur"}, "viewer": None, "node": None}
    assert nobody
    assert (nobody.code, str(nobody)) == ("FORBIDDEN", narrowed.FOR_NOBODY)


async def test_who_must_change_their_password_is_acted_for_no_more_than_they_act(world: World) -> None:
    actor = replace(await program(world, *SCOPES), must_change_password=True)
    outcome = await world.ask("sur", "{ viewer { accounts { totalCount } } }", actor)

    assert codes(outcome) == [("viewer.accounts", "FORBIDDEN")]
