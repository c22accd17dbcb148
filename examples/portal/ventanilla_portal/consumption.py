"""What a meter's register showed over time, and how that is drawn: one bar for what each reading had used."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

STEP: Final = 10
"""Width of a bar with the gap after it, in units of the drawing; its height is 100."""
BAR: Final = 7
"""Width of a bar."""
DROPPED: Final = frozenset({"REJECTED", "SUPERSEDED"})
"""States of readings that do not count: they stand in the table only."""
DOUBTED: Final = frozenset({"SUBMITTED", "NEEDS_CONFIRMATION", "QUARANTINED"})
"""States of readings that may not count."""
_TOPS: Final = tuple(Decimal(each) for each in ("1", "1.5", "2", "3", "4", "5", "6", "8", "10"))
_SAME_SEASON: Final = 20
"""Days that a reading may be off the same day of the year before."""

Told = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Row:
    """A reading of one register."""

    read_on: str
    quality: str
    status: str
    value: str
    consumption: str | None
    """What was used since the reading that counted before; None for the first."""
    is_old: bool
    """Whether the meter before was read."""

    @property
    def drawn_as(self) -> str:
        """How its bar differs: as an estimate, as in doubt, or not at all."""
        return "estimated" if self.quality == "ESTIMATED" else "doubted" if self.status in DOUBTED else ""


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar of the chart, in units of the drawing."""

    row: Row
    x: float
    y: float
    height: float


@dataclass(frozen=True, slots=True)
class History:
    """One register's readings, newest first, and their chart, oldest first."""

    register: Told
    rows: Sequence[Row]
    bars: Sequence[Bar]
    top: Decimal
    """What the upper edge of the chart stands for, in the register's unit."""
    exchanged_at: int | None
    """Where in the drawing the meter was exchanged; None where it was not."""

    @property
    def width(self) -> int:
        """How wide the drawing is."""
        return len(self.bars) * STEP

    @property
    def drawn(self) -> frozenset[str]:
        """The kinds of bars that need a word of explanation."""
        return frozenset(bar.row.drawn_as for bar in self.bars) - {""}

    @property
    def latest(self) -> Row | None:
        """The newest reading that counts."""
        return next((row for row in self.rows if row.status not in DROPPED), None)

    @property
    def year_before(self) -> Row | None:
        """What was read in the same season of the year before, for comparison."""
        latest = self.latest
        if latest is None:
            return None
        wanted = date.fromisoformat(latest.read_on).toordinal() - 365
        known = [row for row in self.rows if row.consumption is not None and row.status not in DROPPED]
        near = min(known, key=lambda row: _days_off(row, wanted), default=None)
        return near if near is not None and _days_off(near, wanted) <= _SAME_SEASON else None


def history_of(register: Told, meter: Told, before: Told | None) -> History:
    """What `register` of `meter` showed, and the like of it on the meter `before`, which was exchanged for it."""
    rows = [*_rows(register["key"], meter, is_old=False), *_older(register, before)]
    drawn = [row for row in reversed(rows) if row.consumption is not None and row.status not in DROPPED]
    top = _top(max((Decimal(row.consumption or 0) for row in drawn), default=Decimal(0)))
    bars = [_bar(row, place, top) for place, row in enumerate(drawn)]
    old = sum(row.is_old for row in drawn)
    return History(register, rows, bars, top, old * STEP if 0 < old < len(drawn) else None)


def _older(register: Told, before: Told | None) -> Iterator[Row]:
    registers = (before or {}).get("registers") or ()
    like = [each for each in registers if each["unit"] == register["unit"]]
    if before is None or not like:
        return iter(())
    same = next((each for each in like if each["key"] == register["key"]), like[0])
    return _rows(same["key"], before, is_old=True)


def _rows(key: str, meter: Told, *, is_old: bool) -> Iterator[Row]:
    for reading in (meter.get("readings") or {}).get("nodes") or ():
        for value in reading["values"]:
            if value["register"] == key:
                yield Row(
                    reading["readOn"],
                    reading["quality"],
                    reading["status"],
                    value["value"],
                    value["consumption"],
                    is_old,
                )


def _bar(row: Row, place: int, top: Decimal) -> Bar:
    height = round(float(max(Decimal(row.consumption or 0), Decimal(0)) / top * 100), 2)
    return Bar(row, place * STEP + (STEP - BAR) / 2, round(100 - height, 2), height)


def _top(most: Decimal) -> Decimal:
    """The next round number at or above `most`; 1 where nothing was used."""
    if most <= 0:
        return Decimal(1)
    power = Decimal(10) ** most.adjusted()
    return next(each * power for each in _TOPS if each * power >= most)


def _days_off(row: Row, day: int) -> int:
    return abs(date.fromisoformat(row.read_on).toordinal() - day)
