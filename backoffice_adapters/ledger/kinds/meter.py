"""Meters and their readings."""

from __future__ import annotations

from datetime import date

from ventanilla.backoffice_adapters.contract import MeterFilter, MeterReadingFilter
from ventanilla.backoffice_adapters.ledger.conditions import Condition, any_of, on_days
from ventanilla.backoffice_adapters.ledger.kinds.base import Listed, Present
from ventanilla.backoffice_adapters.ledger.kinds.made import by, day_in, day_or_none, flag_in, json_in, member_in
from ventanilla.backoffice_adapters.records import (
    Medium,
    Meter,
    MeterReading,
    MeterStatus,
    ReadingQuality,
    ReadingStatus,
    ReadingWindow,
    Register,
    RegisterValue,
)


def _window(opens: str | None, closes: str) -> ReadingWindow | None:
    if opens is None:
        return None
    return ReadingWindow(opens_on=date.fromisoformat(opens), closes_on=date.fromisoformat(closes))


def _conditions(where: MeterFilter, present: Present) -> list[Condition]:
    return [*any_of("status", where.statuses), *any_of("medium", where.media)]


def _reading_conditions(where: MeterReadingFilter, present: Present) -> list[Condition]:
    return [*on_days("read_on", where.read), *any_of("status", where.statuses)]


METERS = Listed(
    Meter,
    "meter",
    {
        "medium": member_in("medium", Medium),
        "status": member_in("status", MeterStatus),
        "remote": flag_in("remote"),
        "registers": json_in("registers", tuple[Register, ...]),
        "installed_on": day_in("installed_on"),
        "removed_on": day_or_none("removed_on"),
        "verified_until": day_or_none("verified_until"),
        "reading_window": by(_window, "window_opens_on", "window_closes_on"),
    },
    _conditions,
)
METER_READINGS = Listed(
    MeterReading,
    "meter_reading",
    {
        "read_on": day_in("read_on"),
        "quality": member_in("quality", ReadingQuality),
        "status": member_in("status", ReadingStatus),
        "values": json_in("register_values", tuple[RegisterValue, ...]),
    },
    _reading_conditions,
    parent="meter_key",
    parents="meter",
)
