"""Brings an embedded office's tables up to date when it opens."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any, Final

from ventanilla.backoffice_adapters.database import Database, DatabaseUnavailableError, Dialect

HEAD: Final = "0001"
"""The revision that this program's statements are written for."""
VERSION_TABLE: Final = "embedded_version"
FOLDER: Final = Path(__file__).parent / "migrations"
# Any number will do as long as it is always the same: migrating processes queue at it.
_LOCK = 7_301_164_011
_EXISTS = {
    Dialect.SQLITE: "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = $1",
    Dialect.POSTGRESQL: "SELECT 1 WHERE to_regclass($1) IS NOT NULL",
}


class OutdatedProgramError(Exception):
    """The tables were made by a newer version of this program; update it."""


async def bring_up_to_date(database: Database) -> None:
    """Run what migrations are missing; two quick look-ups when there are none."""
    if await _revision(database) != HEAD:
        await asyncio.to_thread(migrate, database.url)


async def _revision(database: Database) -> str | None:
    if not await database.rows(_EXISTS[database.dialect], [VERSION_TABLE]):
        return None
    rows = await database.rows(f"SELECT version_num FROM {VERSION_TABLE}")
    return rows[0][0] if rows else None


def migrate(url: str) -> None:
    """Upgrade the database at `url` to `HEAD` in one transaction; blocks, and has no use for a running loop.

    Raises `DatabaseUnavailableError`, or `OutdatedProgramError` for a revision that this program does not know.
    """
    # SQLAlchemy and alembic cost a second to import, and most starts need neither.
    import asyncpg  # noqa: PLC0415
    from alembic.util import CommandError  # noqa: PLC0415
    from sqlalchemy.exc import SQLAlchemyError  # noqa: PLC0415

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
    import sqlite3  # noqa: PLC0415

    from sqlalchemy import create_engine, pool  # noqa: PLC0415

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
    import asyncpg  # noqa: PLC0415
    from sqlalchemy import pool  # noqa: PLC0415
    from sqlalchemy.ext.asyncio import create_async_engine  # noqa: PLC0415

    untyped: Any = asyncpg  # it ships no types for its functions
    engine = create_async_engine(
        "postgresql+asyncpg://", async_creator=lambda: untyped.connect(url), poolclass=pool.NullPool
    )
    async with engine.begin() as connection:
        await connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")
        await connection.run_sync(_upgrade)


def _upgrade(connection: Any) -> None:
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
