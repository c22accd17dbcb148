"""The folder that a program exports into."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from ventanilla.backoffice_adapters.files.configuration import FilesConfiguration
from ventanilla.backoffice_adapters.files.control import check_control
from ventanilla.backoffice_adapters.files.problems import IncompleteError

Stamps = tuple[tuple[int, int, int] | None, ...]
"""Size, modification time in nanoseconds and inode of each file of the set; None where it is missing."""


class Drop:
    """The files of one set, wherever they stand."""

    def __init__(self, home: Path, configuration: FilesConfiguration) -> None:
        self.folder = home / configuration.folder
        self._home = home
        self._configuration = configuration
        self._names = (*configuration.files, *([configuration.control] if configuration.control else []))

    def prepare(self) -> None:
        """Make the folder where it is our own; one elsewhere may be a share that is not mounted yet."""
        own_folder(self.folder, self._home)
        if self.folder.exists() and not self.folder.is_dir():
            raise NotADirectoryError(f"{self.folder} is a file; set `folder` to the folder that is exported into")

    def stamps(self) -> Stamps:
        """Look at the files without reading them."""
        return tuple(_stamp(self.folder / name) for name in self._names)

    def written_at(self, name: str, stamps: Stamps) -> int:
        """When one file of the set was written, in nanoseconds; 0 where it is missing."""
        stamp = stamps[self._names.index(name)]
        return stamp[1] if stamp else 0

    def read(self) -> dict[str, bytes]:
        """Read the set, file name → content; raise `IncompleteError` while it is not whole."""
        found = {name: _content(self.folder / name) for name in self._names}
        files = {name: content for name, content in found.items() if content is not None}
        if missing := [name for name in self._names if name not in files]:
            raise IncompleteError(f"{', '.join(missing)} not in {self.folder.name}/ yet")
        if self._configuration.control:
            check_control(files.pop(self._configuration.control), files, self._configuration)
        return files

    def put(self, files: Mapping[str, bytes]) -> None:
        """Write files as the program does: under other names first, then renamed."""
        self.prepare()
        for name, content in files.items():
            (self.folder / f"{name}.part").write_bytes(content)
        for name in files:
            (self.folder / f"{name}.part").replace(self.folder / name)


def own_folder(folder: Path, home: Path) -> None:
    """Make `folder` where it is inside `home`, the office's own."""
    if folder.resolve().is_relative_to(home.resolve()):
        folder.mkdir(parents=True, exist_ok=True)


def secure_folder(folder: Path) -> None:
    """Let the names in `folder` outlast a loss of power."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def as_of(stamps: Stamps, now: datetime) -> datetime:
    """The newest file's modification time; a file from a machine whose clock is ahead is as old as `now`."""
    newest = max((stamp[1] for stamp in stamps if stamp), default=0)
    return datetime.fromtimestamp(min(newest / 1e9, now.timestamp()), UTC)


def _content(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


def _stamp(path: Path) -> tuple[int, int, int] | None:
    try:
        found = os.stat(path)  # noqa: PTH116  one call tells all three
    except FileNotFoundError:
        return None
    return found.st_size, found.st_mtime_ns, found.st_ino
