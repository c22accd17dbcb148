"""Meters."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated

import strawberry
from strawberry import UNSET

from ventanilla.backoffice_adapters import contract
from ventanilla.resolvers import meter_readings, meters, reach
from ventanilla.schema.connection import Connection
from ventanilla.schema.enums import Medium, MeterReadingOrder, MeterStatus
from ventanilla.schema.fields import ORDER, PAGE, After, Before, First, Last, arg, batch, distinct, prop
from ventanilla.schema.meter_reading import MeterReading, MeterReadingFilter
from ventanilla.schema.node import Node, Sourced

if TYPE_CHECKING:
    from ventanilla.schema.account import Account


@strawberry.type(description="One counter of a meter: a simple meter has one, a two-rate meter two.")
class Register:
    """A counter."""

    key: str = prop("Its name within its meter; the values of readings name it.")
    label: str = prop("What stands on it.")
    unit: str = prop("What it counts: m³, kWh, GJ.")
    digits: int = prop("How many digits it has before the decimal point: it turns over after 10^digits.")
    decimals: int = prop("How many digits it has after it.")


@strawberry.type(description="The days on which customers may report a reading.")
class ReadingWindow:
    """From when to when."""

    opens_on: date = prop("The first day.")
    closes_on: date = prop("The last day, inclusive.")


@strawberry.type(description="A meter of an account's supply.")
class Meter(Node, Sourced):
    """A meter."""

    number: str = prop("The serial number on its face.")
    medium: Medium = prop("What it measures.")
    status: MeterStatus = prop("Whether it still counts.")
    remote: bool = prop("Whether it is read from afar: customers report nothing then.")
    location: str | None = prop("Where it hangs, in the manager's language.")
    installed_on: date = prop("When it was installed.")
    removed_on: date | None = prop("When it was taken away.")
    verified_until: date | None = prop("The last day of its legal verification, where the law asks for one.")
    registers: list[Register] = prop("Its counters; one or more.")
    reading_window: ReadingWindow | None = prop(
        "The present or next window for readings; null where customers report nothing, or always."
    )
    replaces: Annotated[Meter, strawberry.lazy("ventanilla.schema.meter")] | None = batch(
        meters.replaced, "The meter whose place it took."
    )
    account: Annotated[Account, strawberry.lazy("ventanilla.schema.account")] | None = batch(
        reach.accounts_of, "The account whose supply it measures."
    )

    @batch(meter_readings.of_meters, "What it showed.", listing=PAGE)
    def readings(
        self,
        first: First = UNSET,
        after: After = UNSET,
        last: Last = UNSET,
        before: Before = UNSET,
        where: Annotated[MeterReadingFilter | None, arg("Which readings; all unless said.", "filter")] = UNSET,
        order: Annotated[MeterReadingOrder, ORDER] = MeterReadingOrder.READ_ON_DESC,
    ) -> Connection[MeterReading] | None: ...


@strawberry.input(description="Which meters. All given conditions hold; an empty list is no condition.")
class MeterFilter:
    """Filter of `Account.meters`."""

    status: list[MeterStatus] | None = strawberry.field(default=None, description="In any of these states.")
    medium: list[Medium] | None = strawberry.field(default=None, description="For any of these.")

    def record(self) -> contract.MeterFilter:
        """The filter as offices take it."""
        return contract.MeterFilter(statuses=distinct(self.status), media=distinct(self.medium))
