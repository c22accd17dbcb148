"""What happened to an account, for its people to read."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from ventanilla.auth import audit
from ventanilla.auth.audit import AuditEvent
from ventanilla.backoffice_adapters.contract import ListOrder, Position, Window
from ventanilla.backoffice_adapters.records import Account, Slice
from ventanilla.resolvers import connections, masking
from ventanilla.resolvers.access import Answer
from ventanilla.resolvers.account_links import name_of
from ventanilla.resolvers.context import Context
from ventanilla.resolvers.reads import Wanted, reads
from ventanilla.resolvers.refusals import Param


class AuditOrder(ListOrder):
    """How what happened is sorted."""

    AT_DESC = "AT_DESC"
    AT_ASC = "AT_ASC"


def _position(_order: str, event: AuditEvent) -> Position:
    return Position(value="", key=str(event.id))


async def _listed(
    context: Context,
    _method: str,
    accounts: Sequence[Account],
    order: AuditOrder,
    view: Window,
    *,
    wanted: Wanted = None,
) -> list[Answer[Slice[AuditEvent]]]:
    """A part of each account's events, whole: there are few columns."""
    return [*await asyncio.gather(*(_of_one(context, account, order, view) for account in accounts))]


async def _of_one(context: Context, account: Account, order: AuditOrder, view: Window) -> Slice[AuditEvent]:
    store, manager, name = context.services.store, context.manager.slug, name_of(account)
    if view.count:
        return Slice(items=(), more=False, count=await audit.count_of_account(store, manager, name))
    older = (order is AuditOrder.AT_DESC) != view.backwards
    start = int(view.start.key) if view.start else None
    found = await audit.of_account(store, manager, name, start=start, older=older, limit=view.limit + 1)
    items = found[: view.limit]
    return Slice(items=tuple(reversed(items) if view.backwards else items), more=len(found) > view.limit)


of_accounts = connections.lists(
    "audit.of_accounts", connections.Source("audit", _listed, _position), AuditOrder.AT_DESC, ours=True
)
"""A part of what happened to each account."""


@reads("actor_id", "actor_name")
def actors(context: Context, events: Sequence[AuditEvent]) -> list[str | None]:
    """Who did each: the viewer by their name, others as neighbours call them, None where it was no person."""
    return [
        event.actor_name
        and (event.actor_name if event.actor_id == context.actor.person_id else masking.called(event.actor_name))
        for event in events
    ]


@reads("actor_id")
def by_viewer(context: Context, events: Sequence[AuditEvent]) -> list[bool]:
    """Whether the viewer did each."""
    return [event.actor_id is not None and event.actor_id == context.actor.person_id for event in events]


@reads("told")
def details(_context: Context, events: Sequence[AuditEvent]) -> list[list[Param]]:
    """What else there is to tell of each."""
    return [[Param(key=key, value=value) for key, value in event.told.items()] for event in events]
