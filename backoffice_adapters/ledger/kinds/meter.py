"""Meters and their readings."""

from __future__ import annotations

from datetime import date

import msgspec

from ventanilla.backoffice_adapters.contract import MeterFilter, MeterReadingFilter
from ventanilla.backoffice_adapters.database import Row
from ventanilla.backoffice_adapters.ledger.conditions import Condition, any_of, on_days
from ventanilla.backoffice_adapters.ledger.kinds.base import Listed, Present, by_value, day_of
from ventanilla.backoffice_adapters.records import (
    Medium,
    Meter,
    MeterReading,
    MeterStatus,
    Origin,
    ReadingQuality,
    ReadingStatus,
    ReadingWindow,
    Register,
    RegisterValue,
)

_MEDIA = by_value(Medium)
_STATES = by_value(MeterStatus)
_QUALITIES = by_value(ReadingQuality)
_READING_STATES = by_value(ReadingStatus)
_registers = msgspec.json.Decoder(tuple[Register, ...]).decode
_values = msgspec.json.Decoder(tuple[RegisterValue, ...]).decode


def _meter(row: Row, origin: Origin, today: str) -> Meter:
    (
        _, key, account, number, medium, status, remote, registers, location, installed, removed, verified, replaces,
        opens, closes,
    ) = row  # fmt: skip
    return Meter(
        key=key,
        origin=origin,
        account_key=account,
        number=number,
        medium=_MEDIA[medium],
        status=_STATES[status],
        remote=bool(remote),
        registers=_registers(registers),
        location=location,
        installed_on=date.fromisoformat(installed),
        removed_on=day_of(removed),
        verified_until=day_of(verified),
        replaces_key=replaces,
        reading_window=_window(opens, closes) if opens else None,
    )


def _window(opens: str, closes: str) -> ReadingWindow:
    return ReadingWindow(opens_on=date.fromisoformat(opens), closes_on=date.fromisoformat(closes))


def _reading(row: Row, origin: Origin, today: str) -> MeterReading:
    _, key, account, meter, read, quality, status, values = row
    return MeterReading(
        key=key,
        origin=origin,
        account_key=account,
        meter_key=meter,
        read_on=date.fromisoformat(read),
        quality=_QUALITIES[quality],
        status=_READING_STATES[status],
        values=_values(values),
    )


def _conditions(where: MeterFilter, present: Present) -> list[Condition]:
    return [*any_of("status", where.statuses), *any_of("medium", where.media)]


def _reading_conditions(where: MeterReadingFilter, present: Present) -> list[Condition]:
    return [*on_days("read_on", where.read), *any_of("status", where.statuses)]


METERS = Listed(
    table="meter",
    columns=(
        "key", "account_key", "number", "medium", "status", "remote", "registers", "location", "installed_on",
        "removed_on", "verified_until", "replaces_key", "window_opens_on", "window_closes_on",
    ),
    make=_meter,
    conditions=_conditions,
)  # fmt: skip
METER_READINGS = Listed(
    table="meter_reading",
    columns=("key", "account_key", "meter_key", "read_on", "quality", "status", "register_values"),
    make=_reading,
    parent="meter_key",
    parents="meter",
    conditions=_reading_conditions,
)
