"""Meters."""

from __future__ import annotations

from collections.abc import Sequence

from ventanilla.backoffice_adapters.contract import MeterFilter, MeterOrder
from ventanilla.backoffice_adapters.records import Meter, MeterReading
from ventanilla.resolvers import connections
from ventanilla.resolvers.access import Answer, Scope, batch
from ventanilla.resolvers.asking import ask_named
from ventanilla.resolvers.context import Context

of_accounts = connections.of_accounts("meters", MeterFilter(), MeterOrder.INSTALLED_ON_DESC)
"""A part of each account's meters."""


@batch(scope=Scope.REACH, method="meters_by_key")
async def replaced(context: Context, meters: Sequence[Meter]) -> list[Answer[Meter]]:
    """The meter whose place each took."""
    return await ask_named(context, "meters_by_key", meters, [meter.replaces_key for meter in meters])


@batch(scope=Scope.REACH, method="meters_by_key")
async def of_readings(context: Context, readings: Sequence[MeterReading]) -> list[Answer[Meter]]:
    """The meter that was read."""
    return await ask_named(context, "meters_by_key", readings, [reading.meter_key for reading in readings])
