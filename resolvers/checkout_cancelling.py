"""Cancelling a checkout: at once as long as nobody was sent to the platform, then if the platform takes it back."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from ventanilla.backoffice_adapters.plugins import RegistryError
from ventanilla.backoffice_adapters.records import Record
from ventanilla.payments.contract import Capability, PlatformError, PlatformFault
from ventanilla.resolvers.access import BILLING, Scope, call
from ventanilla.resolvers.checkout_refusals import told
from ventanilla.resolvers.checkouts import found
from ventanilla.resolvers.context import Context
from ventanilla.resolvers.refusals import Refusal
from ventanilla.store import checkouts
from ventanilla.store.checkout_lists import Checkout
from ventanilla.store.payment_states import RUNNING, CheckoutState
from ventanilla.store.tables import CheckoutRow
from ventanilla.store.tenancy import Work


class CancelCheckoutReason(StrEnum):
    """Why nothing was cancelled."""

    NOT_FOUND = "NOT_FOUND"
    INVALID_STATE = "INVALID_STATE"
    PAYMENT_UNDER_WAY = "PAYMENT_UNDER_WAY"
    PLATFORM_UNAVAILABLE = "PLATFORM_UNAVAILABLE"


class ChosenCheckout(Record):
    """Which checkout is meant."""

    id: str


class CancelledCheckout(Record):
    """What came of it."""

    checkout: Checkout | None = None
    user_errors: Sequence[Refusal] = ()


@call(scope=Scope.REACH, licences=BILLING)
async def cancel(context: Context, *, which: ChosenCheckout) -> CancelledCheckout:
    """Cancel a checkout of the viewer's; one that is cancelled stays so."""
    checkout = await found(context, which.id)
    if checkout is None:
        return CancelledCheckout(user_errors=[told(context, CancelCheckoutReason.NOT_FOUND, "id")])
    reason = await _cancelled(context, checkout.id)
    checkout = await found(context, checkout.id)
    return CancelledCheckout(
        checkout=checkout, user_errors=[_refusal(context, reason, checkout)] if reason and checkout else ()
    )


async def _cancelled(context: Context, checkout_id: str) -> CancelCheckoutReason | None:
    """None once it is cancelled; else why it is not."""
    async with context.services.store.work(context.manager.slug) as work:
        row, _ = await checkouts.whole(work, checkout_id)
        if row.state == CheckoutState.CREATED.value:  # nobody but us knows where it can be paid
            return await _end(work, row, context)
    if row.state == CheckoutState.CANCELLED.value:
        return None
    if CheckoutState(row.state) not in RUNNING:
        return CancelCheckoutReason.INVALID_STATE
    if reason := await _not_taken_back(context, row):
        return reason
    async with context.services.store.work(context.manager.slug) as work:
        row, _ = await checkouts.whole(work, checkout_id)
        return await _end(work, row, context)


async def _end(work: Work, row: CheckoutRow, context: Context) -> CancelCheckoutReason | None:
    ended = await checkouts.move(work, row, CheckoutState.CANCELLED, context.now)
    return None if ended or row.state == CheckoutState.CANCELLED.value else CancelCheckoutReason.INVALID_STATE


async def _not_taken_back(context: Context, row: CheckoutRow) -> CancelCheckoutReason | None:
    """Why it may yet be paid; None once the platform has taken it back."""
    platforms = context.services.platforms
    try:
        platform = platforms.at(context.manager, row.platform)
        if platform is None or Capability.CANCEL not in platforms.manifest(row.platform).capabilities:
            return CancelCheckoutReason.PAYMENT_UNDER_WAY
        taken_back = await platforms.ask(platform.cancel(row.reference, row.platform_id))
    except (PlatformError, RegistryError) as error:
        refused = isinstance(error, PlatformError) and error.fault is PlatformFault.REFUSED
        return CancelCheckoutReason.PAYMENT_UNDER_WAY if refused else CancelCheckoutReason.PLATFORM_UNAVAILABLE
    return None if taken_back else CancelCheckoutReason.PAYMENT_UNDER_WAY


def _refusal(context: Context, reason: CancelCheckoutReason, checkout: Checkout) -> Refusal:
    passes = reason is CancelCheckoutReason.PLATFORM_UNAVAILABLE
    return told(context, reason, "id", retryable=passes, params={"status": checkout.state.value})
