"""Gathering: the objects in the values of a field become levels, and their rows are put where the objects stood."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice
from types import NoneType, SimpleNamespace
from typing import Any, Final, cast

import msgspec
from graphql import Executor, GraphQLAbstractType, GraphQLSchema, Undefined

from ventanilla.execution.plan.exact import Cells, Level, Place, exact_cells
from ventanilla.execution.plan.leaves import GOOD_TYPES, OddError
from ventanilla.execution.plan.rows import are_rows
from ventanilla.execution.plan.tree import Field, Kinds, Selection
from ventanilla.execution.plan.types import is_iterable, is_list, nullable, type_of

PutBack = Callable[[list[Any]], Sequence[Any]]
"""Puts the rows of a level where its objects stood."""


class Gathering(msgspec.Struct):
    """The levels below one field, and how their rows become its cells."""

    schema: GraphQLSchema
    at: Field
    values: Sequence[Any]
    levels: list[Level]
    put_back: PutBack | None = None
    """The quick way, open while nothing is out of the ordinary."""

    def cells(self) -> Cells:
        """The field's cells, once its levels are done."""
        if self.put_back is not None:
            (level,) = self.levels
            if level.done is not None and not level.done.is_broken and not level.done.faults:
                return Cells(self.put_back(level.done.rows))
            again = _Collecting(self.schema, self.at, {level.selection.kind.name: _refilled(level)})
            return exact_cells(self.at, again.placed(self.values))
        return exact_cells(self.at, self.values)


def gather(schema: GraphQLSchema, each: Field, values: Sequence[Any]) -> Gathering:
    """The objects in `values`, by type, each type a level."""
    if isinstance(each.below, Selection) and (quick := _quickly(each, values)):
        objects, put_back = quick
        return Gathering(schema, each, values, [Level(each.below, objects)], put_back)
    collecting = _Collecting(schema, each)
    placed = collecting.placed(values)
    return Gathering(schema, each, placed, list(collecting.levels.values()))


def _refilled(level: Level) -> Level:
    """The same level, whose objects are about to be counted through once more."""
    return Level(level.selection, [], level.done)


def _quickly(each: Field, values: Sequence[Any]) -> tuple[Sequence[Any], PutBack] | None:
    """The objects in `values`, and how to put their rows back; None if anything needs a closer look."""
    form = each.form
    if not form.is_list:
        return _single(values, strict=form.is_strict)
    return None if form.is_deeper else _many(values, strict=form.is_strict)


def _single(values: Sequence[Any], *, strict: bool) -> tuple[Sequence[Any], PutBack] | None:
    types = set(map(type, values))
    if NoneType not in types:
        return None if _are_odd(types) else (values, _as_they_are)
    types.discard(NoneType)
    if strict or _are_odd(types):
        return None
    there = [value is not None for value in values]

    def put_back(rows: list[Any]) -> list[Any]:
        each = iter(rows)
        return [next(each) if is_there else None for is_there in there]

    return [value for value in values if value is not None], put_back


def _many(values: Sequence[Any], *, strict: bool) -> tuple[Sequence[Any], PutBack] | None:
    there = [value for value in values if value is not None]
    objects = _together(there)
    if objects is None or (strict and len(there) < len(values)):
        return None
    if len(values) == len(there) == 1:
        return objects, _as_one
    lengths = [None if value is None else len(value) for value in values]

    def put_back(rows: list[Any]) -> list[Any]:
        each = iter(rows)
        return [None if length is None else list(islice(each, length)) for length in lengths]

    return objects, put_back


_LISTS: Final = {list, tuple}


def _together(lists: Sequence[Any]) -> Sequence[Any] | None:
    """The objects of all lists; None if anything needs a closer look."""
    if not set(map(type, lists)) <= _LISTS:
        if not all(map(are_rows, lists)):
            return None
        if (joined := lists[0].joined(lists)) is not None:
            return joined
    objects = list(chain.from_iterable(lists))
    types = set(map(type, objects))
    return None if _are_odd(types) else objects


def _as_one(rows: list[Any]) -> list[Any]:
    return [rows]


def _as_they_are(rows: list[Any]) -> list[Any]:
    return rows


def _are_odd(types: set[type]) -> bool:
    """Whether any of the types is none of values."""
    try:
        for each in types:
            GOOD_TYPES[each]
    except OddError:
        return True
    return False


@dataclass(slots=True)
class _Collecting:
    """One walk over the values of a field: a `Place` comes to stand for each object; the rest stays for the exact way.

    Iterators are written down as lists, since the exact way goes through them once more.
    """

    schema: GraphQLSchema
    at: Field
    levels: dict[str, Level] = field(default_factory=dict[str, Level])

    def placed(self, values: Sequence[Any]) -> list[Any]:
        return [self._placed(type_of(self.at.definition), value) for value in values]

    def _placed(self, kind: Any, value: Any) -> Any:
        inner = nullable(kind)
        if value is None or value is Undefined or isinstance(value, Exception):
            return value
        try:
            if not is_list(inner):
                return self._object(value)
            return [self._placed(inner.of_type, item) for item in value] if is_iterable(value) else value
        except Exception as error:  # noqa: BLE001  the list ends in an error, or the object has no type
            return error

    def _object(self, value: Any) -> Place:
        selection = self._selection(value)
        level = self.levels.get(selection.kind.name)
        if level is None:
            level = self.levels[selection.kind.name] = Level(selection, [])
        cast("list[Any]", level.parents).append(value)
        return Place(level, len(level.parents) - 1)

    def _selection(self, value: Any) -> Selection:
        below = self.at.below
        if not isinstance(below, Kinds):
            return cast("Selection", below)
        name = cast("Any", below.kind.resolve_type)(value, None, below.kind)
        found = below.known.get(name) if isinstance(name, str) else None
        if found is None:
            found = below.make(_object_type(self.schema, below.kind, self.at, name, value))
            below.known[name] = found
        return found


def _object_type(schema: GraphQLSchema, abstract: GraphQLAbstractType, each: Field, name: Any, value: Any) -> Any:
    """The object type called `name`, or graphql-core's word on why it cannot be the type of `value`."""
    info = SimpleNamespace(parent_type=each.parent, field_name=each.nodes[0].name.value)
    return cast("Any", Executor).ensure_valid_runtime_type(
        SimpleNamespace(schema=schema), name, abstract, each.details, info, value
    )
