"""PostgreSQL behind `Database`: a stack of asyncpg connections without a pool's proxies and resets."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager, suppress
from functools import lru_cache
from typing import Any

import asyncpg

from ventanilla.backoffice_adapters.database import (
    Argument,
    ConstraintError,
    DatabaseUnavailableError,
    Row,
    Scalar,
    Session,
    unstoppable,
)

_LIST = re.compile(r"\bIN \$(\d+)\[\]")
_untyped: Any = asyncpg  # it ships no types for its functions
_CONNECTIONS = 10
_STATEMENTS = 512
_LEAVING_S = 5
_UNAVAILABLE = (
    OSError,  # TimeoutError is one
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.InvalidAuthorizationSpecificationError,
    asyncpg.InvalidCatalogNameError,
    asyncpg.DeadlockDetectedError,
    asyncpg.InternalClientError,  # the server ended the connection, and its last word is still on the way
)


@lru_cache(maxsize=4096)
def postgres_text(sql: str) -> str:
    """Translate the common SQL."""
    return _LIST.sub(r"= ANY($\1::text[])", sql)


class _Told:
    """Says what asyncpg raises within the block in the words of `Database`."""

    def __init__(self, connection: Any = None) -> None:
        self._connection = connection

    def __enter__(self) -> None:
        pass

    def __exit__(self, _: Any, error: BaseException | None, __: Any) -> None:
        if isinstance(error, asyncpg.IntegrityConstraintViolationError):
            raise ConstraintError(str(error)) from error
        if isinstance(error, _UNAVAILABLE) or (isinstance(error, asyncpg.InterfaceError) and self._is_lost()):
            msg = f"PostgreSQL: {error or type(error).__name__}"
            raise DatabaseUnavailableError(msg) from error

    def _is_lost(self) -> bool:
        # asyncpg reports a lost connection and a wrong argument by the same class; only the first passes by itself.
        return self._connection is not None and self._connection.is_closed()


async def _closed(connection: Any) -> None:
    # One that cannot say goodbye in time is dropped by asyncpg all the same.
    with suppress(*_UNAVAILABLE, asyncpg.InterfaceError):
        await connection.close(timeout=_LEAVING_S)


async def _all_closed(connections: Sequence[Any]) -> None:
    await asyncio.gather(*map(_closed, connections))


class _PostgresSession:
    """The statements of one transaction, on one connection."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    async def rows(self, sql: str, args: Sequence[Argument]) -> list[Row]:
        with _Told(self._connection):
            return await self._connection.fetch(postgres_text(sql), *args)

    async def execute(self, sql: str, args: Sequence[Argument]) -> int:
        with _Told(self._connection):
            tag: str = await self._connection.execute(postgres_text(sql), *args)
        number = tag.rpartition(" ")[2]
        return int(number) if number.isdigit() else 0

    async def many(self, sql: str, rows: Sequence[Sequence[Scalar]]) -> None:
        with _Told(self._connection):
            await self._connection.executemany(postgres_text(sql), rows)


class PostgresBackend:
    """Up to ten connections; the one used last is used next, so that few stay warm."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._idle: list[Any] = []
        self._making: set[asyncio.Task[Any]] = set()
        self._leaving: set[asyncio.Task[Any]] = set()
        self._places = asyncio.Semaphore(_CONNECTIONS)
        self._open = False

    async def open(self) -> None:
        """Make the first connection, which proves the URL."""
        self._idle.append(await self._connect())
        self._open = True

    async def close(self) -> None:
        """Close what is idle; what is in use closes when it comes back."""
        self._open = False
        await asyncio.gather(*self._making, *self._leaving, return_exceptions=True)
        idle, self._idle = self._idle, []
        await unstoppable(_all_closed(idle))

    async def rows(self, sql: str, args: Sequence[Argument]) -> list[Row]:
        """Run a reading statement on any connection."""
        text = postgres_text(sql)
        async with self._places:
            connection, leave = await self._take(), self._give_back
            try:
                with _Told(connection):
                    return await connection.fetch(text, *args)
            except asyncio.CancelledError:
                # A server that froze or left the network never answers here again: nobody else shall wait for it.
                leave = self._see_off
                raise
            finally:
                leave(connection)

    @asynccontextmanager
    async def transaction(self) -> AsyncGenerator[Session]:
        """BEGIN … COMMIT on one connection, READ COMMITTED."""
        async with self._places:
            connection = await self._take()
            try:
                with _Told(connection):
                    await connection.execute("BEGIN")
                yield _PostgresSession(connection)
                with _Told(connection):
                    await unstoppable(connection.execute("COMMIT"))
            except Exception:
                with suppress(*_UNAVAILABLE, asyncpg.InterfaceError):
                    await connection.execute("ROLLBACK")
                raise
            except BaseException:
                # Dropping the connection is the one way of rolling back that no further cancellation can stop.
                connection.terminate()
                raise
            finally:
                self._give_back(connection)

    async def _take(self) -> Any:
        if not self._open:
            msg = "the database is not open"
            raise DatabaseUnavailableError(msg)
        while self._idle:
            connection = self._idle.pop()
            if not connection.is_closed():
                return connection
        making = asyncio.ensure_future(self._connect())
        self._making.add(making)
        making.add_done_callback(self._making.discard)
        try:
            return await asyncio.shield(making)
        except asyncio.CancelledError:
            # asyncpg does not stand being cancelled while it connects; who comes next may have what is made.
            making.add_done_callback(self._keep)
            raise

    def _keep(self, making: asyncio.Task[Any]) -> None:
        if not making.cancelled() and not making.exception():
            self._give_back(making.result())

    def _give_back(self, connection: Any) -> None:
        if connection.is_closed():
            return
        if self._open and not connection.is_in_transaction() and len(self._idle) < _CONNECTIONS:
            self._idle.append(connection)
        else:
            connection.terminate()

    def _see_off(self, connection: Any) -> None:
        """Close `connection` once its cancelled statement has stopped, or a few seconds later without a word."""
        leaving = asyncio.ensure_future(_closed(connection))
        self._leaving.add(leaving)
        leaving.add_done_callback(self._leaving.discard)

    async def _connect(self) -> Any:
        with _Told():
            return await _untyped.connect(self.url, statement_cache_size=_STATEMENTS, timeout=10)
