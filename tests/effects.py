"""Effects that fail: the n-th thing that is done to the world fails, before it is done, or after, its answer lost.

What counts as an effect goes through one port of these: a transaction that is committed, a write that an office is
asked for, a question to a platform, a letter that is handed over. Whoever tests runs the same for n = 1, 2, … until it
passes without a failure, and looks at the books each time.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from email.message import EmailMessage
from itertools import count
from typing import Any, TypeVar

from ventanilla.backoffice_adapters.contract import Call, Fault, FaultCode, Hit
from ventanilla.backoffice_adapters.database import DatabaseUnavailableError
from ventanilla.backoffice_adapters.fit import METHODS
from ventanilla.backoffice_adapters.guard import GuardedOffice
from ventanilla.backoffice_adapters.offices import Offices
from ventanilla.backoffice_adapters.plan import OfficePlan
from ventanilla.mail.transport import Connection, Failure, NotSentError, Transport
from ventanilla.payments.contract import Ask, PlatformError, PlatformFault
from ventanilla.payments.platforms import Platforms
from ventanilla.resolvers.context import Services
from ventanilla.store.store import Store
from ventanilla.store.tenancy import Work

T = TypeVar("T")


@dataclass
class Effects:
    """How many effects there were, and which of them fails; 0 for none."""

    failing: int = 0
    done: bool = False
    """Whether the one that fails is done all the same."""
    begun: int = 0

    def next(self) -> tuple[bool, bool]:
        """Whether the effect that begins fails before it is done, and whether after."""
        self.begun += 1
        fails = self.begun == self.failing
        return fails and not self.done, fails and self.done

    @property
    def struck(self) -> bool:
        """Whether there were so many effects that one failed."""
        return self.begun >= self.failing > 0


async def each_effect(*, done: bool) -> AsyncIterator[Effects]:
    """Effects of which the first fails, the second, … until whoever runs under them has met no failure."""
    for number in count(1):
        effects = Effects(number, done=done)
        yield effects
        if not effects.struck:
            return


class FragileStore(Store):
    """The store at `url`, of which a commit may fail."""

    def __init__(self, url: str, effects: Effects) -> None:
        super().__init__(url)
        self._effects = effects

    @asynccontextmanager
    async def work(self, manager: str | None = None) -> AsyncGenerator[Work]:
        """As any store does it, but for the one."""
        async with super().work(manager) as work:
            yield work
            before, after = self._effects.next()
            if before:
                raise DatabaseUnavailableError
        if after:
            raise DatabaseUnavailableError


class FragileOffices(Offices):
    """`offices`, of which a write may fail."""

    def __init__(self, offices: Offices, effects: Effects) -> None:  # they are opened and closed by whoever made them
        self._offices = offices
        self._effects = effects

    async def get(self, plan: OfficePlan) -> Any:
        """The office, behind a line that may break."""
        return _FragileOffice(await self._offices.get(plan), self._effects)


class _FragileOffice:
    def __init__(self, office: GuardedOffice, effects: Effects) -> None:
        self._office = office
        self._effects = effects

    def __getattr__(self, name: str) -> Any:
        return getattr(self._office, name)

    async def ask(self, method: str, call: Call, subjects: Sequence[Any], *args: Any, **options: Any) -> list[Hit[Any]]:
        if METHODS[method].safe:
            return await self._office.ask(method, call, subjects, *args, **options)
        before, after = self._effects.next()
        if before:
            return [Fault(code=FaultCode.UNAVAILABLE)] * len(subjects)
        answer = await self._office.ask(method, call, subjects, *args, **options)
        return [Fault(code=FaultCode.OUTCOME_UNKNOWN)] * len(subjects) if after else answer


class FragilePlatforms(Platforms):
    """`platforms`, of which a question may fail."""

    def __init__(self, platforms: Platforms, effects: Effects) -> None:  # they are closed by whoever made them
        self._platforms = platforms
        self._effects = effects
        self.of, self.manifest = platforms.of, platforms.manifest

    async def ask(self, ask: Ask[T]) -> T:
        """As any platforms do it, but for the one."""
        before, after = self._effects.next()
        if before:
            raise PlatformError(PlatformFault.UNAVAILABLE)
        answer = await self._platforms.ask(ask)
        if after:
            raise PlatformError(PlatformFault.UNAVAILABLE)
        return answer


class FragileTransport:
    """`transport`, on which handing a letter over may fail."""

    def __init__(self, transport: Transport, effects: Effects) -> None:
        self._transport = transport
        self._effects = effects

    @asynccontextmanager
    async def connected(self) -> AsyncGenerator[Connection]:
        """A connection that may break."""
        async with self._transport.connected() as connection:
            yield _FragileConnection(connection, self._effects)


class _FragileConnection:
    def __init__(self, connection: Connection, effects: Effects) -> None:
        self._connection = connection
        self._effects = effects

    async def send(self, message: EmailMessage, *, sender: str, recipient: str) -> None:
        before, after = self._effects.next()
        if before:
            raise NotSentError(Failure.UNREACHABLE)
        await self._connection.send(message, sender=sender, recipient=recipient)
        if after:
            raise NotSentError(Failure.UNKNOWN)


@asynccontextmanager
async def fragile(services: Services, url: str, effects: Effects) -> AsyncGenerator[Services]:
    """Services in which one effect fails; `url` is where their store is."""
    store = FragileStore(url, effects)
    await store.open()
    try:
        yield replace(
            services,
            store=store,
            offices=FragileOffices(services.offices, effects),
            platforms=FragilePlatforms(services.platforms, effects),
        )
    finally:
        await store.close()
