"""A whole export, page after page: CPU time, time on the clock, and the memory that it takes beyond an idle server."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from itertools import islice
from random import Random

from benchmarks import cpu
from benchmarks.comparing import asked, pages
from benchmarks.data import DataSet
from benchmarks.processes import all_started
from benchmarks.questions import Question
from benchmarks.sides import Side
from ventanilla.backoffice_adapters.records import Record

RUNS = 3
"""How often the short export is made; the long one once."""
SHORT, LONG = 10, 100
"""Pages of 1,000 invoices."""
_SENSIBLE_MS = 4_000
"""Whoever takes longer for a short export is not asked for a long one."""


class Export(Record, rename=None):
    """What one export took."""

    side: str
    pages: int
    cpu_ms: float
    wall_ms: float
    peak_mb: float
    """Memory beyond what the idle server held, at most, in MB of 1,000,000 bytes."""


class _Exporter(Record):
    """A side that can be asked for an export."""

    side: Side
    pid: int
    idle: int
    """Bytes of memory that it held before anybody exported."""
    question: Question
    token: str

    def run(self, count: int) -> Export:
        """Export `count` pages, or as many as there are."""
        cpu.forget_peak(self.pid)
        before, began = cpu.reading(self.pid), time.perf_counter()
        made = sum(1 for _ in islice(pages(self.side, self.question, self.token), count))
        return Export(
            side=self.side.name,
            pages=made,
            cpu_ms=cpu.nanoseconds(before, cpu.reading(self.pid)) / 1_000_000,
            wall_ms=(time.perf_counter() - began) * 1_000,
            peak_mb=max(0, cpu.peak(self.pid) - self.idle) / 1_000_000,
        )


def exported(
    sides: Sequence[Side], questions: Mapping[str, Question], data: DataSet, report: Callable[[str], None]
) -> list[Export]:
    """Export by each side that knows how, freshly started: a short export several times, then a long one."""
    known = [side for side in sides if "export" in side.documents]
    with all_started(known, data.folder / "logs") as pids:
        exporters = [_exporter(side, pids[side.name], questions, data) for side in known]
        short = _short(exporters, report)
        quick = [each for each, took in zip(exporters, short, strict=True) if took.wall_ms < _SENSIBLE_MS]
        long: list[Export] = []
        for exporter in quick:
            report(f"export of {LONG} pages by {exporter.side.name}")
            long.append(exporter.run(LONG))
        return [*short, *long]


def _exporter(side: Side, pid: int, questions: Mapping[str, Question], data: DataSet) -> _Exporter:
    for name in ("trivial", "home"):
        asked(side, questions[name], questions[name].tokens(data.tokens)[0], {})
    question = questions["export"]
    return _Exporter(
        side=side, pid=pid, idle=cpu.resident(pid), question=question, token=question.tokens(data.tokens)[0]
    )


def _short(exporters: Sequence[_Exporter], report: Callable[[str], None]) -> list[Export]:
    done: dict[str, list[Export]] = {exporter.side.name: [] for exporter in exporters}
    luck = Random(0)  # noqa: S311  an order that is the same each time
    for turn in range(1, RUNS + 1):
        for exporter in luck.sample(exporters, len(exporters)):
            report(f"export of {SHORT} pages by {exporter.side.name}, {turn} of {RUNS}")
            done[exporter.side.name].append(exporter.run(SHORT))
    return [_median(runs) for runs in done.values()]


def _median(runs: Sequence[Export]) -> Export:
    """Of several runs the median of each figure, but the highest peak."""
    return Export(
        side=runs[0].side,
        pages=runs[0].pages,
        cpu_ms=statistics.median(run.cpu_ms for run in runs),
        wall_ms=statistics.median(run.wall_ms for run in runs),
        peak_mb=max(run.peak_mb for run in runs),
    )
