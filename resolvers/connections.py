"""Connections: a part of a list with the cursors around it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Generic, TypeVar

from ventanilla.backoffice_adapters.contract import ListOrder, Position, Window
from ventanilla.backoffice_adapters.records import Record, Slice
from ventanilla.resolvers.access import Answer, Scope, batch
from ventanilla.resolvers.asking import ask_accounts
from ventanilla.resolvers.context import Context
from ventanilla.resolvers.problems import invalid_argument
from ventanilla.resolvers.reads import Wanted, reads

T = TypeVar("T")
BatchList = Callable[..., Awaitable[Sequence[Any]]]
"""A batch function that takes a connection's arguments, and ``where`` and ``order`` as far as the list has them."""

DEFAULT_PAGE = 20


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


Ask = Callable[..., Awaitable[list[Answer[Slice[Any]]]]]
"""`await ask(context, method, parents, *arguments, window, wanted=…)` answers a part of each parent's list."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where the lists of a noun come from: a method of the contract, and how it is asked for many parents."""

    method: str
    ask: Ask
    position: Callable[[Any, Any], Position] = ListOrder.position
    """Where a row stands in a list of an order: its place for a cursor."""


class Recount(Record):
    """How to ask for the number of all rows, should somebody want it."""

    source: Source
    parent: Any
    arguments: tuple[Any, ...]
    """Filter, where there is one, and order."""


class Connection(Record, Generic[T]):
    """A part of a list; edges and page info are made when they are asked for."""

    nodes: Sequence[T]
    order: Any
    window: Window
    more: bool
    recount: Recount

    @property
    def edges(self) -> list[Edge[T]]:
        """The rows with their places."""
        place = self.recount.source.position
        return [Edge(node=node, order=self.order, position=place(self.order, node)) for node in self.nodes]

    @property
    def page_info(self) -> PageInfo:
        """Whether there is more, and where this part begins and ends."""
        place = self.recount.source.position
        ends = (self.nodes[0], self.nodes[-1]) if self.nodes else ()
        return page_info(self.order, self.window, [place(self.order, node) for node in ends], more=self.more)


def page_info(order: str, view: Window, positions: Sequence[Position], *, more: bool) -> PageInfo:
    """What lies around rows of which the first and the last stand at `positions`, and which `view` asked for; `more`
    lie beyond in its direction.
    """
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
    most = context.most_page
    if limit is not None and not 1 <= limit <= most:
        raise invalid_argument(f"`{'last' if backwards else 'first'}` is from 1 to {most}; it was {limit}.")
    cursor = before if backwards else after
    return Window(
        limit=limit or DEFAULT_PAGE,
        start=context.cursors.read(order, cursor) if cursor is not None else None,
        backwards=backwards,
    )


def lists(
    name: str,
    source: Source,
    first_order: ListOrder,
    everything: Record | None = None,
    *,
    ours: bool = False,
    scope: Scope = Scope.REACH,
) -> BatchList:
    """Declare the batch function `name` (``noun.function``) that answers a part of each parent's list, see `parts`.

    A list that is `ours` stands in our own drawer, and no office is asked for it.
    """
    listed: Any = parts(source, first_order, everything)
    noun, _, listed.__name__ = name.partition(".")
    listed.__module__ = f"{__package__}.{noun}"
    listed.__doc__ = f"A part of each parent's {noun}."
    return batch(scope=scope, method=None if ours else source.method)(listed)


def parts(source: Source, first_order: ListOrder, everything: Record | None = None) -> BatchList:
    """Make a function that answers a part of each parent's list; whoever uses it declares who gets an answer.

    `first_order` is the order unless another is asked for; `everything` the filter that keeps all, None for a list
    that takes no filter.
    """

    async def listed(
        context: Context,
        parents: Sequence[Any],
        *,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
        where: Record | None = None,
        order: ListOrder = first_order,
        wanted: Wanted = None,
    ) -> list[Answer[Connection[Any]]]:
        view = window(context, order, first=first, after=after, last=last, before=before)
        arguments = (order,) if everything is None else (where or everything, order)
        of_rows = _of_rows(wanted, order.field)
        slices = await source.ask(context, source.method, parents, *arguments, view, wanted=of_rows)
        return [
            _connection(found, view, Recount(source=source, parent=parent, arguments=arguments))
            if isinstance(found, Slice)
            else found
            for parent, found in zip(parents, slices, strict=True)
        ]

    return listed


@lru_cache(maxsize=1_024)
def _of_rows(wanted: Wanted, sorted_by: str) -> Wanted:
    """What is read of the rows of a list, given what is read of its connection; None if that may be anything."""
    if wanted is None:
        return None
    rows = {sorted_by}
    for path in wanted:
        part, _, rest = path.partition(".")
        if part == "edges":
            part, _, rest = rest.partition(".")
        if part in {"nodes", "node", ""}:
            rows.add(rest.partition(".")[0])
    return None if "" in rows else frozenset(rows)


def of_accounts(noun: str, everything: Record, first_order: ListOrder) -> BatchList:
    """Declare the batch function of one of an account's lists, for the contract method of the same name."""
    return lists(f"{noun}.of_accounts", Source(noun, ask_accounts), first_order, everything)


def _connection(found: Slice[Any], view: Window, recount: Recount) -> Connection[Any]:
    return Connection(nodes=found.items, order=recount.arguments[-1], window=view, more=found.more, recount=recount)


@reads("recount")
@batch(scope=Scope.PERSON)
async def total_count(context: Context, connections: Sequence[Connection[Any]]) -> list[Answer[int]]:
    """How many rows each list has in all. Asked of the office only where somebody wants it."""
    counts: list[Answer[int]] = [None] * len(connections)
    groups: dict[tuple[Source, tuple[Any, ...]], list[int]] = {}
    for place, connection in enumerate(connections):
        groups.setdefault((connection.recount.source, connection.recount.arguments), []).append(place)
    for (source, arguments), places in groups.items():
        parents = [connections[place].recount.parent for place in places]
        slices = await source.ask(context, source.method, parents, *arguments, Window(limit=1, count=True))
        for place, found in zip(places, slices, strict=True):
            counts[place] = found.count if isinstance(found, Slice) else found
    return counts


@reads("order", "position")
def edge_cursors(context: Context, edges: Sequence[Edge[Any]]) -> list[str]:
    """The cursor of each row."""
    return [context.cursors.make(edge.order, edge.position) for edge in edges]


@reads("order", "start")
def start_cursors(context: Context, pages: Sequence[PageInfo]) -> list[str | None]:
    """The cursor of each part's first row."""
    return [page.start and context.cursors.make(page.order, page.start) for page in pages]


@reads("order", "end")
def end_cursors(context: Context, pages: Sequence[PageInfo]) -> list[str | None]:
    """The cursor of each part's last row."""
    return [page.end and context.cursors.make(page.order, page.end) for page in pages]
