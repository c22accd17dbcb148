"""The worker: finds managers for whom something is due and serves them side by side, until it is told to stop.

Any number of workers may run, in one process or many: what one has taken, no other one takes.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Final, Protocol

import structlog

from ventanilla.auth import access_batches, audit
from ventanilla.backoffice_adapters.database import DatabaseUnavailableError
from ventanilla.backoffice_adapters.guard import report
from ventanilla.jobs.letters import Desk, send_due
from ventanilla.store import checkout_quotes, letter_queues, letters, managers, platform_events
from ventanilla.store.due import Due
from ventanilla.store.letter_queues import due_managers
from ventanilla.store.manager import Manager

PLACES: Final = 16
"""How many managers each errand serves at once: a slow mail server of one holds no other one's letters."""
POLL_S: Final = 2.0
"""How long a letter that was posted by another process may go unseen."""
GRACE_S: Final = 5.0
"""How long a letter that is on the line may take to leave when the worker is closed."""
_TIDY_S: Final = 3_600.0
_SHORTEST_S: Final = 0.05
_AFTER_BUG: Final = timedelta(minutes=1)
_LONGEST_AWAY_S: Final = 30.0
_NAMED: Final = 20
"""How many managers one line of the log names."""
_SWEPT: Final = (
    (letter_queues.sweepable, letters.sweep),
    (audit.sweepable, audit.sweep),
    (access_batches.sweepable, access_batches.sweep),
    (checkout_quotes.sweepable, checkout_quotes.sweep),
    (platform_events.sweepable, platform_events.sweep),
)
"""What is kept for a while only: at which managers something is to be deleted, and how."""

_log = structlog.get_logger("ventanilla.letters")


class Errand(Protocol):
    """One kind of work that waits in the store, a manager at a time."""

    @property
    def doing(self) -> str:
        """What it is, for the log."""
        ...

    async def due(self, now: datetime) -> Due:
        """For whom something is to be done."""
        ...

    async def serve(self, manager: Manager, stopping: Callable[[], bool]) -> datetime | None:
        """Do a part of it, or less once `stopping`; when to look at this manager again, None: when something is due."""
        ...


class Letters:
    """The errand that there always is: letters are sent."""

    doing = "sending letters"

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def due(self, now: datetime) -> Due:
        """Whose letters are due."""
        return await due_managers(self._desk.store, now)

    async def serve(self, manager: Manager, stopping: Callable[[], bool]) -> datetime | None:
        """Send a batch; letters of who has no mail server wait."""
        if not self._desk.serves(manager):
            return self._desk.clock() + timedelta(seconds=_LONGEST_AWAY_S)
        return await send_due(self._desk, manager, stopping)


