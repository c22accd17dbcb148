"""Two managers whose people pay at one bank, in a process that may die at any effect, and comes back over its database.

What is made once stands in `Template`; each example copies it.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from shutil import copytree
from typing import Any, Final
from uuid import uuid4

import asyncpg
import msgspec

from tests.books import book
from tests.effects import Effects, FragileOffices, FragilePlatforms, FragileStore
from tests.paying.bank import NAME, Bank, BankAccount, Mood
from tests.paying.ledger import Ledger
from tests.world import NOW, SCHEMA, SECRET, World, manager, open_world
from ventanilla.auth.actor import Actor, StaffRole
from ventanilla.auth.keys import Keys
from ventanilla.backoffice_adapters.book import Book, InvoiceEntry
from ventanilla.backoffice_adapters.contract import Call, Fault, FaultCode, Hit
from ventanilla.backoffice_adapters.fit import METHODS
from ventanilla.backoffice_adapters.guard import GuardedOffice
from ventanilla.backoffice_adapters.money import Money
from ventanilla.backoffice_adapters.offices import Offices
from ventanilla.backoffice_adapters.plan import OfficePlan
from ventanilla.backoffice_adapters.records import (
    AccountRef,
    InvoiceLine,
    InvoiceStatus,
    Licence,
    NewPayment,
    PaymentItem,
    PostedPayment,
)
from ventanilla.backoffice_adapters.registry import Registry
from ventanilla.jobs.bookings import Bookings
from ventanilla.jobs.checkout_status import CheckoutStatus
from ventanilla.jobs.payment_hints import Hints
from ventanilla.jobs.reconciliation import Reconciliation
from ventanilla.jobs.reconciling import Reconciling
from ventanilla.jobs.refunds import Refunding
from ventanilla.jobs.worker import Errand
from ventanilla.payments.contract import Capability
from ventanilla.pdf.papers import Papers
from ventanilla.resolvers.context import Services
from ventanilla.resolvers.ids import Kind
from ventanilla.resolvers.watching import Watching
from ventanilla.schema.schema import coordinates
from ventanilla.store import managers
from ventanilla.store.manager import FeeBearer, Manager, OfficeChoice, PaymentChoice, PaymentFee
from ventanilla.store.store import Store

SLUGS: Final = ("sur", "norte")
OFFICE: Final = "agua"
REACH: Final = {"ana": ("1", "2"), "berta": ("1",), "carla": ("2",)}
"""Who reaches which accounts; at both managers."""
OPENING: Final = 1_000_000
"""What the office says that each account owes to begin with, in minor units."""
DRAFTS: Final = tuple(f"{letter}{account}" for account in ("1", "2") for letter in "FGHI")
"""Invoices that the office has not issued yet."""
INVOICES: Final = (*(f"{letter}{account}" for account in ("1", "2") for letter in "ABDE"), *DRAFTS)
FEE_FIXED, FEE_PERMILLE = 120, 9
COORDINATES: Final = coordinates(SCHEMA)


def fee(minor: int) -> int:
    """What paying so much costs, half up; all in minor units."""
    return FEE_FIXED + (2 * minor * FEE_PERMILLE + 1_000) // 2_000


def _manager(slug: str) -> Manager:
    choice = PaymentChoice(
        platform=NAME,
        fee=PaymentFee(bearer=FeeBearer.PAYER, fixed="1.20", percent="0.9"),
        return_paths=("/pagos", "/"),
    )
    offices = {OFFICE: OfficeChoice(adapter="embedded")}
    return manager(slug, licences={Licence.UTILITY: OFFICE}, offices=offices, payments=choice)


def _draft(slug: str, key: str, minor: int) -> InvoiceEntry:
    due = NOW.date() + timedelta(days=1)
    rises = key[0] < "H"
    return InvoiceEntry(
        key=key,
        account=key[1],
        number=f"{slug}-{key}",
        status=InvoiceStatus.DRAFT,
        title=f"Factura {key}",
        issued_on=NOW.date(),
        due_on=due,
        total=Money(minor, "ARS"),
        lines=(InvoiceLine(position=1, description="Agua", amount=Money(minor, "ARS")),),
        later_due_on=due + timedelta(days=20) if rises else None,
        later_total=Money(minor + 300, "ARS") if rises else None,
    )


def _book(slug: str) -> Book:
    """Two accounts whose balance the office keeps itself, with drafts beside the usual invoices."""
    usual = book(slug, Licence.UTILITY, accounts=2)
    owed = Money(OPENING, "ARS")
    drafts = [_draft(slug, key, minor) for key, minor in zip(DRAFTS, (300, 4_000, 9_000, 25_000) * 2, strict=True)]
    return msgspec.structs.replace(
        usual,
        accounts=tuple(msgspec.structs.replace(each, stated_balance=owed) for each in usual.accounts),
        invoices=(*usual.invoices, *drafts),
    )


# -- what is made once ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Template:
    """A world that is copied for each example: its files, its people, and the database beside them, if it is one."""

    folder: Path
    managers: dict[str, Manager]
    actors: dict[tuple[str, str], Actor]
    """By slug and name; ``eva`` administers."""
    server: str | None = None
    """PostgreSQL's; None for SQLite."""
    database: str = ""

    @asynccontextmanager
    async def copied(self, folder: Path) -> AsyncGenerator[str]:
        """Copy it to a new folder; the URL of the copy of its database, which is dropped afterwards."""
        copytree(self.folder, folder)
        if self.server is None:
            yield f"sqlite://{folder}/gateway.sqlite"
            return
        name = f"paying_{uuid4().hex}"
        await _command(self.server, f"CREATE DATABASE {name} TEMPLATE {self.database}")
        yield _beside(self.server, name)
        await _command(self.server, f"DROP DATABASE {name} WITH (FORCE)")


