"""Parties: whom the manager's offices know, for the staff to find and to pick."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any, Final

import msgspec

from ventanilla.backoffice_adapters.contract import PartyFilter, PartyOrder, Position, Window
from ventanilla.backoffice_adapters.records import Contractor, PartyRole, Slice
from ventanilla.resolvers import connections, merging
from ventanilla.resolvers.access import Answer, Scope, batch
from ventanilla.resolvers.access_audiences import offices_with_parties
from ventanilla.resolvers.asking import ask
from ventanilla.resolvers.connections import Connection
from ventanilla.resolvers.context import Context
from ventanilla.resolvers.ids import Kind
from ventanilla.resolvers.problems import Problem, ProblemCode, invalid_argument
from ventanilla.resolvers.reads import Wanted, reads
from ventanilla.resolvers.staff import Desk

_LONGEST_SEARCH: Final = 120
_BEYOND_NAME: Final = "\x01"
"""What follows on a name before any other: no name holds a control character."""


@reads("key", "origin")
def ids(context: Context, contractors: Sequence[Contractor]) -> list[str]:
    """What each is picked by."""
    return context.ids.mixed(Kind.PARTY, [(each.origin.source, each.key) for each in contractors])


@batch(scope=Scope.STAFF, method="parties")
async def of_desks(
    context: Context,
    desks: Sequence[Desk],
    *,
    search: str | None = None,
    roles: Sequence[PartyRole] | None = None,
    **page: Any,
) -> Sequence[Answer[Connection[Contractor]]]:
    """A part of whom the offices know, by name; one list of all offices that tell."""
    if search and len(search) > _LONGEST_SEARCH:
        raise invalid_argument(f"`search` takes at most {_LONGEST_SEARCH} characters; there were {len(search)}.")
    where = PartyFilter(roles=tuple(dict.fromkeys(roles or ())), text=search or None)
    return await _parts(context, desks, where=where, **page)


async def _listed(
    context: Context,
    _method: str,
    desks: Sequence[Desk],
    where: PartyFilter,
    order: PartyOrder,
    view: Window,
    *,
    wanted: Wanted = None,
) -> list[Answer[Slice[Contractor]]]:
    """A part of all, whole: it is merged by more than what is `wanted`."""
    offices = offices_with_parties(context.manager, context.services.registry)
    if not offices:
        return [Problem(ProblemCode.NOT_SUPPORTED)] * len(desks)
    asked = (ask(context, "parties", [(office, where)], _window_at(office, view)) for office in offices)
    answers: list[Answer[Any]] = [answer for (answer,) in await asyncio.gather(*asked)]
    problem = next((each for each in answers if isinstance(each, Problem)), None)
    parts: list[Slice[Contractor]] = [each for each in answers if isinstance(each, Slice)]
    return [problem or merging.merged(parts, order, view)] * len(desks)


def _window_at(office: str, view: Window) -> Window:
    """The window of one office's list that `view` of the merged one needs; people of one name go by office."""
    if view.start is None:
        return view
    source, _, key = view.start.key.partition(":")
    name = view.start.value
    if office != source:
        key, name = "", name if office > source else name + _BEYOND_NAME
    return msgspec.structs.replace(view, start=Position(value=name, key=key))


_parts = connections.parts(connections.Source("parties", _listed, merging.position), PartyOrder.NAME_ASC, PartyFilter())
