"""The results as a picture: bars of CPU time for each document, on a scale of powers of ten, as SVG."""

from __future__ import annotations

import math
from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import Final

from benchmarks.results import Measured, Results, times
from benchmarks.sides import OURS

FILE: Final = Path(__file__).with_name("results.svg")
_LEFT, _WIDE, _RIGHT = 150, 470, 130
_BAR, _STEP, _GAP = 14, 20, 34
_STYLE = """
text { font: 13px system-ui, sans-serif; fill: #24292f }
.quiet { fill: #6e7781; font-size: 11px }
.name { font-weight: 600; font-size: 14px }
.bar { fill: #8c959f }
.ours { fill: #0a7b83 }
line { stroke: #d0d7de }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3 }
  .quiet { fill: #9198a1 }
  .bar { fill: #6e7681 }
  .ours { fill: #2fb8bf }
  line { stroke: #30363d }
}
"""


def write(results: Results, path: Path = FILE) -> None:
    """Draw the results."""
    path.write_text(svg(results), "utf-8")


def svg(results: Results) -> str:
    """The picture: a group of bars a document, each side's CPU time for a request, ours in colour."""
    least, most = _decades(results)
    height = 24 + sum(_GAP + _STEP * len(found.cpu_us) for found in results.documents.values()) + 24
    width = _LEFT + _WIDE + _RIGHT
    drawn = [*_grid(least, most, height), *_groups(results, least, most)]
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img">',
            f"<title>{escape(_title(results))}</title>",
            f"<style>{_STYLE}</style>",
            *drawn,
            "</svg>",
            "",
        ]
    )


def _title(results: Results) -> str:
    return f"CPU time for each request by side, {', '.join(results.documents)}; logarithmic, shorter is better"


def _decades(results: Results) -> tuple[int, int]:
    """The powers of ten that all figures lie between."""
    figures = [value for found in results.documents.values() for value in found.cpu_us.values() if value > 0]
    if not figures:
        return 0, 1
    least = math.floor(math.log10(min(figures)))
    return least, max(least + 1, math.ceil(math.log10(max(figures))))


def _at(value: float, least: int, most: int) -> float:
    share = (math.log10(value) - least) / (most - least) if value > 0 else 0.0
    return round(_WIDE * share, 1)


def _grid(least: int, most: int, height: int) -> Iterator[str]:
    for power in range(least, most + 1):
        x = _LEFT + _at(10.0**power, least, most)
        yield f'<line x1="{x}" y1="24" x2="{x}" y2="{height - 24}"/>'
        yield f'<text class="quiet" x="{x}" y="{height - 8}" text-anchor="middle">{_microseconds(10.0**power)}</text>'


def _groups(results: Results, least: int, most: int) -> Iterator[str]:
    y = 24
    for name, found in results.documents.items():
        yield f'<text class="name" x="8" y="{y + 16}">{escape(name)}</text>'
        y += _GAP - 8
        for side, value in sorted(found.cpu_us.items(), key=lambda each: each[1]):
            yield from _row(found, side, y, _at(value, least, most))
            y += _STEP
        y += 8


def _row(found: Measured, side: str, y: int, length: float) -> Iterator[str]:
    kind = "bar ours" if side == OURS else "bar"
    told = _microseconds(found.cpu_us[side])
    against = f", ours {times(found.ratio[side])} ×" if side in found.ratio else ""
    yield f'<text x="{_LEFT - 8}" y="{y + 11}" text-anchor="end">{escape(side)}</text>'
    yield f'<rect class="{kind}" x="{_LEFT}" y="{y}" width="{max(length, 1)}" height="{_BAR}" rx="2"/>'
    yield f'<text class="quiet" x="{_LEFT + length + 6}" y="{y + 11}">{told}{against}</text>'


def _microseconds(value: float) -> str:
    return f"{value / 1_000:,.3g} ms" if value >= 1_000 else f"{value:,.3g} µs"
