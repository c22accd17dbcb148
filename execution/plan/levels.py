"""Levels: a plan runs from the root down, each field of a level once for all parents, and rows are made on the way up.

What is awaited by the fields of a level is awaited together, and what lies below a field begins as soon as its own
values are there. A level that awaits nothing makes no task and no coroutine.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Any, Final

import msgspec
from graphql import GraphQLSchema, get_argument_values
from graphql.execution.values import VariableValues

from ventanilla.execution.answers import is_cancelled
from ventanilla.execution.fields import Call, Column
from ventanilla.execution.loading import MisalignedError
from ventanilla.execution.plan.exact import Cells, Done, Faults, Level, exact_rows
from ventanilla.execution.plan.gathering import gather
from ventanilla.execution.plan.rows import made_of
from ventanilla.execution.plan.together import together
from ventanilla.execution.plan.tree import Field, Selection

TURN: Final = 500
"""How many rows of a level are made at once: a few milliseconds."""


class GivenUpError(Exception):
    """A function let itself be cancelled, though nobody stopped it: its field has no answer."""


class Run(msgspec.Struct, frozen=True):
    """One execution of a plan."""

    schema: GraphQLSchema
    context: Any
    variables: VariableValues
    hide_suggestions: bool

    async def level(self, selection: Selection, parents: Sequence[Any]) -> Done:
        """The rows of `parents`."""
        if not parents:
            return Done([])
        columns: list[Any] = [
            self._column(each, parents) if each.awaits else self._column_now(each, parents)
            for each in selection.columns
        ]
        waiting = selection.waiting
        if len(waiting) == 1:
            columns[waiting[0]] = await columns[waiting[0]]
        elif waiting:
            found = await together([columns[place] for place in waiting])
            for place, cells in zip(waiting, found, strict=True):
                columns[place] = cells
        if len(parents) <= TURN:
            return _done(selection, parents, columns)
        return await _done_in_turns(selection, parents, columns)

    def level_now(self, selection: Selection, parents: Sequence[Any]) -> Done:
        """The rows of `parents`, where nothing is awaited."""
        if not parents:
            return Done([])
        return _done(selection, parents, [self._column_now(each, parents) for each in selection.columns])

    async def _column(self, each: Field, parents: Sequence[Any]) -> Cells:
        values = await self._asked(each, parents) if each.is_asked else self._values(each, parents)
        if not each.is_gathered:
            return Cells(values)
        gathering = gather(self.schema, each, values)
        if len(gathering.levels) == 1:
            (level,) = gathering.levels
            level.done = await self._below(level)
        else:
            found = await together([*map(self._below, gathering.levels)])
            for level, done in zip(gathering.levels, found, strict=True):
                level.done = done
        return gathering.cells()

    async def _below(self, level: Level) -> Done:
        if level.selection.awaits or len(level.parents) > TURN:
            return await self.level(level.selection, level.parents)
        return self.level_now(level.selection, level.parents)

    def _column_now(self, each: Field, parents: Sequence[Any]) -> Cells:
        values = self._values(each, parents)
        if not each.is_gathered:
            return Cells(values)
        gathering = gather(self.schema, each, values)
        for level in gathering.levels:
            level.done = self.level_now(level.selection, level.parents)
        return gathering.cells()

    def _values(self, each: Field, parents: Sequence[Any]) -> Sequence[Any]:
        """What a property or a column holds for each parent."""
        declared = each.declared
        if isinstance(declared, Column):
            return _computed(declared, self.context, parents)
        read: Any = each.read
        try:
            return [read(parent) for parent in parents]
        except Exception:  # noqa: BLE001  the parents are asked one by one, each for its own error
            return [_value_or_error(read, parent) for parent in parents]

    async def _asked(self, each: Field, parents: Sequence[Any]) -> Sequence[Any]:
        """What the function of a field answers for each parent; what it raises is the answer of every position."""
        declared: Any = each.declared
        try:
            arguments = each.constant if each.constant is not None else self._arguments(each)
            if isinstance(declared, Call):
                return [await declared.function(self.context, **arguments)] * len(parents)
            values = await declared.function(self.context, parents, **arguments)
            if len(values) != len(parents):
                msg = f"{declared.function!r} answered {len(values)} values for {len(parents)} parents"
                raise MisalignedError(msg)
        except asyncio.CancelledError:
            if is_cancelled():
                raise
            return [GivenUpError(f"{declared.function!r} cancelled itself")] * len(parents)
        except Exception as error:  # noqa: BLE001  every position of the level has this one answer
            return [error] * len(parents)
        return values

    def _arguments(self, each: Field) -> dict[str, Any]:
        definition: Any = each.definition
        found = get_argument_values(definition, each.nodes[0], self.variables, None, self.hide_suggestions)
        return found | each.told


def _computed(column: Column, context: Any, parents: Sequence[Any]) -> Sequence[Any]:
    """What a column holds; where it fails for all together, its parents are asked one by one, each for its own."""
    try:
        values = column.function(context, parents)
        if len(values) == len(parents):
            return values
    except Exception:  # noqa: BLE001, S110  found again below, for the parent whose error it is
        pass

    def alone(parent: Any) -> Any:
        return column.function(context, (parent,))[0]

    return [_value_or_error(alone, parent) for parent in parents]


def _value_or_error(function: Callable[[Any], Any], parent: Any) -> Any:
    try:
        return function(parent)
    except Exception as error:  # noqa: BLE001  whatever it is, it is an error of this position
        return error


def _done(selection: Selection, parents: Sequence[Any], columns: Sequence[Cells]) -> Done:
    """The rows, the quick way if nothing is out of the ordinary, else the exact way."""
    if not any(cells.is_broken for cells in columns):
        try:
            rows = made_of(selection, parents)(parents, *[cells.values for cells in columns])
        except Exception:  # noqa: BLE001, S110  whatever it is, the exact way finds it again and says where
            pass
        else:
            faults = [cells.faults for cells in columns if cells.faults]
            return Done(rows, _merged(faults)) if faults else Done(rows)
    return exact_rows(selection, parents, columns)


async def _done_in_turns(selection: Selection, parents: Sequence[Any], columns: Sequence[Cells]) -> Done:
    """The rows, a part at a time, so that others have their turn in between."""
    whole = Done([])
    for start in range(0, len(parents), TURN):
        part = slice(start, start + TURN)
        done = _done(selection, parents[part], [_part_of(cells, start) for cells in columns])
        whole.rows += done.rows
        whole.faults.update({start + index: here for index, here in done.faults.items()})
        whole.is_broken |= done.is_broken
        await asyncio.sleep(0)
    return whole


def _part_of(cells: Cells, start: int) -> Cells:
    faults = {index - start: here for index, here in cells.faults.items() if start <= index < start + TURN}
    return Cells(cells.values[start : start + TURN], faults, cells.is_broken)


def _merged(found: Sequence[Faults]) -> Faults:
    merged: Faults = {}
    for faults in found:
        for index, here in faults.items():
            merged.setdefault(index, []).extend(here)
    return merged
