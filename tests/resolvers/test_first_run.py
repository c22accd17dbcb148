"""Who has no account yet may link one and look after what is their own; all else is not there for them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.resolvers.test_narrowed import SCHEMA, roots
from tests.resolvers.test_reach import id_of
from tests.till import Till, paid_manager, platforms
from tests.world import NOW, World, open_world
from ventanilla.auth.mandates import Mandate, MandateRole, grant
from ventanilla.resolvers.access import Scope
from ventanilla.resolvers.ids import Kind

pytestmark = pytest.mark.anyio

NOBODYS = "f" * 32
OF_ACCOUNTS = {
    "unlinkAccount": ("accountId: $id", "NOT_LINKED"),
    "setDefaultAccount": ("accountId: $id", "NOT_LINKED"),
    "createCheckoutQuote": ("items: [{invoiceId: $id}]", "NOT_FOUND"),
    "createCheckout": ('quoteId: $id, returnUrl: "/", idempotencyKey: "k"', "NOT_FOUND"),
    "cancelCheckout": ("id: $id", "NOT_FOUND"),
}
"""What is given to each, and what it refuses with."""
READ = """
query ($id: ID!) {
  viewer { onboardingState profile { email } accounts { totalCount } defaultAccount { id } }
  account(id: $id) { number }
  node(id: $id) { id }
}
"""


async def test_nothing_that_is_an_account_s_is_read(world: World) -> None:
    await world.person("sur", "ana@example.org", [])
    somebodys = id_of(world, "sur", Kind.ACCOUNT, "1")
    outcome = await world.ask("sur", READ, await world.actor("sur", "ana@example.org"), id=somebodys)
    assert outcome.errors == []
    assert outcome.data == {
        "viewer": {
            "onboardingState": "NEEDS_ACCOUNT",
            "profile": {"email": "ana@example.org"},
            "accounts": {"totalCount": 0},
            "defaultAccount": None,
        },
        "account": None,
        "node": None,
    }
    assert world.counted() == [], "no office is asked for who reaches nothing of it"


async def test_who_is_here_for_something_else_needs_no_account(world: World) -> None:
    supplier = await world.person("sur", "jan@example.org", [])
    term = Mandate(
        id="", role=MandateRole.SUPPLIER, office="agua", subject_key="7", subject_name="Jan", starts_on=NOW.date()
    )
    async with world.services.store.work("sur") as work:
        await grant(work, supplier, term, NOW)
    actors = [await world.staff("sur", "eva@example.org"), await world.actor("sur", "jan@example.org")]
    answers = [await world.ask("sur", "{ viewer { onboardingState } }", actor) for actor in actors]
    assert [answer.data for answer in answers] == [{"viewer": {"onboardingState": "READY"}}] * 2


def test_what_changes_something_of_an_account_is_this() -> None:
    """Whoever adds such a mutation sees to it, below, that it refuses who has no account."""
    mutations = roots(SCHEMA.mutation_type)
    assert {name for name, declared in mutations.items() if declared.scope is Scope.REACH} == OF_ACCOUNTS.keys()


@pytest.mark.parametrize("name", sorted(OF_ACCOUNTS))
async def test_what_changes_something_of_an_account_refuses(tmp_path: Path, name: str) -> None:
    given, code = OF_ACCOUNTS[name]
    document = "mutation ($id: ID!) { %s(input: {%s}) { userErrors { code } } }" % (name, given)
    async with open_world(tmp_path, paid_manager("sur"), platforms=platforms(Till())) as world:
        await world.person("sur", "ana@example.org", [])
        kind, key = (Kind.ACCOUNT, "1") if "accountId" in given else (Kind.INVOICE, "D1")
        somebodys = NOBODYS if "Checkout" in name and "invoiceId" not in given else id_of(world, "sur", kind, key)
        outcome = await world.ask("sur", document, await world.actor("sur", "ana@example.org"), id=somebodys)
    assert outcome.data == {name: {"userErrors": [{"code": code}]}}
