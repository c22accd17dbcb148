"""Checkouts: what somebody is paying or has paid through the portal. Each person sees their own."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from typing import Any

from ventanilla.auth.actor import Actor
from ventanilla.backoffice_adapters.contract import Window
from ventanilla.backoffice_adapters.plugins import RegistryError
from ventanilla.backoffice_adapters.records import Account, Invoice, Origin, Payment, Record, Slice
from ventanilla.resolvers import checkout_links, connections, reach
from ventanilla.resolvers.access import Answer, Scope, batch, call, source
from ventanilla.resolvers.asking import as_known, ask
from ventanilla.resolvers.context import Context
from ventanilla.resolvers.reads import Wanted
from ventanilla.store import checkout_lists
from ventanilla.store.checkout_lists import Checkout, CheckoutFilter, CheckoutOrder
from ventanilla.store.checkout_terms import CheckoutLine
from ventanilla.store.manager import Manager
from ventanilla.store.tables import is_id


class _Payee(Record):
    """The account of a checkout, as `reach` takes it."""

    origin: Origin
    account_key: str


async def found(context: Context, checkout_id: str) -> Checkout | None:
    """A checkout of the viewer's by id; None for whatever else."""
    if not is_id(checkout_id):
        return None
    (checkout,) = await checkout_lists.find(context.services.store, context.manager.slug, [checkout_id])
    return checkout if checkout and checkout.person_id == context.actor.person_id else None


@call(scope=Scope.PERSON)
async def checkout(context: Context, *, id: str) -> Checkout | None:
    """A checkout of the viewer's as it stands, or None."""
    return await found(context, id)


@source(scope=Scope.PERSON)
async def changes(context: Context, *, id: str) -> AsyncGenerator[None, None]:
    """An event at once, and one whenever a checkout of the viewer's has changed; for none only one."""
    if await found(context, id) is None:
        yield
        return
    rows, store, slug = context.services.rows, context.services.store, context.manager.slug
    async with rows.watch(checkout_lists.find, store, slug, id) as changed:
        while True:
            changed.clear()
            yield
            await changed.wait()


# -- lists ----------------------------------------------------------------------------------------------------------


async def _of_accounts(
    context: Context,
    _method: str,
    accounts: Sequence[Account],
    order: CheckoutOrder,
    view: Window,
    *,
    wanted: Wanted = None,
) -> list[Answer[Slice[Checkout]]]:
    """A part of the viewer's checkouts for each account."""
    store, slug, person_id = context.services.store, context.manager.slug, context.person_id
    wheres = [CheckoutFilter(person_id=person_id, accounts=_names(context, each)) for each in accounts]
    return [*await asyncio.gather(*(checkout_lists.listed(store, slug, where, order, view) for where in wheres))]


def _names(context: Context, account: Account) -> tuple[tuple[str, str], ...]:
    """By what each office that may be told of its money knows an account."""
    offices = dict.fromkeys((account.origin.source, *context.manager.routing.values()))
    refs = [as_known(context, account.ref, office) for office in offices]
    return tuple((ref.office, ref.key) for ref in refs if ref.key)


async def _of_viewers(
    context: Context,
    _method: str,
    viewers: Sequence[Actor],
    order: CheckoutOrder,
    view: Window,
    *,
    wanted: Wanted = None,
) -> list[Answer[Slice[Checkout]]]:
    """A part of the checkouts of each viewer, who is always the one who asks."""
    where = CheckoutFilter(person_id=context.person_id)
    return [await checkout_lists.listed(context.services.store, context.manager.slug, where, order, view)] * len(
        viewers
    )


of_accounts = connections.lists(
    "checkouts.of_accounts",
    connections.Source("checkouts", _of_accounts, checkout_lists.position),
    CheckoutOrder.CREATED_AT_DESC,
    ours=True,
)
"""A part of the viewer's checkouts for each account, newest first."""
of_viewers = connections.lists(
    "checkouts.of_viewers",
    connections.Source("checkouts", _of_viewers, checkout_lists.position),
    CheckoutOrder.CREATED_AT_DESC,
    ours=True,
    scope=Scope.PERSON,
)
"""A part of the viewer's checkouts, newest first."""


# -- what hangs on them ---------------------------------------------------------------------------------------------


@batch(scope=Scope.REACH, method="accounts")
async def accounts(context: Context, checkouts: Sequence[Checkout]) -> list[Answer[Account]]:
    """The account that each is for; None where the viewer does not reach it any more."""
    refs = [each.terms.account for each in checkouts]
    payees = [_Payee(origin=Origin(source=ref.office, as_of=context.now), account_key=ref.key) for ref in refs]
    return [*await reach.accounts_of(context, payees)]


@batch(scope=Scope.REACH, method="invoices_by_key")
async def invoices(context: Context, lines: Sequence[CheckoutLine]) -> list[Answer[Invoice]]:
    """The invoice that each line pays, as it is now; None where the viewer does not reach it any more."""
    asked = await ask(context, "invoices_by_key", [(line.office, line.invoice_key) for line in lines])
    return await reach.within(context, "invoices_by_key", asked)


@batch(scope=Scope.REACH, method="payments_by_key")
async def payments(context: Context, checkouts: Sequence[Checkout]) -> list[Answer[Payment]]:
    """What the office has booked for each; None as long as it has not."""
    named = [(each.terms.account.office, each.payment_key) for each in checkouts if each.payment_key]
    told: Any = iter(await reach.within(context, "payments_by_key", await ask(context, "payments_by_key", named)))
    return [next(told) if each.payment_key else None for each in checkouts]


def redirect_urls(context: Context, checkouts: Sequence[Checkout]) -> list[str | None]:
    """Where each can be paid; None where it cannot, and for who asks in somebody's place: following it is paying."""
    actor = context.actor
    if actor.client_id is not None or actor.seen_by is not None:
        return [None] * len(checkouts)
    keys, slug = context.services.keys, context.manager.slug
    return [checkout_links.path(keys, slug, each.id) if each.open_at(context.now) else None for each in checkouts]


def platforms(context: Context, checkouts: Sequence[Checkout]) -> list[str]:
    """What people call the platform that each is paid at."""
    return [_title(context, each.terms.platform) for each in checkouts]


def platforms_of_portals(context: Context, portals: Sequence[Manager]) -> list[str | None]:
    """What people call the platform that they pay at; None where nobody pays through the portal."""
    choice = context.manager.payments
    return [None if choice is None else _title(context, choice.platform)] * len(portals)


def _title(context: Context, name: str) -> str:
    try:
        return context.services.platforms.manifest(name).title
    except RegistryError:  # what was paid there is told yet
        return name