class Worker:
    """Sends letters, and runs other errands. Works in one event loop, from `open` to `close`."""

    def __init__(
        self,
        desk: Desk,
        bell: asyncio.Event | None = None,
        *,
        poll_s: float = POLL_S,
        others: Sequence[Errand] = (),
    ) -> None:
        """`bell` is rung by whoever has left something to do in this process."""
        self._desk = desk
        self._errands = (Letters(desk), *others)
        self._bell = bell or asyncio.Event()
        self._poll_s = poll_s
        self._stopping = False
        self._looking: asyncio.Task[None] | None = None
        self._serving: dict[tuple[str, str], asyncio.Task[None]] = {}
        self._resting: dict[tuple[str, str], datetime] = {}
        """Errands and managers that are not served before a moment, whatever is due."""
        self._away = 0
        """How often in a row the database did not answer."""
        self._tidies_at = 0.0

    def open(self) -> None:
        """Begin to look for letters."""
        self._looking = asyncio.create_task(self._look_on())

    async def close(self, grace_s: float = GRACE_S) -> None:
        """Take no more letters, let those on the line leave, for `grace_s` at most, and give back the others."""
        self._stopping = True
        self._bell.set()
        if self._looking:
            await _ended({self._looking}, grace_s)  # it may have begun to serve somebody in the meantime
        await _ended(set(self._serving.values()), grace_s)

    async def _look_on(self) -> None:
        while not self._stopping:
            self._bell.clear()
            try:
                wait_s = await self._look()
                self._came_back()
            except DatabaseUnavailableError:
                wait_s = self._went_away()
            except Exception as error:  # noqa: BLE001  whatever goes wrong once, letters are looked for again
                report("looking for letters", error)
                wait_s = _LONGEST_AWAY_S
            await self._wait(wait_s)

    async def _wait(self, seconds: float) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._bell.wait()

    async def _look(self) -> float:
        """Begin to serve who is to be served; in how many seconds to look again, unless the bell rings."""
        if time.monotonic() >= self._tidies_at:
            await self._tidy()
        now = self._desk.clock()
        self._resting = {who: until for who, until in self._resting.items() if until > now}
        moments = [*self._resting.values()]
        for errand in self._errands:
            due = await errand.due(now)
            self._begin(errand, due)
            moments += [due.next_at] if due.next_at else []
        next_s = min(((moment - now).total_seconds() for moment in moments), default=self._poll_s)
        return max(_SHORTEST_S, min(self._poll_s, next_s))

    def _begin(self, errand: Errand, due: Due) -> None:
        """Serve those for whom something is due, as far as there are places."""
        names = [(errand.doing, slug) for slug in due.managers]
        ready = [name for name in names if name not in self._serving and name not in self._resting]
        taken = sum(doing == errand.doing for doing, _ in self._serving)
        for name in ready[: PLACES - taken]:
            self._serving[name] = asyncio.create_task(self._serve(errand, name))

    async def _serve(self, errand: Errand, name: tuple[str, str]) -> None:
        """Do a part for a manager; then others who wait longer come first."""
        try:
            again = await self._done(errand, name[1])
            if again:
                self._resting[name] = again
        except DatabaseUnavailableError:
            self._went_away()
            self._resting[name] = self._desk.clock() + timedelta(seconds=self._poll_s)
        except Exception as error:  # noqa: BLE001  what goes wrong at one manager is not for the others to suffer
            report(errand.doing, error)
            self._resting[name] = self._desk.clock() + _AFTER_BUG
        finally:
            del self._serving[name]
            self._bell.set()

    async def _done(self, errand: Errand, slug: str) -> datetime | None:
        found = await managers.get(self._desk.store, slug)
        if found is None or self._stopping:
            return None
        return await errand.serve(found.manager, lambda: self._stopping)

    def _went_away(self) -> float:
        """Tell once that the database does not answer; how long to leave it alone."""
        if not self._away:
            _log.warning("letters wait: the database does not answer")
        self._away += 1
        return min(_LONGEST_AWAY_S, self._poll_s * 2 ** min(self._away - 1, 10))

    def _came_back(self) -> None:
        if self._away:
            _log.info("the database answers again")
        self._away = 0

    async def _tidy(self) -> None:
        """Once an hour: delete what was kept long enough, and tell whose letters cannot leave."""
        store, now = self._desk.store, self._desk.clock()
        for sweepable, sweep in _SWEPT:
            for slug in await sweepable(store, now):
                async with store.work(slug) as work:
                    await sweep(work, now)
        await self._tell_unserved()
        self._tidies_at = time.monotonic() + _TIDY_S

    async def _tell_unserved(self) -> None:
        unserved: list[str] = []
        after, more = "", not self._desk.serves_all
        while more:
            part = await managers.listing(self._desk.store, after=after)
            unserved += (each.manager.slug for each in part.items if not self._desk.serves(each.manager))
            after, more = part.items[-1].manager.slug if part.items else after, part.more
        if unserved:
            _log.warning(
                "letters wait: there is no mail server for them",
                managers=unserved[:_NAMED],
                count=len(unserved),
                mend="set VENTANILLA_SMTP, or add a [mail] table to the managers' files",
            )


async def _ended(tasks: set[asyncio.Task[None]], grace_s: float) -> None:
    """Wait for tasks to end; what takes longer is cut off, and has as long again to leave things in order."""
    late = (await asyncio.wait(tasks, timeout=grace_s))[1] if tasks else set[asyncio.Task[None]]()
    for task in late:
        task.cancel()
    if late:
        await asyncio.wait(late, timeout=grace_s)
