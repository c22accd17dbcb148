"""The day, the place and the money of the sample book."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from ventanilla.backoffice_adapters.money import Money

TODAY = date(2026, 11, 21)
NOW = datetime(2026, 11, 21, 11, 0, tzinfo=UTC)
ZONE = ZoneInfo("Europe/Warsaw")
CURRENCY = "PLN"
GREAT = 2**53 + 1
"""An amount in minor units that a double-precision float cannot hold."""


def money(minor: int) -> Money:
    return Money(minor, CURRENCY)