async def furnished(folder: Path, server: str | None = None) -> Template:
    """Make the template; `server` is where a PostgreSQL listens."""
    name = f"paying_{uuid4().hex}"
    books = {(slug, OFFICE): _book(slug) for slug in SLUGS}
    platforms = Bank().platforms(frozenset())
    async with open_world(folder, *map(_manager, SLUGS), books=books, platforms=platforms) as world:
        if server is None:
            return Template(folder, world.managers, await _people(world))
        await _command(server, f"CREATE DATABASE {name}")
        other = Store(_beside(server, name))
        await other.open()
        await other.migrate()
        for each in world.managers.values():
            await managers.add(other, each, source="tests")
        world.services = replace(world.services, store=other)
        actors = await _people(world)
        await other.close()
    return Template(folder, world.managers, actors, server, name)


async def _people(world: World) -> dict[tuple[str, str], Actor]:
    found: dict[tuple[str, str], Actor] = {}
    for slug in SLUGS:
        for name, accounts in REACH.items():
            await world.person(slug, f"{name}@example.org", [(OFFICE, key) for key in accounts])
            found[slug, name] = await world.actor(slug, f"{name}@example.org")
        found[slug, "eva"] = await world.staff(slug, "eva@example.org", StaffRole.STAFF_ADMIN)
    return found


def _beside(server: str, name: str) -> str:
    return f"{server.rpartition('/')[0]}/{name}"


async def _command(server: str, statement: str) -> None:
    untyped: Any = asyncpg  # it ships no types for its functions
    admin = await untyped.connect(server)
    try:
        await admin.execute(statement)
    finally:
        await admin.close()


# -- what goes wrong ------------------------------------------------------------------------------------------------


class DiedError(BaseException):
    """The process is no more: nothing of it that comes after this happens."""


@dataclass
class Trouble(Effects):
    """Effects of which one may fail, or be the last that the process sees."""

    deadly: bool = False
    dead: bool = False

    def brew(self, failing: int, *, done: bool, deadly: bool) -> None:
        """Let the effect of that number fail, counted from now; 0 for none."""
        self.begun, self.failing, self.done, self.deadly = 0, failing, done, deadly

    def next(self) -> tuple[bool, bool]:
        """As of any effects, as long as there is somebody who has them."""
        if self.dead:
            raise DiedError
        before, after = super().next()
        self.dead = self.deadly and (before or after)
        if self.dead and before:
            raise DiedError
        return before, after


class MoodyOffices(Offices):
    """`offices`, which answer as each manager's office is in the mood to."""

    def __init__(self, offices: Offices, moods: dict[str, Mood], ledgers: dict[str, Ledger]) -> None:
        self._offices = offices  # opened and closed by whoever made them
        self._moods = moods
        self._ledgers = ledgers

    async def get(self, plan: OfficePlan) -> Any:
        """The office, as it is disposed."""
        office = await self._offices.get(plan)
        return _MoodyOffice(office, self._moods[plan.manager], self._ledgers[plan.manager])


class _MoodyOffice:
    def __init__(self, office: GuardedOffice, mood: Mood, ledger: Ledger) -> None:
        self._office = office
        self._mood = mood
        self._ledger = ledger

    def __getattr__(self, name: str) -> Any:
        return getattr(self._office, name)

    async def ask(self, method: str, call: Call, subjects: Sequence[Any], *args: Any, **options: Any) -> list[Hit[Any]]:
        safe = METHODS[method].safe
        if self._mood is Mood.AWAY:
            return [Fault(code=FaultCode.UNAVAILABLE)] * len(subjects)
        done = subjects if safe or self._mood is not Mood.REFUSES else self._known(subjects)
        answers = iter(await self._office.ask(method, call, done, *args, **options))
        if self._mood is Mood.LOSES:
            return [Fault(code=FaultCode.TIMEOUT if safe else FaultCode.OUTCOME_UNKNOWN)] * len(subjects)
        return [next(answers) if each in done else Fault(code=FaultCode.INVALID) for each in subjects]

    def _known(self, subjects: Sequence[Any]) -> list[Any]:
        """What it has done already, and cannot refuse any more."""
        books = self._ledger.books()
        return [each for each in subjects if each.key in books.posted() or each.key in books.reversals]


# -- the process, and what is around it -----------------------------------------------------------------------------


