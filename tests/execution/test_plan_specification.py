"""The examples of section 6 of the GraphQL specification (execution), and those of 7.1 on errors, as it writes them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.execution.small import prepared, schema_of
from ventanilla.execution.engine import Engine, Outcome
from ventanilla.execution.fields import Batch, Call, Property

pytestmark = pytest.mark.anyio

SDL = """
type Query {
  foo: String  bar: String  baz: String  qux: String  a: A  b: String
  me: User  user(id: ID): User  story: Story  hero(episode: String): Character  strictHero: StrictCharacter
  birthday: Int  address: Int  lists: Lists
}
type Mutation {
  changeTheNumber(newNumber: Int): Counter
  changeBirthday(birthday: Int): Int  changeAddress(address: Int): Int
}
type Counter { theNumber: Int }
type A { subfield1: String  subfield2: String }
type User { firstName: String  lastName: String  profilePic(size: Int): String }
type Story { author: User  likes(first: Int = 10): Int }
type Character { name: String  friends: [Character]  id: ID }
type StrictCharacter { name: String!  friends: [StrictCharacter]  id: ID }
type Lists { loose: [Int]  items: [Int!]  list: [Int]!  both: [Int!]! }
"""


@dataclass
class World:
    number: int = 0
    did: list[str] = field(default_factory=list[str])
    ints: Any = None


@dataclass
class Thing:
    """Whatever a type needs; what is not given is null."""

    values: dict[str, Any]

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return self.values.get(name)


def answering(value: Any) -> Call:
    async def answer(_world: World, **_arguments: Any) -> Any:
        return value

    return Call(answer)


async def change(world: World, *, newNumber: int) -> Thing:  # noqa: N803  the specification's own name
    world.number = newNumber
    return Thing({"theNumber": world.number})


async def change_birthday(world: World, *, birthday: int) -> int:
    world.did.append(f"birthday {birthday}")
    return birthday


async def change_address(world: World, *, address: int) -> int:
    world.did.append(f"address {address}")
    return address


async def pictures(_world: World, users: Sequence[Thing], *, size: int | None = None) -> list[str]:
    return [f"{user.firstName} {size}" for user in users]


async def likes(_world: World, stories: Sequence[Thing], *, first: int | None) -> list[int | None]:
    return [first for _ in stories]


async def friends(_world: World, parents: Sequence[Thing]) -> list[Any]:
    return [parent.values.get("friends") for parent in parents]


async def lists(world: World) -> Thing:
    return Thing(dict.fromkeys(("loose", "items", "list", "both"), world.ints))


LUKE = Thing({"id": "1000", "name": "Luke Skywalker"})
LOST = Thing({"id": "1002", "name": LookupError("Name for character with ID 1002 could not be fetched.")})
LEIA = Thing({"id": "1003", "name": "Leia Organa"})
R2D2 = Thing({"name": "R2-D2", "friends": [LUKE, LOST, LEIA]})
ME = Thing({"firstName": "Mark", "lastName": "Zuckerberg"})


def properties(*names: str) -> dict[str, Any]:
    return {name: Property(name) for name in names}


DECLARED: dict[str, dict[str, Any]] = {
    "Query": {
        **{name: answering(name) for name in ("foo", "bar", "baz", "qux", "b")},
        **{name: answering(1) for name in ("birthday", "address")},
        "a": answering(Thing({"subfield1": "1", "subfield2": "2"})),
        "me": answering(ME),
        "user": answering(ME),
        "story": answering(Thing({"author": ME})),
        "hero": answering(R2D2),
        "strictHero": answering(R2D2),
        "lists": Call(lists),
    },
    "Mutation": {
        "changeTheNumber": Call(change),
        "changeBirthday": Call(change_birthday),
        "changeAddress": Call(change_address),
    },
    "Counter": properties("theNumber"),
    "A": properties("subfield1", "subfield2"),
    "User": {**properties("firstName", "lastName"), "profilePic": Batch(pictures)},
    "Story": {"author": Property("author"), "likes": Batch(likes)},
    "Character": {**properties("name", "id"), "friends": Batch(friends)},
    "StrictCharacter": {**properties("name", "id"), "friends": Batch(friends)},
    "Lists": properties("loose", "items", "list", "both"),
}
ENGINE = Engine(schema_of(SDL, DECLARED))


async def run(query: str, world: World | None = None, **variables: Any) -> Outcome:
    outcome = await ENGINE.run(prepared(ENGINE, query), None, variables, world or World())
    assert outcome.compiled
    return outcome


async def data(query: str, **variables: Any) -> str:
    """The answer as text, since the order of keys is part of it."""
    return json.dumps((await run(query, **variables)).data)


async def test_mutations_are_serial() -> None:
    answer = await data(
        """mutation {
          first: changeTheNumber(newNumber: 1) { theNumber }
          second: changeTheNumber(newNumber: 3) { theNumber }
          third: changeTheNumber(newNumber: 2) { theNumber }
        }"""
    )
    assert answer == '{"first": {"theNumber": 1}, "second": {"theNumber": 3}, "third": {"theNumber": 2}}'
    world = World()
    await run("mutation { changeBirthday(birthday: 1) changeAddress(address: 2) }", world)
    assert world.did == ["birthday 1", "address 2"]


@pytest.mark.parametrize(
    ("query", "answer"),
    [
        ("{ a { subfield1 } ...F } fragment F on Query { a { subfield2 } b }", "a a.subfield1 a.subfield2 b"),
        ("{ foo ...Frag qux } fragment Frag on Query { bar baz }", "foo bar baz qux"),
        ("{ foo ...Matching bar } fragment Matching on Query { bar qux foo }", "foo bar qux"),
        ("{ foo @skip(if: true) bar foo }", "bar foo"),
        ("{ foo @include(if: false) bar }", "bar"),
        ("{ foo @skip(if: false) @include(if: false) bar }", "bar"),
        ("{ ...F @skip(if: true) ... @include(if: true) { bar } } fragment F on Query { foo }", "bar"),
        ("{ me { firstName } me { lastName } }", "me me.firstName me.lastName"),
        ("{ me { ...N lastName } } fragment N on User { firstName }", "me me.firstName me.lastName"),
        ("{ zuck: me { last: lastName __typename } }", "zuck zuck.last zuck.__typename"),
    ],
)
async def test_fields_are_collected_in_the_order_of_the_document(query: str, answer: str) -> None:
    def keys(value: Any, path: str = "") -> list[str]:
        found: list[str] = []
        for key, inner in value.items() if isinstance(value, dict) else ():
            found += [path + key, *keys(inner, f"{path}{key}.")]
        return found

    assert " ".join(keys((await run(query)).data)) == answer


@pytest.mark.parametrize(
    ("arguments", "variables", "answer"),
    [
        ("", {}, "10"),
        ("(first: 3)", {}, "3"),
        ("(first: null)", {}, "null"),
        ("(first: $n)", {}, "10"),
        ("(first: $n)", {"n": None}, "null"),
        ("(first: $n)", {"n": 5}, "5"),
    ],
)
async def test_arguments_are_coerced(arguments: str, variables: dict[str, Any], answer: str) -> None:
    head = "query ($n: Int)" if "$n" in arguments else "query"
    assert (
        await data(f"{head} {{ story {{ likes{arguments} }} }}", **variables) == f'{{"story": {{"likes": {answer}}}}}'
    )


async def test_a_variable_that_is_left_out_leaves_its_argument_out() -> None:
    query = "query ($size: Int) { me { profilePic(size: $size) } }"
    assert await data(query) == '{"me": {"profilePic": "Mark None"}}'
    assert await data(query, size=60) == '{"me": {"profilePic": "Mark 60"}}'
    assert await data("query ($size: Int = 5) { me { profilePic(size: $size) } }") == '{"me": {"profilePic": "Mark 5"}}'


ERROR = "Name for character with ID 1002 could not be fetched."


async def test_an_error_of_a_field_that_may_be_null() -> None:
    outcome = await run("{ hero(episode: $e) { name heroFriends: friends { id name } } }".replace("$e", '"JEDI"'))
    assert outcome.data == {
        "hero": {
            "name": "R2-D2",
            "heroFriends": [
                {"id": "1000", "name": "Luke Skywalker"},
                {"id": "1002", "name": None},
                {"id": "1003", "name": "Leia Organa"},
            ],
        }
    }
    (error,) = outcome.errors
    assert (error.message, error.path) == (ERROR, ["hero", "heroFriends", 1, "name"])
    assert isinstance(error.original_error, LookupError)


async def test_an_error_of_a_field_that_may_not_be_null() -> None:
    outcome = await run("{ strictHero { name heroFriends: friends { id name } } }")
    assert outcome.data == {
        "strictHero": {
            "name": "R2-D2",
            "heroFriends": [{"id": "1000", "name": "Luke Skywalker"}, None, {"id": "1003", "name": "Leia Organa"}],
        }
    }
    (error,) = outcome.errors
    assert (error.message, error.path) == (ERROR, ["strictHero", "heroFriends", 1, "name"])


@pytest.mark.parametrize(
    ("field_name", "ints", "answer"),
    [
        ("loose", [1, 2], [1, 2]),
        ("loose", None, None),
        ("loose", [1, None], [1, None]),
        ("loose", [1, ValueError("two")], [1, None]),
        ("items", None, None),
        ("items", [1, None], None),
        ("items", [1, ValueError("two")], None),
        ("list", None, "nulled"),
        ("list", [1, None], [1, None]),
        ("list", [1, ValueError("two")], [1, None]),
        ("list", ValueError("all"), "nulled"),
        ("both", [1, 2], [1, 2]),
        ("both", None, "nulled"),
        ("both", [1, None], "nulled"),
        ("both", [1, ValueError("two")], "nulled"),
    ],
)
async def test_nulls_in_lists(field_name: str, ints: Any, answer: Any) -> None:
    outcome = await run(f"{{ lists {{ {field_name} }} }}", World(ints=ints))
    assert outcome.data == {"lists": None if answer == "nulled" else {field_name: answer}}
    null_is_fine = answer == ints
    assert len(outcome.errors) == (0 if null_is_fine else 1)
    assert null_is_fine or outcome.errors[0].path is not None
