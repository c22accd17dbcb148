"""Reaching an account: looked up by number, shown masked, proved, confirmed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.world import NOW, World, manager, open_world
from ventanilla.auth.actor import GUEST, Actor
from ventanilla.backoffice_adapters.records import AccountRole
from ventanilla.resolvers.context import Context
from ventanilla.store.manager import Linking, LinkProof

pytestmark = pytest.mark.anyio

START = """
mutation ($number: String!) {
  startAccountLink(input: {number: $number}) {
    previews { token licence title maskedHolder maskedAddress proof expiresAt }
    userErrors { reason code message path retryable params { key value } }
  }
}
"""
CONFIRM = """
mutation ($token: String!, $proof: String) {
  confirmAccountLink(input: {token: $token, proof: $proof}) {
    account { number holder { name } people { name isViewer role since } audit { nodes { kind actor byViewer } } }
    userErrors { reason path retryable }
  }
}
"""
MINE = "{ viewer { onboardingState accounts { edges { role isDefault node { number } } } } }"


@asynccontextmanager
async def town(folder: Path, **linking: Any) -> AsyncIterator[World]:
    """A manager who links in a certain way, and its neighbour."""
    chosen = Linking(**{"proof": LinkProof.NONE, **linking})
    async with open_world(folder, manager("sur", linking=chosen), manager("norte")) as world:
        yield world


async def newcomer(world: World, email: str = "ana@example.org") -> Actor:
    await world.person("sur", email, [])
    return await world.actor("sur", email)


async def mutate(world: World, actor: Actor, query: str, context: Context | None = None, **variables: Any) -> Any:
    outcome = await world.run(context or world.context("sur", actor), query, **variables)
    assert outcome.errors == []
    assert outcome.data is not None
    (answer,) = outcome.data.values()
    return answer


async def tokens(world: World, actor: Actor, number: str = "sur-001") -> list[str]:
    return [each["token"] for each in (await mutate(world, actor, START, number=number))["previews"]]


def reasons(answer: Any) -> list[str]:
    return [error["reason"] for error in answer["userErrors"]]


async def test_from_nothing_to_the_account(tmp_path: Path) -> None:
    async with town(tmp_path, role=AccountRole.TENANT) as world:
        ana = await newcomer(world)
        before = await world.ask("sur", MINE, ana)
        assert before.data == {"viewer": {"onboardingState": "NEEDS_ACCOUNT", "accounts": {"edges": []}}}
        found = await mutate(world, ana, START, number=" sur 001 ")
        assert found["userErrors"] == []
        water, rent = found["previews"]  # two offices happen to use the same number
        assert {water["licence"], rent["licence"]} == {"UTILITY", "RENT"}
        assert water["maskedHolder"] == "s••• P••• 1•••"
        assert water["maskedAddress"].endswith(", Junín")
        assert "Pérez" not in str(found)
        assert water["expiresAt"] == (NOW + timedelta(minutes=15)).isoformat()
        linked = await mutate(world, ana, CONFIRM, token=water["token"])
        assert linked["userErrors"] == []
        assert linked["account"]["number"] == "sur-001"
        assert linked["account"]["people"] == [
            {"name": "Ana Paz", "isViewer": True, "role": "TENANT", "since": NOW.isoformat()}
        ]
        assert linked["account"]["audit"]["nodes"] == [{"kind": "ACCOUNT_LINKED", "actor": "Ana Paz", "byViewer": True}]
        after = await world.ask("sur", MINE, await world.actor("sur", "ana@example.org"))
        edge = {"role": "TENANT", "isDefault": True, "node": {"number": "sur-001"}}
        assert after.data == {"viewer": {"onboardingState": "READY", "accounts": {"edges": [edge]}}}


@pytest.mark.parametrize("number", ["", " -/ ", "sur-999", "norte-001", "x" * 10_000, "sur-00\ud800", "\0"])
async def test_what_is_no_number_here_is_like_one_that_nobody_has(tmp_path: Path, number: str) -> None:
    async with town(tmp_path) as world:
        found = await mutate(world, await newcomer(world), START, number=number)
        assert (found["previews"], reasons(found)) == ([], ["ACCOUNT_NOT_FOUND"])
        assert found["userErrors"][0]["path"] == ["number"]


async def test_a_guest_finds_nothing(tmp_path: Path) -> None:
    async with town(tmp_path) as world:
        outcome = await world.ask("sur", START, GUEST, number="sur-001")
        assert [error.extensions and error.extensions["code"] for error in outcome.errors] == ["UNAUTHENTICATED"]


async def test_what_one_reaches_already_is_not_offered_again(tmp_path: Path) -> None:
    async with town(tmp_path) as world:
        ana = await newcomer(world)
        first, second = await tokens(world, ana)
        assert reasons(await mutate(world, ana, CONFIRM, token=first)) == []
        ana = await world.actor("sur", "ana@example.org")
        assert len(await tokens(world, ana)) == 1
        assert reasons(await mutate(world, ana, CONFIRM, token=first)) == ["ALREADY_LINKED"]
        assert reasons(await mutate(world, ana, CONFIRM, token=second)) == []
        ana = await world.actor("sur", "ana@example.org")
        assert reasons(await mutate(world, ana, START, number="sur-001")) == ["ALREADY_LINKED"]


async def test_a_preview_is_for_one_person_and_a_quarter_of_an_hour(tmp_path: Path) -> None:
    async with town(tmp_path) as world:
        ana, eva = await newcomer(world), await newcomer(world, "eva@example.org")
        token, _ = await tokens(world, ana)
        assert reasons(await mutate(world, eva, CONFIRM, token=token)) == ["PREVIEW_EXPIRED"]
        altered = token[:-8] + ("AAAAAAAA" if not token.endswith("AAAAAAAA") else "BBBBBBBB")
        for strange in (altered, "", "x", "\ud800", token[:-1]):
            assert reasons(await mutate(world, ana, CONFIRM, token=strange)) == ["PREVIEW_EXPIRED"]
        late = world.context("sur", ana)
        late.now = NOW + timedelta(minutes=15)
        assert reasons(await mutate(world, ana, CONFIRM, late, token=token)) == ["PREVIEW_EXPIRED"]
        in_time = world.context("sur", ana)
        in_time.now = NOW + timedelta(minutes=14, seconds=59)
        assert reasons(await mutate(world, ana, CONFIRM, in_time, token=token)) == []


@pytest.mark.parametrize(
    ("proof", "right", "wrong"),
    [
        (LinkProof.LAST_INVOICE_AMOUNT, None, "1"),
        (LinkProof.HOLDER_DOCUMENT, " SUR.1 ", "sur-2"),
        (LinkProof.UNIT, "1b", "2 B"),
    ],
)
async def test_a_proof_is_asked_for_and_compared(
    tmp_path: Path, proof: LinkProof, right: str | None, wrong: str
) -> None:
    async with town(tmp_path, proof=proof) as world:
        ana = await newcomer(world)
        token, _ = await tokens(world, ana)
        if right is None:
            right = await last_amount(world)
        for given, reason in ((None, "PROOF_REQUIRED"), ("  ", "PROOF_REQUIRED"), (wrong, "PROOF_WRONG")):
            refused = await mutate(world, ana, CONFIRM, token=token, proof=given)
            assert (reasons(refused), refused["userErrors"][0]["path"]) == ([reason], ["proof"])
        linked = await mutate(world, ana, CONFIRM, token=token, proof=right)
        assert reasons(linked) == []
        holder = proof is LinkProof.HOLDER_DOCUMENT
        (role,) = (each["role"] for each in linked["account"]["people"] if each["isViewer"])
        assert role == ("HOLDER" if holder else "RESIDENT")


async def last_amount(world: World) -> str:
    await world.person("sur", "holder@example.org", [("agua", "1")])
    query = "{ viewer { defaultAccount { invoices(first: 1) { nodes { total { amount } } } } } }"
    outcome = await world.ask("sur", query, await world.actor("sur", "holder@example.org"))
    assert outcome.data is not None
    return "$ " + outcome.data["viewer"]["defaultAccount"]["invoices"]["nodes"][0]["total"]["amount"].replace(".", ",")


async def test_proofs_are_counted_for_the_person_and_for_the_account(tmp_path: Path) -> None:
    async with town(tmp_path, proof=LinkProof.UNIT) as world:
        for name, wrong in (("ana", 5), ("eva", 5), ("ida", 0)):
            person = await newcomer(world, f"{name}@example.org")
            token = (await tokens(world, person))[0]
            for _ in range(wrong):
                assert reasons(await mutate(world, person, CONFIRM, token=token, proof="9 Z")) == ["PROOF_WRONG"]
            refused = await mutate(world, person, CONFIRM, token=token, proof="1 B")  # which is right
            assert reasons(refused) == ["RATE_LIMITED"]
            assert refused["userErrors"][0]["retryable"]


async def test_look_ups_are_counted_before_an_office_is_asked(tmp_path: Path) -> None:
    async with town(tmp_path) as world:
        ana = await newcomer(world)
        for _ in range(10):
            assert reasons(await mutate(world, ana, START, number="sur-999")) == ["ACCOUNT_NOT_FOUND"]
        world.counted()
        refused = await mutate(world, ana, START, number="sur-001")
        assert reasons(refused) == ["RATE_LIMITED"]
        assert refused["userErrors"][0]["params"] == [{"key": "retryAfterSeconds", "value": "900"}]
        assert world.counted() == []


async def test_so_many_may_reach_an_account_and_no_more_even_at_once(tmp_path: Path) -> None:
    async with town(tmp_path, people=2) as world:
        people = [await newcomer(world, f"p{number}@example.org") for number in range(5)]
        found = [(await tokens(world, person))[0] for person in people]
        answers = await asyncio.gather(
            *(mutate(world, person, CONFIRM, token=token) for person, token in zip(people, found, strict=True))
        )
        assert sorted(map(reasons, answers)) == [[], [], *[["LINK_LIMIT_REACHED"]] * 3]


async def test_one_preview_confirmed_many_times_at_once_links_once(tmp_path: Path) -> None:
    async with town(tmp_path) as world:
        ana = await newcomer(world)
        token, _ = await tokens(world, ana)
        answers = await asyncio.gather(*(mutate(world, ana, CONFIRM, token=token) for _ in range(20)))
        assert sorted(map(reasons, answers)) == [[], *[["ALREADY_LINKED"]] * 19]
        ana = await world.actor("sur", "ana@example.org")
        told = await world.ask("sur", "{ viewer { defaultAccount { audit { totalCount } } } }", ana)
        assert told.data == {"viewer": {"defaultAccount": {"audit": {"totalCount": 1}}}}


async def test_what_was_not_seen_is_not_linked(tmp_path: Path) -> None:
    async with town(tmp_path) as world:
        ana = await newcomer(world)
        token, _ = await tokens(world, ana)
        rows = await world.services.offices.get((await world.context("sur").office("agua")).plan)
        async with rows.opened() as office:
            database: Any = office._database  # type: ignore[attr-defined]  the books change behind everybody's back
            async with database.write() as work:
                await work.execute("UPDATE party SET name = 'Somebody Else'")
        assert reasons(await mutate(world, ana, CONFIRM, token=token)) == ["PREVIEW_EXPIRED"]
