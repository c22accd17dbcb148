"""Putting files where they belong: whole, or not at all."""

from __future__ import annotations

import os
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO


@contextmanager
def written(target: Path) -> Generator[BinaryIO]:
    """A file to write beside `target`, ``name.part``: on the disk once the block ends, and put in place by `land`."""
    with part_of(target).open("wb") as file:
        yield file
        file.flush()
        os.fsync(file.fileno())


def land(targets: list[Path]) -> None:
    """Give files that were `written` their names, and let the disk know before anything else is done."""
    for target in targets:
        part_of(target).replace(target)
    for folder in {target.parent for target in targets}:
        _settle(folder)


def part_of(target: Path) -> Path:
    """Where a file stands until it is whole."""
    return target.with_name(f"{target.name}.part")


def _settle(folder: Path) -> None:
    """Let the disk keep the names: without it, a power cut could undo a rename whose work file is gone already."""
    if os.name == "nt":  # where folders cannot be opened
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
