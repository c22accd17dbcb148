"""Rows: the code that makes the rows of one level in one pass.

The code holds names that are made here, attributes that the schema declares, and response keys as literals; nothing
else of a client's document gets into it. What is out of the ordinary raises, and the exact way takes over.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from keyword import iskeyword
from typing import Any, Final, cast

from graphql import GraphQLObjectType

from ventanilla.execution.fields import Property
from ventanilla.execution.plan.leaves import NOT_VALUES, Leaf, Leaves, OddError
from ventanilla.execution.plan.tree import Field, Rows, Selection
from ventanilla.execution.plan.types import is_leaf, is_list, is_strict, nullable, type_of

DEEPEST: Final = 15
"""How deep objects and lists are written into one function; Python nests no more than 20 loops."""
_STEP: Final = "    "


@dataclass(slots=True)
class _Writer:
    """One function being written: its lines, and the names that it takes from outside."""

    leaves: Leaves
    lines: list[str] = field(default_factory=list[str])
    names: dict[str, Any] = field(default_factory=lambda: {"Odd": OddError, "not_values": NOT_VALUES})
    locals: int = 0

    def line(self, depth: int, text: str) -> None:
        self.lines.append(_STEP * depth + text)

    def outside(self, word: str, value: Any) -> str:
        """A name, beginning with `word`, for `value`."""
        name = f"{word}_{len(self.names) - 1}"
        self.names[name] = value
        return name

    def local(self) -> str:
        self.locals += 1
        return f"x{self.locals}"


def rows_of(
    leaves: Leaves, kind: GraphQLObjectType, fields: Sequence[Field], columns: Sequence[Field]
) -> tuple[Rows, str]:
    """The function that makes the rows of `fields`, given `columns`, and its text."""
    writer = _Writer(leaves)
    given = {id(each): f"v{place}" for place, each in enumerate(columns)}
    each = [f"c{place}" for place in range(len(columns))]
    writer.line(0, f"def rows({', '.join(['parents', *each])}):  # {kind.name}")
    writer.line(1, "made = []")
    if columns:
        writer.line(1, f"for p, {', '.join(given.values())} in zip(parents, {', '.join(each)}):")
    else:
        writer.line(1, "for p in parents:")
    shown = _row(writer, 2, fields, "p", given)
    writer.line(2, f"made.append({shown})")
    writer.line(1, "return made")
    source = "\n".join(writer.lines) + "\n"
    exec(compile(source, f"<plan of {kind.name}>", "exec"), writer.names)  # noqa: S102  the docstring above says why
    return writer.names["rows"], source


def _row(writer: _Writer, depth: int, fields: Sequence[Field], parent: str, given: dict[int, str]) -> str:
    """Write what completes `fields` of `parent`; the dictionary that holds them."""
    parts = [f"{each.key!r}: {_field(writer, depth, each, parent, given)}" for each in fields]
    return "{" + ", ".join(parts) + "}"


def _field(writer: _Writer, depth: int, each: Field, parent: str, given: dict[int, str]) -> str:
    """Write what completes one field; the name or literal that stands for its value."""
    if each.definition is None:
        return repr(each.parent.name)
    name = given.get(id(each))
    if name is None:
        name = writer.local()
        writer.line(depth, f"{name} = {_read(writer, each, parent)}")
    if not each.is_gathered:
        _complete(writer, depth, each, type_of(each.definition), name)
    return name


def _read(writer: _Writer, each: Field, parent: str) -> str:
    declared = each.declared
    if isinstance(declared, Property) and all(
        part.isidentifier() and not iskeyword(part) for part in declared.name.split(".")
    ):
        return f"{parent}.{declared.name}"
    return f"{writer.outside('get', each.read)}({parent})"


def _complete(writer: _Writer, depth: int, each: Field, kind: Any, name: str) -> None:
    """Write what turns the value called `name` into its completed one."""
    strict, inner = is_strict(kind), nullable(kind)
    if is_leaf(inner):
        _leaf(writer, depth, writer.leaves[inner], name, strict=strict)
        return
    if not strict:
        writer.line(depth, f"if {name} is not None:")
        depth += 1
    if is_list(inner):
        _list(writer, depth, each, inner.of_type, name)
    else:
        _object(writer, depth, each, name, strict=strict)


def _leaf(writer: _Writer, depth: int, leaf: Leaf, name: str, *, strict: bool) -> None:
    complete = writer.outside("leaf", leaf.strict if strict else leaf.or_null)
    if leaf.names is not None:
        names = writer.outside("names", leaf.names)
        writer.line(depth, f"{name} = {names}.get({name}) or {complete}({name})")
        return
    conditions = [] if strict else [f"{name} is not None"]
    if leaf.unless:
        unless = leaf.unless.format(x=name)
        conditions.append(unless if strict else f"({unless})")
    if conditions:
        writer.line(depth, f"if {' and '.join(conditions)}:")
    writer.line(depth + bool(conditions), f"{name} = {complete}({name})")


def _list(writer: _Writer, depth: int, each: Field, item_kind: Any, name: str) -> None:
    made, item = writer.local(), writer.local()
    writer.line(depth, f"if type({name}) is not list and type({name}) is not tuple:")
    writer.line(depth + 1, "raise Odd")
    writer.line(depth, f"{made} = []")
    writer.line(depth, f"for {item} in {name}:")
    _complete(writer, depth + 1, each, item_kind, item)
    writer.line(depth + 1, f"{made}.append({item})")
    writer.line(depth, f"{name} = {made}")


def _object(writer: _Writer, depth: int, each: Field, name: str, *, strict: bool) -> None:
    null = f"{name} is None or " if strict else ""
    writer.line(depth, f"if {null}isinstance({name}, not_values):")
    writer.line(depth + 1, "raise Odd")
    below = cast("Selection", each.below)
    writer.line(depth, f"{name} = {_row(writer, depth, below.fields, name, {})}")
