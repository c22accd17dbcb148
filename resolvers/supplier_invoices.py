"""What a supplier billed, told to who acts for them: by all parties that they act for, as one list."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from functools import partial
from hashlib import blake2b
from typing import Any

from ventanilla.auth.actor import Actor
from ventanilla.auth.mandates import MandateRole
from ventanilla.backoffice_adapters.contract import SupplierInvoiceFilter, SupplierInvoiceOrder, Window
from ventanilla.backoffice_adapters.records import Slice, SupplierInvoice
from ventanilla.resolvers import connections
from ventanilla.resolvers.access import Answer, Scope, batch
from ventanilla.resolvers.asking import ask
from ventanilla.resolvers.connections import Connection
from ventanilla.resolvers.context import Context
from ventanilla.resolvers.merging import merged, position, window_at
from ventanilla.resolvers.problems import Problem
from ventanilla.resolvers.reads import Wanted

_SUPPLIER = MandateRole.SUPPLIER
Name = tuple[str, str]
"""An office, and a party's key there."""


async def _listed(  # noqa: PLR0917  what every list is asked with, in the order in which it is asked
    context: Context,
    method: str,
    viewers: Sequence[Actor],
    where: SupplierInvoiceFilter,
    order: SupplierInvoiceOrder,
    view: Window,
    *,
    wanted: Wanted = None,
) -> list[Answer[Slice[SupplierInvoice]]]:
    """A part of what was billed by all parties together, whole: it is merged by more than what is `wanted`."""
    windows: dict[Window, list[Name]] = {}
    for name in await _own(context):
        windows.setdefault(window_at(_list_of(*name), view), []).append(name)
    found = await asyncio.gather(
        *(ask(context, method, names, where, order, window) for window, names in windows.items())
    )
    answers: list[Answer[Slice[SupplierInvoice]]] = [answer for part in found for answer in part]
    problem = next((answer for answer in answers if isinstance(answer, Problem)), None)
    parts = [answer for answer in answers if isinstance(answer, Slice)]
    return [problem or merged(parts, order, view, _written_by)] * len(viewers)


async def _own(context: Context) -> list[Name]:
    """The parties that who asks acts for today, each once."""
    mandates = await context.mandates()
    return [*dict.fromkeys((each.office, each.subject_key) for each in mandates if each.role is _SUPPLIER)]


def _list_of(office: str, party: str) -> str:
    """What the list of a party is called among all: a key may hold whatever parts a name from what follows."""
    return f"{office}/{blake2b(party.encode(), digest_size=8).hexdigest()}"


def _written_by(invoice: SupplierInvoice) -> str:
    return _list_of(invoice.origin.source, invoice.supplier_key)


_parts = connections.parts(
    connections.Source("supplier_invoices_of_parties", _listed, partial(position, source=_written_by)),
    SupplierInvoiceOrder.ISSUED_ON_DESC,
    SupplierInvoiceFilter(),
)


@batch(scope=Scope.MANDATE, mandate=_SUPPLIER, method="supplier_invoices_of_parties")
async def of_viewers(
    context: Context, viewers: Sequence[Actor], **page: Any
) -> Sequence[Answer[Connection[SupplierInvoice]]]:
    """A part of what was billed by those whom each viewer acts for."""
    return await _parts(context, viewers, **page)
