"""Somebody at a portal with an authenticator, for the tests of passkeys."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import msgspec

from tests.authenticator import TRUE, Authenticator, Wicked
from tests.store.fresh import manager_named
from ventanilla.auth import passkey_sign_in, passkeys, people, sessions
from ventanilla.auth.caller import Caller
from ventanilla.auth.keys import Keys
from ventanilla.auth.passkeys import Ceremony, Passkey, Reason
from ventanilla.auth.proofs import Proofs
from ventanilla.auth.signing_in import Refused, SignedIn
from ventanilla.store.manager import Manager, SignInWay
from ventanilla.store.store import Store

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
KEYS = Keys("9f8e7d6c5b4a39281706f5e4d3c2b1a0")
WAYS = (SignInWay.PASSWORD, SignInWay.PASSKEY)
SUR, NORTE = (msgspec.structs.replace(manager_named(slug), sign_in_ways=WAYS) for slug in ("sur", "norte"))


@dataclass
class Visitor:
    """Asks at one manager's portal, from one network address, at a moment; everything can be said otherwise."""

    store: Store
    person_id: str = ""
    session_id: str = ""
    manager: Manager = SUR
    host: str = "sur.example"
    authenticator: Authenticator = field(default_factory=lambda: Authenticator("https://sur.example"))

    def caller(self, address: str = "192.0.2.1") -> Caller:
        return Caller(address=address, host=self.host, user_agent="Browser/1")

    @property
    def proofs(self) -> Proofs:
        return Proofs(KEYS, self.manager.slug)

    async def start(self, name: str = "Phone", *, now: datetime = NOW) -> Ceremony | Reason:
        return await passkeys.start(
            self.store,
            self.manager,
            self.proofs,
            person_id=self.person_id,
            session_id=self.session_id,
            name=name,
            caller=self.caller(),
            now=now,
        )

    async def finish(
        self, ticket: str, response: str, *, name: str | None = None, now: datetime = NOW
    ) -> Passkey | Reason:
        return await passkeys.finish(
            self.store,
            self.manager,
            self.proofs,
            person_id=self.person_id,
            ticket=ticket,
            response=response,
            name=name,
            caller=self.caller(),
            now=now,
        )

    async def begun(self, name: str = "Phone", *, now: datetime = NOW) -> Ceremony:
        started = await self.start(name, now=now)
        assert isinstance(started, Ceremony), started
        return started

    async def register(self, name: str = "Phone", wicked: Wicked = TRUE) -> Passkey:
        """Make a passkey, with an authenticator that has none."""
        if self.authenticator.residents:
            self.authenticator = replace(self.authenticator, residents=[])
        started = await self.begun(name)
        made = await self.finish(started.ticket, self.authenticator.create(started.options, wicked))
        assert isinstance(made, Passkey), made
        return made

    async def remove(self, passkey_id: str) -> Passkey | Reason:
        return await passkeys.remove(
            self.store,
            self.manager,
            person_id=self.person_id,
            passkey_id=passkey_id,
            caller=self.caller(),
            now=NOW,
        )

    async def ask(self, *, now: datetime = NOW, at: str = "192.0.2.1") -> Ceremony | Refused:
        return await passkey_sign_in.start(self.store, self.manager, self.proofs, caller=self.caller(at), now=now)

    async def asked(self, *, now: datetime = NOW, at: str = "192.0.2.1") -> Ceremony:
        started = await self.ask(now=now, at=at)
        assert isinstance(started, Ceremony), started
        return started

    async def enter(
        self, ticket: str, response: str, *, now: datetime = NOW, at: str = "192.0.2.1"
    ) -> SignedIn | Refused:
        return await passkey_sign_in.sign_in(
            self.store, self.manager, self.proofs, ticket=ticket, response=response, caller=self.caller(at), now=now
        )

    async def sign_in(self, wicked: Wicked = TRUE, *, now: datetime = NOW) -> SignedIn | Refused:
        started = await self.asked(now=now)
        return await self.enter(started.ticket, self.authenticator.get(started.options, wicked), now=now)


async def visitor(store: Store, email: str = "ana@example.com", *, password: str | None = None) -> Visitor:
    """Somebody at ``sur`` who signed in this moment."""
    async with store.work("sur") as work:
        person = await people.add_person(
            work,
            email=email,
            password=password,
            given_name="Ana",
            family_name="Paz",
            now=NOW,
            email_verified=True,
        )
        issued = await sessions.issue(work, person.id, now=NOW)
    return Visitor(store, person.id, issued.session.id)
