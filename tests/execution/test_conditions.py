"""What is left out of a document costs nothing, wherever the condition stands."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from graphql import parse
from hypothesis import given, settings
from hypothesis import strategies as st

from ventanilla.execution.cost import Cost
from ventanilla.schema.schema import build

SCHEMA = build()
OPEN = {
    "balance": "balance { side nextDue { invoice { account { %s } } } }",
    "invoices": "invoices(first: $n) { totalCount nodes { account { %s } } }",
    "readings": "meters(last: 3) { edges { node { readings { nodes { readOn } } account { %s } } } }",
    "inline": "... on Account { %s }",
    "fragment": "...%s",
}
"""What may stand in the selection set of an account, and what stands around more of it."""
NAMES = st.sampled_from(sorted(OPEN))
CONDITIONS = st.dictionaries(st.sampled_from(("include", "skip")), st.sampled_from(("true", "false", "$a", "$b")))
Tree = tuple[str, dict[str, str], list["Tree"]]
"""What it is, under which conditions, and what is in it."""
TREES: st.SearchStrategy[Tree] = st.recursive(
    st.tuples(NAMES, CONDITIONS, st.just([])),
    lambda below: st.tuples(NAMES, CONDITIONS, st.lists(below, max_size=3)),
    max_leaves=12,
)


class Writer:
    """Writes trees as a document, with their conditions or without what these leave out."""

    def __init__(self, flags: Mapping[str, bool] | None = None) -> None:
        self._flags = flags
        self._fragments: list[str] = []

    def document(self, trees: list[Tree]) -> str:
        inside = self._set(trees)
        variables = "query ($n: Int, $a: Boolean! = true, $b: Boolean! = true)"
        return f"{variables} {{ viewer {{ defaultAccount {{ {inside} }} }} }} {' '.join(self._fragments)}"

    def _set(self, trees: list[Tree]) -> str:
        return " ".join(["__typename", *(self._one(*tree) for tree in trees)])

    def _one(self, name: str, conditions: dict[str, str], trees: list[Tree]) -> str:
        inside = self._set(trees)
        again = ""
        if name == "fragment":
            inside, again = self._fragment(inside)
        head, brace, rest = (OPEN[name] % inside).partition(" {")
        if self._flags is None:
            written = "".join(f" @{each}(if: {on})" for each, on in conditions.items())
            return f"{head}{written}{brace}{rest}{again}"
        left_out = any(self._flags[on] is (each == "skip") for each, on in conditions.items())
        return f"__typename{again}" if left_out else f"{head}{brace}{rest}{again}"

    def _fragment(self, inside: str) -> tuple[str, str]:
        """The name of a fragment of what is inside, and another spread of it, which has no conditions."""
        name = f"F{len(self._fragments)}"
        self._fragments.append(f"fragment {name} on Account {{ {inside} }}")
        return name, f" ...{name}"


def points(document: str, **variables: Any) -> int:
    return Cost(SCHEMA, parse(document)).of(None, variables)


@settings(max_examples=150)
@given(st.lists(TREES, max_size=3), st.booleans(), st.booleans(), st.integers(1, 9))
def test_a_document_costs_what_it_costs_without_the_selections_that_are_left_out(
    trees: list[Tree], a: bool, b: bool, n: int
) -> None:
    flags = {"true": True, "false": False, "$a": a, "$b": b}
    assert points(Writer().document(trees), n=n, a=a, b=b) == points(Writer(flags).document(trees), n=n)
