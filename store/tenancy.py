"""A session that is bound to one manager, and refuses what it cannot bind.

Fails closed: a statement on tenant tables without a manager, text, and tables named where no criterion reaches them are
all errors, never unscoped reads.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, cast

from sqlalchemy import Table, event, inspect
from sqlalchemy.orm import InstanceState, LoaderCriteriaOption, ORMExecuteState, UOWTransaction, with_loader_criteria
from sqlmodel import Session, col
from sqlmodel.ext.asyncio.session import AsyncSession

from ventanilla.store.statements import UnboundWorkError, classes_by_table, tables_of
from ventanilla.store.tables import TenantRow

_MANAGER = "manager"


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


@event.listens_for(BoundSession, "do_orm_execute")
def _bind(state: ORMExecuteState) -> None:
    """Put the manager's criterion on every tenant class of the statement, or refuse it."""
    statement: Any = state.statement
    tables = tables_of(statement)
    if not tables:
        return
    if not state.is_orm_statement:
        msg = "a bare table beside a manager's rows cannot be scoped: name its mapped class as well"
        raise UnboundWorkError(msg)
    manager = _manager_of(state.session)
    if state.is_insert:
        state.statement = _bound_insert(state, manager)
        return
    _refuse_move(state)
    state.statement = statement.options(*_criteria(manager, tables))


@lru_cache(maxsize=4_096)
def _criteria(manager: str, tables: frozenset[Table]) -> tuple[LoaderCriteriaOption, ...]:
    """That rows are the manager's, for the classes that a statement names: it loads no others, since no class leads to
    another by itself. To make them anew, or to look through those of all classes, takes as long as a small statement.
    """
    kinds = [classes_by_table()[table] for table in tables]
    return tuple(with_loader_criteria(kind, col(kind.manager) == manager) for kind in kinds)


def _bound_insert(state: ORMExecuteState, manager: str) -> Any:
    """Fill the manager in; rows given as parameters must name it themselves."""
    _refuse_taking_over(cast("Any", state.statement)._post_values_clause)
    rows = state.parameters
    if not rows:
        return cast("Any", state.statement).values(manager=manager)
    for row in [rows] if isinstance(rows, Mapping) else rows:
        _refuse_other(cast("str | None", row.get(_MANAGER)), manager)
    return state.statement


def _refuse_taking_over(conflict: Any) -> None:
    """What an INSERT updates in place of a row that was there must be the manager's, and stay so."""
    changed = getattr(conflict, "update_values_to_set", None)
    if not changed:
        return
    if _MANAGER in _names(changed) or _MANAGER not in _names(conflict.inferred_target_elements or ()):
        msg = "an INSERT that updates finds rows by their manager and what else is unique, and never changes it"
        raise OtherManagerError(msg)


def _names(columns: Iterable[Any]) -> set[str]:
    return {getattr(column, "name", column) for column in columns}


def _refuse_move(state: ORMExecuteState) -> None:
    """An UPDATE must leave rows with their manager, and say in its text which rows it means."""
    if not state.is_update:
        return
    if state.parameters or _MANAGER in _names(cast("Any", state.statement)._values or ()):
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
