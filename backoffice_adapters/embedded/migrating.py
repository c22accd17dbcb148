"""Runs the migrations; a module of its own because what it needs takes a second to import."""

from __future__ import annotations

import asyncio
import sqlite3
from pathlib import Path
from typing import Any, Final

import asyncpg
from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import create_engine, pool
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import create_async_engine

from ventanilla.backoffice_adapters.database import DatabaseUnavailableError, Dialect
from ventanilla.backoffice_adapters.embedded.schema import OutdatedProgramError

FOLDER: Final = Path(__file__).parent / "migrations"
_untyped: Any = asyncpg  # it ships no types for its functions
# Any number will do as long as it is always the same: migrating processes queue at it.
_LOCK = 7_301_164_011


def migrate(url: str) -> None:
    """Upgrade the database at `url` to `HEAD` in one transaction; blocks, and has no use for a running loop.

    Raises `DatabaseUnavailableError`, or `OutdatedProgramError` for a revision that this program does not know.
    """
    try:
        if url.startswith(Dialect.SQLITE):
            _migrate_sqlite(url)
        else:
            asyncio.run(_migrate_postgres(url))
    except CommandError as error:
        msg = f"the database was made by a newer version of this program; update the program ({error})"
        raise OutdatedProgramError(msg) from error
    except (SQLAlchemyError, asyncpg.PostgresError, OSError) as error:
        msg = f"the tables could not be brought up to date: {error}"
        raise DatabaseUnavailableError(msg) from error


def _migrate_sqlite(url: str) -> None:
    path = url.removeprefix("sqlite://")
    # The driver must not begin or end anything by itself, else the tables would not be made in one transaction.
    engine = create_engine(
        "sqlite://",
        creator=lambda: sqlite3.connect(path, timeout=30, isolation_level=None),
        poolclass=pool.NullPool,
    )
    with engine.connect() as connection:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        _upgrade(connection)
        connection.exec_driver_sql("COMMIT")


async def _migrate_postgres(url: str) -> None:
    engine = create_async_engine(
        "postgresql+asyncpg://", async_creator=lambda: _untyped.connect(url), poolclass=pool.NullPool
    )
    async with engine.begin() as connection:
        await connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")
        await connection.run_sync(_upgrade)


def _upgrade(connection: Any) -> None:
    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
