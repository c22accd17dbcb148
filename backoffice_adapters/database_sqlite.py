"""SQLite behind `Database`: one thread that reads, one that writes, so that the event loop never waits for the disk."""

from __future__ import annotations

import asyncio
import re
import sqlite3
import threading
import time
from collections.abc import AsyncGenerator, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from functools import lru_cache
from queue import SimpleQueue
from tempfile import TemporaryDirectory
from typing import Any, Generic, TypeVar

import orjson

from ventanilla.backoffice_adapters.database import (
    Argument,
    ConstraintError,
    DatabaseUnavailableError,
    Row,
    Scalar,
    Session,
    unstoppable,
)

T = TypeVar("T")
_PATIENCE_S = 5
_LIST = re.compile(r"\bIN \$(\d+)\[\]")
_LOCK = re.compile(r"\s+FOR UPDATE( SKIP LOCKED)?\b")
# Result codes (their low byte) that tell of the file, its disk or its other users, not of our statement.
_UNAVAILABLE = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_NOTADB,
    sqlite3.SQLITE_CORRUPT,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_PERM,
    sqlite3.SQLITE_AUTH,
}


@lru_cache(maxsize=4096)
def sqlite_text(sql: str) -> str:
    """Translate the common SQL; writers hold the whole database, so row locks have nothing left to do."""
    listed = _LIST.sub(r"IN (SELECT value FROM json_each(?\1))", _LOCK.sub("", sql))
    return listed.replace("$", "?")


def _arguments(args: Sequence[Argument]) -> list[Any]:
    return [orjson.dumps(value).decode() if isinstance(value, (list, tuple)) else value for value in args]


def _told(error: BaseException) -> BaseException:
    if isinstance(error, sqlite3.IntegrityError):
        return ConstraintError(str(error))
    if isinstance(error, sqlite3.DatabaseError) and getattr(error, "sqlite_errorcode", -1) & 0xFF in _UNAVAILABLE:
        return DatabaseUnavailableError(f"SQLite: {error}")
    return error


class _Job(Generic[T]):
    """What a thread is asked for, and where its answer goes."""

    def __init__(self, action: Callable[[sqlite3.Connection], T]) -> None:
        self._action = action
        self._loop = asyncio.get_running_loop()
        self.future: asyncio.Future[T] = self._loop.create_future()

    def run(self, connection: sqlite3.Connection) -> None:
        try:
            result = self._action(connection)
        except BaseException as error:  # noqa: BLE001  whatever it is belongs to the one who asked
            self._deliver(self._fail, _told(error))
        else:
            self._deliver(self._succeed, result)

    def _deliver(self, how: Callable[[Any], None], what: Any) -> None:
        # A closed loop has nobody left who could wait for the answer.
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(how, what)

    def _succeed(self, result: T) -> None:
        if not self.future.done():
            self.future.set_result(result)

    def _fail(self, error: BaseException) -> None:
        if not self.future.done():
            self.future.set_exception(error)


class _Lane:
    """One connection and the one thread that uses it, job after job in the order they were posted."""

    def __init__(self, path: str, *, reads_only: bool) -> None:
        self._path = path
        self._reads_only = reads_only
        self._jobs: SimpleQueue[_Job[Any] | None] = SimpleQueue()
        self._running: _Job[Any] | None = None
        self._switch = threading.Lock()
        self._thread = threading.Thread(target=self._serve, name="sqlite", daemon=True)

    async def open(self) -> None:
        """Connect and start the thread; raise `DatabaseUnavailableError` if that cannot be."""
        try:
            self._connection = sqlite3.connect(
                self._path, timeout=_PATIENCE_S, isolation_level=None, check_same_thread=False, cached_statements=512
            )
        except sqlite3.Error as error:
            raise _told(error) from error
        self._thread.start()
        await self.run(self._prepare)

    async def close(self) -> None:
        """Finish what was posted, then disconnect."""
        if self._thread.is_alive():
            self._jobs.put(None)
            await asyncio.to_thread(self._thread.join)

    def post(self, action: Callable[[sqlite3.Connection], T]) -> _Job[T]:
        """Put `action` in the queue; nobody needs to wait for it."""
        job = _Job(action)
        self._jobs.put(job)
        return job

    async def run(self, action: Callable[[sqlite3.Connection], T]) -> T:
        """Run `action` in the thread. A cancelled read is interrupted; a cancelled write runs to its end."""
        job = self.post(action)
        try:
            return await job.future
        except asyncio.CancelledError:
            if self._reads_only:
                self._interrupt(job)
            raise

    def _interrupt(self, job: _Job[Any]) -> None:
        with self._switch:
            if self._running is job:
                self._connection.interrupt()

    def _serve(self) -> None:
        while job := self._jobs.get():
            with self._switch:
                self._running = job
            if not job.future.cancelled():
                job.run(self._connection)
            with self._switch:
                self._running = None
        self._connection.close()

    def _prepare(self, connection: sqlite3.Connection) -> None:
        if self._reads_only:
            connection.execute("PRAGMA query_only = ON")
        else:
            switch_to_wal(connection)
        # What was committed stays when the power goes: money is booked here, and told as booked.
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")


