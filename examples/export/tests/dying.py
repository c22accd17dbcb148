"""The program, killed before its n-th step.

A step is a file opened for writing, renamed or removed, the beginning or end of a transaction, or many rows written.
"""

from __future__ import annotations

import os
import signal
import sqlite3
import sys
from functools import partial
from typing import Any

from ventanilla_export.cli import main


class Steps:
    """Counts down, and kills."""

    def __init__(self, left: int) -> None:
        self._left = left

    def __call__(self) -> None:
        """Take a step, or die."""
        if self._left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        self._left -= 1

    def heard(self, event: str, arguments: tuple[Any, ...]) -> None:
        """Take what Python tells its auditors for a step, if it writes."""
        writes = event == "open" and isinstance(arguments[1], str) and "w" in arguments[1]
        if writes or event in {"os.rename", "os.remove"}:
            self()


step = Steps(int(sys.argv.pop(1)))


class Watched(sqlite3.Connection):
    """A connection whose transactions, and what they write, are steps."""

    def execute(self, sql: str, parameters: Any = (), /) -> sqlite3.Cursor:
        """Take a step before a transaction begins or ends."""
        if sql in {"begin immediate", "commit"}:
            step()
        return super().execute(sql, parameters)

    def executemany(self, sql: str, parameters: Any, /) -> sqlite3.Cursor:
        """Take a step first."""
        step()
        return super().executemany(sql, parameters)


sys.addaudithook(step.heard)
sqlite3.connect = partial(sqlite3.connect, factory=Watched)
main()
