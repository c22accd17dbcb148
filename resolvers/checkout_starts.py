"""Starting a checkout at its platform: after it was committed, outside of any transaction, as often as it takes.

One reference is one order there, however often it is started. So whoever was cut off between the commit and the start
goes on with the same key.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import msgspec

from ventanilla.backoffice_adapters.money import Money
from ventanilla.payments.contract import Ask, Order, PlatformError, PlatformFault, Redirect
from ventanilla.resolvers import checkout_links
from ventanilla.resolvers.context import Context
from ventanilla.resolvers.refusals import spoken
from ventanilla.store import checkouts
from ventanilla.store.payment_states import CheckoutState
from ventanilla.store.provider_rules import is_safe
from ventanilla.store.tables import CheckoutItemRow, CheckoutRow

NOTIFY_PATH: Final = "/payments/"
"""Where platforms send notifications to, each under its name."""
RETURN: Final = "/return"
"""What the address of a checkout ends with where platforms send the browser back to."""
_LONGEST_DESCRIPTION: Final = 120
_WHAT_FOR: Final = {
    "en": "Account {account}: {numbers}",
    "es": "Cuenta {account}: {numbers}",
    "pl": "Konto {account}: {numbers}",
}


async def start(context: Context, checkout_id: str) -> PlatformFault | None:
    """Let the platform know of a checkout, if it does not yet, and write down where its payer is sent.

    A fault if it could not be: REFUSED where it never will, and the checkout has FAILED.
    """
    row, items = await _seen(context, checkout_id)
    if row.redirect is not None or row.state != CheckoutState.CREATED.value or context.now >= row.expires_at:
        never = row.redirect is None and row.state == CheckoutState.FAILED.value
        return PlatformFault.REFUSED if never else None
    try:
        redirect = await _started(context, row, items)
    except PlatformError as error:
        if error.fault is PlatformFault.REFUSED:
            await _fail(context, checkout_id)
        return error.fault
    told = msgspec.json.encode(redirect).decode()
    async with context.services.store.work(context.manager.slug) as work:
        await checkouts.lead(work, checkout_id, told, redirect.platform_id)
    return None


async def _seen(context: Context, checkout_id: str) -> tuple[CheckoutRow, Sequence[CheckoutItemRow]]:
    async with context.services.store.work(context.manager.slug) as work:
        return await checkouts.whole(work, checkout_id)


async def _fail(context: Context, checkout_id: str) -> None:
    async with context.services.store.work(context.manager.slug) as work:
        row = await checkouts.held(work, checkout_id)
        if row is not None and row.redirect is None:
            await checkouts.move(work, row, CheckoutState.FAILED, context.now)


async def _started(context: Context, row: CheckoutRow, items: Sequence[CheckoutItemRow]) -> Redirect:
    """Where the platform says the payer is to be sent; raises `PlatformError`."""
    platforms = context.services.platforms
    platform = platforms.at(context.manager, row.platform)
    if platform is None:
        raise PlatformError(PlatformFault.REFUSED, "the manager has left this platform")
    redirect = platform.start(_order(context, row, items))
    if isinstance(redirect, Ask):
        redirect = await platforms.ask(redirect)
    if not is_safe(redirect.url):
        raise PlatformError(PlatformFault.UNREADABLE, "it sends people where nobody may be sent")
    return redirect


def _order(context: Context, row: CheckoutRow, items: Sequence[CheckoutItemRow]) -> Order:
    here = checkout_links.path(context.services.keys, context.manager.slug, row.id)
    return Order(
        reference=row.reference,
        amount=Money(row.amount_minor + row.payer_fee_minor, row.currency),
        description=_description(row, items),
        email=context.actor.email,
        language=row.language.partition("-")[0],
        return_url=f"{row.origin}{here}{RETURN}",
        notify_url=f"{row.origin}{NOTIFY_PATH}{row.platform}",
        created_at=row.created_at,
        expires_at=row.expires_at,
    )


def _description(row: CheckoutRow, items: Sequence[CheckoutItemRow]) -> str:
    account: str = msgspec.json.decode(row.account)["number"]
    text = spoken(_WHAT_FOR, row.language).format(account=account, numbers=", ".join(item.number for item in items))
    return text if len(text) <= _LONGEST_DESCRIPTION else f"{text[: _LONGEST_DESCRIPTION - 1]}…"
