"""Checkouts as their people see them: their own, whole, for few questions, and again whenever they change."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from msgspec.structs import replace

from tests.everybody import onlooker
from tests.execution.small import nothing_left
from tests.resolvers.paying import LOOK, QUOTE, answered, committed, invoice_id, paid, rows
from tests.till import Till, paid_manager, platforms
from tests.world import ENGINE, NOW, World, manager, open_world
from ventanilla.auth import personal_data
from ventanilla.auth.actor import GUEST, Actor
from ventanilla.execution.documents import Prepared
from ventanilla.execution.engine import Outcome
from ventanilla.payments.asking import Asking
from ventanilla.payments.platforms import Platforms
from ventanilla.payments.registry import PlatformRegistry
from ventanilla.resolvers.context import Context
from ventanilla.resolvers.ids import Kind
from ventanilla.resolvers.problems import Problem, ProblemCode
from ventanilla.store import checkouts
from ventanilla.store.manager import MatchOn, OfficeChoice
from ventanilla.store.payment_states import Booking, CheckoutState
from ventanilla.store.tables import PlatformPaymentRow

pytestmark = pytest.mark.anyio
OF_AN_ACCOUNT = """
query ($id: ID!, $first: Int, $after: String, $last: Int, $before: String) {
  account(id: $id) { checkouts(first: $first, after: $after, last: $last, before: $before) {
    totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor } nodes { id reference }
  } }
}"""
MINE = """
{ viewer { checkouts(first: 10) { totalCount nodes {
  id status settled account { number } payment { id method } lines { number invoice { number } }
} } } }"""
WATCH = "subscription ($id: ID!) { checkout(id: $id) { status settled } }"


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with open_world(tmp_path, paid_manager("sur"), paid_manager("norte"), platforms=platforms(Till())) as opened:
        yield opened


@pytest.fixture
async def ana(world: World) -> Actor:
    await world.person("sur", "ana@example.org", [("agua", "1"), ("agua", "2"), ("alquiler", "1")])
    return await world.actor("sur", "ana@example.org")


async def booked(world: World, checkout: str, key: str, now: Any = NOW, booking: Booking = Booking.BOOKED) -> None:
    """The platform has confirmed the money of a checkout, and the office has it under a key."""
    async with world.services.store.work("sur") as work:
        row, _ = await checkouts.whole(work, checkout)
        await checkouts.move(work, row, CheckoutState.SUCCEEDED, now)
        payment = PlatformPaymentRow(
            id=uuid4().hex,
            checkout_id=checkout,
            platform=row.platform,
            payment_id=uuid4().hex,
            reference=row.reference,
            status="CONFIRMED",
            currency=row.currency,
            amount_minor=row.amount_minor,
            booking=booking.value,
            office_payment_key=key,
            booked_at=now,
            created_at=now,
            changed_at=now,
        )
        work.add(payment)


def account_id(world: World, key: str = "1", office: str = "agua") -> str:
    return world.context("sur").ids.column(Kind.ACCOUNT, office, [key])[0]


async def seen(world: World, actor: Actor, query: str, **variables: Any) -> Any:
    return await answered(world.context("sur", actor), world, query, **variables)


async def test_what_is_booked_is_told_with_the_payment(world: World, ana: Actor) -> None:
    checkout = await paid(world, ana, "B1", "D1")
    await booked(world, checkout["id"], "P1", booking=Booking.REVIEW)
    looked = await seen(world, ana, LOOK, id=checkout["id"])
    assert (looked["status"], looked["settled"], looked["payment"]) == ("SUCCEEDED", False, None)
    assert (looked["endedAt"], looked["redirectUrl"]) == (NOW.isoformat(), None)
    await booked(world, checkout["id"], "Q1", NOW + timedelta(minutes=1))
    await booked(world, checkout["id"], "P1", NOW + timedelta(minutes=2))
    (mine,) = (await seen(world, ana, MINE))["checkouts"]["nodes"]
    named = world.context("sur").ids.read(mine["payment"].pop("id"))
    assert named
    assert (mine["settled"], mine["payment"], named.key) == (True, {"method": "Transferencia"}, "Q1")


async def test_a_page_costs_each_office_one_question_of_each_kind(world: World, ana: Actor) -> None:
    made = [await paid(world, ana, *keys) for keys in (["B1"], ["D1", "E1"], ["B2", "D2"])]
    for at, key in enumerate(["P1", "Q1"]):
        await booked(world, made[at]["id"], key)
    world.counted()
    found = await seen(world, ana, MINE)
    assert found["checkouts"]["totalCount"] == 3
    assert {each["account"]["number"] for each in found["checkouts"]["nodes"]} == {"sur-001", "sur-002"}
    assert world.counted() == [
        ("agua", "accounts", 3),
        ("agua", "invoices_by_key", 5),
        ("agua", "payments_by_key", 2),
    ]


async def test_an_accounts_are_read_a_part_at_a_time_newest_first(world: World, ana: Actor) -> None:
    made: list[str] = []
    for at, key in enumerate(["B1", "D1", "E1"]):
        checkout = (await paid(world, ana, key))["id"]
        async with world.services.store.work("sur") as work:
            row, _ = await checkouts.whole(work, checkout)
            row.created_at = NOW + timedelta(seconds=max(at, 1))  # the first two at the same moment
            work.add(row)
        made.append(checkout)
    await paid(world, ana, "B2")
    newest = [made[2], *sorted(made[:2], reverse=True)]

    async def part(**page: Any) -> Any:
        return (await seen(world, ana, OF_AN_ACCOUNT, id=account_id(world), **page))["checkouts"]

    first = await part(first=2)
    assert ([each["id"] for each in first["nodes"]], first["totalCount"]) == (newest[:2], 3)
    assert (first["pageInfo"]["hasNextPage"], first["pageInfo"]["hasPreviousPage"]) == (True, False)
    rest = await part(first=2, after=first["pageInfo"]["endCursor"])
    assert ([each["id"] for each in rest["nodes"]], rest["pageInfo"]["hasNextPage"]) == (newest[2:], False)
    back = await part(last=1, before=rest["pageInfo"]["startCursor"])
    assert ([each["id"] for each in back["nodes"]], back["pageInfo"]["hasPreviousPage"]) == (newest[1:2], True)


async def test_everybody_sees_their_own_alone(world: World, ana: Actor) -> None:
    checkout = await paid(world, ana, "B1")
    await world.person("sur", "berta@example.org", [("agua", "1")])
    await world.person("norte", "ana@example.org", [("agua", "1")])
    berta = await world.actor("sur", "berta@example.org")
    assert await seen(world, berta, LOOK, id=checkout["id"]) is None
    assert (await seen(world, berta, OF_AN_ACCOUNT, id=account_id(world)))["checkouts"]["nodes"] == []
    assert (await seen(world, berta, MINE))["checkouts"] == {"totalCount": 0, "nodes": []}
    norte = world.context("norte", await world.actor("norte", "ana@example.org"))
    assert await answered(norte, world, LOOK, id=checkout["id"]) is None
    for id in ("", "x", "f" * 32, "0\0", account_id(world)):
        assert await seen(world, ana, LOOK, id=id) is None


async def test_nobody_is_told_to_sign_in(world: World, ana: Actor) -> None:
    checkout = await paid(world, ana, "B1")
    (error,) = (await world.ask("sur", LOOK, GUEST, id=checkout["id"])).errors
    assert isinstance(error.original_error, Problem)
    assert error.original_error.code is ProblemCode.UNAUTHENTICATED


async def test_who_reaches_the_account_no_more_has_what_they_paid_and_nothing_of_the_account(
    world: World, ana: Actor
) -> None:
    checkout = await paid(world, ana, "B1")
    await booked(world, checkout["id"], "P1")
    moved = replace(ana, links=tuple(link for link in ana.links if link.account_key == "2"))
    looked = await seen(world, moved, LOOK, id=checkout["id"])
    assert (looked["account"], looked["payment"], looked["lines"][0]["invoice"]) == (None, None, None)
    assert (looked["settled"], looked["total"], looked["lines"][0]["number"]) == (True, checkout["total"], "sur-B1")


@pytest.mark.parametrize("who", ["program", "onlooker"])
async def test_who_asks_in_somebodys_place_reads_and_has_no_link_to_pay_by(world: World, ana: Actor, who: str) -> None:
    checkout = await paid(world, ana, "B1")
    scopes = frozenset({"payments:read", "accounts:read", "invoices:read"})
    program = replace(ana, session_id=None, client_id="planilla", scopes=scopes)
    actor = program if who == "program" else await onlooker(world, ana.person_id or "")
    looked = await seen(world, actor, LOOK, id=checkout["id"])
    assert looked == {**checkout, "redirectUrl": None}
    narrow = replace(program, scopes=frozenset({"accounts:read"}))
    (error,) = (await world.ask("sur", LOOK, narrow, id=checkout["id"])).errors
    assert "payments:read" in str(error.original_error)


async def test_what_was_paid_at_a_platform_that_is_gone_is_told_yet(world: World, ana: Actor) -> None:
    checkout = await paid(world, ana, "B1")
    context = world.context("sur", ana)
    gone = Platforms(PlatformRegistry({}), Asking())
    object.__setattr__(context.services, "platforms", gone)
    assert (await answered(context, world, LOOK, id=checkout["id"]))["platform"] == "till"


async def test_anybody_is_told_whether_and_where_a_portals_people_pay(tmp_path: Path) -> None:
    async with open_world(tmp_path, paid_manager("sur"), manager("norte"), platforms=platforms(Till())) as world:
        asked = [world.context(slug, GUEST) for slug in ("sur", "norte")]
        told = [await answered(each, world, "{ portal { paymentPlatform } }") for each in asked]
    assert told == [{"paymentPlatform": "The Till"}, {"paymentPlatform": None}]


async def test_an_account_has_what_was_paid_where_its_invoices_are_routed(tmp_path: Path) -> None:
    offices = {
        "agua": OfficeChoice(adapter="embedded"),
        "alquiler": OfficeChoice(adapter="embedded", match=MatchOn.KEY),
    }
    routed = paid_manager("sur", offices=offices, routing={"invoices.list": "alquiler", "invoices.read": "alquiler"})
    async with open_world(tmp_path, routed, platforms=platforms(Till())) as world:
        await world.person("sur", "ana@example.org", [("agua", "1")])
        ana = await world.actor("sur", "ana@example.org")
        items = [{"invoiceId": invoice_id(world, "B1", "alquiler")}]
        quote = (await seen(world, ana, QUOTE, **{"in": {"items": items}}))["quote"]
        checkout = (await committed(world, ana, quote["id"]))["checkout"]
        assert checkout["account"] == {"number": "sur-001"}
        (row,) = await rows(world)
        assert (row.office, row.account_key) == ("alquiler", "1")
        found = (await seen(world, ana, OF_AN_ACCOUNT, id=account_id(world)))["checkouts"]
        assert [each["id"] for each in found["nodes"]] == [checkout["id"]]


# -- watching -------------------------------------------------------------------------------------------------------


async def watch(world: World, actor: Actor, id: str) -> Any:
    async def renew() -> Context:
        return world.context("sur", actor)

    prepared = ENGINE.prepare(WATCH)
    assert isinstance(prepared, Prepared)
    return await ENGINE.subscribe(prepared, None, {"id": id}, world.context("sur", actor), renew)


async def told(stream: Any) -> Any:
    async with asyncio.timeout(20):
        outcome = await anext(stream)
    assert outcome.errors == []
    return outcome.data["checkout"]


async def test_it_is_told_at_once_and_whenever_it_changes(world: World, ana: Actor) -> None:
    one, other = (await paid(world, ana, "B1"))["id"], (await paid(world, ana, "D1"))["id"]
    async with nothing_left():
        stream, second = await watch(world, ana, one), await watch(world, ana, other)
        assert await told(stream) == await told(second) == {"status": "CREATED", "settled": False}
        await booked(world, one, "P1", booking=Booking.DUE)
        assert await told(stream) == {"status": "SUCCEEDED", "settled": False}
        waiting = asyncio.create_task(told(second))
        await booked(world, one, "P1")
        assert await told(stream) == {"status": "SUCCEEDED", "settled": True}
        assert not waiting.done()
        await booked(world, other, "Q1")
        assert await waiting == {"status": "SUCCEEDED", "settled": True}
        await stream.aclose()
        await second.aclose()


async def test_others_are_told_null_and_no_more(world: World, ana: Actor) -> None:
    checkout = (await paid(world, ana, "B1"))["id"]
    await world.person("sur", "berta@example.org", [("agua", "1")])
    berta = await world.actor("sur", "berta@example.org")
    for id in (checkout, "f" * 32, "x"):
        stream = await watch(world, berta, id)
        assert [outcome.data async for outcome in stream] == [{"checkout": None}]
    refused = await watch(world, GUEST, checkout)
    assert isinstance(refused, Outcome)
    assert refused.data is None


# -- what is held of people -----------------------------------------------------------------------------------------


async def test_what_was_paid_is_told_to_its_person_and_outlives_them(world: World, ana: Actor) -> None:
    checkout = await paid(world, ana, "B1", "D1")
    await booked(world, checkout["id"], "P1")
    text = (await seen(world, ana, "{ viewer { personalData } }"))["personalData"]
    held = json.loads(text)
    assert [each["reference"] for each in held["checkouts"]] == [checkout["reference"]]
    assert [each["number"] for each in held["paid_documents"]] == ["sur-B1", "sur-D1"]
    assert [each["status"] for each in held["payments"]] == ["CONFIRMED"]
    assert (len(held["quotes"]), held["refunds"]) == (1, [])
    assert "holderDocument" not in text
    context = world.context("sur", ana)
    async with world.services.store.work("sur") as work:
        await personal_data.erase(work, context.manager, ana.person_id or "", caller=context.caller, now=NOW)
    (row,) = await rows(world)
    assert (row.id, row.amount_minor) == (checkout["id"], 46_500)
    assert await world.services.store.rows("SELECT id FROM checkout_quote") == []
