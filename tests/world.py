"""A small world for tests: two managers with the same account keys, real offices, a real store, a fixed clock."""

from __future__ import annotations

import atexit
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path
from shutil import copytree, rmtree
from tempfile import mkdtemp
from typing import Any

import orjson
from sqlmodel import col, select, update

from tests.books import book
from tests.tables import opened
from ventanilla.auth import people, sessions
from ventanilla.auth.actor import GUEST, Actor, StaffRole
from ventanilla.auth.identify import identify
from ventanilla.auth.keys import Keys
from ventanilla.backoffice_adapters.book import Book, Fillable
from ventanilla.backoffice_adapters.contract import Setting
from ventanilla.backoffice_adapters.guard import OfficeCall
from ventanilla.backoffice_adapters.offices import Offices
from ventanilla.backoffice_adapters.records import AccountRole, Licence
from ventanilla.backoffice_adapters.registry import Registry
from ventanilla.execution.documents import Prepared
from ventanilla.execution.engine import Engine, Outcome
from ventanilla.payments.asking import Asking
from ventanilla.payments.platforms import Platforms
from ventanilla.payments.registry import PlatformRegistry
from ventanilla.pdf.papers import Papers
from ventanilla.resolvers.context import Context, Services
from ventanilla.resolvers.row_watching import RowWatching
from ventanilla.resolvers.watching import Watching
from ventanilla.schema.schema import build, coordinates
from ventanilla.store import managers
from ventanilla.store.manager import Contact, Manager, OfficeChoice, Presentation
from ventanilla.store.store import Store
from ventanilla.store.tables import PersonRow, SessionRow

NOW = datetime(2026, 11, 15, 12, 0, tzinfo=UTC)
TODAY = date(2026, 11, 15)
PASSWORD = "correct horse battery staple"
SECRET = "9f8e7d6c5b4a39281706f5e4d3c2b1a0"
SCHEMA = build()
ENGINE = Engine(SCHEMA, most_points=1_000_000)  # what one request may cost is tested elsewhere
_TEMPLATES: dict[str, Path] = {}


def manager(slug: str, **changes: Any) -> Manager:
    """A manager with a water office, which serves the communities as well, and a rent office."""
    settings: dict[str, Any] = {
        "slug": slug,
        "name": f"Manager {slug}",
        "hosts": (f"{slug}.example",),
        "country": "AR",
        "locale": "es-AR",
        "languages": ("es", "en"),
        "currency": "ARS",
        "time_zone": "America/Argentina/Buenos_Aires",
        "licences": {Licence.UTILITY: "agua", Licence.COMMUNITY: "agua", Licence.RENT: "alquiler"},
        "offices": {"agua": OfficeChoice(adapter="embedded"), "alquiler": OfficeChoice(adapter="embedded")},
        "contact": Contact(email=f"hola@{slug}.example"),
        "presentation": Presentation(texts={"welcome": {"es": "Bienvenidos", "en": "Welcome"}, "only": {"es": "Solo"}}),
    }
    return Manager(**{**settings, **changes})


@dataclass
class World:
    """What tests ask questions of."""

    services: Services
    managers: dict[str, Manager]
    calls: list[OfficeCall] = field(default_factory=list[OfficeCall])

    async def person(
        self,
        slug: str,
        email: str,
        links: list[tuple[str, str]],
        password: str | None = None,
        role: AccountRole = AccountRole.HOLDER,
    ) -> str:
        """Add a person who reaches the accounts given by office and key; their id. Hashing a password takes long."""
        async with self.services.store.work(slug) as work:
            person = await people.add_person(
                work, email=email, password=password, given_name="Ana", family_name="Paz", now=NOW, email_verified=True
            )
            for office, key in links:
                await people.link_account(
                    work,
                    person.id,
                    office=office,
                    account_key=key,
                    number=f"{slug}-00{key}",
                    role=role,
                    now=NOW,
                )
        return person.id

    async def staff(self, slug: str, email: str, role: StaffRole = StaffRole.STAFF) -> Actor:
        """Add somebody who works for the manager; who asks in a session of theirs that has shown a second factor."""
        person_id = await self.person(slug, email, [])
        token = await self.token(slug, email)
        async with self.services.store.work(slug) as work:
            person, session = update(PersonRow), update(SessionRow)
            await work.exec(person.where(col(PersonRow.id) == person_id).values(staff_role=role.value))
            await work.exec(session.where(col(SessionRow.person_id) == person_id).values(second_factor_at=NOW))
        found = await identify(self.services.store, f"{slug}.example", token, NOW)
        assert found is not None
        return found.actor

    async def token(self, slug: str, email: str) -> str:
        """Begin a session of the person."""
        async with self.services.store.work(slug) as work:
            person = (await work.exec(select(PersonRow).where(col(PersonRow.email) == email))).one()
            return (await sessions.issue(work, person.id, now=NOW)).token

    async def actor(self, slug: str, email: str) -> Actor:
        """Begin a session of the person and tell who asks with it."""
        token = await self.token(slug, email)
        found = await identify(self.services.store, f"{slug}.example", token, NOW)
        assert found is not None
        return found.actor

    def context(self, slug: str, actor: Actor = GUEST, language: str = "es") -> Context:
        """A request's context at one manager."""
        return Context(
            services=self.services,
            manager=self.managers[slug],
            host=f"{slug}.example",
            actor=actor,
            language=language,
            request_id="test",
            address="192.0.2.1",
        )

    async def ask(self, slug: str, query: str, actor: Actor = GUEST, **variables: Any) -> Outcome:
        """Run a document as `actor` at a manager."""
        return await self.run(self.context(slug, actor), query, **variables)

    async def run(self, context: Context, query: str, **variables: Any) -> Outcome:
        """Run a document in a context of the test's own; its data is what a client reads."""
        prepared = ENGINE.prepare(query)
        assert isinstance(prepared, Prepared), prepared
        outcome = await ENGINE.run(prepared, None, variables, context)
        return replace(outcome, data=orjson.loads(orjson.dumps(outcome.data)))

    def counted(self) -> list[tuple[str, str, int]]:
        """The office calls since last asked: office, method, subjects."""
        found = sorted((call.office, call.method, call.subjects) for call in self.calls)
        self.calls.clear()
        return found


