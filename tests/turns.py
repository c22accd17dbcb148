"""What the processes of one run of the tests agree on: who has a turn, and who makes what all of them need."""

import fcntl
import os
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path


class Turns:
    """Turns of all processes that know the same file: most tests run beside each other, some by themselves."""

    def __init__(self, file: Path) -> None:
        self._descriptor = os.open(file, os.O_CREAT | os.O_RDWR)

    @contextmanager
    def taken(self, *, alone: bool) -> Generator[None]:
        """Wait for a turn: beside others who do not ask to be alone, or when nobody has one."""
        fcntl.flock(self._descriptor, fcntl.LOCK_EX if alone else fcntl.LOCK_SH)
        try:
            yield
        finally:
            fcntl.flock(self._descriptor, fcntl.LOCK_UN)


def made_once(folder: Path, make: Callable[[Path], None]) -> Path:
    """`folder`, made by the first process that asks for it; nobody sees it half made."""
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            draft = folder.with_suffix(f".{os.getpid()}")
            make(draft)
            draft.rename(folder)
    return folder
