"""Meters, their registers and readings."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from ventanilla.backoffice_adapters.records.base import Record, Sourced


class Medium(StrEnum):
    """What is supplied."""

    COLD_WATER = "COLD_WATER"
    HOT_WATER = "HOT_WATER"
    SEWAGE = "SEWAGE"
    HEAT = "HEAT"
    ELECTRICITY = "ELECTRICITY"
    GAS = "GAS"
    WASTE = "WASTE"
    OTHER = "OTHER"


class MeterStatus(StrEnum):
    """Whether a meter still counts."""

    ACTIVE = "ACTIVE"
    REMOVED = "REMOVED"


class Register(Record):
    """One counter of a meter: a simple meter has one, a two-rate meter two."""

    key: str
    """Unique within its meter."""
    label: str
    """What stands on it: "T1", "strefa dzienna"."""
    unit: str
    """What it counts: m³, kWh, GJ."""
    digits: int
    """How many digits it has before the decimal point: it turns over after 10^digits."""
    decimals: int
    """How many digits it has after it."""


class ReadingWindow(Record):
    """The days on which customers may report a reading, both inclusive."""

    opens_on: date
    closes_on: date


class Meter(Sourced):
    """A meter of an account's supply."""

    account_key: str
    number: str
    """The serial number on its face."""
    medium: Medium
    status: MeterStatus
    remote: bool
    """Whether it is read from afar: customers report nothing then."""
    registers: tuple[Register, ...]
    """One or more."""
    location: str | None = None
    """Where it hangs, in the manager's language."""
    installed_on: date
    removed_on: date | None = None
    """There exactly when REMOVED."""
    verified_until: date | None = None
    """The last day of its legal verification, where the law asks for one."""
    replaces_key: str | None = None
    """The meter whose place it took."""
    reading_window: ReadingWindow | None = None
    """The present or next window; None where customers report nothing, or always."""


class ReadingQuality(StrEnum):
    """Who read the meter."""

    CUSTOMER = "CUSTOMER"
    STAFF = "STAFF"
    REMOTE = "REMOTE"
    ESTIMATED = "ESTIMATED"


class ReadingStatus(StrEnum):
    """Where a reading stands; only ACCEPTED and BILLED count."""

    SUBMITTED = "SUBMITTED"
    ACCEPTED = "ACCEPTED"
    NEEDS_CONFIRMATION = "NEEDS_CONFIRMATION"
    REJECTED = "REJECTED"
    BILLED = "BILLED"
    QUARANTINED = "QUARANTINED"
    SUPERSEDED = "SUPERSEDED"


class RegisterValue(Record):
    """What one register showed."""

    register_key: str
    value: str
    """A plain decimal such as ``"1234.500"``, in the register's unit."""
    consumption: str | None = None
    """Since the reading that counted before, as the office reckons it; None for the first."""


class MeterReading(Sourced):
    """What a meter showed on a day."""

    account_key: str
    meter_key: str
    read_on: date
    quality: ReadingQuality
    status: ReadingStatus
    values: tuple[RegisterValue, ...]
    """One for each register that was read."""
