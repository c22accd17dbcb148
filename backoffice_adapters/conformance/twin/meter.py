"""The twin's meters and their readings."""

from __future__ import annotations

from collections.abc import Sequence

from ventanilla.backoffice_adapters.book import MeterEntry, MeterReadingEntry
from ventanilla.backoffice_adapters.conformance.picking import among, part_of, within
from ventanilla.backoffice_adapters.conformance.twin.shelf import Shelf
from ventanilla.backoffice_adapters.contract import (
    Call,
    Hit,
    MeterFilter,
    MeterOrder,
    MeterReadingFilter,
    MeterReadingOrder,
    Window,
)
from ventanilla.backoffice_adapters.records import AccountRef, Meter, MeterReading, Slice


class Meters(Shelf):
    """Meters and readings."""

    async def meters(
        self, call: Call, accounts: Sequence[AccountRef], where: MeterFilter, order: MeterOrder, window: Window
    ) -> list[Hit[Slice[Meter]]]:
        """A part of each account's meters."""
        rows = [row for row in map(self._meter, self.book.meters) if _meter_fits(row, where)]
        return self._slices(rows, accounts, order, window)

    async def meters_by_key(self, call: Call, keys: Sequence[str]) -> list[Hit[Meter]]:
        """The meters with these keys."""
        found = {entry.key: self._meter(entry) for entry in self.book.meters}
        return [found.get(key) for key in keys]

    async def meter_readings(
        self,
        call: Call,
        meters: Sequence[str],
        where: MeterReadingFilter,
        order: MeterReadingOrder,
        window: Window,
    ) -> list[Hit[Slice[MeterReading]]]:
        """A part of each meter's readings."""
        known = {entry.key for entry in self.book.meters}
        rows = [row for row in map(self._reading, self.book.meter_readings) if reading_fits(row, where)]
        return [
            part_of([row for row in rows if row.meter_key == key], order, window) if key in known else None
            for key in meters
        ]

    async def meter_readings_by_key(self, call: Call, keys: Sequence[str]) -> list[Hit[MeterReading]]:
        """The readings with these keys."""
        found = {entry.key: self._reading(entry) for entry in self.book.meter_readings}
        return [found.get(key) for key in keys]

    def _meter(self, entry: MeterEntry) -> Meter:
        return Meter(
            key=entry.key,
            origin=self._origin,
            account_key=entry.account,
            number=entry.number,
            medium=entry.medium,
            status=entry.status,
            remote=entry.remote,
            registers=entry.registers,
            location=entry.location,
            installed_on=entry.installed_on,
            removed_on=entry.removed_on,
            verified_until=entry.verified_until,
            replaces_key=entry.replaces,
            reading_window=entry.reading_window,
        )

    def _reading(self, entry: MeterReadingEntry) -> MeterReading:
        return MeterReading(
            key=entry.key,
            origin=self._origin,
            account_key=next(meter.account for meter in self.book.meters if meter.key == entry.meter),
            meter_key=entry.meter,
            read_on=entry.read_on,
            quality=entry.quality,
            status=entry.status,
            values=entry.values,
        )


def _meter_fits(row: Meter, where: MeterFilter) -> bool:
    return among(row.status, where.statuses) and among(row.medium, where.media)


def reading_fits(row: MeterReading, where: MeterReadingFilter) -> bool:
    """Whether a reading passes the filter."""
    return among(row.status, where.statuses) and within(row.read_on, where.read)
