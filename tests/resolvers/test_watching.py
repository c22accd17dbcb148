"""Watching an account: its state at once, and again when its balance has changed, for one question an interval."""

from __future__ import annotations

import asyncio
import dataclasses
import sqlite3
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests.books import book, money
from tests.execution.small import nothing_left
from tests.world import ENGINE, NOW, World
from ventanilla.auth.actor import GUEST, Actor
from ventanilla.backoffice_adapters.book import Book, Fillable
from ventanilla.backoffice_adapters.guard import OfficeCall
from ventanilla.backoffice_adapters.records import Licence
from ventanilla.execution.documents import Prepared
from ventanilla.execution.engine import Outcome, Stage
from ventanilla.resolvers.context import Context
from ventanilla.resolvers.ids import Kind
from ventanilla.resolvers.problems import Problem
from ventanilla.resolvers.watching import Watching
from ventanilla.store.manager import MatchOn, OfficeChoice

pytestmark = pytest.mark.anyio

ACCOUNT = "subscription ($id: ID!) { account(id: $id) { number balance { amount { amount } } } }"
BOOK = book("sur", Licence.UTILITY)
Stream = AsyncGenerator[Outcome, None]


@pytest.fixture
async def ana(world: World) -> Actor:
    """Holds all accounts of sur's water office but the third."""
    await world.person("sur", "ana@example.org", [("agua", "1"), ("agua", "2")])
    return await world.actor("sur", "ana@example.org")


def id_of(world: World, key: str, slug: str = "sur", kind: Kind = Kind.ACCOUNT) -> str:
    return world.context(slug).ids.column(kind, "agua", [key])[0]


async def subscribe(
    world: World, actor: Actor, key: str = "1", *, renew: Callable[[], Awaitable[Context]] | None = None, **named: str
) -> Stream | Outcome:
    async def again() -> Context:
        return world.context("sur", actor)

    prepared = ENGINE.prepare(ACCOUNT)
    assert isinstance(prepared, Prepared), prepared
    variables = {"id": named.get("id", id_of(world, key))}
    return await ENGINE.subscribe(prepared, None, variables, world.context("sur", actor), renew or again)


async def watch(world: World, actor: Actor, key: str = "1", **options: Any) -> Stream:
    stream = await subscribe(world, actor, key, **options)
    assert not isinstance(stream, Outcome), stream.errors
    return stream


def owing(minor: int, key: str = "1") -> Book:
    """The book in which the last invoice of an account is another one."""
    invoices = tuple(
        msgspec.structs.replace(each, total=money(minor), lines=()) if each.key == f"E{key}" else each
        for each in BOOK.invoices
    )
    return msgspec.structs.replace(BOOK, invoices=invoices)


async def fill(world: World, content: Book, office: str = "agua") -> None:
    guarded = await world.context("sur").office(office)
    async with guarded.opened() as opened:
        assert isinstance(opened, Fillable)
        await opened.fill(content)


async def ticks(world: World, count: int) -> list[OfficeCall]:
    """What offices were asked until balances were asked for so many more times."""
    world.calls.clear()
    async with asyncio.timeout(20):
        while sum(call.method == "balances" for call in world.calls) < count:  # noqa: ASYNC110  a list tells nobody
            await asyncio.sleep(0.005)
    return list(world.calls)


def plainly(calls: list[OfficeCall]) -> set[tuple[str, str, int]]:
    return {(call.office, call.method, call.subjects) for call in calls}


async def following(stream: Stream) -> Outcome | None:
    async with asyncio.timeout(20):
        return await anext(stream, None)


def amount(outcome: Outcome | None) -> str:
    assert outcome is not None
    assert outcome.errors == []
    assert outcome.data is not None
    return outcome.data["account"]["balance"]["amount"]["amount"]


