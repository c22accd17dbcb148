"""What a long run is doing, on one line of a terminal; in a file, a line each."""

from __future__ import annotations

import sys


def say(doing: str) -> None:
    """Tell what is done now."""
    sys.stderr.write(f"\r\033[K{doing}" if sys.stderr.isatty() else f"{doing}\n")
    sys.stderr.flush()


def clear() -> None:
    """Leave the line of a terminal empty."""
    if sys.stderr.isatty():
        sys.stderr.write("\r\033[K")
        sys.stderr.flush()
