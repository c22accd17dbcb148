"""What a run found: kept as JSON, told as tables, and put into the README between two marks."""

from __future__ import annotations

import os
import platform
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import Final

import msgspec

from benchmarks.exports import Export
from benchmarks.parts import Part
from benchmarks.rounds import Figures, ratio
from benchmarks.sides import OURS
from ventanilla.backoffice_adapters.records import Record

FILE: Final = Path(__file__).with_name("results.json")
README: Final = Path(__file__).with_name("README.md")
METHOD: Final = Path(__file__).with_name("METHOD.md")
MARKS: Final = ("<!-- results -->", "<!-- end of results -->")
_NOTHING: Final = "No run was kept yet."
_PICTURE: Final = "![CPU time for each request, by side](results.svg)"
_PACKAGES = ("ventanilla", "graphql-core", "strawberry-graphql", "starlette", "uvicorn", "asyncpg", "orjson")


class Measured(Record, rename=None):
    """One document, by side. All ratios of a side come from one run."""

    ratio: dict[str, float] = msgspec.field(default_factory=dict[str, float])
    """CPU time of ours over that of the side, the median of the rounds."""
    spread: dict[str, tuple[float, float]] = msgspec.field(default_factory=dict[str, tuple[float, float]])
    """The lowest and the highest of the rounds."""
    cpu_us: dict[str, float] = msgspec.field(default_factory=dict[str, float])
    """For each request, the median of the rounds, ours included."""
    wall_us: dict[str, float] = msgspec.field(default_factory=dict[str, float])
    """From a request to its answer."""


class Results(Record, rename=None):
    """Everything that is known."""

    date: str = ""
    machine: dict[str, str | int] = msgspec.field(default_factory=dict[str, str | int])
    versions: dict[str, str] = msgspec.field(default_factory=dict[str, str])
    rounds: int = 0
    seconds: float = 0.0
    """How long a burst took."""
    documents: dict[str, Measured] = msgspec.field(default_factory=dict[str, Measured])
    exports: tuple[Export, ...] = ()
    parts: tuple[Part, ...] = ()


def read(path: Path = FILE) -> Results:
    """What former runs found; nothing where there is no file."""
    return msgspec.json.decode(path.read_bytes(), type=Results) if path.exists() else Results()


def write(results: Results, folder: Path = FILE.parent) -> None:
    """Keep the results in `folder`; the README there tells the ratios, METHOD all figures."""
    (folder / FILE.name).write_bytes(msgspec.json.format(msgspec.json.encode(results), indent=2) + b"\n")
    for name, told in ((README.name, summary(results)), (METHOD.name, tables(results))):
        path = folder / name
        path.write_text(between_marks(path.read_text("utf-8"), told), "utf-8")


def measured(figures: Figures) -> dict[str, Measured]:
    """The documents of a run, against ours of the same run."""
    documents: dict[str, Measured] = {}
    for (document, side), bursts in figures.items():
        found = documents.setdefault(document, Measured())
        found.cpu_us[side] = round(median(burst.cpu_us for burst in bursts), 1)
        found.wall_us[side] = round(median(burst.wall_us for burst in bursts), 1)
        if side != OURS:
            middle, low, high = ratio(figures, document, OURS, side)
            found.ratio[side] = round(middle, 4)
            found.spread[side] = (round(low, 4), round(high, 4))
    return documents


def merged(
    known: Results,
    *,
    now: datetime,
    rounds: int,
    seconds: float,
    documents: Mapping[str, Measured],
    exports: Sequence[Export] = (),
    parts: Sequence[Part] = (),
    versions: Mapping[str, str] | None = None,
) -> Results:
    """What is known after a run: what it measured takes the place of what was known of that."""
    sides = {(export.side, export.pages) for export in exports}
    kept = [export for export in known.exports if (export.side, export.pages) not in sides]
    return Results(
        date=now.date().isoformat(),
        machine=machine(),
        versions={**known.versions, **_versions(), **(versions or {})},
        rounds=rounds,
        seconds=seconds,
        documents={**known.documents, **{name: _both(known, name, new) for name, new in documents.items()}},
        exports=(*kept, *exports),
        parts=tuple(parts) or known.parts,
    )


