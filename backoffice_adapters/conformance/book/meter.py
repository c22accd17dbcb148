"""Meters of the reference books, and what they showed."""

from __future__ import annotations

from datetime import date, timedelta

from ventanilla.backoffice_adapters.book import MeterEntry, MeterReadingEntry
from ventanilla.backoffice_adapters.conformance.book.pen import BUSY, CREDIT, LATE, TODAY, Pen
from ventanilla.backoffice_adapters.records import (
    Medium,
    MeterStatus,
    ReadingQuality,
    ReadingStatus,
    ReadingWindow,
    Register,
    RegisterValue,
)

READ, UNREAD = "met1", "met5"
"""Meter keys: one with many readings, one without any."""
_QUALITIES, _STATUSES = tuple(ReadingQuality), tuple(ReadingStatus)
_WATER = (Register(key="r1", label="Licznik główny", unit="m³", digits=5, decimals=3),)
_POWER = (
    Register(key="T2", label="strefa nocna", unit="kWh", digits=6, decimals=0),
    Register(key="T1", label="Día «punta»", unit="kWh", digits=6, decimals=1),
)


def meters() -> tuple[MeterEntry, ...]:
    """Three in one place one after the other, three put in on one day, a two-rate one, one just taken out."""
    old, new = date(2016, 5, 15), date(2021, 5, 15)
    removed = MeterStatus.REMOVED
    return (
        MeterEntry(
            key=READ, account=BUSY, number="W-0001/2021 ñ", medium=Medium.COLD_WATER, registers=_WATER,
            location="Łazienka", installed_on=new, verified_until=TODAY - timedelta(days=1), replaces="met2",
            reading_window=ReadingWindow(opens_on=date(2026, 5, 10), closes_on=TODAY),
        ),
        MeterEntry(
            key="met2", account=BUSY, number="W-0001/2016", medium=Medium.COLD_WATER, registers=_WATER, status=removed,
            installed_on=old, removed_on=new, replaces="met3",
        ),
        MeterEntry(
            key="met3", account=BUSY, number="W-0001/2011", medium=Medium.COLD_WATER, registers=_WATER, status=removed,
            installed_on=date(2011, 3, 1), removed_on=old,
        ),
        MeterEntry(
            key="met4", account=BUSY, number="E-77", medium=Medium.ELECTRICITY, registers=_POWER, remote=True,
            installed_on=new, verified_until=date(2036, 12, 31),
        ),
        MeterEntry(
            key=UNREAD, account=BUSY, number="C-5", medium=Medium.HOT_WATER, registers=_WATER, installed_on=new,
            location="Cocina, detrás del año viejo",
        ),
        MeterEntry(
            key="met6", account=BUSY, number="C-6", medium=Medium.HEAT, registers=_WATER, status=removed,
            installed_on=old, removed_on=TODAY,
        ),
        MeterEntry(
            key="met7", account=CREDIT, number="G-1", medium=Medium.GAS, registers=_WATER, installed_on=new, remote=True
        ),
        MeterEntry(key="met8", account=LATE, number="X-1", medium=Medium.OTHER, registers=_POWER, installed_on=old),
    )  # fmt: skip


def meter_readings(pen: Pen) -> tuple[MeterReadingEntry, ...]:
    """Three a day, of every status and quality; of two registers, one and both; up to where a register turns over."""

    def reading(
        key: str, meter: str, status: ReadingStatus, day: date, values: tuple[RegisterValue, ...]
    ) -> MeterReadingEntry:
        staff = ReadingQuality.STAFF
        return MeterReadingEntry(key=key, meter=meter, read_on=day, quality=staff, status=status, values=values)

    night, day = _value("T2", str(40_000 * pen.factor)), _value("T1", f"{1_234 * pen.factor}.5", "0.0")
    accepted, billed = ReadingStatus.ACCEPTED, ReadingStatus.BILLED
    return (
        *(_reading(pen, step) for step in range(28)),
        reading("rea80", "met2", billed, date(2016, 5, 15), (_value("r1", f"0.00{pen.factor}"),)),
        reading("rea81", "met2", billed, date(2021, 5, 15), (_value("r1", "99999.999", f"99999.99{pen.factor}"),)),
        reading("rea82", "met4", accepted, date(2026, 5, 1), (night, day)),
        reading("rea83", "met4", accepted, date(2026, 5, 1), (day,)),
        reading("rea84", "met7", accepted, TODAY, (_value("r1", str(7 * pen.factor)),)),
    )


def _reading(pen: Pen, step: int) -> MeterReadingEntry:
    consumption = f"{step * pen.factor}.250" if step else None
    return MeterReadingEntry(
        key=f"rea{step:02d}",
        meter=READ,
        read_on=date(2025, 12, 31) + timedelta(days=15 * (step // 3)),
        quality=_QUALITIES[step % len(_QUALITIES)],
        status=_STATUSES[step % len(_STATUSES)],
        values=(_value("r1", f"{(1_000 + step) * pen.factor}.500", consumption),),
    )


def _value(register: str, value: str, consumption: str | None = None) -> RegisterValue:
    return RegisterValue(register_key=register, value=value, consumption=consumption)
