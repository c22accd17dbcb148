"""A browser on its way to the platform and back. It has nothing but the checkout's link, and is believed nothing."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlencode

import msgspec

from ventanilla.backoffice_adapters.records import Record
from ventanilla.payments.contract import Redirect
from ventanilla.resolvers import checkout_links
from ventanilla.resolvers.context import Services
from ventanilla.store import checkouts
from ventanilla.store.tables import CheckoutRow

_PARAMETER: Final = "checkout"


class Way(Record):
    """Where the browser goes next: to the platform, or back into the portal where it cannot be paid any more."""

    platform: str
    """The name of the platform."""
    redirect: Redirect | None
    back: str
    """The registered path, which is told the checkout's id."""


async def leave(services: Services, manager: str, token: str) -> Way | None:
    """Send the payer of a link on to the platform; None for a link of nothing."""
    checkout_id = checkout_links.read(services.keys, manager, token)
    if checkout_id is None:
        return None
    async with services.store.work(manager) as work:
        row = await checkouts.held(work, checkout_id)
        if row is None:
            return None
        leaves = await checkouts.leave(work, row, services.clock())
    redirect = msgspec.json.decode(row.redirect, type=Redirect) if leaves and row.redirect else None
    return Way(platform=row.platform, redirect=redirect, back=_back(row))


async def come_back(services: Services, manager: str, token: str) -> str | None:
    """Lead the payer of a link back into the portal, and have the platform asked soon; None for a link of nothing."""
    checkout_id = checkout_links.read(services.keys, manager, token)
    if checkout_id is None:
        return None
    async with services.store.work(manager) as work:
        row = await checkouts.held(work, checkout_id)
        if row is None:
            return None
        news = await checkouts.come_back(work, row, services.clock())
    if news:
        services.wake_worker()
    return _back(row)


def _back(row: CheckoutRow) -> str:
    return f"{row.return_path}?{urlencode({_PARAMETER: row.id})}"