def _both(known: Results, name: str, new: Measured) -> Measured:
    old = known.documents.get(name, Measured())
    return Measured(
        ratio={**old.ratio, **new.ratio},
        spread={**old.spread, **new.spread},
        cpu_us={**old.cpu_us, **new.cpu_us},
        wall_us={**old.wall_us, **new.wall_us},
    )


def machine() -> dict[str, str | int]:
    """What the figures were measured on, as far as it matters and is nobody's secret."""
    return {"cores": os.cpu_count() or 1, "system": platform.system(), "processor": platform.machine()}


def _versions() -> dict[str, str]:
    return {"python": platform.python_version(), **{name: version(name) for name in _PACKAGES}}


# -- as text -----------------------------------------------------------------------------------------------------


def summary(results: Results) -> str:
    """A line a document, and a picture, as Markdown."""
    if not results.documents:
        return _NOTHING
    sides = list(dict.fromkeys(side for found in results.documents.values() for side in found.ratio))
    rows = [
        (
            document,
            f"{found.cpu_us.get(OURS, 0):,.0f}",
            *(f"{times(found.ratio[side])}" if side in found.ratio else "–" for side in sides),
        )
        for document, found in results.documents.items()
    ]
    head = ("", "ours, µs", *(f"× {side}" for side in sides))
    return "\n\n".join([_PICTURE, table(head, rows), _head(results)])


def tables(results: Results) -> str:
    """All of it as Markdown."""
    if not results.documents:
        return _NOTHING
    parts = [_documents(results), _exports(results.exports), _parts(results.parts)]
    return "\n\n".join([_head(results), *(part for part in parts if part)])


def _head(results: Results) -> str:
    machine, versions = results.machine, results.versions
    return (
        f"{results.date}, Python {versions.get('python')}, PostgreSQL {versions.get('postgresql', '')},"
        f" {machine.get('cores')} cores ({machine.get('processor')}), {results.rounds} rounds of {results.seconds:g} s."
    )


def _documents(results: Results) -> str:
    rows = [
        (document, side, f"{found.cpu_us[side]:,.0f}", f"{found.wall_us[side]:,.0f}", *_ratio(found, side))
        for document, found in results.documents.items()
        for side in found.cpu_us
    ]
    return table(("document", "side", "CPU µs", "wall µs", "ours is × of it", "rounds"), rows)


def _ratio(found: Measured, side: str) -> tuple[str, str]:
    if side not in found.ratio:
        return "", ""
    low, high = found.spread[side]
    return f"**{times(found.ratio[side])}**", f"{times(low)} – {times(high)}"


def times(ratio: float) -> str:
    """A ratio as it is told: three digits where it is small."""
    return f"{ratio:.2f}" if ratio >= 0.1 else f"{ratio:.3f}"


def _exports(exports: Iterable[Export]) -> str:
    rows = [
        (f"{each.pages} × 1,000", each.side, f"{each.cpu_ms:,.0f}", f"{each.wall_ms:,.0f}", f"{each.peak_mb:.1f}")
        for each in sorted(exports, key=lambda each: each.pages)
    ]
    return table(("export", "side", "CPU ms", "wall ms", "peak over idle, MB"), rows)


def _parts(parts: Iterable[Part]) -> str:
    return table(("what it adds to home", "CPU µs", "measured"), [(p.name, f"{p.cpu_us:,.1f}", p.how) for p in parts])


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table in Markdown; nothing without rows."""
    if not rows:
        return ""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cells)} |".replace("|  |", "| |") for cells in lines)


def between_marks(text: str, told: str) -> str:
    """The text of a document with `told` between its marks."""
    first, last = MARKS
    between = f"{first}\n{told}\n{last}"
    return re.sub(f"{re.escape(first)}.*?{re.escape(last)}", lambda _: between, text, flags=re.DOTALL)
