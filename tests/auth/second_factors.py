"""Somebody with sessions and an authenticator, for the tests of second factors."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tests.auth.passkeys import KEYS, NOW, SUR
from tests.authenticator_app import App
from ventanilla.auth import people, second_factors, sessions
from ventanilla.auth.actor import Actor
from ventanilla.auth.caller import Caller
from ventanilla.auth.identify import identify
from ventanilla.auth.keys import Keys
from ventanilla.auth.second_factors import Confirmed, Holder, Offered, SecondFactor
from ventanilla.store.store import Store


@dataclass
class Person:
    """Somebody at ``sur`` with sessions and an authenticator."""

    store: Store
    id: str
    token: str
    session_id: str
    app: App | None = None

    def holder(self, now: datetime = NOW, *, at: str = "192.0.2.1", keys: Keys = KEYS) -> Holder:
        return Holder(
            store=self.store,
            manager=SUR,
            keys=keys,
            person_id=self.id,
            session_id=self.session_id,
            caller=Caller(address=at, host="sur.example", user_agent="Mozilla/5.0 (X11; Linux x86_64) Firefox/145.0"),
            now=now,
        )

    async def offered(self, now: datetime = NOW, password: str | None = None) -> Offered:
        offered = await second_factors.start(self.holder(now), password)
        assert isinstance(offered, Offered), offered
        return offered

    async def set_up(self, now: datetime = NOW) -> tuple[str, ...]:
        """Set one up with the code before this moment's; the recovery codes."""
        self.app = App.scan((await self.offered(now)).address)
        confirmed = await second_factors.confirm(self.holder(now), self.app.code(now, -1))
        assert isinstance(confirmed, Confirmed), confirmed
        return confirmed.recovery_codes

    async def again(self, now: datetime = NOW) -> Person:
        """The same in a session of another browser."""
        async with self.store.work("sur") as work:
            issued = await sessions.issue(work, self.id, now=now)
        return Person(self.store, self.id, issued.token, issued.session.id, self.app)

    async def show(self, code: str, now: datetime = NOW, *, at: str = "192.0.2.1", keys: Keys = KEYS) -> Any:
        return await second_factors.show(self.holder(now, at=at, keys=keys), code)

    async def remove(self, code: str, now: datetime = NOW) -> Any:
        return await second_factors.remove(self.holder(now), code)

    async def actor(self, now: datetime = NOW) -> Actor:
        found = await identify(self.store, "sur.example", self.token, now)
        assert found is not None
        return found.actor

    async def found(self) -> SecondFactor:
        return await second_factors.of_person(self.store, "sur", self.id)

    def code(self, steps: int = 0, now: datetime = NOW) -> str:
        assert self.app is not None
        return self.app.code(now, steps)

    def wrong(self, now: datetime = NOW) -> str:
        assert self.app is not None
        return self.app.wrong(now)


async def person(store: Store, email: str = "ana@example.com", password: str | None = None) -> Person:
    async with store.work("sur") as work:
        added = await people.add_person(
            work,
            email=email,
            password=password,
            given_name="Ana",
            family_name="Paz",
            now=NOW,
            email_verified=True,
        )
        issued = await sessions.issue(work, added.id, now=NOW)
    return Person(store, added.id, issued.token, issued.session.id)


async def letters(store: Store) -> list[str]:
    return [kind for (kind,) in await store.rows("SELECT kind FROM letter ORDER BY created_at, id")]


async def events(store: Store) -> list[tuple[str, bool]]:
    """What happened, and whether it was the person's own doing."""
    rows = await store.rows("SELECT kind, actor_id, person_id FROM audit_event ORDER BY id")
    return [(kind, actor == person_id) for kind, actor, person_id in rows]
