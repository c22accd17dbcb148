"""All open offices of this process: opened when first wanted, shared, closed when idle, healed when broken."""

from __future__ import annotations

import asyncio
import logging
import re
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from ventanilla.backoffice_adapters.breaker import Breaker, ShutError
from ventanilla.backoffice_adapters.contract import Clock, Fault, FaultCode, Office, OfficeError, Setting
from ventanilla.backoffice_adapters.guard import RAISED, GuardedOffice, Observe, report
from ventanilla.backoffice_adapters.plan import OfficePlan
from ventanilla.backoffice_adapters.plugins import RegistryError
from ventanilla.backoffice_adapters.registry import Registry
from ventanilla.backoffice_adapters.secrets import SecretError

_log = logging.getLogger(__name__)
_PLAIN = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}")
OPENING_S = 60.0
"""How long an office may take to open; whoever asks meanwhile waits no longer than their own deadline."""
CLOSING_S = 20.0
"""How long an office may take to close; the sweeper and the end of the process wait for it."""
SWEEP_S = 30.0
RENEWAL_S = 2.0
"""How often an office that refuses our credentials is opened anew at most: wrong ones stay wrong."""


class OfficeDoor:
    """Opens one office when it is first taken, once for all who wait, and again after a failure or a rest."""

    def __init__(self, name: str, make: Callable[[], Office]) -> None:
        """`make` gives an unopened office; what it raises counts as a failed opening. `name` is for the log."""
        self._name = name
        self._make = make
        self._office: Office | None = None
        self._opening: asyncio.Task[None] | None = None
        self._resting: asyncio.Task[None] | None = None
        self._turn = asyncio.Lock()
        self._renewed_at = -RENEWAL_S
        self._leaving: set[asyncio.Task[None]] = set()
        self._quiet = asyncio.Event()
        self._quiet.set()
        self._lent = 0
        self._left_at = time.monotonic()
        self._breaker = Breaker(trip=1, rest_s=0.5, longest_s=4)
        self._fault = Fault(code=FaultCode.UNAVAILABLE, detail="not opened yet")
        self._retired = self._closed = False

    async def take(self) -> Office:
        """Give the open office, or raise `ShutError` with the fault of the last opening."""
        self._lent += 1
        self._quiet.clear()
        try:
            return self._office or await self._open_once()
        except BaseException:
            self.give_back()
            raise

    def give_back(self) -> None:
        """End one taking."""
        self._lent -= 1
        if self._lent:
            return
        self._left_at = time.monotonic()
        self._quiet.set()
        self._rest_if_retired()

    def renew(self, office: Office, patience_s: float) -> bool:
        """Let go of `office` once nobody has it, at the latest after `patience_s`; the next taking opens another.

        Tells whether it does: not if the one before it was let go of a moment ago.
        """
        if self._office is not office:
            return True
        now = time.monotonic()
        if now - self._renewed_at < RENEWAL_S:
            return False
        self._renewed_at, self._office = now, None
        _log.info("office %s is opened anew, because it refused our credentials", self._name)
        leaving = asyncio.create_task(self._leave(office, patience_s))
        self._leaving.add(leaving)
        leaving.add_done_callback(self._leaving.discard)
        return True

    def idle_s(self) -> float:
        """Seconds since the office was last given back; 0 while somebody has it."""
        return 0.0 if self._lent else time.monotonic() - self._left_at

    @property
    def at_rest(self) -> bool:
        """Whether nothing is open and nobody wants it."""
        return not (self._lent or self._office or self._opening or self._leaving)

    async def rest(self) -> None:
        """Close the office unless somebody has it; the next taking opens it again."""
        async with self._turn:
            if self._lent or self._office is None:
                return
            office, self._office = self._office, None
            await self._let_go(office)

    def retire(self) -> None:
        """From now on close whenever nobody has the office: its plan is no longer the current one."""
        self._retired = True
        self._rest_if_retired()

    async def close(self, patience_s: float) -> None:
        """Lend no more, wait up to `patience_s` for those who have the office, and close it."""
        self._closed = True
        if self._opening:
            self._opening.cancel()
        with suppress(TimeoutError):
            await asyncio.wait_for(self._quiet.wait(), patience_s)
        async with self._turn:
            office, self._office = self._office, None
            if office is not None:
                await self._let_go(office)
        await asyncio.gather(*self._leaving)

    async def _leave(self, office: Office, patience_s: float) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._quiet.wait(), patience_s)
        await self._let_go(office)

    def _rest_if_retired(self) -> None:
        if self._retired and not self._lent:
            self._resting = asyncio.create_task(self.rest())

    async def _open_once(self) -> Office:
        if self._closed:
            raise ShutError(Fault(code=FaultCode.UNAVAILABLE, detail="the office is closed"))
        if self._opening is None:
            if rest := self._breaker.rest():
                raise ShutError(Fault(code=self._fault.code, detail=self._fault.detail, retry_after=rest))
            self._opening = asyncio.create_task(self._open())
        # A caller who gives up leaves the opening to the others.
        await asyncio.wait({self._opening})
        if self._office is None:
            raise ShutError(self._fault)
        return self._office

    async def _open(self) -> None:
        try:
            async with self._turn:
                fault = await self._attempt()
        finally:
            self._opening = None
        if fault is None:
            self._breaker.worked()
            self._rest_if_retired()
            return
        _log.warning("office %s cannot be opened: %s: %s", self._name, fault.code, fault.detail)
        self._fault = fault
        self._breaker.failed(fault.retry_after)

    async def _attempt(self) -> Fault | None:
        office = None
        try:
            office = self._make()
            async with asyncio.timeout(OPENING_S):
                await office.open()
        except BaseException as error:
            if office is not None:
                await self._let_go(office)
            if not isinstance(error, RAISED):
                raise
            return _opening_fault(error)
        self._office = office
        return None

    async def _let_go(self, office: Office) -> None:
        try:
            async with asyncio.timeout(CLOSING_S):
                await office.close()
        except RAISED as error:  # an office that cannot close must not keep others from closing
            report(f"office {self._name}: close", error)


