"""What a manager can do, told before anybody tries: licences, offices and capabilities with reasons."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from ventanilla.backoffice_adapters.contract import PROTOCOLS, Support, capabilities_of
from ventanilla.backoffice_adapters.records import Licence, Record
from ventanilla.resolvers.asking import support
from ventanilla.resolvers.context import Context
from ventanilla.store.manager import Manager


class CapabilityReason(StrEnum):
    """Why something cannot be done."""

    LICENCE_MISSING = "LICENCE_MISSING"
    ADAPTER_CANNOT = "ADAPTER_CANNOT"


class LicenceHeld(Record):
    """A licence and the office that serves it."""

    licence: Licence
    source: str


class Capability(Record):
    """Whether one thing can be done under one licence, by which office, and if not, why."""

    key: str
    licence: Licence
    support: Support
    source: str | None
    reason: CapabilityReason | None


def licences(_context: Context, portals: Sequence[Manager]) -> list[list[LicenceHeld]]:
    """The licences that each manager holds."""
    return [
        [LicenceHeld(licence=licence, source=office) for licence, office in manager.licences.items()]
        for manager in portals
    ]


def capabilities(context: Context, portals: Sequence[Manager]) -> list[list[Capability]]:
    """Every capability of every licence, held or not."""
    return [
        [
            _capability(context, manager, licence, key)
            for licence, protocol in PROTOCOLS.items()
            for key in sorted(set(capabilities_of(protocol).values()))
        ]
        for manager in portals
    ]


def _capability(context: Context, manager: Manager, licence: Licence, key: str) -> Capability:
    if licence not in manager.licences:
        missing = CapabilityReason.LICENCE_MISSING
        return Capability(key=key, licence=licence, support=Support.NO, source=None, reason=missing)
    office = manager.routing.get(key, manager.licences[licence])
    found = support(context, office, key)
    reason = CapabilityReason.ADAPTER_CANNOT if found is Support.NO else None
    return Capability(key=key, licence=licence, support=found, source=office, reason=reason)
