"""People who act for others in the tests' world."""

from __future__ import annotations

from datetime import date

from tests.world import NOW, World
from ventanilla.auth import mandates
from ventanilla.auth.actor import Actor
from ventanilla.auth.mandates import Mandate, MandateRole

BEGUN = date(2026, 1, 1)


async def mandate(
    world: World,
    person_id: str,
    role: MandateRole,
    subject: str,
    *,
    starts_on: date = BEGUN,
    ends_on: date | None = None,
    office: str = "agua",
) -> None:
    """Let a person of ``sur`` act."""
    given = Mandate(
        id="",
        role=role,
        office=office,
        subject_key=subject,
        subject_name=f"{role} {subject}",
        starts_on=starts_on,
        ends_on=ends_on,
    )
    async with world.services.store.work("sur") as work:
        await mandates.grant(work, person_id, given, NOW)


async def acting(
    world: World,
    role: MandateRole,
    subject: str,
    links: list[tuple[str, str]] | None = None,
    *,
    starts_on: date = BEGUN,
    ends_on: date | None = None,
) -> Actor:
    """Somebody new who acts, and reaches the accounts of `links`."""
    email = f"{role.lower()}-{subject}-{starts_on}-{ends_on}@example.org".lower()
    person_id = await world.person("sur", email, links or [])
    await mandate(world, person_id, role, subject, starts_on=starts_on, ends_on=ends_on)
    return await world.actor("sur", email)
