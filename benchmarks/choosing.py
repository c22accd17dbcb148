"""What a command line chooses of what there is."""

from __future__ import annotations

import argparse
from collections.abc import Callable


def some_of(names: tuple[str, ...]) -> Callable[[str], tuple[str, ...]]:
    """Reads a list with commas, each of which is one of `names`."""

    def read(text: str) -> tuple[str, ...]:
        wanted = tuple(part.strip() for part in text.split(",") if part.strip())
        if unknown := [name for name in wanted if name not in names]:
            msg = f"{', '.join(unknown)} is none of {', '.join(names)}"
            raise argparse.ArgumentTypeError(msg)
        return wanted

    return read
