"""The language of an answer: what the client prefers among what the manager speaks."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

_LONGEST: Final = 500
"""How many characters of the header are read: more than any browser sends."""


def preferred(accept_language: str | None, spoken: Sequence[str]) -> str:
    """Pick from `spoken` (the manager's languages, the usual one first) by an Accept-Language header.

    ``es-AR`` is served by ``es`` and ``es`` by ``es-AR``. What cannot be read counts for nothing.
    """
    return _preferred((accept_language or "")[:_LONGEST], tuple(spoken))


@lru_cache(maxsize=1_024)
def _preferred(accept_language: str, spoken: tuple[str, ...]) -> str:
    for wanted in _by_weight(accept_language):
        for language in spoken:
            if wanted == language.lower() or wanted.split("-")[0] == language.lower().split("-")[0]:
                return language
    return spoken[0]


def _by_weight(header: str) -> list[str]:
    weighted = [_weighted(item) for item in header.split(",")[:20]]
    return [tag for tag, weight in sorted(weighted, key=lambda pair: -pair[1]) if tag and weight > 0]


def _weighted(item: str) -> tuple[str, float]:
    tag, _, parameter = item.partition(";")
    name, _, weight = parameter.partition("=")
    if name.strip().lower() != "q":
        return tag.strip().lower(), 1.0
    try:
        return tag.strip().lower(), float(weight)
    except ValueError:
        return "", 0.0
