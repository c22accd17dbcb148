"""How the store's database is connected to, so that nothing written through it is lost."""

from __future__ import annotations

import sqlite3
from typing import Any

from sqlalchemy import URL, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as SQLAlchemyTimeoutError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from ventanilla.backoffice_adapters.database_sqlite import switch_to_wal

LOCK_WAIT_S = 10
_CONNECT_S = 10
_COLLIDED = frozenset({"40001", "40P01"})
"""PostgreSQL's word that two transactions cannot both be done; the one that is told so may try again."""


class StoreError(Exception):
    """The store cannot be used as it is; the message says what to do."""


def engine_url(url: str) -> URL:
    """Name the asynchronous driver; `StoreError` for a URL that is neither a SQLite file nor PostgreSQL."""
    scheme, _, rest = url.partition("://")
    if scheme == "sqlite" and rest.startswith("/"):
        return URL.create("sqlite+aiosqlite", database=rest)
    try:
        parsed = make_url(url)
    except ArgumentError:
        parsed = None
    if parsed is None or parsed.drivername != "postgresql":
        msg = "the store's URL is sqlite:///absolute/path.sqlite or postgresql://user:password@host:port/name"
        raise StoreError(msg)
    return parsed.set(drivername="postgresql+asyncpg")


def make_engine(
    url: str, *, foreign_keys: bool = True, statement_s: float | None = None, lock_wait_s: int = LOCK_WAIT_S
) -> AsyncEngine:
    """Make an engine whose transactions cannot lose updates on SQLite: each begins by taking the write lock.

    On PostgreSQL a statement without an answer after `statement_s` seconds is given up as a `TimeoutError`.
    Whoever else writes to SQLite's file is waited for `lock_wait_s` seconds. One connection serves it, so that units of
    work queue here, in order, and not at the file's lock by chance.
    """
    target = engine_url(url)
    if target.get_backend_name() == "postgresql":
        patience = {"timeout": _CONNECT_S, "command_timeout": statement_s}
        return create_async_engine(target, pool_pre_ping=True, pool_timeout=LOCK_WAIT_S, connect_args=patience)
    engine = create_async_engine(target, pool_size=1, max_overflow=0, pool_timeout=LOCK_WAIT_S)

    @event.listens_for(engine.sync_engine, "connect")
    def on_connect(connection: Any, record: Any) -> None:  # pyright: ignore[reportUnusedFunction]  # SQLAlchemy calls it
        connection.isolation_level = None
        cursor = connection.cursor()
        wait, keys = f"busy_timeout={lock_wait_s * 1_000}", f"foreign_keys={'ON' if foreign_keys else 'OFF'}"
        # Each commit waits for the disk: what somebody was told of their money outlives a cut of power.
        for pragma in (wait, "synchronous=FULL", keys):
            cursor.execute(f"PRAGMA {pragma}")
        switch_to_wal(connection)
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def on_begin(connection: Any) -> None:  # pyright: ignore[reportUnusedFunction]  # SQLAlchemy calls it
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def is_unavailable(error: SQLAlchemyError) -> bool:
    """Whether `error` tells of the database's state and not of our statement, so that it may pass."""
    if isinstance(error, SQLAlchemyTimeoutError):
        return True
    if not isinstance(error, DBAPIError):
        return False
    code = getattr(error.orig, "sqlite_errorcode", None)
    if code is not None:
        return isinstance(error, OperationalError) and code & 0xFF != sqlite3.SQLITE_ERROR
    if getattr(error.orig, "sqlstate", None) in _COLLIDED:
        return True
    return error.connection_invalidated or isinstance(error, OperationalError | InterfaceError)
