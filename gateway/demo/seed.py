"""Writing the demo: managers, the books of their offices, and people with their accounts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

import msgspec

from ventanilla.auth import mandates, people, staff
from ventanilla.auth.actor import GUEST
from ventanilla.auth.mandates import Mandate, MandateRole
from ventanilla.backoffice_adapters.book import Book, Fillable
from ventanilla.backoffice_adapters.records import PartyRole
from ventanilla.gateway.demo import DemoManager, DemoPerson
from ventanilla.gateway.demo.people import PASSWORD
from ventanilla.gateway.mistake import MistakeError
from ventanilla.resolvers.context import Context, Services
from ventanilla.store import managers
from ventanilla.store.manager import Manager
from ventanilla.store.manager_file import read_manager
from ventanilla.store.tenancy import Work

Report = Callable[[str], None]
"""Is told in a few words what comes next."""


def manager_at(demo: DemoManager, port: int) -> Manager:
    """The manager of the demo, served also at `port` of this machine's own address."""
    manager = read_manager(demo.toml)
    return msgspec.structs.replace(manager, hosts=(*manager.hosts, f"127.0.0.1:{port}"))


def steps_of(demo: DemoManager) -> int:
    """How many reports `seed` will make."""
    return len(demo.writers) + len(demo.everybody)


async def seed(services: Services, demo: DemoManager, manager: Manager, anchor: date, report: Report) -> None:
    """Fill the offices of a manager that the store knows already, and add its people."""
    books = demo.books(anchor)
    for office, book in books.items():
        report(f"{manager.name}: papers of {office}")
        await _fill(services, manager, office, book)
    for person in demo.everybody:
        report(f"{manager.name}: {person.name}")
        async with services.store.work(manager.slug) as work:
            await _add(work, person, books, services)


async def keep_managers(services: Services, found: list[Manager]) -> None:
    """Write the managers and their hosts, which differ from start to start where the port does."""
    for manager in found:
        await managers.add(services.store, manager, source=f"{manager.slug}.toml")


async def _fill(services: Services, manager: Manager, name: str, book: Book) -> None:
    visit = Context(
        services=services,
        manager=manager,
        host=manager.hosts[0],
        actor=GUEST,
        language=manager.languages[0],
        request_id="demo",
        address="",
    )
    guarded = await visit.office(name)
    async with guarded.opened() as office:
        if not isinstance(office, Fillable):
            raise MistakeError(f"Office {name} of {manager.slug} cannot be filled. Choose an adapter that can.")
        await office.fill(book)


async def _add(work: Work, person: DemoPerson, books: dict[str, Book], services: Services) -> None:
    given_name, _, family_name = person.name.partition(" ")
    added = await people.add_person(
        work,
        email=person.email,
        password=PASSWORD,
        given_name=given_name,
        family_name=family_name,
        now=services.clock(),
        email_verified=True,
    )
    if person.staff_role:
        await staff.set_role(work, added.id, person.staff_role, by=None, now=services.clock())
    for holding in person.accounts:
        await people.link_account(
            work,
            added.id,
            office=holding.office,
            account_key=_key_of(books[holding.office], holding.number),
            number=holding.number,
            role=holding.role,
            now=services.clock(),
        )
    for office in person.acts_at:
        for mandate in _mandates(books[office], office, person):
            await mandates.grant(work, added.id, mandate, services.clock())


def _mandates(book: Book, office: str, person: DemoPerson) -> Iterator[Mandate]:
    """What the book says that the party with the person's address acts as."""
    (party,) = [party for party in book.parties if party.email == person.email]
    names = {community.key: community.name for community in book.communities}
    subjects = {PartyRole.BOARD_MEMBER: names, PartyRole.SUPPLIER: {party.key: party.name}}
    for standing in book.standings:
        if standing.party == party.key and standing.role in subjects and standing.starts_on:
            key = standing.community or "" if standing.role is PartyRole.BOARD_MEMBER else party.key
            yield Mandate(
                id="",
                role=MandateRole[standing.role.name],
                office=office,
                subject_key=key,
                subject_name=subjects[standing.role][key],
                starts_on=standing.starts_on,
                ends_on=standing.ends_on,
            )


def _key_of(book: Book, number: str) -> str:
    return next(account.key for account in book.accounts if account.number == number)
