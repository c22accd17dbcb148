"""The schema as a contract: committed, described, declared."""

from __future__ import annotations

from pathlib import Path

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLScalarType,
    parse,
    validate,
)

from ventanilla.execution.fields import DECLARATION
from ventanilla.resolvers.access import DECLARED, declared_of
from ventanilla.schema.schema import TYPE_OF, build, functions_of, sdl

ROOT = Path(__file__).parents[2]
SCHEMA = build()
OURS = {name: kind for name, kind in SCHEMA.type_map.items() if not name.startswith("__")}
BUILT_IN = {"String", "Int", "Float", "Boolean", "ID"}


def test_the_committed_schema_is_the_one_that_runs() -> None:
    committed = (ROOT / "schema" / "schema.graphql").read_text(encoding="utf-8")
    assert committed == sdl(SCHEMA), "run `ventanilla schema > schema/schema.graphql` and review the difference"


def undescribed() -> list[str]:
    """Coordinates of everything that has no description."""
    found: list[str] = []
    for name, kind in OURS.items():
        if not kind.description and name not in BUILT_IN:
            found.append(name)
        if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType):
            for field_name, field in kind.fields.items():
                found += [] if field.description else [f"{name}.{field_name}"]
                found += [f"{name}.{field_name}({each}:)" for each, arg in field.args.items() if not arg.description]
        if isinstance(kind, GraphQLInputObjectType):
            found += [f"{name}.{each}" for each, field in kind.fields.items() if not field.description]
        if isinstance(kind, GraphQLEnumType):
            found += [f"{name}.{each}" for each, value in kind.values.items() if not value.description]
    return found


def test_everything_has_a_description() -> None:
    assert undescribed() == []


def test_every_custom_scalar_says_its_format() -> None:
    scalars = {name for name, kind in OURS.items() if isinstance(kind, GraphQLScalarType)} - BUILT_IN
    assert scalars == {
        "Colour",
        "CurrencyCode",
        "Date",
        "DateTime",
        "Decimal",
        "Fraction",
        "TimeZone",
        "Url",
        "YearMonth",
    }
    for name in scalars:
        assert "`" in (SCHEMA.type_map[name].description or "")


def test_every_declared_function_is_a_field_and_every_field_is_declared() -> None:
    used: set[str] = set()
    for kind in OURS.values():
        if isinstance(kind, GraphQLObjectType):
            for field in kind.fields.values():
                for function in functions_of(field.extensions[DECLARATION]):
                    declared = declared_of(function)
                    assert declared is not None
                    used.add(declared.name)
    assert used == set(DECLARED)


def test_mutations_take_one_input_if_any_and_answer_an_object() -> None:
    mutations = SCHEMA.mutation_type
    assert mutations is not None
    for field in mutations.fields.values():
        assert set(field.args) <= {"input"}
        assert str(field.type).endswith("Payload!")


def test_lists_of_the_domain_are_connections() -> None:
    lists = {
        "Account": [
            *("invoices", "charges", "payments", "accruals", "paymentPlans", "interestAccruals"),
            *("meters", "utilitySettlements"),
        ],
        "Meter": ["readings"],
        "Viewer": ["accounts", "notices"],
    }
    for name, fields in lists.items():
        kind = SCHEMA.type_map[name]
        assert isinstance(kind, GraphQLObjectType)
        for field in fields:
            assert str(kind.fields[field].type).rstrip("!").endswith("Connection")
            assert {"first", "after", "last", "before"} <= {*kind.fields[field].args}


def test_every_node_type_is_told_by_its_record() -> None:
    node = SCHEMA.type_map["Node"]
    assert isinstance(node, GraphQLInterfaceType)
    assert {kind.name for kind in SCHEMA.get_possible_types(node)} == set(TYPE_OF.values())


def test_the_example_queries_are_valid() -> None:
    queries = sorted((ROOT / "examples" / "queries").glob("*.graphql"))
    assert queries
    for path in queries:
        assert validate(SCHEMA, parse(path.read_text(encoding="utf-8"))) == [], path.name


def test_the_console_opens_with_the_example_of_a_home_page() -> None:
    opened, example = (
        path.read_text(encoding="utf-8")
        for path in (ROOT / "gateway" / "console" / "home.graphql", ROOT / "examples" / "queries" / "home.graphql")
    )
    assert opened == example
