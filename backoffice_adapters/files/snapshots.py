"""What was imported: a SQLite file for each good set, the state that says which one counts, and the refused sets."""

from __future__ import annotations

import asyncio
import fcntl
import os
import sqlite3
from collections.abc import Generator, Mapping, Sequence
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from shutil import rmtree
from zoneinfo import ZoneInfo

import msgspec

from ventanilla.backoffice_adapters.book import Book
from ventanilla.backoffice_adapters.contract import Clock, Setting
from ventanilla.backoffice_adapters.database import Database
from ventanilla.backoffice_adapters.files.changes import go_on
from ventanilla.backoffice_adapters.files.drop import secure_folder
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
    base: str = ""
    """The same without what was posted since, where payments can be posted."""
    payments_at: int = 0
    """When the export's payments were written, in nanoseconds as the folder's clock tells."""


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
    unheard: Refusal | None = None
    """The newest file of answers to what was posted, if it was refused."""
    former: str = ""
    """The snapshot that was shown before there was none, or one of another version: its journal of changes goes on."""

    @property
    def told(self) -> str:
        """The snapshot that told the last changes; empty if none ever did."""
        return self.snapshot.name if self.snapshot else self.former


class Snapshots:
    """The office's own folder. Everything that changes it runs under `lock`, also against other processes."""

    def __init__(self, setting: Setting, version: str) -> None:
        self._setting = setting
        self._version = version
        self._home = setting.folder.resolve() / "snapshots"
        self._quarantine = setting.folder.resolve() / "quarantine"
        self._state = self._home / "state.json"
        self._known: tuple[int, int] | None = None

    @contextmanager
    def lock(self) -> Generator[None]:
        """Wait until nobody else changes anything here."""
        self._home.mkdir(parents=True, exist_ok=True)
        with (self._home / "lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    @property
    def moved(self) -> bool:
        """Whether another process published since the state was last read or published here."""
        return self._stamp() != self._known

    def load(self) -> State:
        """Read the state; what is missing, damaged or of another version counts as nothing imported yet."""
        nothing = State(version=self._version)
        self._known = self._stamp()
        try:
            state = msgspec.json.decode(self._state.read_bytes(), type=State)
        except (FileNotFoundError, msgspec.MsgspecError):
            return nothing
        if state.version != self._version:
            return msgspec.structs.replace(nothing, former=state.told)
        files = [state.snapshot.name, state.snapshot.base] if state.snapshot else []
        gone = any(not (self._home / name).is_file() for name in files if name)
        return without_snapshot(state) if gone else state

    def path(self, snapshot: Snapshot) -> Path:
        """Where its database stands."""
        return self._home / snapshot.name

    def build(self, book: Book, digest: str, as_of: datetime) -> Snapshot:
        """Write `book` into a fresh database and publish nothing yet; raise `BookError` if it contradicts itself."""
        snapshot = Snapshot(name=self._next(), digest=digest, as_of=as_of, accounts=len(book.accounts))
        try:
            asyncio.run(self._write(self.path(snapshot), book))
        except BaseException:
            _remove(self.path(snapshot))
            raise
        return snapshot

    def with_base(self, snapshot: Snapshot) -> Snapshot:
        """Keep a copy of a snapshot that nothing was laid over."""
        based = msgspec.structs.replace(snapshot, base=f"{self.path(snapshot).stem}.base")
        _copy(self.path(snapshot), self._home / based.base)
        return based

    def anew(self, snapshot: Snapshot) -> Snapshot:
        """The same export once more, without what was laid over it."""
        again = msgspec.structs.replace(snapshot, name=self._next())
        _copy(self._home / snapshot.base, self.path(again))
        return again

    def go_on(self, former: str, snapshot: Snapshot) -> None:
        """Let the journal of a former snapshot go on in one that is not published yet."""
        go_on(self._home / former, self.path(snapshot), self._setting.office)

    def publish(self, state: State) -> State:
        """Make `state` the one that counts, and let go of what is older than the former few."""
        fresh = self._state.with_suffix(".part")
        with fresh.open("wb") as file:
            file.write(msgspec.json.encode(state))
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self._state)
        secure_folder(self._home)
        self._known = self._stamp()
        former = [path for path in self._all() if path.name != state.told]
        for path in former[:-_FORMER]:
            _remove(path)
        for path in self._home.glob("[0-9]*.base"):
            if not state.snapshot or path.name != state.snapshot.base:
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

    def _next(self) -> str:
        return f"{max((int(path.stem) for path in self._all()), default=0) + 1:06}.sqlite"

    def _stamp(self) -> tuple[int, int] | None:
        try:
            found = self._state.stat()
        except FileNotFoundError:
            return None
        return found.st_mtime_ns, found.st_ino

    def _all(self) -> Sequence[Path]:
        return sorted(self._home.glob("[0-9]*.sqlite"))


def without_snapshot(state: State) -> State:
    """`state` once its snapshot cannot be shown any longer."""
    return msgspec.structs.replace(state, snapshot=None, former=state.told)


def ledger_of(database: Database, setting: Setting, as_of: Clock) -> Ledger:
    """The content of a snapshot's open database."""
    zone = ZoneInfo(setting.time_zone)
    return Ledger(database, book=setting.office, source=setting.office, as_of=as_of, zone=zone)


def _copy(source: Path, target: Path) -> None:
    try:
        with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(target)) as new:
            old.backup(new)
    except BaseException:
        _remove(target)
        raise


def _remove(path: Path) -> None:
    for tail in ("", "-journal", "-wal", "-shm"):
        path.with_name(path.name + tail).unlink(missing_ok=True)
