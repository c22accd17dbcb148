"""The water meters of `aguas`: what their readings differ by is what the invoices charge."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from ventanilla.backoffice_adapters.records import Medium, ReadingQuality, ReadingStatus, ReadingWindow
from ventanilla.gateway.demo.books import aguas_roster as roster
from ventanilla.gateway.demo.books.aguas_roster import Supply
from ventanilla.gateway.demo.books.bill import Bill
from ventanilla.gateway.demo.books.clerk import Clerk
from ventanilla.gateway.demo.books.dates import shift
from ventanilla.gateway.demo.books.meters import Face, Gauge

_FACE = Face(Medium.COLD_WATER, "m³", 5, 0, "Agua", "Caja en la vereda")
_QUALITIES = (*[ReadingQuality.STAFF] * 6, *[ReadingQuality.CUSTOMER] * 3, ReadingQuality.ESTIMATED)


def meter(clerk: Clerk, supply: Supply, bills: Sequence[Bill], opened_on: date, swapped_on: date | None) -> None:
    """Mount the meter of a supply, exchange it on `swapped_on`, and read it at the end of each billed period."""
    luck = Random(f"{clerk.office} {supply.number}")  # noqa: S311  invents a demo that is the same for everybody
    charged = [(*bill.period, cubic_metres(bill)) for bill in bills if bill.period and not bill.cancelled]
    account, begun = bills[0].account, charged[0][0] - timedelta(days=1)
    removed_on = shift(clerk.anchor, -7) if supply is roster.CLOSED else swapped_on
    gauge = Gauge(clerk, _FACE, Decimal(_start(luck, supply)))
    mounted_on = min(opened_on, begun)
    window = None if removed_on else _window(clerk.anchor)
    gauge.mount(account, _serial(luck, mounted_on), mounted_on, removed_on=removed_on, window=window)
    gauge.read(begun, ReadingQuality.STAFF)
    for first, last, used in charged:
        left = used
        if swapped_on and first < swapped_on < last:
            gauge, left = _swapped(gauge, account, swapped_on, used, luck)
        leaked = supply.serial == roster.LEAK and used > 3 * supply.m3
        gauge.read(last, ReadingQuality.STAFF if leaked else luck.choice(_QUALITIES), Decimal(left))
    _report(clerk, supply, gauge)


def cubic_metres(bill: Bill) -> int:
    """What a bill charges."""
    return sum(int(item.quantity or 0) for item in bill.items if item.unit == "m³")


def _start(luck: Random, supply: Supply) -> int:
    """What the meter showed two years ago; the bakery's turns over on the way."""
    return 98_800 if supply.serial == roster.BOUNCED else luck.randrange(40, 4_000)


def _serial(luck: Random, mounted: date) -> str:
    return f"{mounted:%y}-{luck.randrange(10**6, 10**7)}"


def _window(anchor: date) -> ReadingWindow:
    """Customers may report for four days before the anchor and a week after it."""
    return ReadingWindow(opens_on=anchor - timedelta(days=4), closes_on=anchor + timedelta(days=7))


def _swapped(old: Gauge, account: str, day: date, used: int, luck: Random) -> tuple[Gauge, int]:
    """Take the old meter's last reading and mount the new one; gives it, and what of `used` it has yet to turn."""
    before = used * 19 // 61
    old.read(day, ReadingQuality.STAFF, Decimal(before))
    new = Gauge(old.clerk, old.face, Decimal(0))
    new.mount(account, _serial(luck, day), day, replaces=old.key, window=_window(old.clerk.anchor))
    new.read(day, ReadingQuality.STAFF)
    return new, used - before


def _report(clerk: Clerk, supply: Supply, gauge: Gauge) -> None:
    """What came in during the present window: some was accepted, some nobody believes yet."""
    day = clerk.anchor - timedelta(days=2)
    if supply.serial == roster.WAITING:
        gauge.read(day, ReadingQuality.CUSTOMER, Decimal(supply.m3 // 2), ReadingStatus.ACCEPTED)
    if supply.serial == roster.LEAK:
        gauge.read(day, ReadingQuality.CUSTOMER, Decimal(supply.m3 * 6), ReadingStatus.NEEDS_CONFIRMATION)
