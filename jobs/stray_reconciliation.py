"""Strays that have come right by themselves are resolved: what was missing is there, what was refused is booked."""

from __future__ import annotations

from typing import Final

import structlog

from ventanilla.backoffice_adapters.contract import Fault
from ventanilla.backoffice_adapters.database import stamp
from ventanilla.backoffice_adapters.records import Payment
from ventanilla.jobs.office_reconciliation import COUNTING
from ventanilla.jobs.platform_reconciliation import is_told
from ventanilla.jobs.reconciling import Step
from ventanilla.payments.contract import Capability, PlatformError
from ventanilla.store import reconciled, strays
from ventanilla.store.payment_states import Booking, PaymentReturnState, StrayKind
from ventanilla.store.reconciled import OpenStray
from ventanilla.store.reconciliation import Place

STRAYS: Final = 20
"""How many one step looks at."""
_log = structlog.get_logger("ventanilla.payments")


async def look_at_strays(step: Step) -> Place | None:
    """See which open strays have come right; where to go on."""
    found = await reconciled.open_strays(step.store, step.slug, step.place.after, STRAYS)
    for each in found:
        if await _has_come_right(step, each):
            async with step.store.work(step.slug) as work:
                await strays.settle(work, each.kind, [each.subject], step.now)
    if len(found) < STRAYS:
        return step.place.next()
    return Place(stage=step.place.stage, after=(stamp(found[-1].found_at), found[-1].id))


async def _has_come_right(step: Step, stray: OpenStray) -> bool:
    match stray.kind:
        case StrayKind.BOOKING_REFUSED:
            return stray.booking is Booking.BOOKED
        case StrayKind.RETURN_REFUSED:
            return stray.return_state is PaymentReturnState.BOOKED
        case StrayKind.UNKNOWN_AT_OFFICE:
            return await _is_explained(step, stray.office or "", stray.office_payment_key or "")
        case StrayKind.MISSING_AT_PLATFORM:
            return await _is_at_platform(step, stray)
        case _:
            return False  # decided by staff, or looked at with the payments of its office


async def _is_explained(step: Step, office: str, key: str) -> bool:
    """Whether we know an office's payment by now, or it counts no more."""
    if await reconciled.keys(step.store, step.slug, office, [key]):
        return True
    (hit,) = await step.ask(office, "payments_by_key", [key])
    if isinstance(hit, Fault):
        return False
    return not isinstance(hit, Payment) or hit.status not in COUNTING


async def _is_at_platform(step: Step, stray: OpenStray) -> bool:
    try:
        account = step.platform()
        if account is None or account[0] != stray.platform or Capability.STATUS not in account[2]:
            return False
        return await is_told(step, account[0], account[1], stray)
    except PlatformError as error:
        _log.warning("platform not compared", manager=step.slug, fault=error.fault.value)
        return False
