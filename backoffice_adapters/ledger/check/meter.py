"""Meters and their readings."""

from __future__ import annotations

from collections.abc import Iterator

from ventanilla.backoffice_adapters.book import Book, MeterEntry, MeterReadingEntry
from ventanilla.backoffice_adapters.ledger.check.base import decimals, well_formed, whole
from ventanilla.backoffice_adapters.records import MeterStatus


def meters(book: Book) -> Iterator[str]:
    """Registers, dates and windows of meters."""
    for meter in book.meters:
        yield from _registers(meter)
        yield from _dates(meter)
        if meter.replaces == meter.key:
            yield f"meter {meter.key!r} replaces itself"


def _registers(meter: MeterEntry) -> Iterator[str]:
    what, keys = f"meter {meter.key!r}", [register.key for register in meter.registers]
    if not keys:
        yield f"{what} has no register"
    if len({*keys}) < len(keys):
        yield f"two registers of {what} have the same key"
    if not all(map(well_formed, keys)):
        yield f"a register key of {what} is not 1–120 ordinary characters"
    if not whole(meter.registers):
        yield f"a register of {what} has a text with a NUL or half a surrogate pair"
    for register in meter.registers:
        if register.digits < 1 or register.decimals < 0:
            yield f"register {register.key!r} of {what} has {register.digits} digits and {register.decimals} decimals"


def _dates(meter: MeterEntry) -> Iterator[str]:
    what, removed, window = f"meter {meter.key!r}", meter.removed_on, meter.reading_window
    if (meter.status is MeterStatus.REMOVED) != (removed is not None):
        yield f"{what} is {meter.status} and {'has' if removed else 'lacks'} the day it was removed"
    if removed and removed < meter.installed_on:
        yield f"{what} was removed on {removed}, before it was installed on {meter.installed_on}"
    if window and window.closes_on < window.opens_on:
        yield f"the reading window of {what} closes on {window.closes_on}, before it opens on {window.opens_on}"


def readings(book: Book) -> Iterator[str]:
    """A reading names registers of its meter, each once."""
    known = {meter.key: {register.key for register in meter.registers} for meter in book.meters}
    for reading in book.meter_readings:
        yield from _reading(reading, known.get(reading.meter))


def _reading(reading: MeterReadingEntry, registers: set[str] | None) -> Iterator[str]:
    what, named = f"reading {reading.key!r}", [value.register_key for value in reading.values]
    if not named:
        yield f"{what} has no value"
    if len({*named}) < len(named):
        yield f"{what} tells a register twice"
    if registers is not None and not {*named} <= registers:
        yield f"{what} tells registers {sorted({*named} - registers)}, which its meter does not have"
    for value in reading.values:
        yield from decimals(what, value=value.value, consumption=value.consumption)
