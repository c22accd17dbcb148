"""One of each who may ask at a manager, known as the gateway knows them."""

from __future__ import annotations

from datetime import date, timedelta

from msgspec.structs import replace
from sqlmodel import col, update

from tests.world import NOW, World
from ventanilla.auth import mandates, seeing
from ventanilla.auth.actor import GUEST, Actor, StaffRole
from ventanilla.auth.identify import identify
from ventanilla.auth.mandates import Mandate, MandateRole
from ventanilla.auth.scopes import SCOPES
from ventanilla.schema.roles import Asker
from ventanilla.store.tables import PersonRow

ALL = frozenset(SCOPES)


async def everybody(world: World, slug: str = "sur") -> dict[Asker, Actor]:
    """Each of them, anew; the customer reaches the first account of the water office."""
    customer = await world.person(slug, "ana@example.org", [("agua", "1")])
    found = {Asker.GUEST: GUEST, Asker.CUSTOMER: await world.actor(slug, "ana@example.org")}
    for asker in (Asker.NEWCOMER, Asker.SUPPLIER, Asker.BOARD_MEMBER, Asker.STAFF, Asker.STAFF_ADMIN):
        found[asker] = await _newcomer(world, slug, asker)
    program = replace(found[Asker.CUSTOMER], session_id=None, client_id="planilla", scopes=ALL)
    found[Asker.PROGRAM] = program
    found[Asker.PROGRAM_OF_MANAGER] = Actor(client_id="planilla", scopes=ALL)
    found[Asker.ONLOOKER] = await onlooker(world, customer, slug)
    return found


async def staff(world: World, email: str, role: StaffRole = StaffRole.STAFF, slug: str = "sur") -> str:
    """Somebody who works for the manager; their id."""
    person_id = await world.person(slug, email, [])
    await change(world, person_id, slug, staff_role=role.value)
    return person_id


async def change(world: World, person_id: str, slug: str = "sur", **values: object) -> None:
    """Change columns of a person."""
    async with world.services.store.work(slug) as work:
        await work.exec(update(PersonRow).where(col(PersonRow.id) == person_id).values(**values))


async def seen_as(world: World, customer: str, slug: str = "sur") -> str:
    """The token of somebody of the staff who sees the portal as a customer."""
    await staff(world, "mirta@example.org", slug=slug)
    token = await world.token(slug, "mirta@example.org")
    found = await identify(world.services.store, f"{slug}.example", token, NOW)
    assert found
    view = seeing.View(
        session_id=found.actor.session_id or "",
        staff_id=found.actor.person_id or "",
        person_id=customer,
        reason="Llamó por su factura",
        lasts=timedelta(minutes=15),
    )
    async with world.services.store.work(slug) as work:
        assert await seeing.begin(work, view, NOW) is None
    return token


async def onlooker(world: World, customer: str, slug: str = "sur") -> Actor:
    """Somebody of the staff who sees the portal as a customer."""
    found = await identify(world.services.store, f"{slug}.example", await seen_as(world, customer, slug), NOW)
    assert found
    assert found.actor.seen_by
    return found.actor


async def _newcomer(world: World, slug: str, asker: Asker) -> Actor:
    """Somebody without accounts, as what they are."""
    email = f"{asker.name.lower()}@example.org"
    person_id = await world.person(slug, email, [])
    if asker in {Asker.STAFF, Asker.STAFF_ADMIN}:
        await change(world, person_id, slug, staff_role=StaffRole[asker.name].value)
    if asker in {Asker.SUPPLIER, Asker.BOARD_MEMBER}:
        mandate = Mandate(
            id="",
            role=MandateRole[asker.name],
            office="agua",
            subject_key="W1" if asker is Asker.BOARD_MEMBER else "P1",
            subject_name="sur",
            starts_on=date(2026, 1, 1),
        )
        async with world.services.store.work(slug) as work:
            await mandates.grant(work, person_id, mandate, NOW)
    return await world.actor(slug, email)
