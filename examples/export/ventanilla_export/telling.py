"""What is told while it runs, on stderr: a bar on a terminal, else a line now and then."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import Protocol

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

LINE_EVERY_S = 15.0


class Telling(Protocol):
    """Where it is told how far an export is."""

    def begins(self, name: str) -> None:
        """The export of something begins."""
        ...

    def told(self, done: int, total: int | None) -> None:
        """So many changes have come in this run, of so many if that is known."""
        ...

    def waits(self, seconds: float, why: str) -> None:
        """Nothing happens for so many seconds."""
        ...

    def ends(self) -> None:
        """The export of it has ended, as well or badly."""
        ...


class Silence:
    """Tells nothing."""

    def begins(self, name: str) -> None:
        """Nothing."""

    def told(self, done: int, total: int | None) -> None:
        """Nothing."""

    def waits(self, seconds: float, why: str) -> None:
        """Nothing."""

    def ends(self) -> None:
        """Nothing."""


class Lines:
    """For logs: how far it is every quarter of a minute, and every wait that is as long."""

    def __init__(self, write: Callable[[str], object], clock: Callable[[], float] = time.monotonic) -> None:
        self._write = write
        self._clock = clock
        self._name = ""
        self._next = 0.0

    def begins(self, name: str) -> None:
        """Take down when it began."""
        self._name = name
        self._next = self._clock() + LINE_EVERY_S

    def told(self, done: int, total: int | None) -> None:
        """A line, if the last was long ago."""
        if self._clock() >= self._next:
            self._next = self._clock() + LINE_EVERY_S
            self._write(f"{self._name}: {done:,}{'' if total is None else f' of {total:,}'}\n")

    def waits(self, seconds: float, why: str) -> None:
        """A line, if it is long."""
        if seconds >= LINE_EVERY_S:
            self._write(f"{self._name}: waits {seconds:.0f} s: {why}\n")

    def ends(self) -> None:
        """Nothing: the outcome is told by the command."""


class Bar:
    """For people: a bar for each noun."""

    def __init__(self, console: Console) -> None:
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            TextColumn("{task.fields[note]}"),
            console=console,
        )
        self._task: TaskID | None = None

    def begins(self, name: str) -> None:
        """Show a bar for it."""
        self._progress.start()
        self._task = self._progress.add_task(name, total=None, note="")

    def told(self, done: int, total: int | None) -> None:
        """Move the bar."""
        if self._task is not None:
            self._progress.update(self._task, completed=done, total=total, note="")

    def waits(self, seconds: float, why: str) -> None:
        """Say so beside the bar."""
        if self._task is not None:
            self._progress.update(self._task, note=f"waits {seconds:.0f} s: {why}")

    def ends(self) -> None:
        """Leave the bar as it stands."""
        self._progress.stop()


def telling_of(*, quiet: bool) -> Telling:
    """What suits where stderr leads."""
    if quiet:
        return Silence()
    console = Console(stderr=True)
    return Bar(console) if console.is_terminal else Lines(sys.stderr.write)
