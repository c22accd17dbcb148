"""What a tree of processes has used: CPU time from the kernel's scheduler, and memory."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

from ventanilla.backoffice_adapters.records import Record

_PROC: Final = Path("/proc")
_GONE = (FileNotFoundError, ProcessLookupError)


class Reading(Record):
    """What a tree had used at one moment."""

    threads: dict[tuple[int, int], int]
    """Process and thread → nanoseconds on a CPU."""
    ticks: int
    """The same of all processes together, ended threads and children included, in clock ticks."""


def available() -> bool:
    """Whether this kernel tells what is asked of it here."""
    return Path("/proc/self/schedstat").exists()


def tree(pid: int) -> list[int]:
    """A process and all that it started, as long as they live."""
    found = [pid]
    for each in found:
        with suppress(*_GONE):
            for task in (_PROC / str(each) / "task").iterdir():
                found += map(int, (task / "children").read_text("ascii").split())
    return found


def reading(pid: int) -> Reading:
    """What the tree below `pid` has used until now."""
    pids = tree(pid)
    return Reading(threads={key: spent for each in pids for key, spent in _threads(each)}, ticks=sum(map(_ticks, pids)))


def nanoseconds(before: Reading, after: Reading) -> int:
    """What was used between two readings. Where a thread ended meanwhile, what it used is known to the tick only."""
    if before.threads.keys() <= after.threads.keys():
        return sum(spent - before.threads.get(thread, 0) for thread, spent in after.threads.items())
    return (after.ticks - before.ticks) * 1_000_000_000 // os.sysconf("SC_CLK_TCK")


def resident(pid: int) -> int:
    """Bytes of memory that the tree holds now."""
    return sum(_memory(each, "VmRSS") for each in tree(pid))


def peak(pid: int) -> int:
    """Bytes of memory that the tree held at most since `forget_peak`, each process at its own moment."""
    return sum(_memory(each, "VmHWM") for each in tree(pid))


def forget_peak(pid: int) -> None:
    """Let the peak begin anew."""
    for each in tree(pid):
        (_PROC / str(each) / "clear_refs").write_text("5", "ascii")


def _threads(pid: int) -> Iterator[tuple[tuple[int, int], int]]:
    with suppress(*_GONE):
        for task in (_PROC / str(pid) / "task").iterdir():
            with suppress(*_GONE):
                yield (pid, int(task.name)), int((task / "schedstat").read_text("ascii").split()[0])


def _ticks(pid: int) -> int:
    try:
        fields = (_PROC / str(pid) / "stat").read_text("ascii", "replace").rpartition(")")[2].split()
    except _GONE:
        return 0
    return sum(map(int, fields[11:15]))  # of itself, and of children that ended: user and system


def _memory(pid: int, name: str) -> int:
    with suppress(*_GONE):
        for line in (_PROC / str(pid) / "status").read_text("ascii", "replace").splitlines():
            if line.startswith(f"{name}:"):
                return int(line.split()[1]) * 1_024
    return 0
