"""A throw-away PostgreSQL: made for one test run, on loopback only, gone afterwards."""

import asyncio
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg
from sqlalchemy import make_url

from tests import ports

_EMPTY = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = current_database();
DROP SCHEMA public CASCADE;
CREATE SCHEMA public;
"""
_DEBIAN = Path("/usr/lib/postgresql")
_HASTY = ("full_page_writes=off", "autovacuum=off", "jit=off")
"""What is thrown away at the end need not be looked after."""


def missing_reason() -> str | None:
    """Say why no cluster can be started here; None when one can."""
    return (
        None if _programs() else "no PostgreSQL server is installed (pg_ctl is neither on PATH nor in Debian's folder)"
    )


@contextmanager
def cluster() -> Generator[str]:
    """Start a cluster and tell its URL; everything it wrote is removed at the end."""
    if reason := missing_reason():
        raise RuntimeError(reason)
    folder = Path(tempfile.mkdtemp(prefix="ventanilla-postgres-"))
    try:
        with running(folder, *_HASTY, stop="immediate") as url:
            yield url
    finally:
        shutil.rmtree(folder)


@contextmanager
def running(folder: Path, *settings: str, stop: str = "fast") -> Generator[str]:
    """Tell the URL of the cluster that is kept in `folder`, which is made when it is not there yet.

    One that runs already is used as it is and left alone; else it is started with `settings` (``name=value``) and
    stopped at the end, in the way that `pg_ctl` calls `stop`.
    """
    programs, data = _programs(), folder / "data"
    if programs is None:
        raise RuntimeError(missing_reason())
    if not data.exists():
        _hand_over(folder)
        _run(programs / "initdb", "--no-sync", "-U", "postgres", "-A", "trust", "-E", "UTF8", "-D", str(data))
    if port := _port_of(programs, data):
        yield _url(port)
        return
    port = ports.free()
    own = ("listen_addresses=127.0.0.1", f"port={port}", "unix_socket_directories=''", "fsync=off", *settings)
    options = " ".join(f"-c {setting}" for setting in own)
    _run(programs / "pg_ctl", "start", "-w", "-D", str(data), "-l", str(folder / "log"), "-o", options)
    try:
        yield _url(port)
    finally:
        _run(programs / "pg_ctl", "stop", "-m", stop, "-D", str(data))


@asynccontextmanager
async def another(url: str) -> AsyncGenerator[str]:
    """The URL of an empty database beside the one at `url`, which is dropped afterwards."""
    name = f"own_{uuid4().hex}"
    admin = await asyncpg.connect(url)
    try:
        await admin.execute(f"CREATE DATABASE {name}")
        yield url.rpartition("/")[0] + f"/{name}"
        await admin.execute(f"DROP DATABASE {name} WITH (FORCE)")
    finally:
        await admin.close()


class Line:
    """A network line to a PostgreSQL server, which can go dead without a word, as lines do."""

    def __init__(self, url: str) -> None:
        self._far = make_url(url)
        self._tasks: set[asyncio.Task[None]] = set()
        self._dead: set[asyncio.Task[None]] = set()
        self._cut = False

    @asynccontextmanager
    async def laid(self) -> AsyncGenerator[str]:
        """The URL of this end of the line."""
        server = await asyncio.start_server(self._carry, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        try:
            yield self._far.set(host="127.0.0.1", port=port).render_as_string(hide_password=False)
        finally:
            server.close()
            for task in (*self._tasks,):
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)

    def cut(self) -> None:
        """Let nothing more through."""
        self._cut = True

    def mend(self) -> None:
        """Let new connections through; those from before stay dead."""
        self._cut = False
        self._dead |= self._tasks

    async def _carry(self, near_in: asyncio.StreamReader, near_out: asyncio.StreamWriter) -> None:
        far_in, far_out = await asyncio.open_connection(self._far.host, self._far.port)
        ways = ((near_in, far_out), (far_in, near_out))
        self._tasks |= (tasks := {asyncio.ensure_future(self._pass_on(*way)) for way in ways})
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _pass_on(self, source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        try:
            while content := await source.read(65_536):
                if not self._cut and asyncio.current_task() not in self._dead:
                    target.write(content)
        finally:
            target.close()


def emptied(url: str) -> str:
    """Empty the database at `url`, whatever a former test left in it or forgot to close."""
    asyncio.run(_execute(url, _EMPTY))
    return url


async def _execute(url: str, statement: str) -> None:
    untyped: Any = asyncpg  # it ships no types for its functions
    connection = await untyped.connect(url)
    await connection.execute(statement)
    await connection.close()


def _programs() -> Path | None:
    on_path = shutil.which("pg_ctl")
    if on_path:
        return Path(on_path).resolve().parent
    found = sorted(_DEBIAN.glob("*/bin/pg_ctl"), key=lambda path: int(path.parts[-3]))
    return found[-1].parent if found else None


def _hand_over(folder: Path) -> None:
    # initdb refuses to run as root, so the cluster belongs to the user the package made.
    if os.geteuid() == 0:
        user = pwd.getpwnam("postgres")
        os.chown(folder, user.pw_uid, user.pw_gid)


def _run(program: Path, *arguments: str) -> None:
    dropped: dict[str, Any] = {"user": "postgres", "group": "postgres", "extra_groups": []} if os.geteuid() == 0 else {}
    subprocess.run(
        [program, *arguments], check=True, cwd="/", stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, **dropped
    )


def _url(port: int) -> str:
    return f"postgresql://postgres@127.0.0.1:{port}/postgres"


def _port_of(programs: Path, data: Path) -> int | None:
    """Where the cluster that keeps `data` listens; None while it does not run."""
    try:
        _run(programs / "pg_ctl", "status", "-D", str(data))
        return int((data / "postmaster.pid").read_text("utf-8").splitlines()[3])
    except (subprocess.CalledProcessError, FileNotFoundError):
        return None
