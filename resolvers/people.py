"""The manager's people, for the staff: found, listed, and what hangs on each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from ventanilla.auth import mandates, roster
from ventanilla.auth.mandates import Mandate
from ventanilla.auth.roster import HeldAccount, PersonCard, PersonFilter, PersonOrder
from ventanilla.backoffice_adapters.contract import Window
from ventanilla.backoffice_adapters.records import Slice
from ventanilla.resolvers import connections
from ventanilla.resolvers.access import Answer, Scope, batch
from ventanilla.resolvers.connections import Connection
from ventanilla.resolvers.context import Context
from ventanilla.resolvers.problems import invalid_argument
from ventanilla.resolvers.reads import Wanted, reads
from ventanilla.resolvers.staff import Desk

_LONGEST_SEARCH = 120


async def _listed(
    context: Context,
    _method: str,
    desks: Sequence[Desk],
    where: PersonFilter,
    order: PersonOrder,
    view: Window,
    *,
    wanted: Wanted = None,
) -> list[Answer[Slice[PersonCard]]]:
    """A part of the manager's people, whole: there are few columns."""
    found = await roster.people(context.services.store, context.manager.slug, where, order, view)
    return [found] * len(desks)


_parts = connections.parts(connections.Source("people", _listed, roster.position), PersonOrder.NAME_ASC, PersonFilter())


@batch(scope=Scope.STAFF)
async def of_desks(
    context: Context, desks: Sequence[Desk], *, search: str | None = None, staff_only: bool | None = False, **page: Any
) -> Sequence[Answer[Connection[PersonCard]]]:
    """A part of the manager's people, those who were disabled too."""
    if search and len(search) > _LONGEST_SEARCH:
        raise invalid_argument(f"`search` takes at most {_LONGEST_SEARCH} characters; there were {len(search)}.")
    where = PersonFilter(search=search or "", staff_only=bool(staff_only))
    return await _parts(context, desks, where=where, **page)


@batch(scope=Scope.STAFF)
async def by_id(context: Context, desks: Sequence[Desk], *, id: str) -> list[PersonCard | None]:
    """Somebody of the manager's people, or None."""
    found = await roster.person(context.services.store, context.manager.slug, id)
    return [found] * len(desks)


@reads("id")
@batch(scope=Scope.STAFF)
async def accounts(context: Context, people: Sequence[PersonCard]) -> list[list[HeldAccount]]:
    """The accounts that each reaches, in one statement."""
    return await roster.accounts_of(context.services.store, context.manager.slug, [each.id for each in people])


@reads("id")
@batch(scope=Scope.STAFF)
async def mandates_of(context: Context, people: Sequence[PersonCard]) -> list[tuple[Mandate, ...]]:
    """The mandates of each, in one statement."""
    return await mandates.of_people(context.services.store, context.manager.slug, [each.id for each in people])


@reads("id")
@batch(scope=Scope.STAFF)
async def last_seen(context: Context, people: Sequence[PersonCard]) -> list[datetime | None]:
    """When each was last here, in one statement."""
    return await roster.last_seen(context.services.store, context.manager.slug, [each.id for each in people])


@reads("starts_on", "ends_on")
def in_force(context: Context, found: Sequence[Mandate]) -> list[bool]:
    """Whether each mandate is in force today."""
    return [each.holds(context.today) for each in found]
