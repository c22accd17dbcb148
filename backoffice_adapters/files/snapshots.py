"""What was imported: a SQLite file for each good set, the state that says which one counts, and the refused sets."""

from __future__ import annotations

import asyncio
import fcntl
import os
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from shutil import rmtree
from zoneinfo import ZoneInfo

import msgspec

from ventanilla.backoffice_adapters.book import Book
from ventanilla.backoffice_adapters.contract import Clock, Setting
from ventanilla.backoffice_adapters.database import Database
from ventanilla.backoffice_adapters.ledger.office import Ledger
from ventanilla.backoffice_adapters.ledger.tables import create_tables
from ventanilla.backoffice_adapters.records import Record

_FORMER = 3
_QUARANTINED = 30


class Snapshot(Record):
    """A good import."""

    name: str
    digest: str
    """Of the set and of how it was read: the same set is not imported twice."""
    as_of: datetime
    accounts: int


class Refusal(Record):
    """A set that could not be imported; `summary` tells where it is wrong and nothing that it says."""

    digest: str
    folder: str
    summary: str


class State(Record):
    """What counts now. It is replaced as a whole, so that an import is either done or never was."""

    version: str
    snapshot: Snapshot | None = None
    refusal: Refusal | None = None
    """The newest set, if it was refused."""


class Snapshots:
    """The office's own folder. Everything that changes it runs under `lock`, also against other processes."""

    def __init__(self, setting: Setting, version: str) -> None:
        self._setting = setting
        self._version = version
        self._home = setting.folder.resolve() / "snapshots"
        self._quarantine = setting.folder.resolve() / "quarantine"
        self._state = self._home / "state.json"

    @contextmanager
    def lock(self) -> Generator[None]:
        """Wait until nobody else changes anything here."""
        self._home.mkdir(parents=True, exist_ok=True)
        with (self._home / "lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def load(self) -> State:
        """Read the state; what is missing, damaged or of another version counts as nothing imported yet."""
        nothing = State(version=self._version)
        try:
            state = msgspec.json.decode(self._state.read_bytes(), type=State)
        except (FileNotFoundError, msgspec.MsgspecError):
            return nothing
        if state.version != self._version:
            return nothing
        gone = state.snapshot and not self.path(state.snapshot).is_file()
        return msgspec.structs.replace(state, snapshot=None) if gone else state

    def path(self, snapshot: Snapshot) -> Path:
        """Where its database stands."""
        return self._home / snapshot.name

    def build(self, book: Book, digest: str, as_of: datetime) -> Snapshot:
        """Write `book` into a fresh database and publish nothing yet; raise `BookError` if it contradicts itself."""
        number = max((int(path.stem) for path in self._all()), default=0) + 1
        snapshot = Snapshot(name=f"{number:06}.sqlite", digest=digest, as_of=as_of, accounts=len(book.accounts))
        try:
            asyncio.run(self._write(self.path(snapshot), book))
        except BaseException:
            _remove(self.path(snapshot))
            raise
        return snapshot

    def publish(self, state: State) -> State:
        """Make `state` the one that counts, and let go of what is older than the former few."""
        fresh = self._state.with_suffix(".part")
        with fresh.open("wb") as file:
            file.write(msgspec.json.encode(state))
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self._state)
        former = [path for path in self._all() if not state.snapshot or path.name != state.snapshot.name]
        for path in former[:-_FORMER]:
            _remove(path)
        return state

    def quarantine(self, files: Mapping[str, bytes], reason: str) -> str:
        """Keep a refused set beside its reason; return the folder's name."""
        name = f"{self._setting.clock():%Y-%m-%dT%H-%M-%SZ}"
        names = (name, *(f"{name}-{number}" for number in range(2, 10_000)))
        folder = next(path for path in (self._quarantine / name for name in names) if not path.exists())
        folder.mkdir(parents=True)
        try:
            for file, content in {**files, "REASON.txt": reason.encode()}.items():
                (folder / file).write_bytes(content)
        except BaseException:
            rmtree(folder, ignore_errors=True)
            raise
        # People look into this folder and leave things there: what cannot be removed is not in the way.
        for old in sorted(path for path in self._quarantine.iterdir() if path.is_dir())[:-_QUARANTINED]:
            rmtree(old, ignore_errors=True)
        return f"quarantine/{folder.name}"

    async def _write(self, path: Path, book: Book) -> None:
        database = Database(f"sqlite://{path}")
        await database.open()
        try:
            await create_tables(database)
            await ledger_of(database, self._setting, self._setting.clock).fill(book)
        finally:
            await database.close()

    def _all(self) -> Sequence[Path]:
        return sorted(self._home.glob("[0-9]*.sqlite"))


def ledger_of(database: Database, setting: Setting, as_of: Clock) -> Ledger:
    """The content of a snapshot's open database."""
    zone = ZoneInfo(setting.time_zone)
    return Ledger(database, book=setting.office, source=setting.office, as_of=as_of, zone=zone)


def _remove(path: Path) -> None:
    for tail in ("", "-journal", "-wal", "-shm"):
        path.with_name(path.name + tail).unlink(missing_ok=True)
