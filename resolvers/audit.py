"""What happened to an account, for its people to read, and to a person, for themselves."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Final, TypedDict

from ventanilla.auth import audit
from ventanilla.auth.actor import Actor
from ventanilla.auth.audit import AuditEvent, AuditFilter
from ventanilla.backoffice_adapters.contract import ListOrder, Position, Window
from ventanilla.backoffice_adapters.records import Account, Slice
from ventanilla.resolvers import connections, masking
from ventanilla.resolvers.access import Answer, Scope
from ventanilla.resolvers.account_links import name_of
from ventanilla.resolvers.context import Context
from ventanilla.resolvers.reads import Wanted, reads
from ventanilla.resolvers.refusals import Param, spoken


class AuditOrder(ListOrder):
    """How what happened is sorted."""

    AT_DESC = "AT_DESC"
    AT_ASC = "AT_ASC"


def _position(_order: str, event: AuditEvent) -> Position:
    return Position(value="", key=str(event.id))


async def _of_accounts(
    context: Context,
    _method: str,
    accounts: Sequence[Account],
    order: AuditOrder,
    view: Window,
    *,
    wanted: Wanted = None,
) -> list[Answer[Slice[AuditEvent]]]:
    """A part of each account's events, whole: there are few columns."""
    return [*await asyncio.gather(*(_of_account(context, account, order, view) for account in accounts))]


async def _of_account(context: Context, account: Account, order: AuditOrder, view: Window) -> Slice[AuditEvent]:
    store, manager, name = context.services.store, context.manager.slug, name_of(account)
    if view.count:
        return Slice(items=(), more=False, count=await audit.count_of_account(store, manager, name))
    return _part(view, await audit.of_account(store, manager, name, **_beyond(order, view)))


async def _of_viewers(
    context: Context,
    _method: str,
    viewers: Sequence[Actor],
    where: AuditFilter,
    order: AuditOrder,
    view: Window,
    *,
    wanted: Wanted = None,
) -> list[Answer[Slice[AuditEvent]]]:
    """A part of the events of each viewer, who is always the one who asks."""
    store, manager, person_id = context.services.store, context.manager.slug, context.person_id
    if view.count:
        count = await audit.count_of_person(store, manager, person_id, where)
        return [Slice(items=(), more=False, count=count)] * len(viewers)
    found = await audit.of_person(store, manager, person_id, where=where, **_beyond(order, view))
    return [_part(view, found)] * len(viewers)


class _Beyond(TypedDict):
    """Which events are asked for, one more than are shown."""

    start: int | None
    older: bool
    limit: int


def _beyond(order: AuditOrder, view: Window) -> _Beyond:
    older = (order is AuditOrder.AT_DESC) != view.backwards
    return _Beyond(start=int(view.start.key) if view.start else None, older=older, limit=view.limit + 1)


def _part(view: Window, found: Sequence[AuditEvent]) -> Slice[AuditEvent]:
    items = found[: view.limit]
    return Slice(items=tuple(reversed(items) if view.backwards else items), more=len(found) > view.limit)


of_accounts = connections.lists(
    "audit.of_accounts", connections.Source("audit", _of_accounts, _position), AuditOrder.AT_DESC, ours=True
)
"""A part of what happened to each account."""
of_viewers = connections.lists(
    "audit.of_viewers",
    connections.Source("audit", _of_viewers, _position),
    AuditOrder.AT_DESC,
    audit.EVERYTHING,
    ours=True,
    scope=Scope.PERSON,
)
"""A part of what happened to each viewer."""
_STAFF: Final[Mapping[str, str]] = {
    "en": "Staff of {manager}",
    "es": "Personal de {manager}",
    "pl": "{manager} (pracownik)",
}


@reads("actor_id", "actor_name", "by_staff", "person_id")
def actors(context: Context, events: Sequence[AuditEvent]) -> list[str | None]:
    """Who did each: the viewer by their name, others as neighbours or the manager's staff, None where it was nobody."""
    return [_actor(context, event) for event in events]


def _actor(context: Context, event: AuditEvent) -> str | None:
    if event.actor_id is None or event.actor_id == context.actor.person_id:
        return event.actor_name
    # What concerns the viewer and is another person's doing is the staff's, also of who works there no more.
    if event.by_staff or event.person_id == context.actor.person_id:
        return spoken(_STAFF, context.language).format(manager=context.manager.name)
    return event.actor_name and masking.called(event.actor_name)


@reads("actor_id")
def by_viewer(context: Context, events: Sequence[AuditEvent]) -> list[bool]:
    """Whether the viewer did each."""
    return [event.actor_id is not None and event.actor_id == context.actor.person_id for event in events]


@reads("told")
def details(_context: Context, events: Sequence[AuditEvent]) -> list[list[Param]]:
    """What else there is to tell of each."""
    return [[Param(key=key, value=value) for key, value in event.told.items()] for event in events]
