"""The journal of changes goes on from one snapshot to the next: an export that tells the same changes nothing."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

from ventanilla.backoffice_adapters.database import Database, DatabaseUnavailableError
from ventanilla.backoffice_adapters.ledger import journal

_log = logging.getLogger(__name__)


def go_on(former: Path, fresh: Path, book: str) -> None:
    """Number what the snapshot in `fresh` tells as the journal in `former` goes on; blocks.

    Where that one cannot be read, the journal of `fresh` is a new one.
    """
    if former.is_file():
        asyncio.run(_go_on(former, fresh, book))


async def _go_on(former: Path, fresh: Path, book: str) -> None:
    before = await _journal(former, book)
    if before is None:
        return
    async with _opened(fresh) as database:
        now = await journal.read(database, book)
        after = journal.gone_on(before, now.told)
        async with database.write() as work:
            await journal.renumber(work, book, now, after)


async def _journal(former: Path, book: str) -> journal.Journal | None:
    try:
        async with _opened(former) as database:
            return await journal.read(database, book)
    except (DatabaseUnavailableError, sqlite3.Error) as error:
        # What an older version made has no journal; what is damaged has lost it.
        _log.warning("%s: its journal of changes cannot be read, so a new one begins: %s", former.name, error)
        return None


@asynccontextmanager
async def _opened(path: Path) -> AsyncGenerator[Database]:
    database = Database(f"sqlite://{path}")
    await database.open()
    try:
        yield database
    finally:
        await database.close()
