"""What people are told, and who is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from ventanilla.backoffice_adapters.book import NoticeEntry
from ventanilla.backoffice_adapters.records import AccountRole
from ventanilla.gateway.demo.books.clerk import Clerk

TENANTS = AccountRole.TENANT, AccountRole.RESIDENT
OWNERS = (AccountRole.OWNER,)


@dataclass(frozen=True, slots=True)
class Words:
    """A notice to be: published so many days `ago`, and seen until so many days `ahead` of the anchor."""

    title: str
    body: str
    ago: int
    ahead: int | None = None
    """None is for good; a negative number is past."""
    roles: tuple[AccountRole, ...] = ()


def publish(
    clerk: Clerk,
    words: Words,
    *,
    speaker: str | None = None,
    buildings: tuple[str, ...] = (),
    communities: tuple[str, ...] = (),
) -> None:
    """Publish a notice at nine in the morning. `speaker` is the community that speaks, None the manager."""
    ends = None if words.ahead is None else _at(clerk, clerk.anchor + timedelta(days=words.ahead), time(18))
    clerk.enter(
        NoticeEntry(
            key=clerk.key("o"),
            title=words.title,
            body=words.body,
            community=speaker,
            published_from=_at(clerk, clerk.anchor - timedelta(days=words.ago), time(9)),
            visible_until=ends,
            buildings=buildings,
            communities=communities,
            roles=words.roles,
        )
    )


def _at(clerk: Clerk, day: date, hour: time) -> datetime:
    return datetime.combine(day, hour, tzinfo=clerk.zone).astimezone(UTC)
