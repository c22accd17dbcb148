"""The part of the book beside the money: meters with their readings, and notices."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Final

from benchmarks.luck import luck
from ventanilla.backoffice_adapters.book import MeterEntry, MeterReadingEntry, NoticeEntry
from ventanilla.backoffice_adapters.records import (
    Medium,
    ReadingQuality,
    ReadingStatus,
    Register,
    RegisterValue,
)

TO_ALL: Final = 20
"""How many notices are for everybody; half of them are over."""


def meter(key: str) -> MeterEntry:
    """The meter of an account."""
    register = Register(key="1", label="Agua", unit="m³", digits=5, decimals=3)
    serial = f"21-{luck('meter', key).randrange(10**6, 10**7)}"
    return MeterEntry(
        key=key,
        account=key,
        number=serial,
        medium=Medium.COLD_WATER,
        registers=(register,),
        installed_on=date(2021, 6, 1),
    )


def readings(key: str, anchor: date) -> Iterator[MeterReadingEntry]:
    """Its readings, one a quarter before `anchor`."""
    used = luck("readings", key).randrange(9, 60)
    for place in range(4):
        value = RegisterValue(register_key="1", value=f"{200 + used * place}.000", consumption=f"{used}.000")
        yield MeterReadingEntry(
            key=f"{key}{place}",
            meter=key,
            read_on=anchor - timedelta(days=91 * (4 - place)),
            quality=ReadingQuality.STAFF,
            status=ReadingStatus.BILLED,
            values=(value,),
        )


def notice(key: str, first: datetime) -> NoticeEntry:
    """A notice for one account; `first` is when the newest of all is published."""
    return NoticeEntry(
        key=f"T{key}",
        title="Cambio de medidor",
        body="El lunes pasamos a cambiar el medidor de su suministro.",
        published_from=first - timedelta(days=3),
        accounts=(key,),
    )


def notices_to_all(first: datetime) -> tuple[NoticeEntry, ...]:
    """Those for everybody, the newest first."""
    return tuple(
        NoticeEntry(
            key=f"E{place:03}",
            title=f"Aviso número {place}",
            body="Trabajos en la red: puede haber baja presión entre las 9 y las 13.",
            published_from=first - timedelta(days=place),
            visible_until=first + timedelta(days=10) if place % 2 else None,
        )
        for place in range(TO_ALL)
    )
