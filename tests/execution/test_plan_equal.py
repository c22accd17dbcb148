"""The compiled engine and graphql-core answer alike: generated documents, variables, data and faults, fed to both.

Data are equal byte for byte. Errors are equal as sets of path and message as far as the specification determines them:
where several errors null one position it leaves open which of them is told, and whether those within what is null are;
then each engine has to tell at least one, and each that ours tells has to be one that graphql-core finds in the same
world once everything may be null, so that no error hides another. The number of parents that a misaligned batch was
asked for depends on that too, and is left out.
"""

from __future__ import annotations

import asyncio
import gc
import os
import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import orjson
import pytest
from graphql import GraphQLSchema
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from tests.execution.documents import Asked, documents
from tests.execution.nasty import World, nasty, spoilt
from ventanilla.execution.documents import Prepared
from ventanilla.execution.engine import Engine, Outcome
from ventanilla.execution.limits import Limits
from ventanilla.execution.plan import levels
from ventanilla.schema.schema import build

EXAMPLES = 1_500 if os.environ.get("HYPOTHESIS_PROFILE") == "long" else 130
"""How many documents for each schema; each is run in several worlds. A long run takes a few minutes."""
WORLDS = 8
FAULTS = (0, 2, 10, 60)
"""How many in a thousand positions go wrong in a world."""
many = settings(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck))
# Where an error has nulled what it was still about, graphql-core leaves it as it is.
pytestmark = [
    pytest.mark.filterwarnings("ignore:coroutine 'Executor:RuntimeWarning"),
    # The same, found by the collector while a named tuple is made: its code has no builtins, so nothing can be warned.
    pytest.mark.filterwarnings(
        "ignore:Exception ignored in. <coroutine object Executor:pytest.PytestUnraisableExceptionWarning"
    ),
]
Errors = set[tuple[tuple[str | int, ...], str]]


def engine_of(schema: GraphQLSchema, *, compiles: bool) -> Engine:
    limits = Limits(depth=40, fields=10**6, aliases=10**6, directives=10**6, mutations=10**3)
    return Engine(schema, limits=limits, max_tokens=10**6, most_points=10**9, compiles=compiles)


@dataclass(frozen=True)
class Engines:
    """The two engines for a schema, and graphql-core for its twin, in which everything may be null."""

    plan: Engine
    core: Engine
    twin: Engine

    @classmethod
    def of(cls, make: Callable[..., GraphQLSchema]) -> Engines:
        return cls(
            engine_of(make(), compiles=True),
            engine_of(make(), compiles=False),
            engine_of(make(nullable=True), compiles=False),
        )


def own(*, nullable: bool = False) -> GraphQLSchema:
    """The schema that the gateway serves, with answers made up."""
    return spoilt(build(), nullable=nullable)


NASTY, OWN = Engines.of(nasty), Engines.of(own)


@pytest.fixture(scope="module")
def runner() -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as made:
        made.get_loop().set_exception_handler(lambda _loop, _context: None)  # of tasks that graphql-core left behind
        yield made
    gc.collect()


def outcome_of(runner: asyncio.Runner, engine: Engine, asked: Asked, world: Any) -> Outcome:
    prepared = engine.prepare(asked.text)
    assert isinstance(prepared, Prepared)
    return runner.run(engine.run(prepared, None, asked.variables, world))


def errors_of(outcome: Outcome) -> Errors:
    return {
        (tuple(error.path or ()), re.sub(r"<function .* answered .*", "misaligned", error.message))
        for error in outcome.errors
    }


def nulled(data: Any, path: tuple[str | int, ...]) -> tuple[str | int, ...]:
    """The position within `data` that is null because of an error at `path`."""
    for depth, key in enumerate(path):
        if data is None:
            return path[:depth]
        data = data[key]
    assert data is None, f"an error at {path}, where there is a value"
    return path


def by_position(data: Any, errors: Errors) -> dict[tuple[str | int, ...], Errors]:
    found: dict[tuple[str | int, ...], Errors] = defaultdict(set)
    for path, message in errors:
        found[nulled(data, path)].add((path, message))
    return found


def compare(runner: asyncio.Runner, engines: Engines, asked: Asked, world: World) -> None:
    ours, core = (outcome_of(runner, engine, asked, world) for engine in (engines.plan, engines.core))
    assert ours.compiled == (ours.stage == "EXECUTE")
    assert not core.compiled
    assert ours.stage == core.stage
    assert orjson.dumps(ours.data) == orjson.dumps(core.data)
    told, expected = errors_of(ours), errors_of(core)
    if told != expected:
        one, other = by_position(ours.data, told), by_position(core.data, expected)
        assert one.keys() == other.keys()
        twin = outcome_of(runner, engines.twin, asked, world)
        unknown = told - expected - errors_of(twin)
        assert all(message.startswith("Cannot return null") for _, message in unknown), unknown
        assert all(nulled(twin.data, path) for path, _ in unknown)


@many
@given(asked=documents(nasty()), seed=st.integers(0, 2**32))
def test_a_nasty_schema(runner: asyncio.Runner, monkeypatch: pytest.MonkeyPatch, asked: Asked, seed: int) -> None:
    assume(isinstance(NASTY.core.prepare(asked.text), Prepared))
    for place in range(WORLDS):
        monkeypatch.setattr(levels, "TURN", 2 + place % 3 * 100)  # some levels are made in parts
        compare(runner, NASTY, asked, World(seed + place, FAULTS[place % len(FAULTS)]))


@many
@given(asked=documents(own(), depth=6), seed=st.integers(0, 2**32))
def test_our_own_schema(runner: asyncio.Runner, asked: Asked, seed: int) -> None:
    assume(isinstance(OWN.core.prepare(asked.text), Prepared))
    for place in range(WORLDS):
        compare(runner, OWN, asked, World(seed + place, FAULTS[place % len(FAULTS)]))
