"""The exact way: values are completed one by one, as graphql-core does it, with the path and the cause of each error.

Only one error is told of a position that is null: the first, in the order of the document, that nulled it. What went
wrong beneath it before is not told, since nobody can see it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

import msgspec
from graphql import (
    Executor,
    FieldNode,
    GraphQLError,
    Undefined,
    located_error,
)

from ventanilla.execution.plan.tree import Field, Selection
from ventanilla.execution.plan.types import is_iterable, is_leaf, is_list, is_strict, type_of

Path = tuple[str | int, ...]


class FaultError(Exception):
    """Why a position is null: what was raised, where in the document, and where in the answer from some row on."""

    def __init__(self, cause: Exception, nodes: list[FieldNode], path: Path) -> None:
        super().__init__(cause)
        self.cause, self.nodes, self.path = cause, nodes, path

    def under(self, path: Path) -> FaultError:
        """The same fault, seen from further up."""
        return FaultError(self.cause, self.nodes, path + self.path)

    def told(self) -> GraphQLError:
        """The error of the answer, once the path is whole."""
        return located_error(self.cause, self.nodes, list(self.path))


Faults = dict[int, list[FaultError]]
"""What is null within things that are not null, by the place of each thing."""


class Done(msgspec.Struct):  # as Cells and Level: a dozen of each are made for a request, and a dataclass takes longer
    """A level that has been answered: each row, or why it is null."""

    rows: list[Any]
    faults: Faults = {}
    is_broken: bool = False
    """Whether some of the rows are null."""


class Cells(msgspec.Struct):
    """The values of one field for all parents of a level, by parent.

    Those of a gathered field are complete: a `FaultError` stands for what its parent is null for.
    """

    values: Sequence[Any]
    faults: Faults = {}
    is_broken: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """Stands for an object in the values of a gathered field: the row of a level that answers it."""

    level: Level
    index: int


class Level(msgspec.Struct):
    """The objects of one type that one field answers, and what became of them."""

    selection: Selection
    parents: Sequence[Any]
    done: Done | None = None

    def row(self, index: int) -> tuple[Any, list[FaultError]]:
        """The row of the object at `index`, or why it is null, and what is null within it."""
        done = cast("Done", self.done)
        return done.rows[index], done.faults.get(index, [])


def exact_rows(selection: Selection, parents: Sequence[Any], columns: Sequence[Cells]) -> Done:
    """The rows of a level, some of which cannot be made the quick way."""
    done = Done([])
    for index, parent in enumerate(parents):
        faults = [fault for cells in columns for fault in cells.faults.get(index, ())]
        given = {id(each): cells.values[index] for each, cells in zip(selection.columns, columns, strict=True)}
        try:
            done.rows.append(_row(selection, parent, given, (), faults))
        except FaultError as fault:
            done.rows.append(fault)
            done.is_broken = True
        else:
            _keep(done.faults, index, faults)
    return done


def exact_cells(each: Field, values: Sequence[Any]) -> Cells:
    """The cells of a gathered field; `values` hold a `Place` for each object."""
    cells: list[Any] = []
    made = Cells(cells)
    for index, value in enumerate(values):
        faults: list[FaultError] = []
        try:
            cells.append(_handled(_At(each, faults), type_of(each.definition), value, (each.key,)))
        except FaultError as fault:
            cells.append(fault)
            made.is_broken = True
        else:
            _keep(made.faults, index, faults)
    return made


def _keep(all_of_them: Faults, index: int, faults: list[FaultError]) -> None:
    if faults:
        all_of_them[index] = faults


@dataclass(frozen=True, slots=True)
class _At:
    """Where completion is: the field, and the faults found so far in what is not null."""

    field: Field
    faults: list[FaultError]


def _row(selection: Selection, parent: Any, given: dict[int, Any], path: Path, faults: list[FaultError]) -> Any:
    row: dict[str, Any] = {}
    for each in selection.fields:
        if each.definition is None:
            row[each.key] = each.parent.name
        elif each.is_gathered:
            row[each.key] = _whole(given[id(each)])
        else:
            value = given[id(each)] if id(each) in given else _property(each, parent)
            row[each.key] = _handled(_At(each, faults), type_of(each.definition), value, (*path, each.key))
    return row


def _whole(cell: Any) -> Any:
    if isinstance(cell, FaultError):
        raise cell
    return cell


def _property(each: Field, parent: Any) -> Any:
    """What a property reads; an exception that it raises is its value."""
    try:
        return cast("Any", each.read)(parent)
    except Exception as error:  # noqa: BLE001  whatever it is, it is an error of this field
        return error


def _handled(at: _At, kind: Any, value: Any, path: Path) -> Any:
    """Complete a field or an item of a list; what goes wrong is the fault of this position, or of what holds it."""
    before = len(at.faults)
    try:
        return _completed(at, kind, value, path)
    except Exception as error:  # noqa: BLE001  whatever it is, it is an error of this position
        fault = error if isinstance(error, FaultError) else FaultError(error, at.field.nodes, path)
    del at.faults[before:]
    if is_strict(kind):
        raise fault
    at.faults.append(fault)
    return None


def _completed(at: _At, kind: Any, value: Any, path: Path) -> Any:
    if isinstance(value, Exception):
        # Not raised itself: it may stand at many positions, and would keep the frames of all of them.
        raise FaultError(value, at.field.nodes, path)
    if is_strict(kind):
        return _not_null(at, _completed(at, kind.of_type, value, path))
    if value is None or value is Undefined:
        return None
    if is_list(kind):
        return _list(at, kind, value, path)
    if is_leaf(kind):
        return Executor.complete_leaf_value(kind, value)
    return _placed(at, value, path) if isinstance(value, Place) else _object(at, value, path)


def _not_null(at: _At, completed: Any) -> Any:
    if completed is None:
        msg = f"Cannot return null for non-nullable field {at.field.parent}.{at.field.nodes[0].name.value}."
        raise TypeError(msg)
    return completed


def _list(at: _At, kind: Any, value: Any, path: Path) -> list[Any]:
    if not is_iterable(value):
        name = at.field.nodes[0].name.value
        msg = f"Expected Iterable, but did not find one for field '{at.field.parent}.{name}'."
        raise GraphQLError(msg)
    return [_handled(at, kind.of_type, item, (*path, index)) for index, item in enumerate(value)]


def _placed(at: _At, place: Place, path: Path) -> Any:
    row, faults = place.level.row(place.index)
    if isinstance(row, FaultError):
        raise row.under(path)
    at.faults.extend(fault.under(path) for fault in faults)
    return row


def _object(at: _At, value: Any, path: Path) -> Any:
    return _row(cast("Selection", at.field.below), value, {}, path, at.faults)
