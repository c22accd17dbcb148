"""The reading side of `UtilityOffice` over the ledger's tables."""

from __future__ import annotations

from collections.abc import Sequence

from ventanilla.backoffice_adapters.contract import (
    Call,
    ChangeWindow,
    Hit,
    MeterFilter,
    MeterOrder,
    MeterReadingFilter,
    MeterReadingOrder,
    UtilitySettlementFilter,
    UtilitySettlementOrder,
    Window,
)
from ventanilla.backoffice_adapters.ledger.billing import BillingLedger
from ventanilla.backoffice_adapters.ledger.kinds.meter import METER_READINGS, METERS
from ventanilla.backoffice_adapters.ledger.kinds.utility_settlement import UTILITY_SETTLEMENTS
from ventanilla.backoffice_adapters.ledger.reading import formed
from ventanilla.backoffice_adapters.records import AccountRef, Changes, Meter, MeterReading, Slice, UtilitySettlement


class UtilityLedger(BillingLedger):
    """Meters, their readings, and settlements."""

    async def meters(
        self,
        call: Call,
        accounts: Sequence[AccountRef],
        where: MeterFilter,
        order: MeterOrder,
        window: Window,
    ) -> list[Hit[Slice[Meter]]]:
        """A part of each account's meters."""
        return await self._pages(METERS, call, self._keys(accounts), where, order=order, window=window)

    async def meters_by_key(self, call: Call, keys: Sequence[str]) -> list[Hit[Meter]]:
        """The meters with these keys."""
        return await self._by_key(METERS, call, keys)

    async def meter_readings(
        self,
        call: Call,
        meters: Sequence[str],
        where: MeterReadingFilter,
        order: MeterReadingOrder,
        window: Window,
    ) -> list[Hit[Slice[MeterReading]]]:
        """A part of each meter's readings."""
        return await self._pages(METER_READINGS, call, formed(meters), where, order=order, window=window)

    async def meter_readings_by_key(self, call: Call, keys: Sequence[str]) -> list[Hit[MeterReading]]:
        """The readings with these keys."""
        return await self._by_key(METER_READINGS, call, keys)

    async def changed_meter_readings(
        self, call: Call, wheres: Sequence[MeterReadingFilter], window: ChangeWindow
    ) -> list[Hit[Changes[MeterReading]]]:
        """What became of the readings that each filter finds."""
        return await self._changes(METER_READINGS, call, wheres, window)

    async def utility_settlements(
        self,
        call: Call,
        accounts: Sequence[AccountRef],
        where: UtilitySettlementFilter,
        order: UtilitySettlementOrder,
        window: Window,
    ) -> list[Hit[Slice[UtilitySettlement]]]:
        """A part of each account's settlements."""
        return await self._pages(UTILITY_SETTLEMENTS, call, self._keys(accounts), where, order=order, window=window)

    async def utility_settlements_by_key(self, call: Call, keys: Sequence[str]) -> list[Hit[UtilitySettlement]]:
        """The settlements with these keys."""
        return await self._by_key(UTILITY_SETTLEMENTS, call, keys)
