"""Accounts within reach."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from typing import Final

from ventanilla.auth.actor import Actor, Link
from ventanilla.backoffice_adapters.contract import Position, Window
from ventanilla.backoffice_adapters.records import Account, AccountRole, Party, Property, Record
from ventanilla.resolvers import narrowed
from ventanilla.resolvers.access import Answer, Scope, batch
from ventanilla.resolvers.asking import ask
from ventanilla.resolvers.connections import PageInfo, page_info, window
from ventanilla.resolvers.context import Context
from ventanilla.resolvers.problems import invalid_argument
from ventanilla.resolvers.reads import reads

ORDER = "LINKED"
"""Accounts stand in the order in which they were linked."""
_LONGEST_NUMBER = 256
"""Far above any printed number, far below what would hold everybody up while it is compared."""


def _plain(number: str) -> str:
    return "".join(character for character in number if character.isalnum()).casefold()


def _wanted(number: str | None) -> str:
    if number and len(number) > _LONGEST_NUMBER:
        raise invalid_argument(f"`number` takes at most {_LONGEST_NUMBER} characters; there were {len(number)}.")
    return _plain(number or "")


def _position(link: Link) -> Position:
    return Position(value=f"{link.id:020}", key=link.account_key)


async def of_links(context: Context, links: Sequence[Link]) -> list[Answer[Account]]:
    """The account behind each link."""
    return await ask(context, "accounts", [(link.office, link.account_key) for link in links])


class AccountEdge(Record):
    """An account with the link by which it is reached."""

    link: Link
    node: Answer[Account]
    order: str = ORDER

    @property
    def position(self) -> Position:
        """Where the link stands among the person's links."""
        return _position(self.link)


class AccountConnection(Record):
    """A part of a person's accounts."""

    edges: list[AccountEdge]
    window: Window
    more: bool
    total_count: int

    @property
    def nodes(self) -> list[Answer[Account]]:
        """The accounts themselves."""
        return [edge.node for edge in self.edges]

    @property
    def page_info(self) -> PageInfo:
        """Whether there is more, and where this part begins and ends."""
        return page_info(ORDER, self.window, [edge.position for edge in self.edges], more=self.more)


_WHOLE: Final = frozenset({AccountRole.HOLDER, AccountRole.OWNER})
"""As what one is told all that the manager's books say of the holder."""


@reads("key", "origin", "holder")
def holders(context: Context, accounts: Sequence[Account]) -> list[Party]:
    """Who holds each account: what else the books say of them is for themselves, for owners, and for programs of the
    manager's own that export accounts; others of those are told not even the name.
    """
    if context.actor.of_manager:
        return [account.holder for account in opened(context, accounts)]
    roles = {(link.office, link.account_key): link.role for link in context.actor.links}
    return [
        account.holder if roles.get((account.origin.source, account.key)) in _WHOLE else _named(account.holder)
        for account in accounts
    ]


@reads("place")
def places(context: Context, accounts: Sequence[Account]) -> list[Property | None]:
    """The property that each account's premises are in."""
    return [account.place for account in opened(context, accounts)]


def opened(context: Context, accounts: Sequence[Account]) -> Sequence[Account]:
    """The accounts, for whoever is told what premises they are for; a `Problem` for other programs."""
    if lacking := narrowed.lacking_holders(context.actor):
        raise lacking
    return accounts


def _named(holder: Party) -> Party:
    return Party(key=holder.key, name=holder.name, kind=holder.kind)


def _part(links: Sequence[Link], view: Window) -> tuple[list[Link], bool]:
    """The links that `view` names, in order, and whether there are more beyond."""
    ordered = sorted(links, key=lambda link: link.id, reverse=view.backwards)
    if view.start:
        start = view.start.value
        ordered = [
            link
            for link in ordered
            if (_position(link).value < start if view.backwards else _position(link).value > start)
        ]
    part = list(islice(ordered, view.limit))
    return (part[::-1] if view.backwards else part), len(ordered) > view.limit


@batch(scope=Scope.REACH)
async def of_viewers(
    context: Context,
    viewers: Sequence[Actor],
    *,
    first: int | None = None,
    after: str | None = None,
    last: int | None = None,
    before: str | None = None,
    number: str | None = None,
) -> list[AccountConnection]:
    """The accounts that each viewer reaches; `number` keeps those whose printed number contains it."""
    view = window(context, ORDER, first=first, after=after, last=last, before=before)
    wanted = _wanted(number)
    connections: list[AccountConnection] = []
    for viewer in viewers:
        links = [link for link in viewer.links if wanted in _plain(link.number)] if wanted else viewer.links
        part, more = _part(links, view)
        accounts = await of_links(context, part)
        connections.append(
            AccountConnection(
                edges=[AccountEdge(link=link, node=account) for link, account in zip(part, accounts, strict=True)],
                window=view,
                more=more,
                total_count=len(links),
            )
        )
    return connections


@batch(scope=Scope.REACH)
async def default_of_viewers(context: Context, viewers: Sequence[Actor]) -> list[Answer[Account]]:
    """The account that each viewer wants to see first: the chosen one, else the first linked."""
    answers: list[Answer[Account]] = []
    for viewer in viewers:
        links = sorted(viewer.links, key=lambda link: (not link.is_default, link.id))[:1]
        answers.append((await of_links(context, links))[0] if links else None)
    return answers
