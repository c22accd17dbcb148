"""What an office said last, kept for the time when it does not answer."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from datetime import datetime
from itertools import repeat
from typing import Any, Final, cast

from msgspec.structs import replace

from ventanilla.backoffice_adapters.records import Origin, Rows, Slice

_LISTS = frozenset({Slice, tuple, Rows})
_Generation = dict[Hashable, dict[Hashable, tuple[Any, datetime]]]
_RECORD_CHARACTERS: Final = 1_000
"""How many characters of a question weigh as much as a record: what strangers filter by may be long."""


class Memory:
    """The last good value of each question, within a bounded number of records.

    A question is a `group` (method and arguments) and a subject. Values live in two generations: new ones go into the
    young one, and when that holds half of what may be kept, the old one is let go. So what was answered lately stays,
    and keeping costs no more than a look-up.
    """

    def __init__(self, records: int) -> None:
        """Keep at most `records` records, and one answer more."""
        self._half = records // 2
        self._young: _Generation = {}
        self._old: _Generation = {}
        self._weight = 0

    def keep(self, group: Hashable, subjects: Sequence[Hashable], values: Sequence[Any], at: datetime) -> None:
        """Remember the value of each subject as true at `at`; None is remembered as the absence it is."""
        kept = self._young.get(group)
        if kept is None:
            kept = self._young[group] = {}
            self._weight += len(repr(group)) // _RECORD_CHARACTERS
        before = len(kept)
        # Lists weigh as many records as they hold; what they replace is taken off the scales first.
        if not _LISTS.isdisjoint(map(type, values)):
            self._weight += sum(map(_weight, values))
            self._weight -= sum([_weight(kept[subject][0]) for subject in {*subjects} & kept.keys()])
        kept.update(zip(subjects, zip(values, repeat(at)), strict=False))
        self._weight += len(kept) - before
        if self._weight > self._half:
            self._old, self._young, self._weight = self._young, {}, 0

    def recall(self, group: Hashable, subjects: Iterable[Hashable], oldest: datetime) -> list[Any]:
        """Give each subject's value marked stale; None where nothing is known or it is from before `oldest`."""
        young, old = self._young.get(group, {}), self._old.get(group, {})
        origins: dict[Origin, Origin] = {}
        found: list[Any] = []
        for subject in subjects:
            value, at = young.get(subject) or old.get(subject) or (None, oldest)
            found.append(_aged(value, origins) if value is not None and at >= oldest else None)
        return found


def _weight(value: Any) -> int:
    """How many records a list holds beside itself."""
    if type(value) is tuple or type(value) is Rows:
        return len(cast("tuple[Any, ...]", value))
    return len(cast("Slice[Any]", value).items) if type(value) is Slice else 0


def _aged(value: Any, origins: dict[Origin, Origin]) -> Any:
    """`value` as stale; records of one answer go on sharing one origin. What tells no age stays as it is."""
    if isinstance(value, Slice):
        part = cast("Slice[Any]", value)
        return replace(part, items=tuple(_aged(item, origins) for item in part.items))
    if isinstance(value, tuple | Rows):
        return tuple(_aged(item, origins) for item in cast("tuple[Any, ...]", value))
    origin: Origin | None = getattr(value, "origin", None)
    if origin is None:
        return value
    if origin not in origins:
        origins[origin] = replace(origin, stale=True)
    return replace(value, origin=origins[origin])
