"""Limits and cost: counted, not expanded; before validation; in time linear in the document."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from graphql import GraphQLSchema, get_introspection_query, parse
from hypothesis import given, settings
from hypothesis import strategies as st

from ventanilla.execution import cost, limits
from ventanilla.execution.cost import Cost
from ventanilla.execution.documents import Prepared
from ventanilla.execution.engine import Engine, Outcome, Stage
from ventanilla.execution.limits import MOST, LimitError, Limits, check
from ventanilla.schema.schema import build

pytestmark = pytest.mark.anyio
SCHEMA: GraphQLSchema = build()
ENGINE = Engine(SCHEMA)


def points(query: str, **variables: Any) -> int:
    return Cost(SCHEMA, parse(query)).of(None, variables)


def doubling(levels: int, inside: str = "portal { name }", on: str = "Query", root: str = "...F0") -> str:
    """Fragments of which each spreads the next twice."""
    spread = "".join(
        f"fragment F{level} on {on} {{ a{level}: {inside} ...F{level + 1} ...F{level + 1} }} "
        for level in range(levels)
    )
    return f"query ($n: Int) {{ {root} }} {spread} fragment F{levels} on {on} {{ __typename }}"


def steps(act: Callable[[], object], *rooms: Any) -> int:
    """How many functions of these modules are called: time, without a clock."""
    files = {room.__file__ for room in rooms}
    count = 0

    def seen(frame: Any, event: str, _arg: object) -> None:
        nonlocal count
        count += event == "call" and frame.f_code.co_filename in files

    sys.setprofile(seen)
    try:
        act()
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize(
    ("document", "name"),
    [
        ("{ portal { name } } " * 6, "operations"),
        ("{ viewer " + "{ defaultAccount " * 12 + "{ id }" + " }" * 13, "levels"),
        ("{ portal { " + "name " * 500 + "} }", "fields"),
        ("{ portal { " + " ".join(f"a{n}: name" for n in range(31)) + " } }", "aliases"),
        ("{ portal { ... { " + " ".join(f"a{n}: name" for n in range(31)) + " } } }", "aliases"),
        ("{ portal { ...F } } fragment F on Portal { " + " ".join(f"a{n}: name" for n in range(31)) + " }", "aliases"),
        ("{ portal { name " + "@skip(if: false) " * 51 + "} }", "directives"),
        ("mutation { " + " ".join(f"a{n}: signOut {{ endedSessions }}" for n in range(6)) + " }", "mutations"),
        (doubling(40), "fields"),
        ("{ portal { " + "x" * 129 + ": name } }", "characters in a name"),
        ("{ portal { ...F } } fragment F on Portal { theme { " + "x" * 129 + ": primary } }", "characters in a name"),
        ('{ viewer { ... @defer(label: "' + "x" * 129 + '") { name } } }', "characters in a name"),
        ('{ portal { languages @stream(label: "' + "x" * 129 + '") } }', "characters in a name"),
        ("{ portal { name } } fragment F on Portal { " + "theme { primary } " * 251 + "}", "fields"),
    ],
)
def test_what_is_over_a_limit_is_refused_by_name(document: str, name: str) -> None:
    refused = ENGINE.prepare(document)
    assert isinstance(refused, Outcome)
    assert refused.stage is Stage.LIMIT
    assert f" {name}; one request may have " in refused.errors[0].message


def test_limits_come_before_validation() -> None:
    refused = ENGINE.prepare("{ nothing { " + "x " * 600 + "} }")
    assert isinstance(refused, Outcome)
    assert refused.stage is Stage.LIMIT


def test_what_tools_ask_is_allowed() -> None:
    assert isinstance(
        ENGINE.prepare(get_introspection_query(descriptions=True, input_value_deprecation=True)), Prepared
    )


def test_fragments_in_a_circle_are_left_to_validation() -> None:
    circle = "{ ...A } fragment A on Query { ...B } fragment B on Query { ...A portal { name } }"
    refused = ENGINE.prepare(circle)
    assert isinstance(refused, Outcome)
    assert refused.stage is Stage.VALIDATE
    assert points(circle) == 1


@settings(max_examples=30)
@given(st.integers(1, 60))
def test_time_is_linear_in_fragments_that_double(levels: int) -> None:
    document = parse(doubling(levels))
    taken = steps(lambda: _refused(document), limits)
    assert taken <= 40 * levels + 60
    heavy = parse(doubling(levels, "accounts(first: $n) { nodes { id } }", "Viewer", "viewer { ...F0 }"))
    Cost(SCHEMA, heavy)  # what is known of the schema is known from then on
    assert steps(lambda: Cost(SCHEMA, heavy).of(None, {"n": 3}), cost) <= 150 * levels + 150


def _refused(document: Any) -> None:
    with suppress(LimitError):
        check(document, Limits())


def test_counting_stops_far_above_every_limit() -> None:
    with pytest.raises(LimitError, match=f"more than {MOST} fields"):
        check(parse(doubling(60)), Limits())
    assert points(doubling(60, "accounts { nodes { id } }", "Viewer", "viewer { ...F0 }")) == MOST


@pytest.mark.parametrize(
    ("query", "variables", "expected"),
    [
        ("{ __typename }", {}, 0),
        ("{ portal { name theme { primary } } }", {}, 1),
        ("{ viewer { accounts { nodes { id } } } }", {}, 1 + 1 + 20),
        ("{ viewer { accounts(first: 5) { nodes { id } } } }", {}, 1 + 1 + 5),
        ("{ viewer { accounts(last: 7) { edges { node { id } } } } }", {}, 1 + 1 + 7),
        ("{ viewer { accounts(first: 2, last: 9) { nodes { id } } } }", {}, 1 + 1 + 9),
        ("{ viewer { accounts(first: 5) { totalCount } } }", {}, 1 + 1),
        (
            "{ viewer { accounts(first: 5) { nodes { invoices(first: 3) { totalCount nodes { id } } } } } }",
            {},
            2 + 5 * 6,
        ),
        ("query ($n: Int) { viewer { accounts(first: $n) { nodes { id } } } }", {"n": 4}, 1 + 1 + 4),
        ("query ($n: Int) { viewer { accounts(first: $n) { nodes { id } } } }", {}, 1 + 1 + 20),
        ("query ($n: Int = 8) { viewer { accounts(first: $n) { nodes { id } } } }", {}, 1 + 1 + 8),
        ("query ($n: Int) { viewer { accounts(first: $n) { nodes { id } } } }", {"n": None}, 1 + 1 + 20),
        ("query ($n: Int) { viewer { accounts(first: $n) { nodes { id } } } }", {"n": 100.0}, 1 + 1 + 100),
        ("query ($n: Int) { viewer { accounts(first: $n) { nodes { id } } } }", {"n": 2.5}, 1 + 1 + 20),
        ("query ($n: Int) { viewer { accounts(first: $n) { nodes { id } } } }", {"n": -5}, 1 + 1),
        ("query ($n: Int) { viewer { accounts(first: $n) { nodes { id } } } }", {"n": 10**30}, MOST),
        ("query ($i: [ID!]!) { nodes(ids: $i) { id } }", {"i": ["a"] * 50}, 1 + 50),
        ("query ($i: [ID!]!) { nodes(ids: $i) { id } }", {"i": "a"}, 1 + 1),
        ('{ nodes(ids: "a") { id ... on Invoice { lines { position } } } }', {}, 1 + 1 * (1 + 1 + 5)),
        ('{ nodes(ids: ["a", "b"]) { id ... on Invoice { lines { position } } } }', {}, 1 + 2 * (1 + 1 + 5)),
        ("{ viewer { accounts(first: 5) { ...C } } } fragment C on AccountConnection { nodes { id } }", {}, 1 + 1 + 5),
        ("{ viewer { defaultAccount { balance { nextDue { invoice { id } } } } } }", {}, 3 + 5),
        ("{ viewer { defaultAccount { property { address { lines } } } } }", {}, 2),
    ],
)
def test_cost_counts_questions_and_rows(query: str, variables: dict[str, Any], expected: int) -> None:
    assert points(query, **variables) == expected


async def test_what_costs_too_much_is_refused_before_anybody_is_asked() -> None:
    query = "query ($n: Int) { viewer { accounts(first: $n) { nodes { invoices(first: $n) { nodes { id } } } } } }"
    prepared = ENGINE.prepare(query)
    assert isinstance(prepared, Prepared)
    refused = await ENGINE.run(prepared, None, {"n": 100}, None)
    assert (refused.stage, refused.data) == (Stage.LIMIT, None)
    assert "10202 points; one request may have 10000" in refused.errors[0].message


def test_a_home_page_costs_at_most_a_tenth_of_what_one_request_may(request: pytest.FixtureRequest) -> None:
    home = (request.config.rootpath / "examples" / "queries" / "home.graphql").read_text(encoding="utf-8")
    assert points(home) <= ENGINE.most_points // 10