@asynccontextmanager
async def open_world(
    folder: Path,
    *known: Manager,
    books: dict[tuple[str, str], Book] | None = None,
    registry: Registry | None = None,
    platforms: Platforms | None = None,
) -> AsyncIterator[World]:
    """Open a world with these managers, or with ``sur`` and ``norte``; each office gets its book.

    `registry` holds the adapters, and `platforms` the payment platforms, instead of those that are installed.
    """
    chosen = {each.slug: each for each in (known or (manager("sur"), manager("norte")))}
    registry = registry or Registry.discover()
    await _furnish(registry, folder, chosen.values(), books or {})
    calls: list[OfficeCall] = []
    offices = Offices(registry, folder / "offices", lambda: NOW, observe=calls.append)
    store = Store(f"sqlite:///{folder}/gateway.sqlite")
    papers = Papers()
    watching = Watching(lambda: NOW, interval_s=0.02)
    await store.open()
    services = Services(
        store=store,
        registry=registry,
        offices=offices,
        keys=Keys(SECRET),
        clock=lambda: NOW,
        papers=papers,
        watching=watching,
        platforms=platforms or Platforms(PlatformRegistry.discover(), Asking()),
        rows=RowWatching(interval_s=0.02),
        coordinates=coordinates(SCHEMA),
    )
    try:
        yield World(services, chosen, calls)
    finally:
        await services.platforms.close()
        await watching.close()
        await papers.close()
        await offices.close()
        await store.close()


async def _furnish(
    registry: Registry, folder: Path, owners: Iterable[Manager], books: dict[tuple[str, str], Book]
) -> None:
    """Make the store and the offices' books, once for each equal set of managers and books; copies are quick."""
    recipe = sha256(repr((list(owners), books)).encode()).hexdigest()
    template = _TEMPLATES.get(recipe)
    if template is None:
        template = _TEMPLATES[recipe] = Path(mkdtemp(prefix="ventanilla-world-"))
        atexit.register(rmtree, template, ignore_errors=True)
        await _build(registry, template, owners, books)
    copytree(template, folder, dirs_exist_ok=True)


async def _build(
    registry: Registry, folder: Path, owners: Iterable[Manager], books: dict[tuple[str, str], Book]
) -> None:
    store = await opened(f"sqlite:///{folder}/gateway.sqlite")
    for owner in owners:
        await managers.add(store, owner, source="tests")
        for office in owner.offices:
            await _fill(registry, folder, owner, office, books.get((owner.slug, office)))
    await store.close()


async def _fill(registry: Registry, folder: Path, owner: Manager, name: str, content: Book | None) -> None:
    place = folder / "offices" / owner.slug / name
    place.mkdir(parents=True, exist_ok=True)
    choice = owner.offices[name]
    office = registry.get(choice.adapter).office(
        Setting(
            manager=owner.slug,
            office=name,
            licences=owner.licences_of(name),
            currency=owner.currency,
            time_zone=owner.time_zone,
            configuration=registry.configure(choice.adapter, choice.configuration),
            folder=place,
            clock=lambda: NOW,
        )
    )
    await office.open()
    assert isinstance(office, Fillable)
    licence = next((licence for licence, office in owner.licences.items() if office == name), Licence.UTILITY)
    await office.fill(content or book(owner.slug, licence, currency=owner.currency))
    await office.close()
