"""Promises about meters and what they showed."""

from __future__ import annotations

import re

from ventanilla.backoffice_adapters.conformance.bench import Bench
from ventanilla.backoffice_adapters.conformance.promises import expect, promise
from ventanilla.backoffice_adapters.contract import MeterFilter, MeterOrder, Window
from ventanilla.backoffice_adapters.records import Meter, MeterStatus

_PLAIN = re.compile(r"[0-9]+(\.[0-9]+)?")


async def _meters(bench: Bench) -> list[Meter]:
    keys = [entry.key for entry in bench.mine.twin.book.meters]
    found = await bench.mine.ask("meters_by_key", keys)
    expect(all(found), "meters_by_key: a meter of the book is missing")
    return found


@promise("meters.list")
async def removed_meters_are_listed(bench: Bench) -> None:
    """What was removed stays in the list and in its count, for people ask for its readings again."""
    refs, meters = await bench.mine.refs(), bench.mine.twin.book.meters
    parts = await bench.mine.ask(
        "meters", refs, MeterFilter(), MeterOrder.INSTALLED_ON_ASC, Window(limit=1, count=True)
    )
    for ref, part in zip(refs, parts, strict=True):
        held = [meter for meter in meters if meter.account == ref.key]
        expect(part.count == len(held), f"meters of account {ref.key}: {part.count}, removed and not, of {len(held)}")


@promise("meters.read")
async def removed_meters_say_when(bench: Bench) -> None:
    """`removed_on` is there exactly when a meter is REMOVED."""
    for meter in await _meters(bench):
        removed = meter.status is MeterStatus.REMOVED
        expect(removed == (meter.removed_on is not None), f"meter {meter.key} is {meter.status}: {meter.removed_on}")


@promise("meters.read")
async def a_meter_follows_one_of_its_account(bench: Bench) -> None:
    """The meter whose place another took can be read, is of the same account and was removed."""
    meters = [meter for meter in await _meters(bench) if meter.replaces_key]
    before = await bench.mine.ask("meters_by_key", [meter.replaces_key for meter in meters])
    for meter, old in zip(meters, before, strict=True):
        expect(old, f"meter {meter.key} follows {meter.replaces_key}, which cannot be read")
        expect(old.account_key == meter.account_key, f"meter {meter.key} follows one of account {old.account_key}")
        expect(old.status is MeterStatus.REMOVED, f"meter {meter.key} follows {old.key}, which is {old.status}")


@promise("meters.read")
async def registers_are_told_apart(bench: Bench) -> None:
    """A meter has one register or more, each with a key of its own and digits to show."""
    for meter in await _meters(bench):
        keys = [register.key for register in meter.registers]
        expect(keys and len(keys) == len(set(keys)), f"meter {meter.key} has the registers {keys}")
        sound = all(register.digits > 0 <= register.decimals for register in meter.registers)
        expect(sound, f"meter {meter.key} has a register without digits: {meter.registers}")


@promise("meters.read", "meter_readings.read")
async def readings_are_of_their_meter(bench: Bench) -> None:
    """A reading is of its meter's account; its values are plain decimals of that meter's registers, each once."""
    meters = {meter.key: meter for meter in await _meters(bench)}
    keys = [entry.key for entry in bench.mine.twin.book.meter_readings]
    for reading in await bench.mine.ask("meter_readings_by_key", keys):
        meter = meters[reading.meter_key]
        expect(reading.account_key == meter.account_key, f"reading {reading.key} is of account {reading.account_key}")
        read = [value.register_key for value in reading.values]
        known = {register.key for register in meter.registers}
        expect(read and len(read) == len(set(read)), f"reading {reading.key} has values of {read}")
        expect(set(read) <= known, f"reading {reading.key} has values of {read}, its meter has {sorted(known)}")
        odd = [value.value for value in reading.values if not _PLAIN.fullmatch(value.value)]
        expect(not odd, f"reading {reading.key} shows {odd}, no plain decimals")
