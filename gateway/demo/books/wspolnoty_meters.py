"""The meters of `wspolnoty`: allocators of heat, and water meters that are read from afar, or twice a year by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from ventanilla.backoffice_adapters.records import Medium, ReadingQuality, ReadingStatus, ReadingWindow
from ventanilla.gateway.demo.books.clerk import Clerk
from ventanilla.gateway.demo.books.dates import month_end, shift
from ventanilla.gateway.demo.books.meters import Face, Gauge
from ventanilla.gateway.demo.books.wspolnoty_roster import Premises

_FACES = {
    Medium.HEAT: Face(Medium.HEAT, "jedn.", 5, 0, "Podzielnik", "Duży pokój"),
    Medium.COLD_WATER: Face(Medium.COLD_WATER, "m³", 5, 3, "Zimna woda", "Łazienka"),
    Medium.HOT_WATER: Face(Medium.HOT_WATER, "m³", 5, 3, "Ciepła woda", "Łazienka"),
}
_SEASON = (14, 12, 10, 5, 1, 0, 0, 0, 1, 6, 10, 13)
"""How much an allocator turns in each month of the year, per 10 m²."""
_VERIFIED = 60
"""How many months a water meter is verified for."""


@dataclass(frozen=True, slots=True)
class Use:
    """What was used: medium → first day of a month → quantity."""

    months: dict[Medium, dict[date, Decimal]]

    def between(self, medium: Medium, first: date, last: date) -> str:
        """What the meter turned from the month of `first` to that of `last`, as settlements write it."""
        used = sum((part for month, part in self.months[medium].items() if first <= month <= last), Decimal(0))
        return f"{used:.{_FACES[medium].decimals}f}"

    def unit(self, medium: Medium) -> str:
        """What is counted."""
        return _FACES[medium].unit


def mount_meters(clerk: Clerk, premises: Premises, account: str, months: Sequence[date], settled: date) -> Use:
    """Mount the meters of some premises and read them; what was read until `settled` has been billed."""
    luck = Random(f"{clerk.office} {premises.code}")  # noqa: S311  invents a demo that is the same for everybody
    use = Use({medium: {month: _turned(premises, medium, month) for month in months} for medium in _FACES})
    for medium, face in _FACES.items():
        gauge = Gauge(clerk, face, Decimal(luck.randrange(12, 900)))
        by_hand = None if face.medium is Medium.HEAT or premises.community.remote else settled.month
        _mount(gauge, account, months[0] - timedelta(days=1), luck, remote=not by_hand)
        _read_all(gauge, use.months[medium], settled, by_hand)
    return use


def _turned(premises: Premises, medium: Medium, month: date) -> Decimal:
    """What one month took: the advance's quantity as far as it was used; of heat, whatever the season asks for."""
    match medium:
        case Medium.COLD_WATER:
            return Decimal(premises.persons * 3) * premises.used
        case Medium.HOT_WATER:
            return Decimal(f"{premises.persons}.5") * premises.used
        case _:
            return Decimal(int(premises.area * _SEASON[month.month - 1] / 10 * premises.used))


def _mount(gauge: Gauge, account: str, begun: date, luck: Random, *, remote: bool) -> None:
    """Mount a meter some time before it is first read, on the day before the first month."""
    mounted_on = begun - timedelta(days=luck.randrange(30, 800))
    gauge.mount(
        account,
        f"{luck.randrange(10**7, 10**8)}/{mounted_on:%y}",
        mounted_on,
        verified_until=None if gauge.face.medium is Medium.HEAT else shift(mounted_on, _VERIFIED),
        window=None if remote else _window(gauge.clerk.anchor),
        remote=remote,
    )
    gauge.read(begun, ReadingQuality.REMOTE if remote else ReadingQuality.STAFF)


def _window(anchor: date) -> ReadingWindow:
    """The last ten days of the anchor's month."""
    last = month_end(anchor)
    return ReadingWindow(opens_on=last - timedelta(days=9), closes_on=last)


def _read_all(gauge: Gauge, used: dict[date, Decimal], settled: date, by_hand: int | None) -> None:
    """Read at the end of each month; `by_hand` only in that month and half a year from it."""
    waiting = Decimal(0)
    for month, part in used.items():
        waiting += part
        day = month_end(month)
        if day > gauge.clerk.anchor or (by_hand and (month.month - by_hand) % 6):
            continue
        quality = ReadingQuality.REMOTE
        if by_hand:
            quality = ReadingQuality.STAFF if month.month == by_hand else ReadingQuality.CUSTOMER
        gauge.read(day, quality, waiting, ReadingStatus.BILLED if day <= settled else ReadingStatus.ACCEPTED)
        waiting = Decimal(0)
