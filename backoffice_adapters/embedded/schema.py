"""Brings an embedded office's tables up to date when it opens."""

from __future__ import annotations

import asyncio
from typing import Final

from ventanilla.backoffice_adapters.database import Database, Dialect

HEAD: Final = "0006"
"""The revision that this program's statements are written for."""
VERSION_TABLE: Final = "embedded_version"
_EXISTS = {
    Dialect.SQLITE: "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = $1",
    Dialect.POSTGRESQL: "SELECT 1 WHERE to_regclass($1) IS NOT NULL",
}


class OutdatedProgramError(Exception):
    """The tables were made by a newer version of this program; update it."""


async def bring_up_to_date(database: Database) -> None:
    """Run what migrations are missing; two quick look-ups when there are none."""
    if await _revision(database) != HEAD:
        from ventanilla.backoffice_adapters.embedded.migrating import (  # noqa: PLC0415  a second that most starts save
            migrate,
        )

        await asyncio.to_thread(migrate, database.url)


async def _revision(database: Database) -> str | None:
    if not await database.rows(_EXISTS[database.dialect], [VERSION_TABLE]):
        return None
    rows = await database.rows(f"SELECT version_num FROM {VERSION_TABLE}")
    return rows[0][0] if rows else None
