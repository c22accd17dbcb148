"""The demo's data folder: what lies in it, whose it is, and when it was made."""

from __future__ import annotations

import fcntl
import shutil
from collections.abc import Generator
from contextlib import contextmanager
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Final

import msgspec

from ventanilla.auth.keys import FILE as SECRET
from ventanilla.gateway.mistake import MistakeError

STALE_AFTER: Final = timedelta(days=45)
"""From this age on nothing in the demo is due soon any more."""
_NOTE: Final = "demo.json"
_LOCK: Final = "demo.lock"
_DATABASE: Final = "gateway.sqlite"
_OURS: Final = (SECRET, _DATABASE, f"{_DATABASE}-wal", f"{_DATABASE}-shm", "offices", "mailbox", "payments")


class DemoNote(msgspec.Struct, frozen=True):
    """What the folder says of itself."""

    anchor: date
    """The day that the demo's papers were written around."""
    complete: bool
    """Whether everything was written; else it is written anew."""
    edition: str = ""
    """The `edition` of the demo that wrote it; another one writes it anew, since its books and mappings differ."""


def edition() -> str:
    """A name for what this program would write: the hash of the demo's books, people and managers."""
    folder = Path(__file__).parent
    sources = sorted(path for path in folder.rglob("*") if path.suffix in {".py", ".toml"})
    return sha256(b"\0".join(path.read_bytes() for path in sources)).hexdigest()[:16]


class DemoFolder:
    """The folder of one demo."""

    def __init__(self, path: Path) -> None:
        self.path = path.absolute()

    @contextmanager
    def locked(self) -> Generator[None]:
        """Keep the folder to this process; `MistakeError` if another demo runs on it."""
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            with (self.path / _LOCK).open("w") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                yield
        except BlockingIOError:
            raise MistakeError(f"Another demo runs on {self.path}. Stop it, or choose another: --data DIR") from None
        except OSError as error:
            raise MistakeError(f"{self.path}: {error.strerror}. Choose a folder to write to: --data DIR") from None

    def note(self) -> DemoNote | None:
        """What the folder says of itself; None for a new one, `MistakeError` for one that is somebody else's."""
        try:
            return msgspec.json.decode((self.path / _NOTE).read_bytes(), type=DemoNote)
        except FileNotFoundError:
            pass
        except msgspec.DecodeError:
            raise MistakeError(f"{self.path / _NOTE} is damaged. Begin again in another folder: --data DIR") from None
        for name in _OURS:
            if (self.path / name).exists():
                raise MistakeError(f"{self.path / name} is not the demo's. Choose another folder: --data DIR")
        return None

    def write(self, note: DemoNote) -> None:
        """Say of the folder what `note` says."""
        draft = self.path / f".{_NOTE}"
        draft.write_bytes(msgspec.json.encode(note))
        draft.replace(self.path / _NOTE)

    def clear(self) -> None:
        """Delete what the demo keeps, and nothing else that may lie here. The note stays: it says whose the rest is."""
        for name in _OURS:
            path = self.path / name
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)
