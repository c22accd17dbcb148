"""Readings of meters."""

from __future__ import annotations

from ventanilla.backoffice_adapters.contract import MeterReadingFilter, MeterReadingOrder
from ventanilla.resolvers import connections
from ventanilla.resolvers.asking import ask_records

of_meters = connections.lists(
    "meter_readings.of_meters",
    connections.Source("meter_readings", ask_records),
    MeterReadingOrder.READ_ON_DESC,
    MeterReadingFilter(),
)
"""A part of each meter's readings."""
