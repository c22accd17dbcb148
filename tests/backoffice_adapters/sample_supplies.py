"""The sample's meters, readings and settlements."""

from datetime import date, timedelta

from tests.backoffice_adapters.sample_pen import GREAT, TODAY, money
from ventanilla.backoffice_adapters.book import MeterEntry, MeterReadingEntry, UtilitySettlementEntry
from ventanilla.backoffice_adapters.records import (
    Medium,
    MeterStatus,
    ReadingQuality,
    ReadingStatus,
    ReadingWindow,
    Register,
    RegisterValue,
    SettlementLine,
)

_ONE = (Register(key="1", label="m³", unit="m³", digits=5, decimals=3),)
_TWO = (
    Register(key="T1", label='strefa "dzienna"', unit="kWh", digits=6, decimals=0),
    Register(key="T2", label="strefa nocna", unit="kWh", digits=6, decimals=0),
)


def meters() -> tuple[MeterEntry, ...]:
    """Two that followed each other, one of every medium, ties of installation."""
    return (
        MeterEntry(
            key="w-old",
            account="flat",
            number="W 1",
            medium=Medium.COLD_WATER,
            status=MeterStatus.REMOVED,
            registers=_ONE,
            installed_on=date(2019, 5, 6),
            removed_on=date(2024, 5, 6),
        ),
        MeterEntry(
            key="w-new",
            account="flat",
            number="W 2",
            medium=Medium.COLD_WATER,
            registers=_ONE,
            location="łazienka, pion „B”",
            installed_on=date(2024, 5, 6),
            verified_until=date(2029, 5, 5),
            replaces="w-old",
            reading_window=ReadingWindow(opens_on=date(2026, 11, 20), closes_on=date(2026, 11, 30)),
        ),
        *(_meter(f"e-{medium}", "flat", medium, TODAY - timedelta(days=day)) for day, medium in enumerate(Medium)),
        *(_meter(f"tm-{n:02}", "ties", Medium.HEAT, date(2026, 1 + n % 3, 1)) for n in range(12)),
    )


def _meter(key: str, account: str, medium: Medium, installed_on: date) -> MeterEntry:
    return MeterEntry(
        key=key, account=account, number=key, medium=medium, remote=True, registers=_TWO, installed_on=installed_on
    )


def meter_readings() -> tuple[MeterReadingEntry, ...]:
    """Every quality and state; ties of days; one meter of two registers, one never read."""
    qualities, states = [*ReadingQuality], [*ReadingStatus]
    return (
        *(
            MeterReadingEntry(
                key=f"r-{n:02}",
                meter="w-new",
                read_on=date(2026, 1 + n % 9, 1),
                quality=qualities[n % len(qualities)],
                status=states[n % len(states)],
                values=(RegisterValue(register_key="1", value=f"{n}.250", consumption=f"{n}.000" if n else None),),
            )
            for n in range(27)
        ),
        MeterReadingEntry(
            key="r-two",
            meter="e-ELECTRICITY",
            read_on=TODAY,
            quality=ReadingQuality.REMOTE,
            status=ReadingStatus.ACCEPTED,
            values=(RegisterValue(register_key="T2", value="7"), RegisterValue(register_key="T1", value="123456")),
        ),
    )


def utility_settlements() -> tuple[UtilitySettlementEntry, ...]:
    """Every outcome; ties of days; great amounts."""
    return (
        _settlement("s-under", "flat", 1, (_line(5_000, 4_000), _line(700, 900)), invoice="f-paid"),
        _settlement("s-surplus", "flat", 1, (_line(GREAT, GREAT + 1),), invoice="f-credit"),
        _settlement("s-even", "flat", 2, (_line(100, 100), _line(0, 0))),
        *(_settlement(f"ts-{n:02}", "ties", 1 + n % 2, (_line(n, 5),)) for n in range(9)),
    )


def _line(cost: int, advances: int) -> SettlementLine:
    return SettlementLine(
        medium=Medium.HOT_WATER,
        description="Ciepła „woda”",
        cost=money(cost),
        advances=money(advances),
        quantity="12.5",
        unit="m³",
    )


def _settlement(
    key: str, account: str, half: int, lines: tuple[SettlementLine, ...], invoice: str | None = None
) -> UtilitySettlementEntry:
    return UtilitySettlementEntry(
        key=key,
        account=account,
        number=f"RM/{key}",
        settled_on=date(2026, 6 * half, 15),
        period_from=date(2025, 6 * half, 1),
        period_to=date(2026, 6 * half, 1),
        lines=lines,
        invoice=invoice,
    )