def _opening_fault(error: BaseException) -> Fault:
    if isinstance(error, OfficeError):
        return error.fault
    if isinstance(error, TimeoutError):
        return Fault(code=FaultCode.TIMEOUT, detail="the office did not open in time")
    # These speak to the operator and hold no values; any other message may.
    told = (
        str(error)
        if isinstance(error, RegistryError | SecretError | OSError)
        else f"{type(error).__name__} while opening"
    )
    return Fault(code=FaultCode.UNAVAILABLE, detail=told)


class Offices:
    """The offices of all managers, one for each (manager, office). Works in one event loop."""

    def __init__(
        self,
        registry: Registry,
        folder: Path,
        clock: Clock,
        *,
        idle_s: float = 900,
        remembered: int = 10_000,
        observe: Observe | None = None,
    ) -> None:
        """`folder` holds a folder for each office; `remembered` are the records each may keep for an outage.

        `observe` is told of every call that reaches for an office.
        """
        self._registry = registry
        self._folder = folder
        self._clock = clock
        self._idle_s = idle_s
        self._remembered = remembered
        self._observe = observe
        self._known: dict[tuple[str, str], tuple[GuardedOffice, OfficeDoor]] = {}
        self._retired: list[OfficeDoor] = []
        self._sweeper: asyncio.Task[None] | None = None
        self._closed = False

    async def get(self, plan: OfficePlan) -> GuardedOffice:
        """Give the office of `plan`; it opens with its first question, whose faults tell if it cannot.

        A plan that differs from the one before replaces it; the old office closes when its calls are done. Raises
        `RegistryError` if the adapter itself cannot be had, `ValueError` for a name that cannot name a folder.
        """
        known = self._known.get((plan.manager, plan.office))
        if known and (known[0].plan is plan or known[0].plan == plan):
            return known[0]
        if self._closed:
            msg = "the offices are closed, because the process is ending; ask another one"
            raise RuntimeError(msg)
        guarded, door = self._new(plan)
        if known:
            known[1].retire()
            self._retired.append(known[1])
        self._known[plan.manager, plan.office] = guarded, door
        return guarded

    def start(self) -> None:
        """Begin to close idle offices in the background, until `close`."""
        self._sweeper = asyncio.create_task(self._sweep_for_ever())

    async def sweep(self) -> None:
        """Close the offices that were idle for long; forget those whose memory is too old to be served as well."""
        for key, (guarded, door) in list(self._known.items()):
            idle = door.idle_s()
            if idle and idle >= self._idle_s:
                await door.rest()
                if door.idle_s() >= max(self._idle_s, guarded.stale_s):
                    self._known.pop(key, None)
        self._retired = [door for door in self._retired if not door.at_rest]

    async def close(self) -> None:
        """Close every office for good, giving calls under way as long as they may take."""
        if self._sweeper:
            self._sweeper.cancel()
            with suppress(asyncio.CancelledError):
                await self._sweeper
        self._closed = True
        closing = [door.close(guarded.plan.patience.deadline_s) for guarded, door in self._known.values()]
        await asyncio.gather(*closing, *(door.close(1) for door in self._retired))

    def _new(self, plan: OfficePlan) -> tuple[GuardedOffice, OfficeDoor]:
        adapter = self._registry.get(plan.adapter)
        folder = self._folder / _plain(plan.manager) / _plain(plan.office)
        door = OfficeDoor(f"{plan.manager}/{plan.office}", lambda: adapter.office(self._setting(plan, folder)))
        guarded = GuardedOffice(
            plan, adapter.manifest, door, self._clock, remembered=self._remembered, observe=self._observe
        )
        return guarded, door

    def _setting(self, plan: OfficePlan, folder: Path) -> Setting:
        folder.mkdir(parents=True, exist_ok=True)
        return Setting(
            manager=plan.manager,
            office=plan.office,
            licences=plan.licences,
            currency=plan.currency,
            time_zone=plan.time_zone,
            configuration=self._registry.configure(plan.adapter, plan.configuration),
            folder=folder,
            clock=self._clock,
        )

    async def _sweep_for_ever(self) -> None:
        while True:
            await asyncio.sleep(min(SWEEP_S, self._idle_s))
            try:
                await self.sweep()
            except Exception as error:  # noqa: BLE001  the sweeper must outlive any one failure
                report("sweeping idle offices", error)


def _plain(name: str) -> str:
    """Refuse a name that would leave the folder it is meant for."""
    if not _PLAIN.fullmatch(name):
        msg = f"{name!r} cannot name a folder; use letters, digits, '-', '_' and '.', beginning with a letter or digit"
        raise ValueError(msg)
    return name
