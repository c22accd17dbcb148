"""As what the viewer acts at the manager, and for whom."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from ventanilla.auth.actor import Actor, Role
from ventanilla.auth.mandates import Mandate, MandateRole
from ventanilla.backoffice_adapters.records import Community
from ventanilla.resolvers.access import Answer, Scope, batch
from ventanilla.resolvers.asking import ask
from ventanilla.resolvers.context import Context

_ORDER: Final = {role: place for place, role in enumerate(Role)}


@batch(scope=Scope.SIGNED_IN)
async def roles(context: Context, viewers: Sequence[Actor]) -> list[list[Role]]:
    """The roles that each viewer holds today."""
    acted = {Role[mandate.role.name] for mandate in await context.mandates()}
    return [sorted(viewer.roles | acted, key=_ORDER.__getitem__) for viewer in viewers]


@batch(scope=Scope.PERSON)
async def of_viewers(context: Context, viewers: Sequence[Actor]) -> list[tuple[Mandate, ...]]:
    """The mandates of who asks that are in force today, oldest first."""
    return [await context.mandates()] * len(viewers)


@batch(scope=Scope.MANDATE, method="communities_by_key")
async def communities(context: Context, mandates: Sequence[Mandate]) -> list[Answer[Community]]:
    """The community that each is for; None for what is no board's."""
    boards = [mandate for mandate in mandates if mandate.role is MandateRole.BOARD_MEMBER]
    asked = [(mandate.office, mandate.subject_key) for mandate in boards]
    found = iter(await ask(context, "communities_by_key", asked))
    return [next(found) if mandate.role is MandateRole.BOARD_MEMBER else None for mandate in mandates]
