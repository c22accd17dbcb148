"""What the contract says of each of its methods: which capability it serves, and under which licences."""

from __future__ import annotations

from collections.abc import Mapping

from ventanilla.backoffice_adapters.contract import PROTOCOLS, capabilities_of
from ventanilla.backoffice_adapters.records import Licence

CAPABILITY_OF: Mapping[str, str] = {
    method: capability for protocol in PROTOCOLS.values() for method, capability in capabilities_of(protocol).items()
}
"""Contract method → the capability it serves."""

LICENCES_OF: Mapping[str, frozenset[Licence]] = {
    method: frozenset(licence for licence, protocol in PROTOCOLS.items() if method in capabilities_of(protocol))
    for method in CAPABILITY_OF
}
"""Contract method → the licences whose offices have it; any of them is enough."""
