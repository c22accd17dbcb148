"""The guard around an office: the only way in which the gateway asks it anything.

It keeps the deadline and the number of calls under way and waiting, splits what is too long, asks again what is safe
to ask twice, leaves an office alone that does not answer, checks that an answer fits its question, and turns whatever
goes wrong into a `Fault` for each position. While an office does not answer it serves what the office said last,
marked stale with the date it was true; a write makes it forget what that was. A write whose answer is lost is
OUTCOME_UNKNOWN (`outcome.py`), and never asked twice.
"""

from __future__ import annotations

import asyncio
import logging
import time
import traceback
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any, Protocol

from msgspec.structs import replace

from ventanilla.backoffice_adapters.breaker import Breaker, ShutError
from ventanilla.backoffice_adapters.contract import (
    Call,
    ChangeWindow,
    Clock,
    Fault,
    FaultCode,
    Health,
    Hit,
    Manifest,
    Office,
    OfficeError,
    Support,
    Window,
)
from ventanilla.backoffice_adapters.deadlines import Deadlines
from ventanilla.backoffice_adapters.fit import METHODS, Method, MisfitError
from ventanilla.backoffice_adapters.memory import Memory
from ventanilla.backoffice_adapters.outcome import Errand
from ventanilla.backoffice_adapters.plan import OfficePlan
from ventanilla.backoffice_adapters.records import Record
from ventanilla.backoffice_adapters.retry import AGAIN, TRIES, pause_s

_log = logging.getLogger(__name__)

RAISED = (Exception, SystemExit)
"""What an office may raise and is caught: an adapter's library that wants to exit must not end the whole process."""
_SILENT = frozenset({FaultCode.UNAVAILABLE, FaultCode.TIMEOUT, FaultCode.THROTTLED, FaultCode.PROTOCOL})
"""Faults for which an older answer is better than none."""
_DOWN = frozenset({FaultCode.UNAVAILABLE, FaultCode.TIMEOUT, FaultCode.THROTTLED})
"""Faults that count towards leaving the office alone."""


_WINDOWS = (Window, ChangeWindow)
_SOON_S = 1.0
"""When to come back to an office of which nothing better is known."""
_CROWDED = Fault(code=FaultCode.UNAVAILABLE, detail="too many questions wait for it already", retry_after=_SOON_S)


def _left_alone(rest: float) -> Fault:
    return Fault(code=FaultCode.UNAVAILABLE, detail="left alone after failures in a row", retry_after=rest)


class OfficeCall(Record):
    """One call that reached for an office, as it is told to whoever observes."""

    manager: str
    office: str
    method: str
    subjects: int
    seconds: float
    fault: FaultCode | None = None


Observe = Callable[[OfficeCall], None]


class Door(Protocol):
    """Lends an open office: opens it when it is first wanted, keeps it open while it is lent."""

    async def take(self) -> Office:
        """Give the open office, or raise `OfficeError`. Each taking that did not raise is given back once."""
        ...

    def give_back(self) -> None:
        """End one taking."""

    def renew(self, office: Office, patience_s: float) -> bool:
        """Let go of `office`, which knows us no longer, once nobody has it, at the latest after `patience_s`.

        Tells whether the next taking gives another one.
        """
        ...


