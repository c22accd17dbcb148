"""Which managers' tables a statement names, and whether all of them can be put under one manager's scope.

Criteria reach the mapped classes of a SELECT, wherever it stands, and the one class that an UPDATE or DELETE is about.
What reads or writes rows past them is refused, whoever asks and whatever it would have found.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any, cast

from sqlalchemy import (
    CTE,
    Alias,
    Column,
    ColumnClause,
    Executable,
    SelectBase,
    Table,
    TableClause,
    TableSample,
    TextClause,
    UpdateBase,
)
from sqlalchemy.orm import LoaderCriteriaOption
from sqlalchemy.sql import visitors
from sqlalchemy.sql.dml import Insert
from sqlmodel import SQLModel

from ventanilla.store.tables import TenantRow

_UNSEEN = ("_prefixes", "_suffixes", "_multi_values")
"""What SQLAlchemy writes into a statement, and does not show to whoever walks through it."""
_STATEMENTS = (Executable, CTE)
_ALIASES = (Alias, TableSample)


class UnboundWorkError(LookupError):
    """Tenant tables were touched where no manager's scope could be put on the statement."""


@cache
def tenant_classes() -> tuple[type[TenantRow], ...]:
    """Every concrete tenant class, however deep it stands below `TenantRow`."""
    return tuple(kind for kind in _descendants(TenantRow) if "__table__" in vars(kind))


def _descendants(kind: type[TenantRow]) -> Iterator[type[TenantRow]]:
    for child in kind.__subclasses__():
        yield child
        yield from _descendants(child)


@cache
def classes_by_table() -> Mapping[Table, type[TenantRow]]:
    """The one class that stands for each tenant table."""
    return {cast("Table", vars(kind)["__table__"]): kind for kind in tenant_classes()}


def tables_of(statement: Any) -> frozenset[Table]:
    """The tenant tables that `statement` names, anywhere in it; `UnboundWorkError` if one of them cannot be scoped."""
    parts = list(visitors.iterate(statement))
    if any(map(_hides, parts)):
        msg = "text, bare tables and criteria that read go round the manager's scope: name the mapped class, or"
        raise UnboundWorkError(f"{msg} read with store.rows")
    named = ((part, _table_of(part)) for part in parts)
    touched = [(part, table) for part, table in named if table is not None and table in classes_by_table()]
    tables = frozenset(table for _, table in touched)
    if tables:
        _refuse_bare(touched)
        _refuse_nested(statement, parts)
        _refuse_beside(statement, tables)
    return tables


def _table_of(part: Any) -> Table | None:
    """The plain table that `part` of a statement is, is an alias or sample of, or is a column of."""
    table: Any = part
    if isinstance(part, Column):
        table = cast("Any", part).table
    elif isinstance(part, _ALIASES):
        table = cast("Any", part).element
    return SQLModel.metadata.tables.get(table.key) if isinstance(table, Table) else None


def _hides(part: Any) -> bool:
    """Whether `part` may name a table that nobody sees."""
    if isinstance(part, ColumnClause):
        return part.is_literal and part.name != "*"
    if isinstance(part, TableClause):
        return not isinstance(part, Table)
    if isinstance(part, TextClause):
        return True
    return isinstance(part, _STATEMENTS) and _hides_within(part)


def _hides_within(statement: Any) -> bool:
    if any(getattr(statement, name, ()) for name in _UNSEEN):
        return True
    options = getattr(statement, "_with_options", ())
    return any(isinstance(option, LoaderCriteriaOption) and _reads(option) for option in options)


def _reads(criterion: LoaderCriteriaOption) -> bool:
    """Whether a criterion says more than what is in a row of its own class."""
    if criterion.deferred_where_criteria:
        return True
    parts = list(visitors.iterate(criterion.where_criteria))
    others = {_table_of(part) for part in parts} - {None, cast("Any", criterion.entity).local_table}
    return bool(others) or any(isinstance(part, SelectBase) or _hides(part) for part in parts)


def _refuse_bare(touched: Sequence[tuple[Any, Table]]) -> None:
    """Criteria reach classes only, so a table that no class stands for, or that an alias hides, is refused."""
    mapped = {table for part, table in touched if _is_mapped(part)}
    if any(isinstance(part, _ALIASES) or table not in mapped for part, table in touched):
        msg = "a bare or aliased table of a manager's rows cannot be scoped: name its mapped class"
        raise UnboundWorkError(msg)


def _is_mapped(part: Any) -> bool:
    return "parententity" in cast("dict[str, Any]", getattr(part, "_annotations", {}))


def _refuse_nested(statement: Any, parts: Sequence[Any]) -> None:
    """What changes rows is judged only where it stands alone; in an INSERT no criteria reach what it reads."""
    changes = any(isinstance(part, UpdateBase) for part in parts if part is not statement)
    if changes or (isinstance(statement, Insert) and any(isinstance(part, SelectBase) for part in parts)):
        msg = "a change within a statement, and an INSERT that reads, cannot be scoped: make a statement of each"
        raise UnboundWorkError(msg)


def _refuse_beside(statement: Any, tables: frozenset[Table]) -> None:
    """In an UPDATE or DELETE criteria reach the class that it changes, and others in a SELECT alone."""
    if not isinstance(statement, UpdateBase):
        return
    others = tables - {_table_of(cast("Any", statement).table)}
    if others and not others.isdisjoint(map(_table_of, _outside_selects(statement))):
        msg = "an UPDATE or DELETE that names another class cannot be scoped: read that one in a select"
        raise UnboundWorkError(msg)


def _outside_selects(statement: Any) -> Iterator[Any]:
    waiting = [statement]
    while waiting:
        part = waiting.pop()
        yield part
        waiting.extend(child for child in part.get_children() if not isinstance(child, SelectBase))
