"""The context: everything a resolver may know of the request it serves."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property, lru_cache
from typing import cast

import msgspec

from ventanilla.auth.actor import Actor
from ventanilla.auth.caller import Caller
from ventanilla.auth.keys import Keys
from ventanilla.auth.mandates import Mandate, of_people
from ventanilla.auth.proofs import Proofs
from ventanilla.auth.providers.metadata import Providers
from ventanilla.auth.refused import RefusedPasswords
from ventanilla.backoffice_adapters.contract import Call, Clock
from ventanilla.backoffice_adapters.guard import GuardedOffice
from ventanilla.backoffice_adapters.offices import Offices
from ventanilla.backoffice_adapters.registry import Registry
from ventanilla.payments.platforms import Platforms
from ventanilla.pdf.papers import Papers
from ventanilla.resolvers.cursors import Cursors
from ventanilla.resolvers.ids import Ids
from ventanilla.resolvers.row_watching import RowWatching
from ventanilla.resolvers.watching import Watching
from ventanilla.store.manager import Manager
from ventanilla.store.store import Store

OPERATION_DEADLINE_S = 20.0
"""An answer later than this is of no use to a browser; each office has its own, shorter patience."""
MOST_PAGE = 100
"""The most rows that one list may be asked for at once, unless the process is told otherwise."""
_OFFICES_SHARE = 0.9
"""How much of it offices get, so that what some of them said is still answered when another one hangs."""


def nobody_waits() -> None:
    """Tell nobody: letters are found by whoever looks for them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """What a process has once and every request uses."""

    store: Store
    registry: Registry
    offices: Offices
    keys: Keys
    clock: Clock
    papers: Papers
    watching: Watching
    platforms: Platforms
    rows: RowWatching = field(default_factory=RowWatching)
    """Who watches rows of our own: checkouts, access for many."""
    wake_worker: Callable[[], None] = nobody_waits
    """To be called once something is committed that waits for the worker, so that one in this process looks at once."""
    refused: RefusedPasswords = field(default_factory=RefusedPasswords)
    """Passwords that nobody may choose."""
    providers: Providers = field(default_factory=Providers)
    """Identity providers, and what they publish."""
    coordinates: Mapping[str, str | None] = field(default_factory=dict[str, str | None])
    """Each field of the schema, as ``Type.field`` → the declared function that decides who gets its answer; None where
    it comes with what it belongs to."""


@lru_cache(maxsize=4_096)
def _ids(keys: Keys, manager: str, offices: tuple[str, ...]) -> Ids:
    return Ids(keys.of(manager, "ids", 64), offices)


@lru_cache(maxsize=4_096)
def _cursors(keys: Keys, manager: str) -> Cursors:
    return Cursors(keys.of(manager, "cursors", 32))


@lru_cache(maxsize=4_096)
def _proofs(keys: Keys, manager: str) -> Proofs:
    return Proofs(keys, manager)


class Reply(msgspec.Struct):
    """What a resolver may want of the transport beside the answer itself."""

    session: str | None = None
    """A session token to be set as cookie; empty to clear the cookie; None to leave it alone."""


class Context(msgspec.Struct, kw_only=True, dict=True, eq=False):  # for what is made of it once
    """One request: whose portal, who asks, in which language, when."""

    services: Services
    manager: Manager
    host: str
    """The host that was asked, as the table of hosts knows it."""
    actor: Actor
    language: str
    request_id: str
    address: str
    """The network address of the client, as far as it is to be believed."""
    user_agent: str = ""
    secure: bool = True
    """Whether the client's side of the connection is https: what links in letters begin with."""
    takes_cookies: bool = True
    """Whether the answer can set a cookie: over a socket nothing can."""
    most_page: int = MOST_PAGE
    """The most rows that one list may be asked for at once."""
    reply: Reply = msgspec.field(default_factory=Reply)
    tried: bool = False
    """Whether this request has tried to sign in."""
    deadline: float = msgspec.field(default_factory=lambda: time.monotonic() + OPERATION_DEADLINE_S)
    """The monotonic instant until which offices may answer."""
    _mandates: dict[str, tuple[Mandate, ...]] = {}
    _reading: asyncio.Lock = msgspec.field(default_factory=asyncio.Lock)
    _offices: dict[str, GuardedOffice] = {}

    def begin(self, seconds: float) -> None:
        """An operation, or a part of its answer, begins and may take so long."""
        self.deadline = time.monotonic() + seconds * _OFFICES_SHARE
        vars(self).pop("call", None)

    @property
    def caller(self) -> Caller:
        """From where it is asked, for limits and letters."""
        return Caller(address=self.address, host=self.host, secure=self.secure, user_agent=self.user_agent or None)

    @cached_property
    def now(self) -> datetime:
        """The moment this request is about; one for the whole request."""
        return self.services.clock()

    @cached_property
    def today(self) -> date:
        """The manager's local date."""
        return self.now.astimezone(self.manager.zone).date()

    @property
    def person_id(self) -> str:
        """Who asks: whatever has another scope than PUBLIC is asked by somebody."""
        return cast("str", self.actor.person_id)

    @property
    def password_change_due(self) -> bool:
        """Whether who asks is to change their password before anything else."""
        return self.actor.password_change_due(self.manager.presentation.password_policy.max_age_days, self.now)

    @cached_property
    def call(self) -> Call:
        """What every office call of this request carries."""
        return Call(
            manager=self.manager.slug,
            request_id=self.request_id,
            locale=self.language,
            now=self.now,
            today=self.today,
            deadline=self.deadline,
        )

    @cached_property
    def ids(self) -> Ids:
        """Makes and reads this manager's ids."""
        return _ids(self.services.keys, self.manager.slug, tuple(self.manager.offices))

    @cached_property
    def cursors(self) -> Cursors:
        """Makes and reads this manager's cursors."""
        return _cursors(self.services.keys, self.manager.slug)

    @cached_property
    def proofs(self) -> Proofs:
        """Makes and reads what letters of this manager prove."""
        return _proofs(self.services.keys, self.manager.slug)

    async def mandates(self) -> tuple[Mandate, ...]:
        """The mandates of who asks that are in force today; read when first asked for, once for the whole request."""
        person_id = self.actor.person_id
        if person_id is None:
            return ()
        async with self._reading:  # fields of one level ask at the same time
            if person_id not in self._mandates:  # who asks may change within a request: signed in, or seen by the staff
                (found,) = await of_people(self.services.store, self.manager.slug, [person_id])
                self._mandates[person_id] = tuple(each for each in found if each.holds(self.today))
        return self._mandates[person_id]

    async def office(self, name: str) -> GuardedOffice:
        """One of this manager's offices, opened when first asked for; one and the same for the whole request."""
        if known := self._offices.get(name):
            return known
        guarded = self._offices[name] = await self.services.offices.get(self.manager.plans[name])
        return guarded
