"""What every resolver of one request has at hand, first of all who asks."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import strawberry
from sqlalchemy.orm import selectinload
from sqlmodel import col, select

from benchmarks.stock.loaders import Loaders, Sessions
from benchmarks.stock.models import Manager, Person, Session


@dataclass
class Context:
    """One request."""

    sessions: Sessions
    zones: Mapping[str, ZoneInfo]
    """The time zone of each manager."""
    person: Person | None
    """Who is signed in, with their links."""
    now: datetime = field(default_factory=lambda: datetime.now(UTC))

    def __post_init__(self) -> None:
        self.loaders = Loaders(self.sessions)

    @property
    def today(self) -> str:
        """The manager's local date, in ISO."""
        zone = self.zones[self.person.manager] if self.person else UTC
        return self.now.astimezone(zone).date().isoformat()


Info = strawberry.Info[Context, None]


def stamp(moment: datetime) -> str:
    """A moment as the tables keep it."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


async def person_of(sessions: Sessions, token: str) -> Person | None:
    """The person whose session the token stands for; None for a token that stands for none."""
    now = stamp(datetime.now(UTC))
    statement = (
        select(Person)
        .join(Session)
        .where(
            col(Session.token_hash) == hashlib.sha256(token.encode()).hexdigest(),
            col(Session.idle_at) > now,
            col(Session.expires_at) > now,
            col(Person.disabled_at).is_(None),
        )
        .options(selectinload(Person.links))  # pyright: ignore[reportArgumentType]  # SQLModel types it as the list
    )
    async with sessions() as session:
        return (await session.exec(statement)).first()


async def zones(sessions: Sessions) -> dict[str, ZoneInfo]:
    """The time zone of each manager, as its file names it."""
    async with sessions() as session:
        managers = (await session.exec(select(Manager))).all()
    return {manager.slug: ZoneInfo(json.loads(manager.body)["timeZone"]) for manager in managers}
