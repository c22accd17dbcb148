"""A manager whose people pay at a cash desk, with an office that books: what was paid, at a time that tests decide."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from sqlmodel import delete

from tests.cash_desk import ALL, CashDesk, platforms
from tests.jobs.sending import Clock
from tests.orders import LINES, PLATFORM, Held, held, ordered
from tests.orders import news as told_news
from tests.world import NOW, TODAY, World, manager, open_world
from ventanilla.auth.actor import Actor
from ventanilla.backoffice_adapters.contract import Call
from ventanilla.backoffice_adapters.guard import GuardedOffice
from ventanilla.backoffice_adapters.money import Money
from ventanilla.backoffice_adapters.records import AccountRef
from ventanilla.jobs.bookings import Bookings
from ventanilla.jobs.payment_hints import Hints
from ventanilla.jobs.reconciliation import Reconciliation
from ventanilla.jobs.reconciling import Reconciling
from ventanilla.jobs.refunds import Refunding
from ventanilla.payments.contract import Capability, News
from ventanilla.resolvers.payment_news import take
from ventanilla.store import managers
from ventanilla.store.manager import Manager, PaymentChoice
from ventanilla.store.store import Store
from ventanilla.store.tables import ManagerRow

SUR = manager("sur", payments=PaymentChoice(platform=PLATFORM))


@dataclass
class Paid:
    """A world in which money moves."""

    world: World
    server: CashDesk
    folder: Path
    clock: Clock = field(default_factory=lambda: Clock(NOW))
    rung: list[int] = field(default_factory=list[int])
    """How often the worker was woken."""

    @property
    def store(self) -> Store:
        return self.world.services.store

    @property
    def manager(self) -> Manager:
        return self.world.managers["sur"]

    async def paid(self, *found: News, **order: Any) -> str:
        """Commit a checkout that is paid, and booked; its id."""
        checkout = await ordered(self.store, **order)
        await self.told(*(found or (told_news(),)))
        await self.book()
        return checkout

    async def unpaid(self, *reference: str) -> str:
        """Commit a checkout that nobody has paid yet; its id."""
        return await ordered(self.store, "sur", *reference, lines=() if reference else LINES)

    async def told(self, *found: News) -> None:
        """The platform's servers know it, and tell."""
        for each in found:
            if each.payment_id not in self.server.payments:
                self.server.paid(each)
        async with self.store.work("sur") as work:
            await take(work, PLATFORM, found, self.clock())

    async def book(self) -> None:
        """Tell the office of what is due."""
        await Bookings(store=self.store, offices=self.world.services.offices, clock=self.clock).serve(
            self.manager, lambda: False
        )

    async def read_hints(self) -> None:
        """Ask the platform what its hints were about."""
        hints = Hints(store=self.store, platforms=self.world.services.platforms, clock=self.clock)
        await hints.serve(self.manager, lambda: False)

    async def give_back(self, most: int = 5, **changes: Any) -> None:
        """Let the worker do what is due of refunds, as often as it finds something."""
        errand = replace(self.refunding(), **changes)
        for _ in range(most):
            if (await errand.due(self.clock())).managers:
                await errand.serve(self.manager, lambda: False)

    async def compare(self) -> bool:
        """A whole round of reconciliation, at once."""
        return await self.reconciliation().round(self.manager)

    def reconciliation(self) -> Reconciliation:
        services = self.world.services
        desk = Reconciling(
            store=self.store,
            offices=services.offices,
            platforms=services.platforms,
            clock=self.clock,
        )
        return Reconciliation(desk)

    def office_database(self) -> closing[sqlite3.Connection]:
        """The office's own database, as somebody else may change it."""
        path = self.folder / "offices" / "sur" / "agua" / "ledger.sqlite"
        return closing(sqlite3.connect(path, isolation_level=None))

    def refunding(self) -> Refunding:
        services = self.world.services
        return Refunding(store=self.store, offices=services.offices, platforms=services.platforms, clock=self.clock)

    async def office(self) -> GuardedOffice:
        return await self.world.services.offices.get(self.manager.plans["agua"])

    @property
    def call(self) -> Call:
        deadline = time.monotonic() + 10
        return Call(manager="sur", request_id="test", locale="es", now=self.clock(), today=TODAY, deadline=deadline)

    async def asked(self, method: str, *subjects: Any) -> list[Any]:
        """What the office answers."""
        return await (await self.office()).ask(method, self.call, subjects, fresh=True)

    async def books(self) -> tuple[list[str], list[str], int]:
        """How the office's books stand: its payments of ours, the invoices paid, and the account's balance."""
        keys = [row.office_payment_key for row in (await self.held()).payments if row.office_payment_key]
        payments = await self.asked("payments_by_key", *keys)
        invoices = await self.asked("invoices_by_key", *(key for key, _ in LINES))
        account = AccountRef(office="agua", key="1", number="sur-001", unit_key="U1")
        (balance,) = await self.asked("balances", account)
        return (
            [f"{each.status} {each.amount.minor}" for each in payments],
            [each.status.value for each in invoices],
            balance.amount.minor,
        )

    async def held(self) -> Held:
        return await held(self.store)

    async def ask(self, query: str, actor: Actor, **variables: Any) -> Any:
        """What a document answers, which has no errors."""
        outcome = await self.world.ask("sur", query, actor, **variables)
        assert outcome.errors == [], [each.original_error for each in outcome.errors]
        assert outcome.data
        return outcome.data

    @staticmethod
    def money(minor: int) -> Money:
        return Money(minor, "ARS")


@asynccontextmanager
async def open_paid(
    folder: Path, url: str | None = None, capabilities: frozenset[Capability] = ALL
) -> AsyncGenerator[Paid]:
    """Open it; at `url` there is a migrated database, else the world's own is used."""
    server = CashDesk()
    async with open_world(folder, SUR, platforms=platforms(server, capabilities)) as world:
        found = Paid(world, server, folder)
        changes: dict[str, Any] = {"clock": found.clock, "wake_worker": lambda: found.rung.append(1)}
        if url is None:
            world.services = replace(world.services, **changes)
            yield found
            return
        other = Store(url)
        await other.open()
        try:
            async with other.work() as work:
                await work.exec(delete(ManagerRow))
            await managers.add(other, SUR, source="test")
            world.services = replace(world.services, store=other, **changes)
            yield found
        finally:
            await other.close()
