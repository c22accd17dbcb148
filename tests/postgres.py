"""A throw-away PostgreSQL: made for one test run, on loopback only, gone afterwards."""

import asyncio
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import asyncpg

_EMPTY = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = current_database();
DROP SCHEMA public CASCADE;
CREATE SCHEMA public;
"""
_DEBIAN = Path("/usr/lib/postgresql")


def missing_reason() -> str | None:
    """Say why no cluster can be started here; None when one can."""
    return (
        None if _programs() else "no PostgreSQL server is installed (pg_ctl is neither on PATH nor in Debian's folder)"
    )


@contextmanager
def cluster() -> Generator[str]:
    """Start a cluster and tell its URL; everything it wrote is removed at the end."""
    programs = _programs()
    if programs is None:
        raise RuntimeError(missing_reason())
    folder = Path(tempfile.mkdtemp(prefix="ventanilla-postgres-"))
    _hand_over(folder)
    data, port = folder / "data", _free_port()
    try:
        _run(programs / "initdb", "--no-sync", "-U", "postgres", "-A", "trust", "-E", "UTF8", "-D", str(data))
        settings = f"-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories='' -c fsync=off"
        _run(programs / "pg_ctl", "start", "-w", "-D", str(data), "-l", str(folder / "log"), "-o", settings)
        try:
            yield f"postgresql://postgres@127.0.0.1:{port}/postgres"
        finally:
            _run(programs / "pg_ctl", "stop", "-m", "immediate", "-D", str(data))
    finally:
        shutil.rmtree(folder)


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


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
