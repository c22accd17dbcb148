"""What a table of an export is: its fields, what names a row, and how its rows hang on those of other tables."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from ventanilla.backoffice_adapters.files.cells import Kind, Words


@dataclass(frozen=True)
class Field:
    """One field of a table."""

    name: str
    kind: Kind | Words
    required: bool = False
    group: str = ""
    """The group it belongs to, ``outer.inner`` where nested: required only where one of the group is filled."""
    refers: str = ""
    """The table whose key it repeats."""
    within: str = ""
    """The field of the same row that comes before it in that key, where the key has two parts."""


@dataclass(frozen=True)
class Table:
    """One table: its fields, and which of them together name a row."""

    name: str
    fields: tuple[Field, ...]
    key: tuple[str, ...] = ()
    alike: tuple[str, ...] = ()
    """Where rows with one first part of the key are one thing together: the fields that all of them repeat."""
    parts: str = ""
    """The table in which every row of this one has one row or more."""

    @property
    def by_name(self) -> dict[str, Field]:
        """The fields by name."""
        return {field.name: field for field in self.fields}

    def required(self, given: Collection[str]) -> list[str]:
        """The fields that must be there, beside those `given` or among them."""
        groups = {field.group for field in self.fields if field.name in given and field.group}
        return [
            field.name
            for field in self.fields
            if field.required and (not field.group or any(f"{name}.".startswith(f"{field.group}.") for name in groups))
        ]

    def owner(self, table: str) -> str:
        """The field that says to which row of `table` a row here belongs."""
        return next(field.name for field in self.fields if field.refers == table)


def grouped(
    name: str, required: Mapping[str, Kind | Words], other: Mapping[str, Kind | Words] | None = None
) -> tuple[Field, ...]:
    """The fields of a group, ``name_field``: once one is filled, the `required` must be."""
    needed = (Field(f"{name}_{field}", kind, True, name) for field, kind in required.items())
    return (*needed, *(Field(f"{name}_{field}", kind, False, name) for field, kind in (other or {}).items()))
