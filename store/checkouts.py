"""Checkouts: intents to pay, frozen as they were committed; who moves one holds its row.

Its documents are held from the commit on, so that nobody pays them twice, until it ends in vain or is booked.
"""

from __future__ import annotations

from datetime import datetime

from sqlmodel import col, select, update

from ventanilla.store.payment_states import CHECKOUT_MOVES, RUNNING, CheckoutState
from ventanilla.store.tables import CheckoutItemRow, CheckoutRow
from ventanilla.store.tenancy import Work


async def by_reference(work: Work, reference: str) -> CheckoutRow | None:
    """The checkout of this reference, which nobody else changes until `work` ends."""
    wanted = select(CheckoutRow).where(col(CheckoutRow.reference) == reference)
    return (await work.exec(wanted.with_for_update())).first()


async def held(work: Work, checkout_id: str) -> CheckoutRow | None:
    """The checkout of this id, which nobody else changes until `work` ends."""
    wanted = select(CheckoutRow).where(col(CheckoutRow.id) == checkout_id)
    return (await work.exec(wanted.with_for_update())).first()


async def move(work: Work, row: CheckoutRow, to: CheckoutState, now: datetime) -> bool:
    """Move a checkout that is held on to a state, if that may follow the one it is in.

    One that ends in vain lets go of its documents; one that succeeds keeps them until its office has booked it.
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
    return True


async def let_go(work: Work, checkout_id: str) -> None:
    """Let others pay what this checkout held."""
    ours = (col(CheckoutItemRow.checkout_id) == checkout_id, col(CheckoutItemRow.held))
    await work.exec(update(CheckoutItemRow).where(*ours).values(held=False))
