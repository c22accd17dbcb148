"""What surrounds the accounts of the tests' world: meters, settlements, communities, notices."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

from ventanilla.backoffice_adapters.book import (
    BuildingEntry,
    CommunityEntry,
    MeterEntry,
    MeterReadingEntry,
    NoticeEntry,
    SupplierInvoiceEntry,
    UtilitySettlementEntry,
)
from ventanilla.backoffice_adapters.money import Money
from ventanilla.backoffice_adapters.records import (
    AccountRole,
    Address,
    Medium,
    MeterStatus,
    OwnershipShare,
    ReadingQuality,
    ReadingStatus,
    ReadingWindow,
    Register,
    RegisterValue,
    SettlementLine,
    SupplierInvoiceStatus,
)

ADDRESS = Address(lines=("Mitre 12",), locality="Junín", country="AR", postal_code="B6000")


def supplied(keys: Sequence[str], currency: str) -> dict[str, Any]:
    """A meter of each account that took the place of another, three readings of it, and a settlement."""
    return {
        "meters": tuple(meter for key in keys for meter in _meters(key)),
        "meter_readings": tuple(reading for key in keys for reading in _readings(key)),
        "utility_settlements": tuple(_settlement(key, currency) for key in keys),
        "supplier_invoices": _billed(keys, currency),
    }


def _billed(keys: Sequence[str], currency: str) -> tuple[SupplierInvoiceEntry, ...]:
    """What the first party billed community ``W1`` thrice and the manager once, and the last one ``W1`` and ``W2``."""

    def one(key: str, supplier: str, community: str | None, day: int, status: SupplierInvoiceStatus) -> Any:
        return SupplierInvoiceEntry(
            key=key,
            number=f"F-{key}",
            supplier=supplier,
            community=community,
            title="Ascensor",
            amount=Money(9_000 + day, currency),
            issued_on=date(2026, 10, day),
            due_on=date(2026, 11, day),
            status=status,
            paid_on=date(2026, 11, 1) if status is SupplierInvoiceStatus.PAID else None,
        )

    first, last = keys[0], keys[-1]
    return (
        one("ZA", first, "W1", 20, SupplierInvoiceStatus.TO_APPROVE),
        one("ZB", first, "W1", 18, SupplierInvoiceStatus.APPROVED),
        one("ZC", first, "W1", 10, SupplierInvoiceStatus.PAID),
        one("ZD", first, None, 18, SupplierInvoiceStatus.TO_APPROVE),
        one("ZE", last, "W1", 18, SupplierInvoiceStatus.REJECTED),
        one("ZF", last, "W2", 10, SupplierInvoiceStatus.TO_APPROVE),
    )


def _meters(key: str) -> list[MeterEntry]:
    register = Register(key="m3", label="agua", unit="m³", digits=5, decimals=3)
    return [
        MeterEntry(
            key=f"MA{key}",
            account=key,
            number=f"AG-{key}0",
            medium=Medium.COLD_WATER,
            status=MeterStatus.REMOVED,
            registers=(register,),
            installed_on=date(2019, 5, 2),
            removed_on=date(2026, 2, 3),
        ),
        MeterEntry(
            key=f"MB{key}",
            account=key,
            number=f"AG-{key}1",
            medium=Medium.COLD_WATER,
            registers=(register,),
            location="Cocina",
            installed_on=date(2026, 2, 3),
            verified_until=date(2031, 2, 3),
            replaces=f"MA{key}",
            reading_window=ReadingWindow(opens_on=date(2026, 11, 10), closes_on=date(2026, 11, 20)),
        ),
    ]


def _readings(key: str) -> list[MeterReadingEntry]:
    def one(letter: str, read_on: date, status: ReadingStatus, value: str, used: str | None) -> MeterReadingEntry:
        return MeterReadingEntry(
            key=f"{letter}{key}",
            meter=f"MB{key}",
            read_on=read_on,
            quality=ReadingQuality.CUSTOMER if status is ReadingStatus.SUBMITTED else ReadingQuality.STAFF,
            status=status,
            values=(RegisterValue(register_key="m3", value=value, consumption=used),),
        )

    return [
        one("RA", date(2026, 2, 3), ReadingStatus.ACCEPTED, "0.000", None),
        one("RB", date(2026, 8, 3), ReadingStatus.BILLED, "31.500", "31.500"),
        one("RC", date(2026, 11, 12), ReadingStatus.SUBMITTED, "45.250", "13.750"),
    ]


def _settlement(key: str, currency: str) -> UtilitySettlementEntry:
    def line(medium: Medium, cost: int, advances: int) -> SettlementLine:
        return SettlementLine(
            medium=medium,
            description=medium.value.lower(),
            cost=Money(cost, currency),
            advances=Money(advances, currency),
            quantity="12.5",
            unit="m³",
        )

    return UtilitySettlementEntry(
        key=f"L{key}",
        account=key,
        number=f"LIQ-{key}",
        settled_on=date(2026, 8, 1),
        period_from=date(2025, 7, 1),
        period_to=date(2026, 6, 30),
        lines=(line(Medium.COLD_WATER, 30_000, 25_000), line(Medium.SEWAGE, 10_000, 5_000)),
        invoice=f"A{key}",
    )


def shared(mark: str, keys: Sequence[str]) -> dict[str, Any]:
    """Two communities with a building each, shares of every unit, and notices."""
    sides = ("1", "2")
    return {
        "communities": tuple(
            CommunityEntry(key=f"W{side}", name=f"{mark} Consorcio {side}", address=ADDRESS, number=f"30-{side}")
            for side in sides
        ),
        "buildings": tuple(
            BuildingEntry(
                key=f"B{side}",
                name=f"Torre {side}",
                address=ADDRESS,
                built_in=1998,
                unit_count=24,
                community=f"W{side}",
            )
            for side in sides
        ),
        "ownership_shares": tuple(
            OwnershipShare(key=f"{part}{key}", unit_key=f"U{key}", owner=owner, numerator=7, denominator=997)
            for key in keys
            for part, owner in (("SA", "Ana Paz"), ("SB", "Luis Paz"))
        ),
        "notices": (*_notices(mark), *(_notice(f"TA{key}", mark, 13, accounts=(key,)) for key in keys)),
    }


def _notices(mark: str) -> list[NoticeEntry]:
    return [
        _notice("TODOS", mark, 10),
        _notice("W1", mark, 12, community="W1", communities=("W1",)),
        _notice("W2", mark, 12, community="W2", communities=("W2",)),
        _notice("OWNERS", mark, 12, roles=(AccountRole.OWNER,)),
        _notice("FUTURE", mark, 20),
        _notice("PAST", mark, 1, visible_until=datetime(2026, 11, 15, 12, tzinfo=UTC)),
    ]


def _notice(key: str, mark: str, day: int, **more: Any) -> NoticeEntry:
    """A notice of noon of a day of the present month."""
    moment = datetime(2026, 11, day, 12, tzinfo=UTC)
    return NoticeEntry(key=key, title=f"{mark} {key}", body="Hola.\n\nChau.", published_from=moment, **more)