@dataclass
class Clock:
    """A clock that goes when it is told to, back as well."""

    now: datetime = NOW
    latest: datetime = NOW

    def __call__(self) -> datetime:
        """The present."""
        return self.now

    def go(self, span: timedelta) -> None:
        """Let time pass."""
        self.now += span
        self.latest = max(self.latest, self.now)


@dataclass
class Bench:
    """The gateway, its offices and its bank."""

    template: Template
    folder: Path
    url: str
    capabilities: frozenset[Capability]
    clock: Clock = field(default_factory=Clock)
    trouble: Trouble = field(default_factory=Trouble)
    bank: Bank = field(default_factory=lambda: Bank({slug: BankAccount() for slug in SLUGS}))
    moods: dict[str, Mood] = field(default_factory=lambda: dict.fromkeys(SLUGS, Mood.WELL))
    ledgers: dict[str, Ledger] = field(default_factory=dict[str, Ledger])
    _offices: Offices | None = None

    async def open(self) -> None:
        """Start the process."""
        registry = Registry.discover()
        for slug in SLUGS:
            self.ledgers.setdefault(slug, Ledger(self.folder / "offices" / slug / OFFICE / "ledger.sqlite"))
        store = FragileStore(self.url, self.trouble)
        await store.open()
        self._offices = Offices(registry, self.folder / "offices", self.clock)
        services = Services(
            store=store,
            registry=registry,
            offices=FragileOffices(MoodyOffices(self._offices, self.moods, self.ledgers), self.trouble),
            keys=Keys(SECRET),
            clock=self.clock,
            papers=Papers(),
            watching=Watching(self.clock),
            platforms=FragilePlatforms(self.bank.platforms(self.capabilities), self.trouble),
            coordinates=COORDINATES,
        )
        self.world = World(services, self.template.managers)

    async def close(self) -> None:
        """End the process; what it left running ends with it."""
        left = asyncio.all_tasks() - {asyncio.current_task()}
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)
        if self._offices:
            await self._offices.close()
        await self.store.close()

    async def restart(self) -> None:
        """Another process takes over, over the same database."""
        await self.close()
        self.trouble.dead = False
        self.trouble.brew(0, done=False, deadly=False)
        await self.open()

    @property
    def store(self) -> Store:
        return self.world.services.store

    def invoice_id(self, slug: str, key: str) -> str:
        """The id that people know an invoice by."""
        return self.world.context(slug).ids.column(Kind.INVOICE, OFFICE, [key])[0]

    def person_id(self, slug: str, name: str) -> str:
        """The id of one of a manager's people."""
        return self.template.actors[slug, name].person_id or ""

    def name_of(self, slug: str, person_id: str) -> str:
        """Who of a manager's people has that id."""
        return next(name for name in REACH if self.person_id(slug, name) == person_id)

    async def transfer(self, slug: str, account: str, invoice: str, minor: int) -> None:
        """Somebody pays an invoice past the portal."""
        assert self._offices
        office = await self._offices.get(self.template.managers[slug].plans[OFFICE])
        amount = Money(minor, "ARS")
        new = NewPayment(
            key=f"cash-{uuid4().hex}",
            account=AccountRef(office=OFFICE, key=account, number=f"{slug}-00{account}", unit_key=None),
            amount=amount,
            paid_at=self.clock(),
            method="Transferencia",
            reference=None,
            items=(PaymentItem(invoice_key=invoice, amount=amount),),
        )
        (hit,) = await office.ask("post_payments", self.world.context(slug).call, [new])
        assert isinstance(hit, PostedPayment), hit

    def errands(self) -> dict[str, Errand]:
        """What is done without a visitor."""
        services = self.world.services
        store, offices, platforms, clock = services.store, services.offices, services.platforms, self.clock
        return {
            "hints": Hints(store=store, platforms=platforms, clock=clock),
            "status": CheckoutStatus(store=store, platforms=platforms, clock=clock),
            "bookings": Bookings(store=store, offices=offices, clock=clock),
            "refunds": Refunding(store=store, offices=offices, platforms=platforms, clock=clock),
        }

    async def serve(self, name: str, *slugs: str) -> bool:
        """Run an errand for those of these managers for whom it says that something is due; whether it did."""
        errand = self.errands()[name]
        due = {*(await errand.due(self.clock())).managers} & {*slugs}
        for slug in sorted(due):
            await errand.serve(self.template.managers[slug], lambda: False)
        return bool(due)

    async def compare(self, slug: str) -> None:
        """Let a manager's money be compared with what bank and office say, from where it was left to the end."""
        services = self.world.services
        desk = Reconciling(
            store=services.store, offices=services.offices, platforms=services.platforms, clock=self.clock
        )
        await Reconciliation(desk).round(self.template.managers[slug])


@asynccontextmanager
async def opened(template: Template, folder: Path, capabilities: frozenset[Capability]) -> AsyncGenerator[Bench]:
    """A bench of one's own."""
    async with template.copied(folder) as url:
        bench = Bench(template, folder, url, capabilities)
        await bench.open()
        try:
            yield bench
        finally:
            await bench.close()
            for ledger in bench.ledgers.values():
                ledger.close()