async def test_the_state_comes_at_once_and_again_when_it_has_changed(world: World, ana: Actor) -> None:
    stream = await watch(world, ana)
    first = await following(stream)
    assert first is not None
    assert first.data == {"account": {"number": "sur-001", "balance": {"amount": {"amount": "855.00"}}}}
    await fill(world, owing(50_000))
    assert amount(await following(stream)) == "955.00"
    await fill(world, BOOK)
    assert amount(await following(stream)) == "855.00"
    await stream.aclose()


async def test_nothing_is_told_while_nothing_changes(world: World, ana: Actor) -> None:
    stream = await watch(world, ana)
    await following(stream)
    waiting = asyncio.create_task(following(stream))
    await ticks(world, 3)
    await fill(world, BOOK)
    await fill(world, owing(50_000, key="2"))
    await ticks(world, 3)
    assert not waiting.done(), "the same book again, and somebody else's balance, are no news"
    await fill(world, owing(50_000))
    assert amount(await waiting) == "955.00"
    await stream.aclose()


async def test_whoever_is_slow_sees_the_newest_state_once(world: World, ana: Actor) -> None:
    stream = await watch(world, ana)
    await following(stream)
    for minor in (50_000, 60_000, 70_000):
        await fill(world, owing(minor))
        await ticks(world, 2)
    assert amount(await following(stream)) == "1155.00"
    waiting = asyncio.create_task(following(stream))
    await ticks(world, 3)
    assert not waiting.done()
    await stream.aclose()
    assert await waiting is None


async def test_all_watchers_of_an_office_share_one_question(world: World, ana: Actor) -> None:
    streams = [await watch(world, ana, "12"[number % 2]) for number in range(200)]
    assert {amount(each) for each in await asyncio.gather(*map(following, streams))} == {"855.00"}
    assert plainly(await ticks(world, 4)) == {("agua", "balances", 2)}
    waiting = [asyncio.create_task(following(stream)) for stream in streams]
    await fill(world, owing(50_000))
    told = await asyncio.gather(*waiting[::2])
    assert {amount(each) for each in told} == {"955.00"}
    assert not any(each.done() for each in waiting[1::2])
    await asyncio.gather(*(stream.aclose() for stream in streams))


async def test_who_enters_together_is_welcomed_together(world: World, ana: Actor) -> None:
    world.services = dataclasses.replace(world.services, watching=Watching(lambda: NOW, interval_s=3_600))
    world.calls.clear()
    entering = [asyncio.create_task(watch(world, ana, "12"[number % 2])) for number in range(50)]
    while not any(call.method == "accounts" for call in world.calls):  # noqa: ASYNC110  a list tells nobody
        await asyncio.sleep(0)
    for given_up in entering[:10]:
        given_up.cancel()
    streams = await asyncio.gather(*entering[10:])
    assert len([call for call in world.calls if call.method == "balances"]) <= 4
    assert {amount(each) for each in await asyncio.gather(*map(following, streams))} == {"855.00"}
    await asyncio.gather(*(stream.aclose() for stream in streams))


async def test_the_last_to_leave_stops_the_questions(world: World, ana: Actor) -> None:
    await fill(world, BOOK)
    async with nothing_left():
        one, other = await watch(world, ana, "1"), await watch(world, ana, "2")
        await following(one)
        await following(other)
        waiting = asyncio.create_task(following(one))
        await ticks(world, 1)
        await one.aclose()
        assert await waiting is None
        await ticks(world, 1)
        assert plainly(await ticks(world, 2)) == {("agua", "balances", 1)}
        await other.aclose()
    again = await watch(world, ana)
    assert amount(await following(again)) == "855.00"
    await again.aclose()


@pytest.mark.parametrize("what", ["somebody else's", "an invoice", "missing", "another portal's", "", "1", "'; --"])
async def test_what_is_out_of_reach_is_null_and_no_more(world: World, ana: Actor, what: str) -> None:
    named = {
        "somebody else's": id_of(world, "3"),
        "an invoice": id_of(world, "B1", kind=Kind.INVOICE),
        "missing": id_of(world, "99"),
        "another portal's": id_of(world, "1", "norte"),
    }
    stream = await watch(world, ana, id=named.get(what, what))
    assert [(each.stage, each.data, each.errors) async for each in stream] == [(Stage.EXECUTE, {"account": None}, [])]
    assert [call for call in world.counted() if call[1] == "balances"] == []


