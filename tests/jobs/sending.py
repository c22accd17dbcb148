"""A desk that sends letters by a real mail server, at a time that tests decide."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import msgspec

from tests.smtp import SmtpServer
from tests.store.fresh import manager_named
from tests.store.letters import NOW, letter
from ventanilla.auth import challenges
from ventanilla.auth.challenges import Challenge, Kind
from ventanilla.auth.keys import Keys
from ventanilla.auth.proofs import Proofs
from ventanilla.jobs.letters import LEASE, Desk, send_due
from ventanilla.jobs.worker import Worker
from ventanilla.mail.post_office import PostOffice
from ventanilla.store import managers
from ventanilla.store.letters import LetterKind, post
from ventanilla.store.manager import MailChoice, MailSecurity, Manager
from ventanilla.store.store import Store

SECRET = "9f8e7d6c5b4a39281706f5e4d3c2b1a0"
SLUGS = ("norte", "sur")
POLL_S = 0.05


@dataclass
class Clock:
    """A clock that goes when it is told to."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        """The present."""
        return self.now

    def go(self, **time: float) -> None:
        """Let time pass."""
        self.now += timedelta(**time)


def served(slug: str, port: int, **choices: Any) -> Manager:
    """A manager whose letters leave by the mail server at `port` of this machine."""
    mail = MailChoice(host="127.0.0.1", port=port, security=MailSecurity.NONE, **{"letters_per_minute": 600, **choices})
    return msgspec.structs.replace(manager_named(slug), mail=mail)


@dataclass
class Sending:
    """Managers with letters, and a mail server that takes them."""

    store: Store
    server: SmtpServer
    clock: Clock = field(default_factory=Clock)
    keys: Keys = field(default_factory=lambda: Keys(SECRET))
    lease: timedelta = LEASE

    @property
    def desk(self) -> Desk:
        return Desk(
            store=self.store,
            keys=self.keys,
            clock=self.clock,
            office=PostOffice(),
            serves_all=False,
            lease=self.lease,
        )

    @asynccontextmanager
    async def working(self, *, grace_s: float = 5, **changes: Any) -> AsyncIterator[asyncio.Event]:
        """A worker at this desk, or one with `changes`; its bell."""
        bell = asyncio.Event()
        worker = Worker(replace(self.desk, **changes), bell, poll_s=POLL_S)
        worker.open()
        try:
            yield bell
        finally:
            await worker.close(grace_s)

    @property
    def proofs(self) -> Proofs:
        return Proofs(self.keys, "sur")

    async def serve(self, slug: str = "sur", **choices: Any) -> None:
        """Let a manager's letters leave by the mail server, in the way that `choices` say."""
        await managers.add(self.store, served(slug, choices.pop("port", self.server.port), **choices), source="test")

    async def challenge(self, kind: Kind, email: str = "r1@example.com") -> Challenge:
        """Begin a challenge at ``sur``."""
        async with self.store.work("sur") as work:
            return await challenges.begin(work, kind, email=email, now=self.clock())

    async def post_proof(self, kind: LetterKind, challenge: Challenge | None, **changes: Any) -> str:
        """Post a letter that proves a challenge, or lacks one; its id."""
        told = {"minutes": "60", "hours": "24"}
        new = letter(kind=kind, challenge_id=challenge and challenge.id, told=told, **changes)
        async with self.store.work("sur") as work:
            return await post(work, new, self.clock())

    async def send(self, slug: str = "sur", *, most: int | None = None) -> datetime | None:
        """Send a batch of a manager's letters, or no more than `most` of it."""
        found = await managers.get(self.store, slug)
        assert found
        before = len(self.server.accepted)
        return await send_due(
            self.desk, found.manager, lambda: most is not None and len(self.server.accepted) - before >= most
        )

    @property
    def recipients(self) -> list[str]:
        """Who has a letter by now, in order."""
        return [each.recipient for each in self.server.accepted]


@asynccontextmanager
async def sending(store: Store) -> AsyncIterator[Sending]:
    """Both managers' letters leave by one server."""
    async with SmtpServer().running() as server:
        found = Sending(store, server)
        for slug in SLUGS:
            await found.serve(slug)
        yield found


async def until(holds: Callable[[], Awaitable[bool]], seconds: float = 120) -> None:
    """Wait until something holds."""
    async with asyncio.timeout(seconds):
        while not await holds():  # noqa: ASYNC110  it is a database that is asked
            await asyncio.sleep(0.01)
