"""What tenancy, scope, cost and masking add to a request for `home`: each part by itself, timed in this process.

A part is called some thousand times with what a request for `home` gives it, and its CPU time divided by the calls.
The log line is found out in another way: by a side whose log says nothing (`sides.py`, `quiet`).
"""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Final

from graphql import GraphQLError
from pydantic import SecretStr

from benchmarks.data import HOST, LEDGER_VARIABLE, DataSet, manager
from benchmarks.questions import questions
from benchmarks.sides import KEY, MANY
from ventanilla.auth.actor import Actor
from ventanilla.auth.identify import identify
from ventanilla.backoffice_adapters.records import Record
from ventanilla.execution.documents import Prepared
from ventanilla.execution.engine import Engine
from ventanilla.gateway.budget import Budget
from ventanilla.gateway.errors import told_executed
from ventanilla.gateway.services import open_services
from ventanilla.gateway.settings import Environment, Settings
from ventanilla.resolvers import balances
from ventanilla.resolvers.access import declared_of, refusal
from ventanilla.resolvers.context import Context, Services
from ventanilla.resolvers.problems import invalid_argument
from ventanilla.schema.schema import build
from ventanilla.store import managers

FUNCTIONS: Final = 8
"""How many declared functions serve `home`: viewer, accounts, notices, balances, invoices, plans, instalments and
enrolments."""
_CALLS = 3_000
_TURN = 500
"""After so many calls the others of the process have a turn."""


class Part(Record, rename=None):
    """What one part of the gateway adds."""

    name: str
    cpu_us: float
    """CPU time of this process for each request, in microseconds."""
    how: str
    """How it was found out."""


def parts(data: DataSet) -> list[Part]:
    """Time every part that can be called by itself."""
    os.environ[LEDGER_VARIABLE] = data.url
    settings = Settings(
        environment=Environment.PRODUCTION, database_url=data.url, data=data.folder / "gateway", secret=SecretStr(KEY)
    )
    return asyncio.run(_parts(settings, data.tokens.home[0]))


async def _parts(settings: Settings, token: str) -> list[Part]:
    async with open_services(settings) as services:
        now = datetime.now(UTC)
        found = await identify(services.store, HOST, token, now)
        if found is None:
            msg = f"nobody serves {HOST}: make the data anew"
            raise LookupError(msg)

        async def who() -> None:
            await identify(services.store, HOST, token, now)

        async def of_version() -> None:
            await managers.get(services.store, found.manager, found.version)

        return [
            Part(name="who asks, at which manager, with which reach", cpu_us=await _awaited(who), how="one statement"),
            Part(name="the manager, remembered by version", cpu_us=await _awaited(of_version), how="by itself"),
            *_computed(services, found.actor),
        ]


def _computed(services: Services, actor: Actor) -> list[Part]:
    engine, budget = Engine(build()), Budget(MANY, MANY)
    prepared, declared = engine.prepare(questions()["home"].text), declared_of(balances.of_accounts)
    if not isinstance(prepared, Prepared) or declared is None:
        msg = "home is no document that this schema serves"
        raise TypeError(msg)
    context = _context(services, actor)
    wrong = GraphQLError("", original_error=invalid_argument("`first` is too great."))
    checks = _timed(lambda: refusal(context, declared)) * FUNCTIONS
    return [
        Part(name="scope and licence", cpu_us=checks, how=f"by itself, for each of {FUNCTIONS} functions"),
        Part(name="cost", cpu_us=_timed(lambda: engine.cost(prepared, None, None)), how="by itself"),
        Part(name="points of the minute", cpu_us=_timed(lambda: budget.spend("bench", "ana", 1)), how="by itself"),
        Part(name="masking, for each error", cpu_us=_timed(lambda: told_executed([wrong])), how="by itself"),
    ]


def _context(services: Services, actor: Actor) -> Context:
    return Context(
        services=services, manager=manager(), host=HOST, actor=actor, language="es", request_id="bench", address=""
    )


def _timed(call: Callable[[], object]) -> float:
    """CPU time of one call in microseconds, that of calling at all taken off."""
    return max(0.0, _spent(call) - _spent(_nothing))


def _spent(call: Callable[[], object]) -> float:
    began = time.process_time_ns()
    for _ in range(_CALLS):
        call()
    return (time.process_time_ns() - began) / _CALLS / 1_000


def _nothing() -> None:
    """What costs nothing but to be called."""


async def _awaited(call: Callable[[], Awaitable[object]]) -> float:
    """CPU time of one awaited call in microseconds."""
    began = time.process_time_ns()
    for turn in range(_CALLS):
        await call()
        if turn % _TURN == 0:
            await asyncio.sleep(0)
    return (time.process_time_ns() - began) / _CALLS / 1_000
