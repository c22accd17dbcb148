"""Access for many people at once: whom it would be for, asked for, sent, cancelled, and followed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Mapping, Sequence
from typing import Any, Final

from ventanilla.auth import access_batches, access_invitations
from ventanilla.auth.access_batches import AccessBatch, BatchOrder
from ventanilla.auth.access_invitations import Invitation, InvitationFilter, InvitationOrder, InvitationState
from ventanilla.backoffice_adapters.contract import Window
from ventanilla.backoffice_adapters.records import Slice
from ventanilla.resolvers import connections
from ventanilla.resolvers.access import Answer, Scope, batch, call, source
from ventanilla.resolvers.connections import Connection
from ventanilla.resolvers.context import Context
from ventanilla.resolvers.problems import ProblemCode
from ventanilla.resolvers.reads import Wanted, reads
from ventanilla.resolvers.refusals import spoken
from ventanilla.resolvers.staff import Desk
from ventanilla.store.tables import is_id

_WHY: Final[Mapping[str, Mapping[str, str]]] = {
    ProblemCode.BACK_OFFICE_TIMEOUT: {
        "en": "The back office did not answer in time. Ask for it again.",
        "es": "El sistema de gestión no respondió a tiempo. Vuelva a pedirlo.",
        "pl": "System biura nie odpowiedział na czas. Prosimy zlecić to ponownie.",
    },
    ProblemCode.BACK_OFFICE_BAD_ANSWER: {
        "en": "The back office answered something that cannot be used. Ask for it again once it is mended.",
        "es": "El sistema de gestión respondió algo que no se puede usar. Vuelva a pedirlo cuando esté corregido.",
        "pl": "Odpowiedzi systemu biura nie da się użyć. Prosimy zlecić to ponownie po naprawie.",
    },
    ProblemCode.NOT_SUPPORTED: {
        "en": "No back office tells whom it knows.",
        "es": "Ningún sistema de gestión informa a quiénes conoce.",
        "pl": "Żaden system biura nie udostępnia listy osób.",
    },
}
_UNAVAILABLE: Final[Mapping[str, str]] = {
    "en": "The back office did not answer. Ask for it again.",
    "es": "El sistema de gestión no respondió. Vuelva a pedirlo.",
    "pl": "System biura nie odpowiedział. Prosimy zlecić to ponownie.",
}


async def found(context: Context, batch_id: str) -> AccessBatch | None:
    """A batch by id; None for whatever is the id of none."""
    if not is_id(batch_id):
        return None
    return (await access_batches.find(context.services.store, context.manager.slug, [batch_id]))[0]


@batch(scope=Scope.STAFF)
async def by_id(context: Context, desks: Sequence[Desk], *, id: str) -> list[AccessBatch | None]:
    """One batch, or None."""
    return [await found(context, id)] * len(desks)


async def _listed(
    context: Context, _method: str, desks: Sequence[Desk], order: BatchOrder, view: Window, *, wanted: Wanted = None
) -> list[Answer[Slice[AccessBatch]]]:
    """A part of the manager's batches, whole: there are few columns."""
    return [await access_batches.listed(context.services.store, context.manager.slug, order, view)] * len(desks)


of_desks = connections.lists(
    "access_batches.of_desks",
    connections.Source("access_batches", _listed, access_batches.position),
    BatchOrder.CREATED_AT_DESC,
    ours=True,
    scope=Scope.STAFF,
)
"""A part of the manager's batches, newest first."""


async def _invited(
    context: Context,
    _method: str,
    batches: Sequence[AccessBatch],
    where: InvitationFilter,
    _order: InvitationOrder,
    view: Window,
    *,
    wanted: Wanted = None,
) -> list[Answer[Slice[Invitation]]]:
    """A part of each batch's people, whole: there are few columns."""
    store, slug = context.services.store, context.manager.slug
    parts = (access_invitations.listed(store, slug, each.id, where, view) for each in batches)
    return [*await asyncio.gather(*parts)]


_invitations = connections.parts(
    connections.Source("invitations", _invited, access_invitations.position),
    InvitationOrder.NAME_ASC,
    InvitationFilter(),
)


@batch(scope=Scope.STAFF)
async def invitations(
    context: Context, batches: Sequence[AccessBatch], *, states: Sequence[InvitationState] | None = None, **page: Any
) -> Sequence[Answer[Connection[Invitation]]]:
    """A part of each batch's people, by name."""
    where = InvitationFilter(states=tuple(dict.fromkeys(states or ())))
    return await _invitations(context, batches, where=where, **page)


@reads("problem")
def problems(context: Context, batches: Sequence[AccessBatch]) -> list[str | None]:
    """Why each could not be generated, in words."""
    return [each.problem and spoken(_WHY.get(each.problem, _UNAVAILABLE), context.language) for each in batches]


@call(scope=Scope.STAFF)
async def batch_now(context: Context, *, id: str) -> AccessBatch | None:
    """A batch as it stands, or None."""
    return await found(context, id)


@source(scope=Scope.STAFF)
async def changes(context: Context, *, id: str) -> AsyncGenerator[None, None]:
    """An event at once, and one whenever the state or the counts of a batch have changed; for none only one."""
    if await found(context, id) is None:
        yield
        return
    rows, store, slug = context.services.rows, context.services.store, context.manager.slug
    async with rows.watch(access_batches.find, store, slug, id) as changed:
        while True:
            changed.clear()
            yield
            await changed.wait()
