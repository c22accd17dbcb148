"""The accounts that people reach: given up, preferred, shared; and what is told of them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.world import NOW, World
from ventanilla.auth.audit import AuditKind, note
from ventanilla.backoffice_adapters.records import AccountRole

pytestmark = pytest.mark.anyio

UNLINK = """
mutation ($id: ID!) { unlinkAccount(input: {accountId: $id}) { stillEnrolled userErrors { reason path } } }
"""
PREFER = """
mutation ($id: ID!) { setDefaultAccount(input: {accountId: $id}) { account { number } userErrors { reason } } }
"""
MINE = "{ viewer { defaultAccount { number } accounts { edges { isDefault node { id number } } } } }"


async def asked(world: World, email: str, query: str, **variables: Any) -> Any:
    outcome = await world.ask("sur", query, await world.actor("sur", email), **variables)
    assert outcome.errors == []
    return outcome.data


async def ids_of(world: World, email: str) -> dict[str, str]:
    edges = (await asked(world, email, MINE))["viewer"]["accounts"]["edges"]
    return {edge["node"]["number"]: edge["node"]["id"] for edge in edges}


async def test_an_account_is_given_up_and_says_what_stays(world: World) -> None:
    await world.person("sur", "ana@example.org", [("agua", "1"), ("agua", "2")])
    ids = await ids_of(world, "ana@example.org")
    told = await asked(world, "ana@example.org", UNLINK, id=ids["sur-001"])
    assert told["unlinkAccount"]["userErrors"] == []
    assert set(told["unlinkAccount"]["stillEnrolled"]) <= {"E_INVOICE", "DIRECT_DEBIT"}
    assert list(await ids_of(world, "ana@example.org")) == ["sur-002"]
    again = await asked(world, "ana@example.org", UNLINK, id=ids["sur-001"])
    assert again["unlinkAccount"]["userErrors"] == [{"reason": "NOT_LINKED", "path": ["accountId"]}]
    await asked(world, "ana@example.org", UNLINK, id=ids["sur-002"])
    assert await ids_of(world, "ana@example.org") == {}


@pytest.mark.parametrize("query", [UNLINK, PREFER])
async def test_what_is_not_ones_own_is_like_nothing(world: World, query: str) -> None:
    await world.person("sur", "ana@example.org", [("agua", "1")])
    await world.person("sur", "eva@example.org", [("agua", "2")])
    hers = (await ids_of(world, "eva@example.org"))["sur-002"]
    for strange in (hers, "", "00" * 16, "x" * 4_000):
        told = await asked(world, "ana@example.org", query, id=strange)
        (answer,) = told.values()
        assert [error["reason"] for error in answer["userErrors"]] == ["NOT_LINKED"]
    assert list(await ids_of(world, "eva@example.org")) == ["sur-002"]


async def test_another_account_is_shown_first(world: World) -> None:
    await world.person("sur", "ana@example.org", [("agua", "1"), ("agua", "2")])
    ids = await ids_of(world, "ana@example.org")
    told = await asked(world, "ana@example.org", PREFER, id=ids["sur-002"])
    assert told["setDefaultAccount"] == {"account": {"number": "sur-002"}, "userErrors": []}
    viewer = (await asked(world, "ana@example.org", MINE))["viewer"]
    assert viewer["defaultAccount"] == {"number": "sur-002"}
    assert [edge["isDefault"] for edge in viewer["accounts"]["edges"]] == [False, True]


async def test_the_people_of_an_account_see_each_other_but_not_whole(world: World) -> None:
    await world.person("sur", "ana@example.org", [("agua", "1")])
    await world.person("sur", "eva@example.org", [("agua", "1")], role=AccountRole.RESIDENT)
    query = "{ viewer { defaultAccount { people { name isViewer role since } } } }"
    told = await asked(world, "eva@example.org", query)
    assert told["viewer"]["defaultAccount"]["people"] == [
        {"name": "Ana P.", "isViewer": False, "role": "HOLDER", "since": NOW.isoformat()},
        {"name": "Ana Paz", "isViewer": True, "role": "RESIDENT", "since": NOW.isoformat()},
    ]


@pytest.mark.parametrize("role", AccountRole)
async def test_the_holders_own_data_is_for_holders_and_owners(world: World, role: AccountRole) -> None:
    await world.person("sur", "ana@example.org", [("agua", "1")], role=role)
    query = "{ viewer { defaultAccount { holder { name kind documentNumber email phone } } } }"
    holder = (await asked(world, "ana@example.org", query))["viewer"]["defaultAccount"]["holder"]
    assert (holder["name"], holder["kind"]) == ("sur Pérez 1", "PERSON")
    whole = role in {AccountRole.HOLDER, AccountRole.OWNER}
    assert holder["documentNumber"] == ("sur-1" if whole else None)


async def test_what_happened_is_read_page_by_page(world: World) -> None:
    await world.person("sur", "ana@example.org", [("agua", "1")])
    await world.person("sur", "eva@example.org", [("agua", "1")])
    ids = await ids_of(world, "eva@example.org")
    await asked(world, "eva@example.org", UNLINK, id=ids["sur-001"])
    audit = """query ($after: String, $order: AuditOrder!) { viewer { defaultAccount {
      audit(first: 1, after: $after, order: $order) {
        totalCount nodes { kind actor byViewer at details { key value } } pageInfo { hasNextPage endCursor } } } } }"""
    for number in range(2):
        told = {"role": str(number)}
        async with world.services.store.work("sur") as work:
            await note(work, AuditKind.ACCOUNT_LINKED, NOW, actor_id=None, account=("agua", "1"), told=told)
    seen: list[Any] = []
    after = None
    while True:
        told = await asked(world, "ana@example.org", audit, after=after, order="AT_DESC")
        part = told["viewer"]["defaultAccount"]["audit"]
        assert part["totalCount"] == 3
        seen += part["nodes"]
        after = part["pageInfo"]["endCursor"]
        if not part["pageInfo"]["hasNextPage"]:
            break
    assert [(each["kind"], each["actor"]) for each in seen] == [
        ("ACCOUNT_LINKED", None),
        ("ACCOUNT_LINKED", None),
        ("ACCOUNT_UNLINKED", "Ana P."),
    ]
    assert seen[0]["details"] == [{"key": "role", "value": "1"}]
    told = await asked(world, "ana@example.org", audit, order="AT_ASC")
    assert told["viewer"]["defaultAccount"]["audit"]["nodes"][0]["kind"] == "ACCOUNT_UNLINKED"
