"""What a community's board is told: finances, arrears, and what suppliers bill.

It is open to who is a member of that board today, and to nobody else: neither owners nor the manager's staff.
"""

from __future__ import annotations

from collections.abc import Sequence, Set
from typing import Any

from ventanilla.auth.mandates import MandateRole
from ventanilla.backoffice_adapters.contract import ArrearsOrder, SupplierInvoiceFilter, SupplierInvoiceOrder
from ventanilla.backoffice_adapters.records import (
    Community,
    CommunityArrears,
    CommunityFinances,
    Record,
    SupplierInvoice,
)
from ventanilla.resolvers import connections
from ventanilla.resolvers.access import Answer, Scope, batch, for_mandates
from ventanilla.resolvers.asking import ask
from ventanilla.resolvers.connections import Connection
from ventanilla.resolvers.context import Context
from ventanilla.resolvers.methods import LICENCES_OF
from ventanilla.resolvers.reads import Wanted, reads

_MEMBER = MandateRole.BOARD_MEMBER
Name = tuple[str, str]
"""An office, and a community's key there."""


class BoardArea(Record):
    """What is open to the board of a community: its office, and its key there."""

    office: str
    key: str


async def own(context: Context) -> Set[Name]:
    """The communities of whose boards who asks is a member today."""
    mandates = await context.mandates()
    return {(mandate.office, mandate.subject_key) for mandate in mandates if mandate.role is _MEMBER}


@reads("key", "origin")
@batch(scope=Scope.MANDATE, mandate=_MEMBER, licences=LICENCES_OF["community_finances"])
async def areas(context: Context, communities: Sequence[Community]) -> list[Answer[BoardArea]]:
    """The area of each community's board; a refusal for who is not among its members."""
    mine, names = await own(context), [(community.origin.source, community.key) for community in communities]
    return [BoardArea(office=name[0], key=name[1]) if name in mine else for_mandates(_MEMBER) for name in names]


@batch(scope=Scope.MANDATE, mandate=_MEMBER, method="community_finances")
async def finances(context: Context, boards: Sequence[BoardArea]) -> list[Answer[CommunityFinances]]:
    """How the community of each board stands."""
    return await _ask(context, "community_finances", boards)


async def _ask(
    context: Context, method: str, boards: Sequence[BoardArea], *arguments: Any, wanted: Wanted = None
) -> list[Answer[Any]]:
    return await ask(context, method, [(board.office, board.key) for board in boards], *arguments, wanted=wanted)


_arrears = connections.parts(connections.Source("community_arrears", _ask), ArrearsOrder.OLDEST_DUE_ON_ASC)
_billed = connections.parts(
    connections.Source("supplier_invoices", _ask), SupplierInvoiceOrder.DUE_ON_ASC, SupplierInvoiceFilter()
)


@batch(scope=Scope.MANDATE, mandate=_MEMBER, method="community_arrears")
async def arrears(
    context: Context, boards: Sequence[BoardArea], **page: Any
) -> Sequence[Answer[Connection[CommunityArrears]]]:
    """A part of the accounts of each board's community that are in arrears."""
    return await _arrears(context, boards, **page)


@batch(scope=Scope.MANDATE, mandate=_MEMBER, method="supplier_invoices")
async def supplier_invoices(
    context: Context, boards: Sequence[BoardArea], **page: Any
) -> Sequence[Answer[Connection[SupplierInvoice]]]:
    """A part of what suppliers billed the community of each board."""
    return await _billed(context, boards, **page)
