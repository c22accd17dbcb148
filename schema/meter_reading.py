"""Readings of meters."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated

import strawberry

from ventanilla.backoffice_adapters import contract
from ventanilla.resolvers import meters
from ventanilla.schema.enums import ReadingQuality, ReadingStatus
from ventanilla.schema.fields import batch, distinct, prop
from ventanilla.schema.node import Node, Sourced

if TYPE_CHECKING:
    from ventanilla.schema.meter import Meter


@strawberry.type(description="What one register showed.")
class RegisterValue:
    """A value."""

    register: str = prop("The `key` of the meter's register.", of="register_key")
    value: Decimal = prop("What it showed, in the register's unit.")
    consumption: Decimal | None = prop(
        "What was used since the reading that counted before, as the office reckons it; null for the first."
    )


@strawberry.type(description="What a meter showed on a day.")
class MeterReading(Node, Sourced):
    """A reading."""

    read_on: date = prop("The day.")
    quality: ReadingQuality = prop("Who read it.")
    status: ReadingStatus = prop("Where it stands.")
    values: list[RegisterValue] = prop("One for each register that was read.")
    meter: Annotated[Meter, strawberry.lazy("ventanilla.schema.meter")] | None = batch(
        meters.of_readings, "The meter that was read."
    )


@strawberry.input(description="Which readings. All given conditions hold; an empty list is no condition.")
class MeterReadingFilter:
    """Filter of `Meter.readings` and of `Export.meterReadings`."""

    status: list[ReadingStatus] | None = strawberry.field(default=None, description="In any of these states.")
    read_from: date | None = strawberry.field(default=None, description="Read on this date or later.")
    read_to: date | None = strawberry.field(default=None, description="Read on this date or earlier.")

    def record(self) -> contract.MeterReadingFilter:
        """The filter as offices take it."""
        return contract.MeterReadingFilter(
            statuses=distinct(self.status), read=contract.DateSpan(since=self.read_from, until=self.read_to)
        )
