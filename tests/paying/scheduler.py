"""All orders of what several sessions do at one database: one goes on at a time, from where it waits to where it waits.

A session waits before each statement and before each commit. Who goes on next is chosen, in every way in turn. One that
waits for another's lock is no choice until it has it.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, Final

import asyncpg
from sqlalchemy import Engine, event
from sqlalchemy.util import await_only

from ventanilla.backoffice_adapters.database import Argument, Row
from ventanilla.store.store import Store
from ventanilla.store.tenancy import Work

Session = Callable[[], Awaitable[object]]
_WAITING: Final = """
SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'
"""
_SESSION: ContextVar[_Session | None] = ContextVar("session", default=None)


@dataclass(eq=False)
class _Session:
    """One of those that take turns."""

    number: int
    scheduler: Scheduler
    arrived: asyncio.Event = field(default_factory=asyncio.Event)
    may_go: asyncio.Event = field(default_factory=asyncio.Event)
    begins: bool = False
    """Whether a unit of work of its own begins at the point where it waits."""

    async def point(self, *, begins: bool = False) -> None:
        """Wait for one's turn."""
        self.begins = begins
        self.arrived.set()
        self.scheduler.moved.set()
        await self.may_go.wait()
        self.may_go.clear()


@dataclass
class Scheduler:
    """One order of what sessions do; which one, `choices` say: how many of those who may go on are passed over."""

    choices: Sequence[int]
    switches: int | None
    """How often at most one is left waiting that could have gone on; None for any number."""
    locks: Any = None
    """A connection to the PostgreSQL; None for SQLite, where units of work queue."""
    options: list[int] = field(default_factory=list[int])
    """How many choices there were each time."""
    moved: asyncio.Event = field(default_factory=asyncio.Event)
    inside: int | None = None
    """On SQLite, whose unit of work it is."""

    async def run(self, sessions: Sequence[Session]) -> list[Any]:
        """What each comes to: its answer, or the exception."""
        running: dict[_Session, asyncio.Task[object]] = {}
        found = [_Session(number, self) for number in range(len(sessions))]
        for session, does in zip(found, sessions, strict=True):
            running[session] = asyncio.create_task(self._does(session, does))
        last: _Session | None = None
        while await self._settled(running):
            last = self._next([each for each in found if self._may_go(each, running[each])], last)
            last.arrived.clear()
            last.may_go.set()
        return await asyncio.gather(*running.values(), return_exceptions=True)

    async def _does(self, session: _Session, does: Session) -> object:
        _SESSION.set(session)
        try:
            await session.point()
            return await does()
        finally:
            self.moved.set()

    def _may_go(self, session: _Session, task: asyncio.Task[object]) -> bool:
        waits = session.begins and self.inside is not None
        return session.arrived.is_set() and not task.done() and not waits

    async def _settled(self, running: dict[_Session, asyncio.Task[object]]) -> bool:
        """Wait until nothing moves of itself; whether somebody may go on."""
        still = False
        while True:
            under_way = [each for each, task in running.items() if not task.done() and not each.arrived.is_set()]
            if not under_way or (still and await self._wait_for_locks(len(under_way))):
                if all(task.done() for task in running.values()):
                    return False
                if any(self._may_go(each, task) for each, task in running.items()):
                    return True
            still = not await self._moves()

    async def _moves(self) -> bool:
        """Whether somebody comes somewhere within a moment."""
        self.moved.clear()
        with suppress(TimeoutError):
            async with asyncio.timeout(0.002):
                return await self.moved.wait()
        return False

    async def _wait_for_locks(self, sessions: int) -> bool:
        return self.locks is not None and await self.locks.fetchval(_WAITING) >= sessions

    def _next(self, ready: list[_Session], last: _Session | None) -> _Session:
        ready.sort(key=lambda each: (each is not last, each.number))
        goes_on = bool(last) and ready[0] is last
        spent = self.switches is not None and goes_on and self.switches <= 0
        at = len(self.options)
        chosen = self.choices[at] if at < len(self.choices) else 0
        self.options.append(1 if spent else len(ready))
        if goes_on and chosen and self.switches is not None:
            self.switches -= 1
        return ready[min(chosen, self.options[-1] - 1)]


class SteppedStore(Store):
    """A store whose users take turns, those that are sessions of a scheduler."""

    async def rows(self, sql: str, args: Sequence[Argument] = ()) -> list[Row]:
        """As any store does it, when it is one's turn."""
        if session := _SESSION.get():
            await session.point()
        return await super().rows(sql, args)

    @asynccontextmanager
    async def work(self, manager: str | None = None) -> AsyncGenerator[Work]:
        """As any store does it, when it is one's turn to begin, and to commit."""
        session = _SESSION.get()
        if session is None:
            async with super().work(manager) as work:
                yield work
            return
        await session.point(begins=True)
        scheduler = session.scheduler
        if scheduler.locks is None:
            scheduler.inside = session.number
        try:
            async with super().work(manager) as work:
                yield work
                await session.point()
        finally:
            scheduler.inside = None
            scheduler.moved.set()


@contextmanager
def stepping(*, statements: bool) -> Generator[None]:
    """Let sessions wait before each statement as well; on SQLite nobody else can do anything there."""

    def wait(*_: Any) -> None:
        if session := _SESSION.get():
            await_only(session.point())

    if statements:
        event.listen(Engine, "before_cursor_execute", wait)
    try:
        yield
    finally:
        if statements:
            event.remove(Engine, "before_cursor_execute", wait)


async def orders(
    url: str, begin: Callable[[int], Awaitable[tuple[Sequence[Session], Callable[[list[Any]], Awaitable[None]]]]],
    switches: int | None = None,
) -> int:  # fmt: skip
    """Run what `begin` makes, a number each time, in every order, and check each; how many there were."""
    untyped: Any = asyncpg  # it ships no types for its functions
    locks = await untyped.connect(url) if url.startswith("postgresql") else None
    choices: list[int] = []
    count = 0
    with stepping(statements=locks is not None):
        while True:
            count += 1
            sessions, check = await begin(count)
            scheduler = Scheduler(choices, switches, locks)
            answers = await scheduler.run(sessions)
            try:
                await check(answers)
            except AssertionError as error:
                error.add_note(f"in the order {choices}")
                raise
            following = _following(choices, scheduler.options)
            if following is None:
                break
            choices = following
    if locks:
        await locks.close()
    return count


def _following(choices: Sequence[int], options: Sequence[int]) -> list[int] | None:
    """The next way to choose; None after the last."""
    taken = [*choices, *[0] * (len(options) - len(choices))][: len(options)]
    while taken:
        if taken[-1] + 1 < options[len(taken) - 1]:
            return [*taken[:-1], taken[-1] + 1]
        taken.pop()
    return None
