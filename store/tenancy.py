"""A session that is bound to one manager, and refuses what it cannot bind.

Fails closed: a statement on tenant tables without a manager, text, and tables named past their classes are all
errors, never unscoped reads.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from typing import Any, cast

from sqlalchemy import Alias, Column, Table, TextClause, event, inspect
from sqlalchemy.orm import InstanceState, LoaderCriteriaOption, ORMExecuteState, UOWTransaction, with_loader_criteria
from sqlalchemy.sql import visitors
from sqlmodel import Session, SQLModel, col
from sqlmodel.ext.asyncio.session import AsyncSession

from ventanilla.store.tables import TenantRow

_MANAGER = "manager"


class UnboundWorkError(LookupError):
    """Tenant tables were touched where no manager's scope could be put on the statement."""


class OtherManagerError(ValueError):
    """A row of one manager was about to be written in the unit of work of another."""


class BoundSession(Session):
    """The synchronous half of `Work`; its own class so that the listeners below hear nobody else."""


class Work(AsyncSession):
    """A unit of work: one transaction, bound to `manager`. Get one from `Store.work`."""

    sync_session_class = BoundSession

    @property
    def manager(self) -> str:
        """The slug of the manager this work is bound to; `UnboundWorkError` when it is bound to none."""
        return _manager_of(self.sync_session)


def _manager_of(session: Any) -> str:
    manager = cast("str | None", session.info.get(_MANAGER))
    if manager is None:
        msg = "this unit of work is bound to no manager: open it as store.work(slug) to touch a manager's rows"
        raise UnboundWorkError(msg)
    return manager


@cache
def tenant_classes() -> tuple[type[TenantRow], ...]:
    """Every concrete tenant class, however deep it stands below `TenantRow`."""
    return tuple(kind for kind in _descendants(TenantRow) if "__table__" in vars(kind))


def _descendants(kind: type[TenantRow]) -> Iterator[type[TenantRow]]:
    for child in kind.__subclasses__():
        yield child
        yield from _descendants(child)


@cache
def _classes_by_table() -> Mapping[Table, type[TenantRow]]:
    return {cast("Table", vars(kind)["__table__"]): kind for kind in tenant_classes()}


@event.listens_for(BoundSession, "do_orm_execute")
def _bind(state: ORMExecuteState) -> None:
    """Put the manager's criterion on every tenant class of the statement, or refuse it."""
    statement: Any = state.statement
    touched = _touched(statement)
    if isinstance(statement, TextClause) or (touched and not state.is_orm_statement):
        msg = "text and bare tables go round the manager's scope: name the mapped class, or read with store.rows"
        raise UnboundWorkError(msg)
    if not touched:
        return
    manager = _manager_of(state.session)
    _refuse_bare(touched)
    if state.is_insert:
        state.statement = _bound_insert(state, manager)
        return
    _refuse_move(state)
    state.statement = statement.options(*_criteria(manager, frozenset(table for _, table in touched)))


@lru_cache(maxsize=4_096)
def _criteria(manager: str, tables: frozenset[Table]) -> tuple[LoaderCriteriaOption, ...]:
    """That rows are the manager's, for the classes that a statement names: it loads no others, since no class leads to
    another by itself. To make them anew, or to look through those of all classes, takes as long as a small statement.
    """
    kinds = [_classes_by_table()[table] for table in tables]
    return tuple(with_loader_criteria(kind, col(kind.manager) == manager) for kind in kinds)


def _touched(statement: Any) -> list[tuple[Any, Table]]:
    """What a statement says of tenant tables, anywhere in it: each part with the table."""
    known = _classes_by_table()
    parts = ((part, _table_of(part)) for part in visitors.iterate(statement))
    return [(part, table) for part, table in parts if table is not None and table in known]


def _table_of(part: Any) -> Table | None:
    """The plain table that `part` of a statement is, is an alias of, or is a column of."""
    table: Any = part
    if isinstance(part, Column):
        table = cast("Any", part).table
    elif isinstance(part, Alias):
        table = cast("Any", part).element
    return SQLModel.metadata.tables.get(table.key) if isinstance(table, Table) else None


def _refuse_bare(touched: list[tuple[Any, Table]]) -> None:
    """Criteria reach classes only, so a table that no class stands for, or that an alias hides, is refused."""
    mapped = {table for part, table in touched if _is_mapped(part)}
    if any(isinstance(part, Alias) or table not in mapped for part, table in touched):
        msg = "a bare or aliased table of a manager's rows cannot be scoped: name its mapped class"
        raise UnboundWorkError(msg)


def _is_mapped(part: Any) -> bool:
    return "parententity" in cast("dict[str, Any]", getattr(part, "_annotations", {}))


def _bound_insert(state: ORMExecuteState, manager: str) -> Any:
    """Fill the manager in; rows given as parameters must name it themselves."""
    rows = state.parameters
    if not rows:
        return cast("Any", state.statement).values(manager=manager)
    for row in [rows] if isinstance(rows, Mapping) else rows:
        _refuse_other(cast("str | None", row.get(_MANAGER)), manager)
    return state.statement


def _refuse_move(state: ORMExecuteState) -> None:
    """An UPDATE must leave rows with their manager, and say in its text which rows it means."""
    if not state.is_update:
        return
    changed = {getattr(name, "name", name) for name in cast("Any", state.statement)._values or ()}
    if state.parameters or _MANAGER in changed:
        msg = "an UPDATE names its rows by where() and its values by values(), and never changes their manager"
        raise OtherManagerError(msg)


@event.listens_for(BoundSession, "before_flush")
def _bind_rows(session: BoundSession, flush: UOWTransaction, instances: Any) -> None:
    """Give new rows their manager; refuse rows of another one, and rows that change theirs."""
    for row in (*session.new, *session.dirty, *session.deleted):
        if not isinstance(row, TenantRow):
            continue
        manager = _manager_of(session)
        if cast("str | None", row.manager) is None:
            row.manager = manager
        _refuse_other(row.manager, manager)
        state = cast("InstanceState[TenantRow]", inspect(row))
        for former in state.attrs[_MANAGER].history.deleted or ():
            _refuse_other(former, manager)


def _refuse_other(found: str | None, manager: str) -> None:
    if found != manager:
        msg = f"a row of manager {found!r} cannot be written in the unit of work of {manager!r}"
        raise OtherManagerError(msg)
