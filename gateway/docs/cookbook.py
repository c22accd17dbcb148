"""The cookbook: documents to start a front end from, each with what it costs.

They are files of the repository's examples, which the wheel carries beside this module (`setup.py`); where the gateway
runs from its tree, they stand where they are edited.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any, Final, cast

from graphql import GraphQLSchema, OperationDefinitionNode, parse, validate, value_from_ast_untyped

from ventanilla.backoffice_adapters.records import Record
from ventanilla.execution.cost import Cost

_HERE: Final = Path(__file__).parent
FOLDERS: Final = (_HERE / "cookbook", _HERE.parents[1] / "examples" / "queries")
"""Where the documents may lie: as installed, and as edited."""
MOST_ROWS: Final = 100
"""How long a list is that is asked for as long as it gets."""
_HEAD: Final = re.compile(r"(?:#.*\n)+")


class Recipe(Record):
    """One document."""

    name: str
    about: str
    """What its first lines say, without their marks."""
    query: str
    """The document below them."""
    fields: tuple[str, ...]
    """The fields of the root that it asks."""


class Price(Record):
    """What a document costs with these variables."""

    variables: dict[str, Any]
    points: int


@cache
def recipes() -> dict[str, Recipe]:
    """Every document by its name; none where the examples were left out."""
    folder = next((each for each in FOLDERS if each.is_dir()), None)
    return {path.stem: _read(path) for path in sorted(folder.glob("*.graphql"))} if folder else {}


def _read(path: Path) -> Recipe:
    text = path.read_text("utf-8")
    head = _HEAD.match(text)
    query = text[head.end() :] if head else text
    about = " ".join(line.lstrip("# ").strip() for line in (head[0] if head else "").splitlines())
    return Recipe(name=path.stem, about=about, query=query, fields=_roots(query))


def _roots(query: str) -> tuple[str, ...]:
    operations = [node for node in parse(query).definitions if isinstance(node, OperationDefinitionNode)]
    return tuple(cast("Any", node).name.value for each in operations for node in each.selection_set.selections)


def prices(schema: GraphQLSchema, recipe: Recipe) -> list[Price]:
    """What a document costs as it stands, and with the longest lists that its variables can ask for.

    Empty for one that does not fit the schema.
    """
    document = parse(recipe.query)
    if validate(schema, document):
        return []
    (operation,) = [node for node in document.definitions if isinstance(node, OperationDefinitionNode)]
    cost, assumed = Cost(schema, document), _assumed(operation)
    longest = assumed | dict.fromkeys(_lengths(operation), MOST_ROWS)
    found = [Price(variables=each, points=max(1, cost.of(None, each))) for each in (assumed, longest)]
    return found if found[1].points > found[0].points else found[:1]


def _assumed(operation: OperationDefinitionNode) -> dict[str, Any]:
    return {
        each.variable.name.value: value_from_ast_untyped(each.default_value)
        for each in operation.variable_definitions or ()
        if each.default_value is not None
    }


def _lengths(operation: OperationDefinitionNode) -> list[str]:
    """The variables that are numbers: how long a list is to be."""
    found = operation.variable_definitions or ()
    return [
        each.variable.name.value
        for each in found
        if cast("Any", each.type).kind == "named_type" and cast("Any", each.type).name.value == "Int"
    ]
