"""A text as a QR code, drawn as the path of an SVG picture."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import segno

QUIET: Final = 4
"""Light modules that a reader wants around the code."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """A picture of `size` units a side, quiet zone and all: what `path` encloses is dark."""

    size: int
    path: str


def drawn(text: str) -> Drawing:
    """The code of `text`, for a telephone that reads it from a screen."""
    code = segno.make(text, error="l", micro=False)
    rows = [bytes(row) for row in code.matrix]
    dark = [(x + QUIET, y + QUIET) for y, row in enumerate(rows) for x, on in enumerate(row) if on]
    return Drawing(len(rows) + 2 * QUIET, "".join(f"M{x} {y}h1v1h-1z" for x, y in dark))
