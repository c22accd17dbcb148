"""Stores that have this release's tables: to make them takes longer than most tests, so they are copied."""

import atexit
from pathlib import Path
from shutil import copyfile, rmtree
from tempfile import mkdtemp

from ventanilla.store.store import Store

_MADE: list[Path] = []


async def opened(url: str) -> Store:
    """The store at `url`, open and with its tables. A file of SQLite that is not there yet is a copy."""
    if url.startswith("sqlite:"):
        _copied(await migrated_file(), Path("/", url.partition(":")[2].lstrip("/")))
    store = Store(url)
    await store.open()
    await store.migrate()
    return store


def _copied(made: Path, file: Path) -> None:
    if not file.exists():
        copyfile(made, file)


async def migrated_file() -> Path:
    """A SQLite database with the tables and nothing in them, to be copied: one for the whole process."""
    if not _MADE:
        folder = Path(mkdtemp(prefix="ventanilla-tables-"))
        atexit.register(rmtree, folder, ignore_errors=True)
        store = Store(f"sqlite:///{folder}/store.sqlite")
        await store.open()
        await store.migrate()
        await store.close()
        _MADE.append(folder / "store.sqlite")
    return _MADE[0]
