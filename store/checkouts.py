"""Checkouts: intents to pay, frozen as they were committed; who moves one holds its row.

Its documents are held from the commit on, so that nobody pays them twice, until it ends in vain or is booked.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select, update

from ventanilla.store.payment_states import CHECKOUT_MOVES, RUNNING, CheckoutState
from ventanilla.store.tables import CheckoutItemRow, CheckoutRow
from ventanilla.store.tenancy import Work

_COMES_BACK_AGAIN: Final = timedelta(seconds=5)
"""How soon a browser's return is news again: whoever reloads a page does not make us ask the platform each time."""


async def by_reference(work: Work, reference: str) -> CheckoutRow | None:
    """The checkout of this reference, which nobody else changes until `work` ends."""
    wanted = select(CheckoutRow).where(col(CheckoutRow.reference) == reference)
    return (await work.exec(wanted.with_for_update())).first()


async def held(work: Work, checkout_id: str) -> CheckoutRow | None:
    """The checkout of this id, which nobody else changes until `work` ends."""
    wanted = select(CheckoutRow).where(col(CheckoutRow.id) == checkout_id)
    return (await work.exec(wanted.with_for_update())).first()


async def whole(work: Work, checkout_id: str) -> tuple[CheckoutRow, Sequence[CheckoutItemRow]]:
    """A checkout that there is, which nobody else changes until `work` ends, and what it pays, in order."""
    row = (await work.exec(select(CheckoutRow).where(col(CheckoutRow.id) == checkout_id).with_for_update())).one()
    items = select(CheckoutItemRow).where(col(CheckoutItemRow.checkout_id) == checkout_id)
    return row, (await work.exec(items.order_by(col(CheckoutItemRow.position)))).all()


async def move(work: Work, row: CheckoutRow, to: CheckoutState, now: datetime) -> bool:
    """Move a checkout that is held on to a state, if that may follow the one it is in.

    One that ends in vain lets go of its documents; one that succeeds keeps them until its office has booked it, and
    takes back what it had let go of, unless somebody else pays that by now.
    """
    if to not in CHECKOUT_MOVES[CheckoutState(row.state)]:
        return False
    row.state = to.value
    if to not in RUNNING:
        row.ended_at = now
    if to not in RUNNING | {CheckoutState.SUCCEEDED}:
        await let_go(work, row.id)
    work.add(row)
    await work.flush()
    if to is CheckoutState.SUCCEEDED:
        await _hold_again(work, row.id)
    return True


async def _hold_again(work: Work, checkout_id: str) -> None:
    ours = (col(CheckoutItemRow.checkout_id) == checkout_id, ~col(CheckoutItemRow.held))
    items = (await work.exec(select(CheckoutItemRow.office, CheckoutItemRow.invoice_key).where(*ours))).all()
    offices, keys = {office for office, _ in items}, {key for _, key in items}
    same = (col(CheckoutItemRow.office).in_(offices), col(CheckoutItemRow.invoice_key).in_(keys))
    others = set(await work.exec(select(CheckoutItemRow.invoice_key).where(*same, col(CheckoutItemRow.held))))
    for key in sorted(keys - others):
        try:
            async with work.begin_nested():
                wanted = update(CheckoutItemRow).where(*ours, col(CheckoutItemRow.invoice_key) == key)
                await work.exec(wanted.values(held=True))
        except IntegrityError:
            continue  # at this moment somebody began to pay it


async def let_go(work: Work, checkout_id: str) -> None:
    """Let others pay what this checkout held."""
    ours = (col(CheckoutItemRow.checkout_id) == checkout_id, col(CheckoutItemRow.held))
    await work.exec(update(CheckoutItemRow).where(*ours).values(held=False))


async def lead(work: Work, checkout_id: str, redirect: str, platform_id: str | None) -> None:
    """Write down where the payer is sent, as JSON, unless somebody was quicker: the platform has one order for both."""
    row = await held(work, checkout_id)
    if row is not None and row.redirect is None:
        row.redirect, row.platform_id = redirect, platform_id
        work.add(row)


async def leave(work: Work, row: CheckoutRow, now: datetime) -> bool:
    """The payer of a checkout that is held leaves for the platform; False where it cannot be paid any more."""
    if CheckoutState(row.state) not in RUNNING or row.redirect is None or now >= row.expires_at:
        return False
    row.redirected_at = row.redirected_at or now
    await move(work, row, CheckoutState.REDIRECTED, now)
    work.add(row)
    return True


async def come_back(work: Work, row: CheckoutRow, now: datetime) -> bool:
    """The payer of a checkout that is held has come back: whether the platform is to be asked at once how it stands.

    It proves nothing. Who asks at this moment keeps the lease.
    """
    recently = row.returned_at is not None and now - row.returned_at < _COMES_BACK_AGAIN
    if CheckoutState(row.state) not in RUNNING or recently:
        return False
    await move(work, row, CheckoutState.PENDING, now)
    row.returned_at = now
    if row.leased_by is None:
        row.due_at, row.tries = now, 0
    work.add(row)
    return True
