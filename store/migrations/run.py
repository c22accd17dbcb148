"""Run alembic against a store, off the event loop. Imported only when there is something to migrate.

``python -m ventanilla.store.migrations.run URL "what changes"`` writes the next revision from the difference between
the database at URL, which must be at HEAD, and the tables; then raise HEAD.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from anyio import to_thread
from sqlalchemy import Connection, text
from sqlmodel import AutoString, SQLModel

from ventanilla.store import tables
from ventanilla.store.engine import StoreError, make_engine
from ventanilla.store.migrations import HEAD, VERSION_TABLE

_LOCK = 0x56454E54  # any number of our own: what migrating processes on PostgreSQL queue at
_OTHERS_S = 600
"""How long another process that migrates a SQLite file is waited for, in seconds."""
_FOLDER = Path(__file__).parent


async def upgrade(url: str) -> None:
    """Bring the database at `url` to `HEAD`; processes that do so at the same time wait for each other."""
    await to_thread.run_sync(partial(asyncio.run, _on_own_loop(url, partial(command.upgrade, revision=HEAD))))


async def _on_own_loop(url: str, act: Callable[[Config], object]) -> None:
    # Batch migrations on SQLite replace tables: with foreign keys on, dropping the old one would cascade.
    # Whoever else migrates is waited for: it may rewrite tables with many rows.
    engine = make_engine(url, foreign_keys=False, lock_wait_s=_OTHERS_S)
    try:
        async with engine.begin() as connection:
            await connection.run_sync(partial(_alone, act=act))
    except CommandError as error:
        msg = f"the store cannot be migrated to {HEAD}: {error}; a database used by a newer release needs that release"
        raise StoreError(msg) from error
    finally:
        await engine.dispose()


def _alone(connection: Connection, act: Callable[[Config], object]) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    act(config(connection))
    if connection.dialect.name == "sqlite" and (broken := connection.exec_driver_sql("PRAGMA foreign_key_check").all()):
        msg = f"the migration would leave {len(broken)} rows that point nowhere; nothing was changed"
        raise StoreError(msg)


def config(connection: Connection) -> Config:
    """Alembic's settings for one connection."""
    found = Config()
    found.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    found.set_main_option("path_separator", "os")
    found.attributes["connection"] = connection
    return found


def configured(connection: Connection) -> dict[str, Any]:
    """What tables are compared, and how, on `connection`."""
    return {
        "connection": connection,
        "target_metadata": tables.TenantRow.metadata,
        "version_table": VERSION_TABLE,
        "render_as_batch": True,
        "compare_type": True,
        "include_name": _is_ours,
        "render_item": _render,
    }


def _is_ours(name: str | None, kind: str, parents: Any) -> bool:
    """An office may keep its tables in the same database; they are not ours to drop."""
    return kind != "table" or name in SQLModel.metadata.tables


def _render(kind: str, item: Any, context: Any) -> str | bool:
    """Write our own types as what they are in the database, so that a revision stays true when they change."""
    if kind == "type" and isinstance(item, tables.Instant):
        return "sa.String(32)"
    return f"sa.String({item.length})" if kind == "type" and isinstance(item, AutoString) else False


def next_revision(found: Config, message: str) -> None:
    """Write the next revision file, numbered, from what the database lacks."""
    script = ScriptDirectory.from_config(found)
    number = f"{int(script.get_current_head() or 0) + 1:04}"
    command.revision(found, message, autogenerate=True, rev_id=number)


def main() -> None:
    """Write a revision: the developer's command line."""
    url, message = sys.argv[1:]
    asyncio.run(_on_own_loop(url, partial(next_revision, message=message)))


if __name__ == "__main__":
    main()
