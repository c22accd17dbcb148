"""What an office said last, kept for the time when it does not answer."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, cast

from msgspec.structs import replace

from ventanilla.backoffice_adapters.records import Origin, Rows, Slice

_LISTS: Final = frozenset({Slice, tuple, Rows})
_RECORD_CHARACTERS: Final = 1_000
"""How many characters of a question weigh as much as a record: what strangers filter by may be long."""


@dataclass(slots=True)
class _Answer:
    """Values that were answered together, by subject, less those that a later answer has replaced."""

    values: dict[Hashable, Any]
    at: datetime
    weight: int
    """How many records its lists hold."""


_Generation = dict[Hashable, dict[Hashable, _Answer]]


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
        answer = _Answer(dict(zip(subjects, values, strict=False)), at, _weight(values))
        # Lists weigh as many records as they hold; what they replace is taken off the scales.
        self._weight += answer.weight - self._replaced(kept, answer)
        kept.update(dict.fromkeys(answer.values, answer))
        self._weight += len(kept) - before
        if self._weight > self._half:
            self._old, self._young, self._weight = self._young, {}, 0

    def _replaced(self, kept: dict[Hashable, _Answer], answer: _Answer) -> int:
        """Let go of what `answer` replaces; the records that its lists held."""
        old = kept.get(next(iter(answer.values)))
        if old is not None and old.values.keys() == answer.values.keys():  # the same was asked again
            return old.weight
        weight = 0
        for subject in answer.values.keys() & kept.keys():
            old = kept[subject]
            one = _weight([old.values.pop(subject)])
            old.weight -= one
            weight += one
        return weight

    def recall(self, group: Hashable, subjects: Iterable[Hashable], oldest: datetime) -> list[Any]:
        """Give each subject's value marked stale; None where nothing is known or it is from before `oldest`."""
        young, old = self._young.get(group, {}), self._old.get(group, {})
        origins: dict[Origin, Origin] = {}
        found: list[Any] = []
        for subject in subjects:
            answer = young.get(subject) or old.get(subject)
            value = answer.values[subject] if answer and answer.at >= oldest else None
            found.append(None if value is None else _aged(value, origins))
        return found


def _weight(values: Sequence[Any]) -> int:
    """How many records the lists among `values` hold."""
    if _LISTS.isdisjoint(map(type, values)):
        return 0
    return sum([len(getattr(value, "items", value)) for value in values if type(value) in _LISTS])


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
