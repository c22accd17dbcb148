"""Rows: the code that makes the rows of one level in one pass.

The code holds names that are made here, attributes that the schema declares, what a shape tells, and response keys as
literals; nothing else of a client's document gets into it. What is out of the ordinary raises, and the exact way takes
over.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from keyword import iskeyword
from typing import Any, Final, cast

from ventanilla.execution.fields import Property, Shape
from ventanilla.execution.plan.leaves import GOOD_TYPES, Leaf, Leaves, OddError
from ventanilla.execution.plan.tree import Field, MakeRows, Selection, unwritten
from ventanilla.execution.plan.types import is_leaf, is_list, is_strict, nullable, type_of

DEEPEST: Final = 15
"""How deep objects and lists are written into one function; Python nests no more than 20 loops."""
_STEP: Final = "    "
_ROW: Final = "row"
"""What a row that stands for an object is called."""
_MOST_SHAPES: Final = 4
"""For how many shapes a level remembers its code: offices of a kind share one."""


_TAKEN: Final = re.compile(r"[pvcx]\d*|made|parents|rows?|origin|today|Odd|good|date|(get|leaf|names|of_rows)_\d+")
"""What the code calls its own things."""


class UnknownError(Exception):
    """A shape lacks an attribute, or calls something as the code does: its rows have to be made into objects."""


@dataclass(slots=True)
class _Writer:
    """One function being written: its lines, and the names that it takes from outside."""

    leaves: Leaves
    shape: Shape | None = None
    """Of the rows that the parents are, if they are."""
    lines: list[str] = field(default_factory=list[str])
    names: dict[str, Any] = field(default_factory=lambda: {"Odd": OddError, "good": GOOD_TYPES, "date": date})
    locals: int = 0

    def line(self, depth: int, text: str) -> None:
        self.lines.append(_STEP * depth + text)

    def outside(self, word: str, value: Any) -> str:
        """A name, beginning with `word`, for `value`."""
        name = f"{word}_{len(self.names) - 2}"
        self.names[name] = value
        return name

    def local(self) -> str:
        self.locals += 1
        return f"x{self.locals}"


def rows_of(selection: Selection, shape: Shape | None = None) -> tuple[MakeRows, str]:
    """The function that makes the rows of a selection, given its columns, and its text.

    With a shape its parents are rows of that shape; `UnknownError` if that does not tell all that is asked of them.
    """
    columns = selection.columns
    writer = _Writer(selection.leaves, shape)
    if shape is not None:
        if taken := [name for name in shape.names if _TAKEN.fullmatch(name)]:
            raise UnknownError(*taken)
        writer.names |= shape.names
    given = {id(each): f"v{place}" for place, each in enumerate(columns)}
    each = [f"c{place}" for place in range(len(columns))]
    writer.line(0, f"def rows({', '.join(['parents', *each])}):  # {selection.kind.name}")
    writer.line(1, "made = []")
    parent, parents = ("p", "parents") if shape is None else (_ROW, "parents.rows")
    if shape is not None:
        writer.line(1, "origin, today = parents.origin, parents.today")
    if columns:
        writer.line(1, f"for {parent}, {', '.join(given.values())} in zip({parents}, {', '.join(each)}):")
    else:
        writer.line(1, f"for {parent} in {parents}:")
    shown = _row(writer, 2, selection.fields, parent, given)
    writer.line(2, f"made.append({shown})")
    writer.line(1, "return made")
    source = "\n".join(writer.lines) + "\n"
    exec(compile(source, f"<plan of {selection.kind.name}>", "exec"), writer.names)  # noqa: S102  the docstring above says why
    return writer.names.pop("rows"), source  # taken out, or the function would hold itself and wait for the collector


def made_of(selection: Selection, parents: Sequence[Any]) -> MakeRows:
    """What makes the rows of a level of these parents."""
    shape: Shape | None = getattr(parents, "shape", None)
    if shape is None:
        return selection.rows
    return selection.shaped.get(shape) or _shaped(selection, shape)


def _shaped(selection: Selection, shape: Shape) -> MakeRows:
    if len(selection.shaped) >= _MOST_SHAPES:
        selection.shaped.clear()
    try:
        selection.shaped[shape] = rows_of(selection, shape)[0]
    except UnknownError:
        if selection.rows is unwritten:
            selection.rows, selection.source = rows_of(selection)
        selection.shaped[shape] = selection.rows
    return selection.shaped[shape]


def made_of_rows(selection: Selection, parents: Any) -> list[dict[str, Any]]:
    """The rows of parents that are rows themselves; `OddError` if they are anything else."""
    shape: Shape | None = getattr(parents, "shape", None)
    if shape is None:
        raise OddError
    make = selection.shaped.get(shape)
    if make is None:  # a shape that was met before is one of rows
        if not are_rows(parents):
            raise OddError
        make = _shaped(selection, shape)
    return make(parents)


def are_rows(value: Any) -> bool:
    """Whether `value` is of the kind that `Rows` describes, which no list is."""
    return hasattr(value, "shape") and hasattr(value, "joined")


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
        if parent == _ROW and (shown := _proven(writer, each)):
            return shown
        name = writer.local()
        writer.line(depth, f"{name} = {_read(writer, each, parent)}")
    if not each.is_gathered:
        _complete(writer, depth, each, type_of(each.definition), name)
    return name


def _proven(writer: _Writer, each: Field) -> str | None:
    """The code of a field that is written as it stands in the row; None where it has to be looked at."""
    name, below = cast("Property", each.declared).name, each.below
    if below is None:
        return _proven_leaf(writer, each, name)
    if not isinstance(below, Selection) or is_list(nullable(type_of(each.definition))):
        return None
    parts = [
        repr(part.parent.name) if part.definition is None else _proven_leaf(writer, part, f"{name}.{_name_of(part)}")
        for part in below.fields
    ]
    if None in parts or all(part.definition is None for part in below.fields):
        return None  # only a leaf that is proven says that the object is there
    return "{" + ", ".join(f"{part.key!r}: {shown}" for part, shown in zip(below.fields, parts, strict=True)) + "}"


def _proven_leaf(writer: _Writer, each: Field, path: str) -> str | None:
    kind = type_of(each.definition)
    if each.below is not None or not is_leaf(nullable(kind)):
        return None
    found = cast("Shape", writer.shape).leaf(path)
    proven = found and writer.leaves[nullable(kind)].is_proven(found[1], strict=is_strict(kind))
    return found[0] if found and proven else None


def _name_of(each: Field) -> str:
    return each.declared.name if isinstance(each.declared, Property) else ""


def _read(writer: _Writer, each: Field, parent: str) -> str:
    declared = each.declared
    if parent == _ROW:
        name, dot, part = cast("Property", declared).name.partition(".")
        code = cast("Shape", writer.shape).code(name)
        if code is None:
            raise UnknownError(name)
        return f"({code}){dot}{part}"
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
        _object(writer, depth, each, name)


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
    if isinstance(each.below, Selection) and not is_list(nullable(item_kind)):
        of_rows = writer.outside("of_rows", partial(made_of_rows, each.below))
        writer.line(depth + 1, f"{name} = {of_rows}({name})")
        writer.line(depth, "else:")
        depth += 1
    else:
        writer.line(depth + 1, "raise Odd")
    writer.line(depth, f"{made} = []")
    writer.line(depth, f"for {item} in {name}:")
    _complete(writer, depth + 1, each, item_kind, item)
    writer.line(depth + 1, f"{made}.append({item})")
    writer.line(depth, f"{name} = {made}")


def _object(writer: _Writer, depth: int, each: Field, name: str) -> None:
    # A null that may be was caught above; where none may be, `good` raises for it as for any that is no object.
    writer.line(depth, f"good[type({name})]")
    below = cast("Selection", each.below)
    writer.line(depth, f"{name} = {_row(writer, depth, below.fields, name, {})}")
