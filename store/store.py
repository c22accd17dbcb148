"""The drawer itself: opened once in a process, read as plain rows, written in units of work.

Two ways in, each for its own purpose. `Store.rows` is the hot path: SQL text, plain rows, no ORM. `Store.work` is for
everything that writes: one transaction, bound to one manager.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager

from sqlalchemy.exc import SQLAlchemyError

from ventanilla.backoffice_adapters.database import (
    Argument,
    Database,
    DatabaseUnavailableError,
    Row,
    unstoppable,
)
from ventanilla.backoffice_adapters.deadlines import Deadlines
from ventanilla.store.engine import engine_url, is_unavailable, make_engine
from ventanilla.store.migrations import HEAD, VERSION_TABLE
from ventanilla.store.tenancy import Work

READ_S = 5.0
"""How long a reading statement may take. Every request begins with one, so a database that hangs is told by it."""
STATEMENT_S = 20.0
"""How long one statement of a unit of work may take on PostgreSQL; SQLite is in the process and does not hang."""
_HAS_TABLE = {
    "sqlite": "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = $1",
    "postgresql": "SELECT 1 FROM information_schema.tables WHERE table_schema = current_schema() AND table_name = $1",
}
_SILENT = "the database did not answer in time"


class Store:
    """The gateway's own database: SQLite (``sqlite:///absolute/path.sqlite``) or PostgreSQL (``postgresql://…``)."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._backend = engine_url(url).get_backend_name()
        self._engine = make_engine(url, statement_s=STATEMENT_S)
        self._database = Database(url)
        self._deadlines = Deadlines()

    def __repr__(self) -> str:
        return f"Store({engine_url(self._url)!r})"

    async def open(self) -> None:
        """Get ready to read and write. Call `migrate` next."""
        await self._database.open()

    async def close(self) -> None:
        """Let go of every connection."""
        await self._database.close()
        await self._engine.dispose()

    async def migrate(self) -> None:
        """Bring the tables to this release; one small read when they are there already.

        Raises `StoreError` when the database was migrated by a newer release.
        """
        if await self._version() == HEAD:
            return
        from ventanilla.store.migrations.run import upgrade  # noqa: PLC0415  alembic is slow to import, rarely needed

        await upgrade(self._url)

    async def ready(self) -> bool:
        """Whether the database answers and has this release's tables; never raises for a database that does not."""
        try:
            return await self._version() == HEAD
        except Exception:  # noqa: BLE001  whatever is wrong with the database, the answer is "not ready"
            return False

    async def _version(self) -> str | None:
        """The revision the database is at; None for one without our tables."""
        if not await self.rows(_HAS_TABLE[self._backend], [VERSION_TABLE]):
            return None
        found = await self.rows(f"SELECT version_num FROM {VERSION_TABLE}")
        return str(found[0][0]) if found else None

    async def rows(self, sql: str, args: Sequence[Argument] = ()) -> list[Row]:
        """Read by SQL text in the dialect of `Database`. The text names the manager itself: nothing is scoped here.

        Raises `DatabaseUnavailableError`, also for a database that does not answer within `READ_S`.
        """
        try:
            with self._deadlines.within(READ_S):
                return await self._database.rows(sql, args)
        except TimeoutError as error:
            raise DatabaseUnavailableError(_SILENT) from error

    @asynccontextmanager
    async def work(self, manager: str | None = None) -> AsyncGenerator[Work]:
        """A unit of work: one transaction, committed at the end, rolled back on any exception.

        It is bound to the manager with this slug: every statement sees and changes that manager's rows only. Without
        one it can touch the tables of managers and hosts, and a tenant table is an `UnboundWorkError`.

        On SQLite units queue. On PostgreSQL they run side by side: a row that is read in order to be changed is read
        ``with_for_update()``. Flush a row before another points at it. Do not open one unit inside another, and call
        no office within one. Raises `DatabaseUnavailableError` where waiting may help.
        """
        try:
            async with Work(self._engine, expire_on_commit=False, info={"manager": manager}) as work:
                await _connected(work)
                yield work
                await unstoppable(work.commit())
        except TimeoutError as error:  # a unit waits for nothing but the database
            raise DatabaseUnavailableError(_SILENT) from error
        except SQLAlchemyError as error:
            if is_unavailable(error):
                raise DatabaseUnavailableError(str(error)) from error
            raise


async def _connected(work: Work) -> None:
    """Begin now: only here can a refused connection be told from an error of the caller's own."""
    try:
        await work.connection()
    except OSError as error:
        raise DatabaseUnavailableError(str(error)) from error
