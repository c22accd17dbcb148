"""What may be kept at all, and how a contradiction is told."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, Final, cast

import msgspec

MOST: Final = 2**63 - 1
"""The greatest amount in minor units that either database keeps exactly."""
_UNKEEPABLE = re.compile("[\0\ud800-\udfff]")
_DECIMAL = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_SHOWN = 50
_LONGEST_KEY = 120


class BookError(ValueError):
    """A book contradicts itself; `problems` says where, one readable sentence each. Nothing of it was kept."""

    def __init__(self, problems: Sequence[str]) -> None:
        shown = [*problems[:_SHOWN], *([f"… and {len(problems) - _SHOWN} more"] if len(problems) > _SHOWN else [])]
        super().__init__("\n".join(["the book contradicts itself; correct these and fill again:", *shown]))
        self.problems = tuple(problems)


def keepable(text: str) -> bool:
    """Whether both databases can keep `text`: no NUL, no half of a surrogate pair."""
    return not _UNKEEPABLE.search(text)


def well_formed(key: str) -> bool:
    """Whether `key` can be a key at all: 1–120 characters that can be kept."""
    return 0 < len(key) <= _LONGEST_KEY and keepable(key)


def all_well_formed(keys: Sequence[str]) -> bool:
    """Whether each of `keys` can be one: hundreds are told by one look."""
    return all(keys) and max(map(len, keys), default=0) <= _LONGEST_KEY and keepable("".join(keys))


def plain(number: str) -> str:
    """A printed number without spaces and punctuation."""
    return "".join(filter(str.isalnum, number))


def whole(parts: object) -> bool:
    """Whether every text in `parts`, records within records, can be kept."""
    return all(map(keepable, _texts(msgspec.to_builtins(parts))))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from _texts([*cast("dict[str, Any]", value).values()])
    elif isinstance(value, list | tuple):
        for item in cast("Sequence[Any]", value):
            yield from _texts(item)


def decimals(what: str, **values: str | None) -> Iterator[str]:
    """Tell which of the values that are given is no plain decimal."""
    for name, value in values.items():
        if value is not None and not _DECIMAL.fullmatch(value):
            yield f"{name} of {what} is {value!r}, not a plain decimal such as 54.30"


def aware(what: str, **moments: datetime | None) -> Iterator[str]:
    """Tell which of the moments that are given has no time zone."""
    for name, moment in moments.items():
        if moment is not None and moment.tzinfo is None:
            yield f"{name} of {what} has no time zone"
