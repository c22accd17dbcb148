"""What programs are told: what their scopes cover, within their person's reach, and nothing that changes."""

from __future__ import annotations

from typing import Any

import pytest
from graphql import GraphQLObjectType
from msgspec.structs import replace

from tests.resolvers.answers import codes
from tests.resolvers.test_reach import KEYS, NODE, id_of
from tests.world import World
from ventanilla.auth.actor import Actor
from ventanilla.auth.scopes import SCOPES
from ventanilla.execution.fields import DECLARATION
from ventanilla.resolvers import nodes, programs
from ventanilla.resolvers.access import DECLARED, declared_of, refusal
from ventanilla.resolvers.ids import Kind
from ventanilla.resolvers.methods import CAPABILITY_OF
from ventanilla.schema.schema import build, functions_of

pytestmark = pytest.mark.anyio
ALL = frozenset(SCOPES)
SCHEMA = build()


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
    assert programs.FREE.isdisjoint({declared.name for declared in mutations.values()})


async def test_what_is_open_to_programs_is_this(world: World) -> None:
    """Whoever adds a function decides here whether programs are told what it tells."""
    context = world.context("sur", Actor(person_id="ana", client_id="planilla", scopes=ALL))
    closed = {name for name, declared in DECLARED.items() if refusal(context, declared)}
    mutations = {declared.name for declared in roots(SCHEMA.mutation_type).values()}

    assert closed - mutations == {
        "account_links.people_of_accounts",
        "audit.of_accounts",
        "identities.of_viewers",
        "passkeys.of_viewers",
        "personal_data.of_viewers",
        "sessions.of_viewers",
    }


def test_every_noun_of_an_office_has_a_scope() -> None:
    nouns = {capability.partition(".")[0] for capability in CAPABILITY_OF.values()}
    assert nouns <= programs.READ_BY.keys()
    assert set(programs.READ_BY.values()) <= ALL
    assert set(programs.BY_NAME.values()) <= ALL


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


@pytest.mark.parametrize("kind", Kind)
async def test_things_by_id_need_the_scope_of_their_noun(world: World, kind: Kind) -> None:
    scope = programs.READ_BY[nodes.NOUN_OF[kind]]
    mine = id_of(world, "sur", kind, KEYS[kind])
    actor = await program(world, scope, "accounts:read")
    let_in = await world.ask("sur", NODE, actor, id=mine)
    kept_out = await world.ask("sur", NODE, replace(actor, scopes=ALL - {scope}), id=mine)

    assert (let_in.errors, let_in.data and let_in.data["node"]["id"]) == ([], mine)
    assert (kept_out.data, codes(kept_out)) == ({"node": None}, [("node", "FORBIDDEN")])


@pytest.mark.parametrize("kind", Kind)
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
    assert (nobody.code, str(nobody)) == ("FORBIDDEN", programs.FOR_NOBODY)


async def test_who_must_change_their_password_is_acted_for_no_more_than_they_act(world: World) -> None:
    actor = replace(await program(world, *SCOPES), must_change_password=True)
    outcome = await world.ask("sur", "{ viewer { accounts { totalCount } } }", actor)

    assert codes(outcome) == [("viewer.accounts", "FORBIDDEN")]
