"""Meters that are read: each reading is the one before and what was used since."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from ventanilla.backoffice_adapters.book import MeterEntry, MeterReadingEntry
from ventanilla.backoffice_adapters.records import (
    Medium,
    MeterStatus,
    ReadingQuality,
    ReadingStatus,
    ReadingWindow,
    Register,
    RegisterValue,
)
from ventanilla.gateway.demo.books.clerk import Clerk

_COUNTS = {ReadingStatus.ACCEPTED, ReadingStatus.BILLED}


@dataclass(frozen=True, slots=True)
class Face:
    """What a kind of meter counts, and how many digits it shows before and after the point."""

    medium: Medium
    unit: str
    digits: int
    decimals: int
    label: str
    location: str


@dataclass(slots=True)
class Gauge:
    """A meter as it turns: `value` is what it shows."""

    clerk: Clerk
    face: Face
    value: Decimal
    key: str = field(init=False)

    def __post_init__(self) -> None:
        self.key = self.clerk.key("m")

    def mount(
        self,
        account: str,
        number: str,
        installed_on: date,
        *,
        removed_on: date | None = None,
        verified_until: date | None = None,
        replaces: str | None = None,
        window: ReadingWindow | None = None,
        remote: bool = False,
    ) -> None:
        """Enter the meter itself."""
        register = Register(
            key="1", label=self.face.label, unit=self.face.unit, digits=self.face.digits, decimals=self.face.decimals
        )
        self.clerk.enter(
            MeterEntry(
                key=self.key,
                account=account,
                number=number,
                medium=self.face.medium,
                status=MeterStatus.REMOVED if removed_on else MeterStatus.ACTIVE,
                remote=remote,
                registers=(register,),
                location=self.face.location,
                installed_on=installed_on,
                removed_on=removed_on,
                verified_until=verified_until,
                replaces=replaces,
                reading_window=window,
            )
        )

    def read(
        self,
        day: date,
        quality: ReadingQuality,
        used: Decimal | None = None,
        status: ReadingStatus = ReadingStatus.BILLED,
    ) -> None:
        """Enter a reading of `used` more than before, None for the first; one that does not count turns nothing."""
        shown, decimals = (self.value + (used or 0)) % 10**self.face.digits, self.face.decimals
        if status in _COUNTS:
            self.value = shown
        self.clerk.enter(
            MeterReadingEntry(
                key=self.clerk.key("r"),
                meter=self.key,
                read_on=day,
                quality=quality,
                status=status,
                values=(
                    RegisterValue(
                        register_key="1",
                        value=f"{shown:.{decimals}f}",
                        consumption=None if used is None else f"{used:.{decimals}f}",
                    ),
                ),
            )
        )
