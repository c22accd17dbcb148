"""What a context knows: how long its offices may take."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import msgspec
import pytest

from tests.world import World
from ventanilla.backoffice_adapters.records import Account
from ventanilla.execution.documents import Prepared
from ventanilla.execution.engine import Engine, Outcome
from ventanilla.resolvers.asking import ask
from ventanilla.resolvers.context import Context
from ventanilla.resolvers.problems import Problem
from ventanilla.schema.schema import build
from ventanilla.store.manager import OfficeChoice

pytestmark = pytest.mark.anyio


@asynccontextmanager
async def silence() -> AsyncGenerator[str]:
    """The address of a database server that takes connections and never says a word."""

    async def listen(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    server = await asyncio.start_server(listen, "127.0.0.1", 0)
    async with server:
        yield f"postgresql://nobody:nothing@127.0.0.1:{server.sockets[0].getsockname()[1]}/nowhere"


async def test_an_office_that_hangs_leaves_time_to_answer_the_rest(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await world.person("sur", "ana@example.org", [("agua", "1"), ("alquiler", "1")])
    context = world.context("sur", await world.actor("sur", "ana@example.org"))
    engine = Engine(build(), deadline_s=2, begin=Context.begin)
    prepared = engine.prepare("{ viewer { accounts { nodes { number } } } }")
    assert isinstance(prepared, Prepared)
    async with silence() as address:
        monkeypatch.setenv("SILENT_DATABASE", address)
        silent = OfficeChoice(adapter="embedded", configuration={"database": "env:SILENT_DATABASE"})
        offices = {**context.manager.offices, "agua": silent}
        context.manager = msgspec.structs.replace(context.manager, offices=offices)
        outcome = await engine.run(prepared, None, None, context)
    assert outcome.data == {"viewer": {"accounts": {"nodes": [None, {"number": "sur-001"}]}}}
    assert codes(outcome) == ["BACK_OFFICE_TIMEOUT"]


async def test_each_part_of_an_answer_gives_its_offices_time_of_their_own(world: World) -> None:
    context = world.context("sur")
    context.begin(1_000)
    first = context.call
    assert context.call is first
    context.begin(10)
    assert context.call.deadline < first.deadline
    assert msgspec.structs.replace(context.call, deadline=first.deadline) == first


async def test_a_request_keeps_the_offices_that_it_began_with(world: World) -> None:
    context, later = world.context("sur"), world.context("sur")
    first = await context.office("agua")
    patient = msgspec.structs.replace(context.manager.offices["agua"], deadline_s=7)
    later.manager = msgspec.structs.replace(later.manager, offices={**later.manager.offices, "agua": patient})
    renewed = await later.office("agua")
    assert renewed is not first
    assert renewed.plan.patience.deadline_s == 7
    assert await context.office("agua") is first
    assert await world.context("sur").office("alquiler") is await context.office("alquiler")
    (found,) = await ask(context, "accounts", [("agua", "1")])
    assert isinstance(found, Account)
    assert found.number == "sur-001"


def codes(outcome: Outcome) -> list[str]:
    problems = [error.original_error for error in outcome.errors]
    return [problem.code for problem in problems if isinstance(problem, Problem)]
