"""What comparing money takes: the store, whom to ask and how, and for whom."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import structlog

from ventanilla.backoffice_adapters.contract import Call, Clock, Fault, FaultCode, Hit
from ventanilla.backoffice_adapters.offices import Offices
from ventanilla.backoffice_adapters.plugins import RegistryError
from ventanilla.jobs.letters import LEASE
from ventanilla.payments.contract import Capability, Platform
from ventanilla.payments.platforms import Platforms
from ventanilla.store.manager import Manager
from ventanilla.store.reconciliation import Place
from ventanilla.store.store import Store

KEPT_IN_VIEW: Final = timedelta(days=35)
"""How long after it was booked, or set out for, a payment is looked at: a month of its office's, and some days."""
_log = structlog.get_logger("ventanilla.payments")


class NotOursError(Exception):
    """The step took so long that another worker has it now: nothing more is to be done here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconciling:
    """What a process has once and every round uses."""

    store: Store
    offices: Offices
    platforms: Platforms
    clock: Clock
    lease: timedelta = LEASE


@dataclass(frozen=True, slots=True)
class Step:
    """One step of one manager's round."""

    desk: Reconciling
    manager: Manager
    place: Place
    begun_at: datetime
    go_on: Callable[[], Awaitable[None]]
    """Keep the step for as long again; raises `NotOursError`. To be called before whoever may take their time is asked.
    """

    @property
    def store(self) -> Store:
        """Where it is written down."""
        return self.desk.store

    @property
    def slug(self) -> str:
        """The manager's."""
        return self.manager.slug

    @property
    def now(self) -> datetime:
        """The present."""
        return self.desk.clock()

    @property
    def since(self) -> datetime:
        """From when on payments are looked at."""
        return self.begun_at - KEPT_IN_VIEW

    async def ask(self, office: str, method: str, subjects: Sequence[Any], *args: Any) -> Sequence[Hit[Any]]:
        """Ask an office, which must not answer from memory; a `Fault` for each where it cannot be had."""
        await self.go_on()
        try:
            guarded = await self.desk.offices.get(self.manager.plans[office])
        except (KeyError, RegistryError) as error:  # an office was taken out of the file, or its adapter away
            _log.error("office cannot be had", manager=self.slug, office=office, reason=type(error).__name__)
            return [Fault(code=FaultCode.UNAVAILABLE)] * len(subjects)
        return await guarded.ask(method, self._call(), subjects, *args, fresh=True)

    def platform(self) -> tuple[str, Platform, frozenset[Capability]] | None:
        """The manager's platform, how it is called and what it can do; None without one. Raises `PlatformError`."""
        choice, platform = self.manager.payments, self.desk.platforms.of(self.manager)
        if choice is None or platform is None:
            return None
        return choice.platform, platform, self.desk.platforms.manifest(choice.platform).capabilities

    def _call(self) -> Call:
        now = self.now
        return Call(
            manager=self.slug,
            request_id="reconciliation",
            locale=self.manager.languages[0],
            now=now,
            today=now.astimezone(self.manager.zone).date(),
            deadline=time.monotonic() + self.desk.lease.total_seconds() / 2,
        )
