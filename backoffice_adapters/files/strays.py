"""What the rows of a set say of each other: a key that stands twice, a key of nothing, one key for two things."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from ventanilla.backoffice_adapters.files.configuration import TableMapping
from ventanilla.backoffice_adapters.files.layout import TABLES
from ventanilla.backoffice_adapters.files.problems import CORRECT, Problem
from ventanilla.backoffice_adapters.files.rows import PARTS, Numbered, Row, part
from ventanilla.backoffice_adapters.files.table import Field, Table

Key = tuple[Any, ...]


def strays(read: Mapping[str, Numbered], mapped: Mapping[str, TableMapping]) -> list[Problem]:
    """Tell what does not fit together in the rows of all `mapped` tables, each of them read without a problem."""
    found = _Set(read, mapped)
    return [problem for name in read for problem in found.problems(TABLES[name])]


class _Set:
    """The rows of a whole set, and the keys that they have."""

    def __init__(self, read: Mapping[str, Numbered], mapped: Mapping[str, TableMapping]) -> None:
        self._read = read
        self._mapped = mapped
        self._keys = {name: {_key(row, TABLES[name].key) for _, row in rows} for name, rows in read.items()}

    def problems(self, table: Table) -> Iterator[Problem]:
        """Tell what is wrong with the rows of one table."""
        rows, mapping = self._read[table.name], self._mapped[table.name]
        yield from _repeated(table, mapping, rows)
        for field in table.fields:
            if field.refers:
                yield from self._dangling(table, field)
        if table.parts:
            yield from self._empty(table)
        if table.alike:
            yield from _differing(table, mapping, rows)
        if table.name == "accounts":
            yield from _contradicting(mapping, rows)

    def _dangling(self, table: Table, field: Field) -> Iterator[Problem]:
        mapping = self._mapped[table.name]
        known = self._keys.get(field.refers, set())
        for number, row in self._read[table.name]:
            if field.name in row and _key(row, _names(field)) not in known:
                expected = f"a key of {self._mapped[field.refers].file}"
                beside = f" that stands there with this “{mapping.columns.get(field.within, field.within)}”"
                yield _stray(mapping, number, field.name, row[field.name], expected + (beside if field.within else ""))

    def _empty(self, table: Table) -> Iterator[Problem]:
        owner = TABLES[table.parts].owner(table.name)
        owners = {row[owner] for _, row in self._read[table.parts]}
        expected = f"one row or more with this key in {self._mapped[table.parts].file}"
        for number, row in self._read[table.name]:
            if row["key"] not in owners:
                yield _stray(self._mapped[table.name], number, "key", row["key"], expected)


def _names(field: Field) -> tuple[str, ...]:
    return (field.within, field.name) if field.within else (field.name,)


def _key(row: Row, names: Iterable[str]) -> Key:
    return tuple(row[name] for name in names)


def _repeated(table: Table, mapping: TableMapping, rows: Numbered) -> Iterator[Problem]:
    first: dict[Key, int] = {}
    for number, row in rows if table.key else ():
        key = _key(row, table.key)
        earlier = first.setdefault(key, number)
        if earlier != number:
            expected = f"a key that stands in no other row; row {earlier} has it too"
            yield _stray(mapping, number, table.key[-1], " ".join(map(str, key)), expected)


def _differing(table: Table, mapping: TableMapping, rows: Numbered) -> Iterator[Problem]:
    """Tell rows that are parts of one thing by their key and say different things of it."""
    first: dict[Any, tuple[int, Row]] = {}
    for number, row in rows:
        earlier, before = first.setdefault(row[table.key[0]], (number, row))
        for name in _unlike(row, before, table.alike):
            heading = mapping.columns.get(name, name)
            expected = f"the same “{heading}” as in row {earlier}, which has this key too"
            yield _stray(mapping, number, table.key[0], row[table.key[0]], expected)


def _unlike(row: Row, other: Row, names: Collection[str]) -> list[str]:
    return [name for name in names if row[name] != other[name]]


def _contradicting(mapping: TableMapping, rows: Numbered) -> Iterator[Problem]:
    first: dict[tuple[str, str], tuple[int, Row]] = {}
    for number, row in rows:
        for name in PARTS:
            if f"{name}_key" not in row:
                continue
            told = part(row, name)
            earlier, before = first.setdefault((name, told["key"]), (number, told))
            if before != told:
                expected = f"the same {name} as in row {earlier}, which has this key too"
                yield _stray(mapping, number, f"{name}_key", told["key"], expected)


def _stray(mapping: TableMapping, row: int, field: str, found: str, expected: str) -> Problem:
    column = mapping.columns.get(field, field)
    return Problem(file=mapping.file, row=row, column=column, found=found, expected=expected, remedy=CORRECT)