class GuardedOffice:
    """One office of one manager, safe to ask. It never raises what an office did: it answers faults."""

    def __init__(
        self,
        plan: OfficePlan,
        manifest: Manifest,
        door: Door,
        clock: Clock,
        *,
        remembered: int = 10_000,
        observe: Observe | None = None,
    ) -> None:
        """`remembered` is how many records may be kept for an outage."""
        self.plan = plan
        self.manifest = manifest
        self._name = f"office {plan.manager}/{plan.office}"
        self._door = door
        self._clock = clock
        self._deadlines = Deadlines()
        self._places = asyncio.Semaphore(plan.patience.concurrency)
        self._questions = 0
        self._most_questions = plan.patience.concurrency + plan.patience.waiting
        self._breaker = Breaker(
            trip=5, rest_s=min(1, plan.patience.deadline_s / 5), longest_s=min(4, plan.patience.deadline_s)
        )
        told = plan.patience.stale_s
        self.stale_s = manifest.stale_s if told is None else told
        """How old an answer may be that is served while the office does not answer; 0: never."""
        self._remembered = remembered
        self._memory: Memory | None = None
        self._forget()
        self._observe = observe

    def supports(self, capability: str) -> Support:
        """What the manifest says of `capability`; what it does not name is NO."""
        return self.manifest.capabilities.get(capability, Support.NO)

    async def ask(
        self, method: str, call: Call, subjects: Sequence[Any], *args: Any, fresh: bool = False
    ) -> list[Hit[Any]]:
        """Ask `method` of the contract for each of `subjects`; the answer is aligned with them.

        `fresh` refuses what is remembered: for whatever decides access or moves money. A window longer than the
        office's largest page is answered by one such page, and `more` tells that there are more.
        """
        if call.manager != self.plan.manager:
            msg = f"a call of manager {call.manager!r} reached an office of {self.plan.manager!r}; ask its own"
            raise ValueError(msg)
        known = METHODS[method]
        if self.supports(known.capability) is Support.NO:
            refusal = Fault(code=FaultCode.UNSUPPORTED, detail=f"{known.capability} is not in the manifest")
            return [refusal] * len(subjects)
        if not subjects:
            return []
        call = self._hurried(call)
        shown = tuple([self._paged(arg) if isinstance(arg, _WINDOWS) else arg for arg in args])
        if self._questions >= self._most_questions:
            return self._settled(known, call, subjects, shown, _CROWDED, fresh=fresh)
        self._questions += 1
        try:
            asked = self._batch if len(subjects) <= self.manifest.max_batch else self._split
            return await asked(known, call, subjects, shown, fresh)
        finally:
            self._questions -= 1

    async def health(self) -> Health:
        """Tell how the office is within its deadline; never raises what an office did."""
        try:
            async with asyncio.timeout(self.plan.patience.deadline_s), self.opened() as office:
                return await office.health()
        except OfficeError as error:
            return Health(ok=False, detail=str(error))
        except TimeoutError:
            return Health(ok=False, detail=f"no answer within {self.plan.patience.deadline_s:g} s")
        except RAISED as error:  # whatever an office raises is news of its health
            report(f"{self._name}: health", error)
            return Health(ok=False, detail=f"{type(error).__name__} while asking")

    @asynccontextmanager
    async def opened(self) -> AsyncGenerator[Office]:
        """Lend the bare office for upkeep outside the contract (filling a demo); raises `OfficeError`."""
        office = await self._door.take()
        try:
            yield office
        finally:
            self._door.give_back()

    def _hurried(self, call: Call) -> Call:
        latest = time.monotonic() + self.plan.patience.deadline_s
        return call if call.deadline <= latest else replace(call, deadline=latest)

    def _paged(self, window: Window | ChangeWindow) -> Window | ChangeWindow:
        most = self.manifest.max_page
        return replace(window, limit=most) if window.limit > most else window

    async def _split(
        self, method: Method, call: Call, subjects: Sequence[Any], args: tuple[Any, ...], fresh: bool
    ) -> list[Hit[Any]]:
        most = self.manifest.max_batch
        batches = [subjects[start : start + most] for start in range(0, len(subjects), most)]
        answers = await asyncio.gather(*(self._batch(method, call, batch, args, fresh) for batch in batches))
        return [hit for answer in answers for hit in answer]

    async def _batch(
        self, method: Method, call: Call, subjects: Sequence[Any], args: tuple[Any, ...], fresh: bool
    ) -> list[Hit[Any]]:
        errand, memory = Errand(method, call, subjects, args), self._memory
        try:
            answer = await self._tried(errand)
            if isinstance(answer, Fault):
                answer = await self._again(errand, answer)
        except ShutError as error:
            answer = error.fault
        # What was asked before a write came is not remembered after it.
        return self._settled(method, call, subjects, args, answer, fresh=fresh, keeps=memory is self._memory)

    def _settled(
        self,
        method: Method,
        call: Call,
        subjects: Sequence[Any],
        args: tuple[Any, ...],
        answer: list[Hit[Any]] | Fault,
        *,
        fresh: bool,
        keeps: bool = True,
    ) -> list[Hit[Any]]:
        """The answer after a look at the memory: keep what is good if it `keeps` it, or fall back on what was."""
        hits = [self._told(answer)] * len(subjects) if isinstance(answer, Fault) else answer
        if self._memory is None or not method.may_be_stale:
            return hits
        question = (method.name, call.locale, call.wanted, args)
        if Fault not in map(type, hits):
            if keeps:
                self._memory.keep(question, subjects, hits, self._clock())
            return hits
        good = [at for at, hit in enumerate(hits) if type(hit) is not Fault]
        if good and keeps:
            self._memory.keep(question, [subjects[at] for at in good], [hits[at] for at in good], self._clock())
        return hits if fresh else self._recalled(self._memory, question, subjects, hits)

    def _recalled(self, memory: Memory, question: Any, subjects: Sequence[Any], hits: list[Hit[Any]]) -> list[Hit[Any]]:
        """`hits` with what is remembered in place of the office's silence."""
        silent = [at for at, hit in enumerate(hits) if type(hit) is Fault and hit.code in _SILENT]
        oldest = self._clock() - timedelta(seconds=self.stale_s)
        recalled = memory.recall(question, [subjects[at] for at in silent], oldest)
        known = {at: old for at, old in zip(silent, recalled, strict=True) if old is not None}
        return [known.get(at, hit) for at, hit in enumerate(hits)]

    async def _again(self, errand: Errand, fault: Fault) -> list[Hit[Any]] | Fault:
        """Ask a safe method again, after pauses that end before the deadline and not before the breaker's rest."""
        for tried in range(1, TRIES if errand.method.safe else 1):
            pause = pause_s(fault, tried)
            if pause is None or pause < self._breaker.resting() or time.monotonic() + pause >= errand.call.deadline:
                return fault
            _log.info("%s: %s: %s, asked again in %.1f s", self._name, errand.method.name, fault.code, pause)
            await asyncio.sleep(pause)
            answer = await self._tried(errand)
            if not isinstance(answer, Fault):
                return answer
            fault = answer
        return fault

    async def _tried(self, errand: Errand) -> list[Hit[Any]] | Fault:
        """Reach for the office once, or raise `ShutError`; tell the breaker and the observer how it went."""
        if rest := self._breaker.rest():
            raise ShutError(_left_alone(rest))
        started = time.monotonic()
        try:
            answer = await self._caught(errand)
        except BaseException as error:  # a shut door or a caller who gave up tells nothing of the office
            self._breaker.unsaid()
            if isinstance(error, ShutError):
                self._tell(errand, time.monotonic() - started, error.fault)
            raise
        seconds = time.monotonic() - started
        self._judge(answer if isinstance(answer, Fault) else None, seconds)
        answer = errand.told(answer)
        self._tell(errand, seconds, answer if isinstance(answer, Fault) else None)
        return answer

    def _tell(self, errand: Errand, seconds: float, fault: Fault | None) -> None:
        if self._observe is None:
            return
        self._observe(
            OfficeCall(
                manager=self.plan.manager,
                office=self.plan.office,
                method=errand.method.name,
                subjects=len(errand.subjects),
                seconds=seconds,
                fault=fault.code if fault else None,
            )
        )

    def _told(self, fault: Fault) -> Fault:
        """`fault`, saying when to come back if it is one that passes."""
        if fault.retry_after is None and fault.code in AGAIN:
            return replace(fault, retry_after=self._breaker.resting() or _SOON_S)
        return fault

    def _judge(self, fault: Fault | None, seconds: float) -> None:
        if fault is None or fault.code not in _DOWN:
            self._breaker.worked()
        # A caller in a hurry says nothing about the office.
        elif fault.code is not FaultCode.TIMEOUT or seconds >= min(1.0, self.plan.patience.deadline_s / 2):
            self._breaker.failed(fault.retry_after)
        else:
            self._breaker.unsaid()

    async def _caught(self, errand: Errand) -> list[Hit[Any]] | Fault:
        """The checked answer, or the fault that whatever was raised amounts to; only `ShutError` is let out."""
        try:
            answer = await self._reached(errand)
            errand.method.check(errand.subjects, answer)
        except ShutError:
            raise
        except OfficeError as error:
            return error.fault
        except TimeoutError:
            return Fault(code=FaultCode.TIMEOUT, detail="no answer before the deadline")
        except MisfitError as error:
            _log.error("%s: %s: %s", self._name, errand.method.name, error)
            return Fault(code=FaultCode.PROTOCOL, detail=str(error))
        except asyncio.CancelledError as error:
            if _wanted_to_stop():
                raise
            return self._unexpected(errand.method, error)
        except RAISED as error:  # whatever an adapter raises must not reach the visitor
            return self._unexpected(errand.method, error)
        return answer

    async def _reached(self, errand: Errand) -> Any:
        safe = errand.method.safe
        with self._deadlines.within(errand.call.deadline - time.monotonic()):
            async with self._places:
                if rest := self._breaker.resting():  # which began while this call waited for its place
                    raise ShutError(_left_alone(rest))
                renewable = safe
                while True:
                    office = await self._door.take()
                    try:
                        if not safe:
                            errand.wrote = True
                            self._forget()
                        return await getattr(office, errand.method.name)(errand.call, errand.subjects, *errand.args)
                    except OfficeError as error:
                        if not (self._renewed(office, error.fault) and renewable):
                            raise
                        renewable = False
                    finally:
                        self._door.give_back()
                        if not safe:  # what was read meanwhile may be from before it
                            self._forget()

    def _forget(self) -> None:
        """Remember nothing of the office any longer."""
        self._memory = Memory(self._remembered) if self.stale_s else None

    def _renewed(self, office: Office, fault: Fault) -> bool:
        """Whether `fault` is that `office` knows us no longer, and the next taking gives one that may."""
        unknown = fault.code is FaultCode.UNAUTHORIZED
        return unknown and self._door.renew(office, self.plan.patience.deadline_s)

    def _unexpected(self, method: Method, error: BaseException) -> Fault:
        report(f"{self._name}: {method.name}", error)
        return Fault(code=FaultCode.PROTOCOL, detail=f"{type(error).__name__} in {method.name}")


def _wanted_to_stop() -> bool:
    """Tell a cancellation of this very task from one that an office let slip out of its own tasks."""
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


def report(doing: str, error: BaseException) -> None:
    """Log where it happened; neither arguments nor the message, which may quote somebody's data."""
    stack = "".join(traceback.format_tb(error.__traceback__))
    _log.error("%s raised %s\n%s", doing, type(error).__name__, stack)
