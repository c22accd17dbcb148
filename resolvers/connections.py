"""Connections: a part of a list with the cursors around it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Generic, TypeVar

from ventanilla.backoffice_adapters.contract import ListOrder, Position, Window
from ventanilla.backoffice_adapters.records import Account, Record, Slice
from ventanilla.resolvers.access import BILLING, Answer, Scope, batch
from ventanilla.resolvers.asking import CAPABILITY_OF, ask_accounts
from ventanilla.resolvers.context import Context
from ventanilla.resolvers.problems import invalid_argument

T = TypeVar("T")
AccountList = Callable[..., Awaitable[Sequence[Any]]]
"""A batch function of accounts that takes a connection's arguments, ``where`` and ``order``."""

DEFAULT_PAGE = 20
MOST_PAGE = 100


class Edge(Record, Generic[T]):
    """One row of a list and where it stands."""

    node: T
    order: str
    position: Position


class PageInfo(Record):
    """What lies around a part of a list."""

    order: str
    start: Position | None
    end: Position | None
    has_next_page: bool
    has_previous_page: bool


class Recount(Record):
    """How to ask for the number of all rows, should somebody want it."""

    method: str
    account: Account
    arguments: tuple[Any, ...]


class Connection(Record, Generic[T]):
    """A part of one of an account's lists; edges and page info are made when they are asked for."""

    nodes: Sequence[T]
    order: Any
    window: Window
    more: bool
    recount: Recount

    @property
    def edges(self) -> list[Edge[T]]:
        """The rows with their places."""
        return [Edge(node=node, order=self.order, position=self.order.position(node)) for node in self.nodes]

    @property
    def page_info(self) -> PageInfo:
        """Whether there is more, and where this part begins and ends."""
        return page_info(self.order, self.window, [self.order.position(node) for node in self.nodes], more=self.more)


def page_info(order: str, view: Window, positions: Sequence[Position], *, more: bool) -> PageInfo:
    """What lies around the rows at `positions`, which `view` asked for; `more` lie beyond in its direction."""
    beyond = view.start is not None
    return PageInfo(
        order=order,
        start=positions[0] if positions else None,
        end=positions[-1] if positions else None,
        has_next_page=beyond if view.backwards else more,
        has_previous_page=more if view.backwards else beyond,
    )


def window(
    context: Context,
    order: str,
    *,
    first: int | None = None,
    after: str | None = None,
    last: int | None = None,
    before: str | None = None,
) -> Window:
    """The window that the arguments of a connection name; a `Problem` where they contradict each other."""
    if (first is not None or after is not None) and (last is not None or before is not None):
        raise invalid_argument("Use `first` with `after` to go forwards, or `last` with `before` to go backwards.")
    backwards = last is not None or before is not None
    limit = last if backwards else first
    if limit is not None and not 1 <= limit <= MOST_PAGE:
        raise invalid_argument(f"`{'last' if backwards else 'first'}` is from 1 to {MOST_PAGE}; it was {limit}.")
    cursor = before if backwards else after
    return Window(
        limit=limit or DEFAULT_PAGE,
        start=context.cursors.read(order, cursor) if cursor is not None else None,
        backwards=backwards,
    )


def of_accounts(noun: str, everything: Record, first_order: ListOrder) -> AccountList:
    """Declare the batch function of one of an account's lists, for the contract method of the same name.

    `everything` is the filter that keeps all, `first_order` the order unless another is asked for.
    """

    async def listed(
        context: Context,
        accounts: Sequence[Account],
        *,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
        where: Record | None = None,
        order: ListOrder = first_order,
    ) -> list[Answer[Connection[Any]]]:
        view = window(context, order, first=first, after=after, last=last, before=before)
        chosen = where or everything
        slices: list[Answer[Slice[Any]]] = await ask_accounts(context, noun, accounts, chosen, order, view)
        return [
            _connection(found, view, Recount(method=noun, account=account, arguments=(chosen, order)))
            if isinstance(found, Slice)
            else found
            for account, found in zip(accounts, slices, strict=True)
        ]

    listed.__module__, listed.__name__ = f"{__package__}.{noun}", "of_accounts"
    listed.__doc__ = f"A part of each account's {noun}."
    return batch(scope=Scope.REACH, licences=BILLING, capability=CAPABILITY_OF[noun])(listed)


def _connection(found: Slice[Any], view: Window, recount: Recount) -> Connection[Any]:
    return Connection(nodes=found.items, order=recount.arguments[1], window=view, more=found.more, recount=recount)


@batch(scope=Scope.REACH)
async def total_count(context: Context, connections: Sequence[Connection[Any]]) -> list[Answer[int]]:
    """How many rows each list has in all. Asked of the office only where somebody wants it."""
    counts: list[Answer[int]] = [None] * len(connections)
    groups: dict[tuple[str, tuple[Any, ...]], list[int]] = {}
    for place, connection in enumerate(connections):
        groups.setdefault((connection.recount.method, connection.recount.arguments), []).append(place)
    for (method, arguments), places in groups.items():
        accounts = [connections[place].recount.account for place in places]
        slices = await ask_accounts(context, method, accounts, *arguments, Window(limit=1, count=True))
        for place, found in zip(places, slices, strict=True):
            counts[place] = found.count if isinstance(found, Slice) else found
    return counts


def edge_cursors(context: Context, edges: Sequence[Edge[Any]]) -> list[str]:
    """The cursor of each row."""
    return [context.cursors.make(edge.order, edge.position) for edge in edges]


def start_cursors(context: Context, pages: Sequence[PageInfo]) -> list[str | None]:
    """The cursor of each part's first row."""
    return [page.start and context.cursors.make(page.order, page.start) for page in pages]


def end_cursors(context: Context, pages: Sequence[PageInfo]) -> list[str | None]:
    """The cursor of each part's last row."""
    return [page.end and context.cursors.make(page.order, page.end) for page in pages]
