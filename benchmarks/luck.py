"""Chance that is the same on every machine."""

from __future__ import annotations

from random import Random


def luck(*of: object) -> Random:
    """Chance of something's own: the same words, the same throws."""
    return Random(" ".join(map(str, of)))  # noqa: S311  the same on every machine, which is the point
