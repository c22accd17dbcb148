"""The viewer: their accounts, and what they are told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import islice
from typing import Any, Self

import strawberry
from sqlalchemy import false, tuple_
from sqlmodel import and_, col, or_, select
from strawberry.relay.utils import from_base64, to_base64

from benchmarks.stock import models
from benchmarks.stock.context import Context, Info, stamp
from benchmarks.stock.enums import NoticeOrder
from benchmarks.stock.loaders import Key
from benchmarks.stock.nodes import Account, Node
from benchmarks.stock.paging import Connection, PageInfo, limit_of, page

EVERYBODY = ("EVERYBODY", "")
"""The scope of notices that are for whoever has an account."""


@strawberry.type
class Notice(Node):
    """Something that people are told."""

    title: str
    published_from: datetime

    @classmethod
    def from_row(cls, row: models.Notice) -> Self:
        """As the table has it."""
        published = datetime.fromisoformat(row.published_from)
        return cls(book=row.book, key=row.key, title=row.title, published_from=published)


@strawberry.type
class AccountConnection:
    """A part of the viewer's accounts, in the order in which they were linked."""

    nodes: list[Account | None]
    page_info: PageInfo


@strawberry.type
class Viewer:
    """The person who is signed in."""

    person: strawberry.Private[models.Person]
    email: str
    name: str

    @classmethod
    def from_row(cls, row: models.Person) -> Self:
        """As the table has it."""
        return cls(person=row, email=row.email, name=f"{row.given_name} {row.family_name}")

    @strawberry.field
    async def accounts(self, info: Info, first: int | None = None, after: str | None = None) -> AccountConnection:
        """The accounts they reach."""
        limit, start = limit_of(first), int(from_base64(after)[1]) if after else 0
        links = list(islice((link for link in self.person.links if link.id > start), limit + 1))
        shown = links[:limit]
        found = await info.context.loaders.accounts.load_many([Key(link.book, link.account_key) for link in shown])
        cursors = [to_base64("AccountLink", link.id) for link in shown]
        return AccountConnection(
            nodes=[Account.from_row(row) if row else None for row in found],
            page_info=PageInfo.around(cursors, after=after, more=len(links) > limit),
        )

    @strawberry.field
    async def notices(
        self,
        info: Info,
        first: int | None = None,
        after: str | None = None,
        order: NoticeOrder = NoticeOrder.PUBLISHED_FROM_DESC,
    ) -> Connection[Notice] | None:
        """What the manager and their communities tell them now."""
        model, audience, now = models.Notice, models.NoticeAudience, stamp(info.context.now)
        mine = await _addressed(info.context, self.person.links)
        told = select(audience).where(audience.book == model.book, audience.notice_key == model.key, mine)
        statement = select(model).where(
            told.exists(),
            col(model.published_from) <= now,
            or_(col(model.visible_until).is_(None), col(model.visible_until) > now),
        )
        rows, page_info = await page(info.context.sessions, statement, model, order, first=first, after=after)
        return Connection(nodes=[Notice.from_row(row) for row in rows], page_info=page_info)


async def _addressed(context: Context, links: Sequence[models.AccountLink]) -> Any:
    """The rows of the audience that are for these links: for everybody, or for their account, building, community."""
    account, unit, building, audience = models.Account, models.Unit, models.Building, models.NoticeAudience
    statement = (
        select(account.book, account.key, unit.building_key, building.community_key)
        .join(unit, and_(unit.book == account.book, unit.key == account.unit_key), isouter=True)
        .join(building, and_(building.book == unit.book, building.key == unit.building_key), isouter=True)
        .where(col(account.book).in_({link.book for link in links}))
        .where(col(account.key).in_([link.account_key for link in links]))
    )
    async with context.sessions() as session:
        rows = (await session.exec(statement)).all()
    scopes = {(book, key): _scopes(key, block, community) for book, key, block, community in rows}

    def of(link: models.AccountLink) -> Any:
        return and_(
            audience.book == link.book,
            col(audience.role).in_(["", link.role]),
            tuple_(audience.scope, audience.scope_key).in_(scopes.get((link.book, link.account_key), [EVERYBODY])),
        )

    return or_(false(), *map(of, links))


def _scopes(account: str, building: str | None, community: str | None) -> list[tuple[str, str]]:
    scopes = [EVERYBODY, ("ACCOUNT", account)]
    if building:
        scopes.append(("BUILDING", building))
    if community:
        scopes.append(("COMMUNITY", community))
    return scopes
