"""What ``ventanilla payments`` tells: references, amounts and states, and nobody's secrets."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

import typer

from ventanilla.backoffice_adapters.money import Money
from ventanilla.backoffice_adapters.offices import Offices
from ventanilla.backoffice_adapters.registry import Registry
from ventanilla.gateway import logs
from ventanilla.gateway.cli.serving import with_store
from ventanilla.gateway.cli.working import known
from ventanilla.gateway.errands import comparing_payments
from ventanilla.gateway.mistake import MistakeError
from ventanilla.gateway.services import utc_now
from ventanilla.gateway.settings import load
from ventanilla.payments.asking import Asking
from ventanilla.payments.platforms import Platforms
from ventanilla.payments.registry import PlatformRegistry
from ventanilla.store import listing, managers
from ventanilla.store.managers import UnknownManagerError
from ventanilla.store.payment_lists import CHECKOUTS, PAYMENTS, RETURNS, ListedCheckout, ListedPayment, ListedReturn
from ventanilla.store.payment_states import StrayState
from ventanilla.store.store import Store
from ventanilla.store.stray_lists import STRAYS, ListedStray


def tell_strays(slug: str, *, every: bool = False) -> int:
    """Print what does not fit; how many of it are open."""
    states = [*StrayState] if every else [StrayState.OPEN]
    found: list[ListedStray] = asyncio.run(with_store(lambda store: _strays(store, slug, states)))
    for stray in found:
        typer.echo(_stray(stray))
    is_open = sum(stray.state is StrayState.OPEN for stray in found)
    if not is_open:
        typer.echo(f"{slug}: nothing waits for a decision.", err=True)
    return is_open


async def _strays(store: Store, slug: str, states: Sequence[StrayState]) -> list[ListedStray]:
    await known(store, slug)
    return await listing.among(store, slug, STRAYS, "state", states)


def compare(slug: str) -> None:
    """Do a whole round of reconciliation, and log who could not be asked; `MistakeError` if a worker is at it."""
    logs.configure(as_json=not sys.stderr.isatty(), messages=not load().production)
    if not asyncio.run(with_store(lambda store: _compare(store, slug))):
        raise MistakeError(f"A worker compares the payments of {slug} at this moment. Try again in a minute.")


async def _compare(store: Store, slug: str) -> bool:
    found = await managers.get(store, slug)
    if found is None:
        raise UnknownManagerError(slug)
    settings = load()
    offices = Offices(Registry.discover(settings.adapters), settings.data / "offices", utc_now, remembered=1)
    platforms = Platforms(PlatformRegistry.discover(), Asking())
    try:
        return await comparing_payments(store, offices, platforms).round(found.manager)
    finally:
        await platforms.close()
        await offices.close()


def tell_reference(slug: str, reference: str) -> None:
    """Print all that is known of a reference; `MistakeError` where that is nothing."""
    lines = asyncio.run(with_store(lambda store: _about(store, slug, reference)))
    if not lines:
        raise MistakeError(f"{slug} knows nothing of the reference {reference!r}.")
    for line in lines:
        typer.echo(line)


async def _about(store: Store, slug: str, reference: str) -> list[str]:
    await known(store, slug)

    async def of(kind: Any, column: str, values: Sequence[str]) -> list[Any]:
        return await listing.among(store, slug, kind, column, values)

    checkouts, payments = await of(CHECKOUTS, "reference", [reference]), await of(PAYMENTS, "reference", [reference])
    returns = await of(RETURNS, "platform_payment_id", [each.id for each in payments])
    strays = await of(STRAYS, "reference", [reference])
    return [*_lines(checkouts, payments, returns), *map(_stray, strays)]


def _lines(
    checkouts: Sequence[ListedCheckout], payments: Sequence[ListedPayment], returns: Sequence[ListedReturn]
) -> Iterator[str]:
    for each in checkouts:
        fee = f" + {_money(each.payer_fee)} fee" if each.payer_fee else ""
        yield (
            f"checkout {each.id} {each.state:<10} {_money(each.amount)}{fee}, account {each.account_number}"
            f" at {each.office}, {_moment(each.created_at)} by {each.platform}"
        )
    for each in payments:
        booked = f"{each.booking} {each.office_payment_key or ''}".strip()
        problem = f", {each.problem}" if each.problem else ""
        yield (
            f"payment  {each.id} {each.status:<10} {_money(each.amount)}, {each.payment_id} at {each.platform}"
            f" {_moment(each.paid_at)}; office: {booked}{problem}"
        )
    for each in returns:
        problem = f", {each.problem}" if each.problem else ""
        yield f"return   {each.id} {each.state:<10} {_money(each.amount)} {each.kind}{problem}"


def _stray(stray: ListedStray) -> str:
    expected = f", expected {_money(stray.expected)}" if stray.expected else ""
    office = f", {stray.office} {stray.office_payment_key or ''}".rstrip() if stray.office else ""
    how = f": {stray.resolution} {stray.note}".rstrip() if stray.resolution else ""
    return (
        f"stray    {stray.id} {stray.kind:<19} {stray.reference} {_money(stray.amount)}{expected}{office},"
        f" found {_moment(stray.found_at)}{how}"
    )


def _money(money: Money) -> str:
    return f"{money.amount} {money.currency}"


def _moment(moment: datetime | None) -> str:
    return moment.isoformat(timespec="seconds") if moment else "at no known time"