def code(refused: Stream | Outcome) -> str:
    assert isinstance(refused, Outcome)
    assert refused.data is None
    (error,) = refused.errors
    assert error.path == ["account"]
    assert isinstance(error.original_error, Problem)
    return error.original_error.code


async def test_nobody_watches_without_signing_in(world: World) -> None:
    assert code(await subscribe(world, GUEST)) == "UNAUTHENTICATED"


async def test_nothing_is_watched_without_a_licence(world: World, ana: Actor) -> None:
    world.managers["sur"] = msgspec.structs.replace(world.managers["sur"], licences={Licence.MAINTENANCE: "agua"})
    assert code(await subscribe(world, ana)) == "NOT_LICENSED"


@pytest.mark.parametrize("routed", [{}, {"balances.read": "alquiler"}])
async def test_an_office_that_cannot_be_asked_is_told_at_once(world: World, ana: Actor, routed: dict[str, str]) -> None:
    closed = OfficeChoice(adapter="embedded", configuration={"database": "env:NOT_SET"}, match=MatchOn.KEY)
    known = world.managers["sur"]
    offices = {**known.offices, routed.get("balances.read", "agua"): closed}
    world.managers["sur"] = msgspec.structs.replace(known, offices=offices, routing=routed)
    async with nothing_left():
        assert code(await subscribe(world, ana)) == "BACK_OFFICE_UNAVAILABLE"


async def test_balances_are_watched_where_the_manager_routes_them(world: World, ana: Actor) -> None:
    known = world.managers["sur"]
    offices = {**known.offices, "alquiler": OfficeChoice(adapter="embedded", match=MatchOn.KEY)}
    world.managers["sur"] = msgspec.structs.replace(known, offices=offices, routing={"balances.read": "alquiler"})
    stream = await watch(world, ana)
    await following(stream)
    assert plainly(await ticks(world, 2)) == {("alquiler", "balances", 1)}
    await fill(world, owing(50_000), "alquiler")
    assert amount(await following(stream)) == "955.00"
    await stream.aclose()


async def test_an_office_that_fails_leaves_its_watchers_waiting(world: World, ana: Actor, tmp_path: Path) -> None:
    stream = await watch(world, ana)
    await following(stream)
    waiting = asyncio.create_task(following(stream))
    (database,) = (tmp_path / "offices" / "sur" / "agua").glob("*.sqlite")
    rename(database, "invoice", "mislaid")
    await ticks(world, 1)
    assert None not in {call.fault for call in await ticks(world, 3)}
    assert not waiting.done()
    rename(database, "mislaid", "invoice")
    await fill(world, owing(50_000))
    assert amount(await waiting) == "955.00"
    await stream.aclose()


def rename(database: Path, table: str, name: str) -> None:
    with closing(sqlite3.connect(database)) as opened:
        opened.execute(f"ALTER TABLE {table} RENAME TO {name}")


@pytest.mark.parametrize("loss", ["signed out", "unlinked"])
async def test_reach_is_asked_anew_at_each_event(world: World, ana: Actor, loss: str) -> None:
    actors = [ana, GUEST if loss == "signed out" else msgspec.structs.replace(ana, links=())]

    async def renew() -> Context:
        return world.context("sur", actors.pop(0))

    async with nothing_left():
        stream = await watch(world, ana, renew=renew)
        assert amount(await following(stream)) == "855.00"
        await fill(world, owing(50_000))
        lost = await following(stream)
        assert lost is not None
        assert (lost.data, lost.errors) == ({"account": None}, [])
        assert await following(stream) is None


async def test_an_account_that_is_no_more_is_the_last_news(world: World, ana: Actor) -> None:
    stream = await watch(world, ana, "2")
    await following(stream)
    await fill(world, book("sur", Licence.UTILITY, accounts=1))
    assert [each.data async for each in stream] == [{"account": None}]
