"""A small door to SQL for hot paths: one text of SQL, two databases.

SQL is written once. ``$1``, ``$2`` are arguments; ``IN $1[]`` takes a list of texts; ``FOR UPDATE`` locks what it
reads. What both databases keep alike: dates are ISO texts, moments are the texts that `stamp` writes (text order is
time order), flags are 0 and 1, money is BIGINT minor units. A sum is written ``CAST(SUM(x) AS BIGINT)``.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Coroutine, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Protocol, TypeVar

T = TypeVar("T")
Row = tuple[Any, ...]
"""One row by position; a PostgreSQL row only behaves like a tuple."""
Scalar = str | int | float | bytes | None
Argument = Scalar | Sequence[str]
"""What may travel as an argument; a sequence of texts only where the SQL says ``$n[]``."""


class Dialect(StrEnum):
    """Which database stands behind a `Database`."""

    SQLITE = "sqlite"
    POSTGRESQL = "postgresql"


class DatabaseUnavailableError(Exception):
    """The database cannot be reached, opened or used right now; the same statement may succeed later."""


class ConstraintError(Exception):
    """A statement would break a key or another constraint; its transaction is rolled back."""


class TransactionOverError(Exception):
    """A transaction was used after it ended, or after one of its statements failed or was cancelled."""


def stamp(moment: datetime) -> str:
    """Write an aware moment as UTC text of fixed width, so that text order is time order."""
    if moment.tzinfo is None:
        msg = f"{moment.isoformat()} has no time zone; give an aware datetime"
        raise ValueError(msg)
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


class Session(Protocol):
    """The statements of one transaction, as a backend runs them."""

    def rows(self, sql: str, args: Sequence[Argument]) -> Coroutine[Any, Any, list[Row]]:
        """Run a statement and return its rows."""
        ...

    def execute(self, sql: str, args: Sequence[Argument]) -> Coroutine[Any, Any, int]:
        """Run a statement and return how many rows it changed."""
        ...

    def many(self, sql: str, rows: Sequence[Sequence[Scalar]]) -> Coroutine[Any, Any, None]:
        """Run a statement once for each row of arguments."""
        ...


class Backend(Protocol):
    """One kind of database."""

    url: str
    """Where it is, as others in this process can connect to it while it is open."""

    async def open(self) -> None:
        """Connect, or raise `DatabaseUnavailableError`."""

    async def close(self) -> None:
        """Disconnect."""

    async def rows(self, sql: str, args: Sequence[Argument]) -> list[Row]:
        """Run a reading statement outside any transaction."""
        ...

    def transaction(self) -> AbstractAsyncContextManager[Session]:
        """Commit at the end of the block; roll back on any exception."""
        ...


class Work:
    """One transaction. After a statement failed or was cancelled, nothing more runs and nothing is committed."""

    def __init__(self, session: Session, counted: Callable[[], None]) -> None:
        self._session = session
        self._counted = counted
        self._usable = True

    async def rows(self, sql: str, args: Sequence[Argument] = ()) -> list[Row]:
        """Run a statement and return its rows."""
        return await self._run(self._session.rows(sql, args))

    async def execute(self, sql: str, args: Sequence[Argument] = ()) -> int:
        """Run a statement and return how many rows it changed."""
        return await self._run(self._session.execute(sql, args))

    async def many(self, sql: str, rows: Sequence[Sequence[Scalar]]) -> None:
        """Run a statement once for each row of arguments; no rows, no statement."""
        if rows:
            await self._run(self._session.many(sql, rows))

    def end(self) -> None:
        """Let nothing more run; raise `TransactionOverError` if a failure inside was swallowed."""
        usable, self._usable = self._usable, False
        if not usable:
            msg = "a statement of this transaction failed or was cancelled; nothing of it was written, repeat it whole"
            raise TransactionOverError(msg)

    async def _run(self, statement: Coroutine[Any, Any, T]) -> T:
        if not self._usable:
            statement.close()
            msg = "this transaction is over; open another with `write()`"
            raise TransactionOverError(msg)
        self._counted()
        self._usable = False
        result = await statement
        self._usable = True
        return result


class Database:
    """A database by its URL: ``sqlite:///absolute/path.sqlite``, ``sqlite://`` (private, gone after `close`) or
    ``postgresql://user:password@host:port/name``.

    Several owners may share one: each opens and closes it, the last close disconnects.
    """

    def __init__(self, url: str) -> None:
        self.dialect, self._backend = _backend(url)
        self.statements = 0
        """How many statements were run since it was made; tests pin what a call costs with it."""
        self._owners = 0
        self._door = asyncio.Lock()

    @property
    def url(self) -> str:
        """Where it is; of a private database, where it is while it is open."""
        return self._backend.url

    async def open(self) -> None:
        """Connect; raise `DatabaseUnavailableError` if that cannot be."""
        async with self._door:
            if not self._owners:
                await self._backend.open()
            self._owners += 1

    async def close(self) -> None:
        """Disconnect when this was the last owner."""
        async with self._door:
            self._owners -= 1
            if not self._owners:
                await self._backend.close()

    async def rows(self, sql: str, args: Sequence[Argument] = ()) -> list[Row]:
        """Run one reading statement and return its rows; each sees what was committed before it began."""
        self._count()
        return await self._backend.rows(sql, args)

    @asynccontextmanager
    async def write(self) -> AsyncGenerator[Work]:
        """Open one transaction: committed at the end of the block, rolled back on any exception or cancellation.

        On SQLite writers queue. On PostgreSQL they run side by side: change an amount with one UPDATE, or read it with
        ``FOR UPDATE`` first. A cancellation that arrives during the commit is raised after it and undoes nothing.
        """
        async with self._backend.transaction() as session:
            work = Work(session, self._count)
            yield work
            work.end()

    def _count(self) -> None:
        self.statements += 1


async def unstoppable(work: Coroutine[Any, Any, T]) -> T:
    """Run `work` to its end whatever is cancelled meanwhile, then let the cancellation go on."""
    task = asyncio.ensure_future(work)
    cancelled: asyncio.CancelledError | None = None
    while not task.done():
        try:
            await asyncio.wait({task})
        except asyncio.CancelledError as error:
            cancelled = error
    if cancelled:
        task.exception()
        raise cancelled
    return task.result()


def _backend(url: str) -> tuple[Dialect, Backend]:
    scheme, _, rest = url.partition("://")
    if scheme == Dialect.SQLITE and (not rest or rest.startswith("/")):
        from ventanilla.backoffice_adapters.database_sqlite import SqliteBackend  # noqa: PLC0415  one driver is enough

        return Dialect.SQLITE, SqliteBackend(rest)
    if scheme == Dialect.POSTGRESQL and rest:
        from ventanilla.backoffice_adapters.database_postgres import (  # noqa: PLC0415  one driver is enough
            PostgresBackend,
        )

        return Dialect.POSTGRESQL, PostgresBackend(url)
    msg = f"a database URL starts with sqlite:///absolute/path or postgresql://, not with {scheme}://"
    raise ValueError(msg)
