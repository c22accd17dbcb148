"""How a promise of platforms is written down."""

from __future__ import annotations

from collections.abc import Callable
from inspect import getdoc

from ventanilla.backoffice_adapters.records import Record
from ventanilla.payments.conformance.harness import Bench
from ventanilla.payments.contract import Capability

Check = Callable[[Bench], None]


class Promise(Record):
    """One promise of the contract: what it says, what it is asked of, and the check that finds it broken."""

    name: str
    text: str
    capabilities: tuple[Capability, ...]
    """All of these must be in the manifest, or the promise is not asked for."""
    check: Check

    @property
    def place(self) -> str:
        """Where the check can be read: module and function."""
        return f"{self.check.__module__}.{self.name}"

    def not_asked(self, bench: Bench) -> str:
        """Why this platform owes nothing here; empty if it does."""
        missing = [name for name in self.capabilities if not bench.has(name)]
        return f"the manifest does not name {', '.join(missing)}" if missing else ""


PROMISES: list[Promise] = []
"""All promises, in the order they are written down."""


def promise(*capabilities: Capability) -> Callable[[Check], Check]:
    """Enter a check into `PROMISES`."""

    def enter(check: Check) -> Check:
        text = getdoc(check) or ""
        PROMISES.append(Promise(name=check.__name__, text=text, capabilities=capabilities, check=check))
        return check

    return enter