def switch_to_wal(connection: Any) -> None:
    """Put the file of a DB-API connection into write-ahead mode, in which readers never wait for the writer."""
    # SQLite waits for other users of a file at any statement but this one, so the waiting is ours.
    patience = time.monotonic() + _PATIENCE_S
    while _asked(connection, "PRAGMA journal_mode") != "wal":
        try:
            _asked(connection, "PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError:
            if time.monotonic() > patience:
                raise
            time.sleep(0.02)


def _asked(connection: Any, pragma: str) -> str:
    cursor = connection.cursor()
    cursor.execute(pragma)
    answer: str = cursor.fetchone()[0]
    cursor.close()
    return answer


def _fetch(sql: str, args: Sequence[Argument]) -> Callable[[sqlite3.Connection], list[Row]]:
    text, values = sqlite_text(sql), _arguments(args)
    return lambda connection: connection.execute(text, values).fetchall()


def _begin(connection: sqlite3.Connection) -> None:
    connection.execute("BEGIN IMMEDIATE")


def _commit(connection: sqlite3.Connection) -> None:
    connection.execute("COMMIT")


def _roll_back(connection: sqlite3.Connection) -> None:
    if connection.in_transaction:
        connection.execute("ROLLBACK")


class _SqliteSession:
    """The statements of one transaction, on the writing thread."""

    def __init__(self, lane: _Lane) -> None:
        self._lane = lane

    def rows(self, sql: str, args: Sequence[Argument]) -> Coroutine[Any, Any, list[Row]]:
        return self._lane.run(_fetch(sql, args))

    def execute(self, sql: str, args: Sequence[Argument]) -> Coroutine[Any, Any, int]:
        text, values = sqlite_text(sql), _arguments(args)
        return self._lane.run(lambda connection: connection.execute(text, values).rowcount)

    async def many(self, sql: str, rows: Sequence[Sequence[Scalar]]) -> None:
        text = sqlite_text(sql)
        await self._lane.run(lambda connection: connection.executemany(text, rows))


class SqliteBackend:
    """A file with a reader and a writer; without a path, a file in a temporary folder that goes when it is closed."""

    def __init__(self, path: str) -> None:
        self.url = f"sqlite://{path}"
        self._path = path
        self._folder: TemporaryDirectory[str] | None = None
        self._lanes: list[_Lane] = []
        self._turn = asyncio.Lock()

    async def open(self) -> None:
        """Start both threads, the writer first: it makes the file."""
        if not self._path:
            self._folder = TemporaryDirectory(prefix="ventanilla-")
        path = f"{self._folder.name}/private.sqlite" if self._folder else self._path
        self.url = f"sqlite://{path}"
        try:
            for reads_only in (False, True):
                self._lanes.append(_Lane(path, reads_only=reads_only))
                await self._lanes[-1].open()
        except BaseException:
            await unstoppable(self.close())
            raise

    async def close(self) -> None:
        """Finish what is under way and close the file."""
        lanes, self._lanes = self._lanes, []
        for lane in lanes:
            await lane.close()
        if self._folder:
            self._folder.cleanup()
            self._folder = None

    async def rows(self, sql: str, args: Sequence[Argument]) -> list[Row]:
        """Run a reading statement on the reading thread."""
        return await self._lane(1).run(_fetch(sql, args))

    @asynccontextmanager
    async def transaction(self) -> AsyncGenerator[Session]:
        """Take the one place of the writer, then BEGIN IMMEDIATE … COMMIT."""
        lane = self._lane(0)
        async with self._turn:
            try:
                await lane.run(_begin)
                yield _SqliteSession(lane)
                await unstoppable(lane.run(_commit))
            except BaseException:
                # Posted, not awaited: the queue keeps it before the next BEGIN, and no cancellation can lose it.
                lane.post(_roll_back)
                raise

    def _lane(self, number: int) -> _Lane:
        if not self._lanes:
            msg = "the database is not open"
            raise DatabaseUnavailableError(msg)
        return self._lanes[number]
