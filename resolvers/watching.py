"""Watching balances: one question to an office and interval for all accounts that anybody watches there.

Offices tell nothing of their own accord, so they are asked. What watchers get is the state, not what led to it: one
that is slow learns once that there is news, and nothing is kept for it.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager, suppress
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from ventanilla.backoffice_adapters.contract import Call, Clock, Fault, FaultCode, Hit, OfficeError
from ventanilla.backoffice_adapters.guard import GuardedOffice, report
from ventanilla.backoffice_adapters.money import Money
from ventanilla.backoffice_adapters.records import AccountRef, Balance, DueItem, Overdue

INTERVAL_S = 5.0
"""How long a change may go unseen."""


_FAILED = Fault(code=FaultCode.UNAVAILABLE, detail="it could not be watched")
_Standing = tuple[Money, Overdue, tuple[DueItem, ...]] | None


def _standing(balance: Balance | None) -> _Standing:
    """What of a balance is news when it changes, which its age is not; None for an account that is no more."""
    return (balance.amount, balance.overdue, balance.next_due) if balance else None


class Watching:
    """All watches of one process. Works in one event loop."""

    def __init__(self, clock: Clock, *, interval_s: float = INTERVAL_S) -> None:
        self._clock = clock
        self._interval_s = interval_s
        self._rounds: dict[tuple[str, str], _Round] = {}

    @asynccontextmanager
    async def watch(self, office: GuardedOffice, call: Call, account: AccountRef) -> AsyncGenerator[asyncio.Event]:
        """Watch the balance of `account`, as `office` knows it: the event is set whenever it has changed since entry.

        Raises `OfficeError` if the office does not tell it to begin with. Whoever looks clears the event first.
        """
        name = (office.plan.manager, office.plan.office)
        known = self._rounds.get(name)
        if known is None:
            known = self._rounds[name] = _Round(office, call, self._clock, self._interval_s)
        changed = known.enter(office, account)
        try:
            await known.first(account)
            yield changed
        finally:
            known.leave(account, changed)
            if known.deserted and self._rounds.get(name) is known:
                del self._rounds[name]
                await known.stop()

    async def close(self) -> None:
        """Stop asking; whoever still watches gets no more news."""
        rounds, self._rounds = self._rounds, {}
        for each in rounds.values():
            await each.stop()


class _Round:
    """What is watched at one office, what it last said of each account, and the task that asks it."""

    def __init__(self, office: GuardedOffice, call: Call, clock: Clock, interval_s: float) -> None:
        self._office = office
        self._call = call
        self._clock = clock
        self._interval_s = interval_s
        self._watchers: dict[AccountRef, set[asyncio.Event]] = {}
        self._said: dict[AccountRef, _Standing] = {}
        self._new: dict[AccountRef, asyncio.Future[Hit[Balance]]] = {}
        self._entered = asyncio.Event()
        self._task = asyncio.create_task(self._run())

    @property
    def deserted(self) -> bool:
        """Whether nobody watches."""
        return not self._watchers

    def enter(self, office: GuardedOffice, account: AccountRef) -> asyncio.Event:
        """Begin to watch; `office` is asked from now on, since its plan is at least as new as any before."""
        self._office = office
        changed = asyncio.Event()
        self._watchers.setdefault(account, set()).add(changed)
        if account not in self._said and account not in self._new:
            self._new[account] = asyncio.get_running_loop().create_future()
            self._entered.set()
        return changed

    async def first(self, account: AccountRef) -> None:
        """Wait until it is known what a change is a change from; all who enter meanwhile share one question."""
        asked = self._new.get(account)
        if asked is None:
            return
        await asyncio.wait({asked})  # a watcher who gives up leaves the question to the others
        hit = asked.result()
        if isinstance(hit, Fault):
            raise OfficeError(hit)

    def leave(self, account: AccountRef, changed: asyncio.Event) -> None:
        """End one watch."""
        watchers = self._watchers[account]
        watchers.discard(changed)
        if not watchers:
            del self._watchers[account]
            self._said.pop(account, None)

    async def stop(self) -> None:
        """Ask no more."""
        self._task.cancel()
        await asyncio.wait({self._task})
        for asked in self._new.values():
            asked.set_result(_FAILED)

    async def _run(self) -> None:
        due = time.monotonic() + self._interval_s
        while True:
            if self._new:
                await self._welcome()
            elif (left := due - time.monotonic()) > 0:
                await self._wait(left)
            else:
                await self._look(list(self._watchers))
                due = time.monotonic() + self._interval_s

    async def _wait(self, seconds: float) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._entered.wait()

    async def _welcome(self) -> None:
        self._entered.clear()
        accounts = list(self._new)
        for account, hit in zip(accounts, await self._look(accounts), strict=True):
            self._new.pop(account).set_result(hit)

    async def _look(self, accounts: Sequence[AccountRef]) -> Sequence[Hit[Balance]]:
        """Ask for the balances; wake whoever watches one that has changed. What cannot be read has not changed."""
        try:
            hits = await self._office.ask("balances", self._call_now(), accounts, fresh=True)
        except Exception as error:  # noqa: BLE001  watching must outlive any one failure
            report("watching balances", error)
            hits = [_FAILED] * len(accounts)
        for account, hit in zip(accounts, hits, strict=True):
            if account in self._watchers and not isinstance(hit, Fault):
                self._compare(account, _standing(hit))
        return hits

    def _compare(self, account: AccountRef, standing: _Standing) -> None:
        if self._said.setdefault(account, standing) != standing:
            self._said[account] = standing
            for changed in self._watchers[account]:
                changed.set()

    def _call_now(self) -> Call:
        plan, now = self._office.plan, self._clock()
        today = now.astimezone(ZoneInfo(plan.time_zone)).date()
        deadline = time.monotonic() + plan.patience.deadline_s
        return replace(self._call, request_id="watching", now=now, today=today, deadline=deadline)
