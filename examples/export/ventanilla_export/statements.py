"""The SQL of the tables that nouns become."""

from __future__ import annotations

from functools import cache

from ventanilla_export.nouns import Kind, Noun, Table

_TYPES = {Kind.INTEGER: "integer", Kind.FLOAT: "real"}
"""Everything else is text: exact numbers would lose digits, and ISO dates sort as text."""


@cache
def create(table: Table) -> str:
    """A table of nodes by their id, or of parts by the id of their node and their place in it."""
    columns = ", ".join(f"{_quoted(column.name)} {_TYPES.get(column.kind, 'text')}" for column in table.columns)
    first = _quoted(table.columns[0].name)
    name = _quoted(table.name)
    if table.each is None:
        key = f"primary key ({first})"
        return f"create table if not exists {name} (told_in_round integer not null, {columns}, {key})"
    key = f"primary key ({first}, place)"
    return f"create table if not exists {name} (place integer not null, {columns}, {key})"


@cache
def upsert(table: Table) -> str:
    """Put a node: the round that it was told in, then its columns."""
    names = ["told_in_round", *(_quoted(column.name) for column in table.columns)]
    changed = ", ".join(f"{name} = excluded.{name}" for name in names if name != '"id"')
    return f"{_insert(table, names)} on conflict (id) do update set {changed}"


@cache
def insert_parts(table: Table) -> str:
    """Put a part: its place in its node, then its columns."""
    return _insert(table, ["place", *(_quoted(column.name) for column in table.columns)])


@cache
def delete_parts(table: Table) -> str:
    """Delete the parts of one node, by its id."""
    return f"delete from {_quoted(table.name)} where {_quoted(table.columns[0].name)} = ?"


def delete_parts_of(table: Table, ids: str) -> str:
    """Delete the parts of several nodes; `ids` selects these."""
    return f"delete from {_quoted(table.name)} where {_quoted(table.columns[0].name)} in ({ids})"


def select_sorted(noun: Noun, table: Table) -> str:
    """Read a table in the order of its nodes, parts by their place."""
    columns = ", ".join(f"t.{_quoted(column.name)}" for column in table.columns)
    own = "t" if table.each is None else "n"
    order = ", ".join(f"{own}.{_quoted(name)}" for name in (*noun.order, "id"))
    if table.each is None:
        return f"select {columns} from {_quoted(table.name)} t order by {order}"
    joined = f"{_quoted(table.name)} t join {_quoted(noun.nodes.name)} n on n.id = t.{_quoted(table.columns[0].name)}"
    return f"select {columns} from {joined} order by {order}, t.place"


def _insert(table: Table, names: list[str]) -> str:
    marks = ", ".join("?" * len(names))
    return f"insert into {_quoted(table.name)} ({', '.join(names)}) values ({marks})"


def _quoted(name: str) -> str:
    return f'"{name}"'
