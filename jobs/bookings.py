"""Money that has come is told to its office, until the office has booked it or says that it does not.

The office is asked outside any transaction, under one key for ever: the payment's id. So whoever is killed, or never
hears the answer, asks again and is told what was booked; nothing is booked twice.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Final

import msgspec
import structlog

from ventanilla.backoffice_adapters.contract import Call, Clock, Fault, FaultCode, Hit
from ventanilla.backoffice_adapters.money import Money
from ventanilla.backoffice_adapters.offices import Offices
from ventanilla.backoffice_adapters.plugins import RegistryError
from ventanilla.backoffice_adapters.records import AccountRef, NewPayment, PaymentItem, PostedPayment
from ventanilla.jobs.letters import LEASE
from ventanilla.store import checkouts, platform_payments, strays
from ventanilla.store.due import Due, Lease
from ventanilla.store.manager import Manager
from ventanilla.store.payment_returns import office_amount
from ventanilla.store.payment_states import CheckoutState, StrayKind
from ventanilla.store.platform_payments import TakenBooking
from ventanilla.store.store import Store
from ventanilla.store.tables import CheckoutRow, PlatformPaymentRow
from ventanilla.store.tenancy import Work

BATCH: Final = 20
"""How many payments offices are told of before other managers have their turn."""
_OTHERS: Final = timedelta(seconds=1)
"""How long to leave a manager alone whose payments other workers have taken by now."""
_REFUSALS: Final = frozenset(
    {FaultCode.CONFLICT, FaultCode.INVALID, FaultCode.UNSUPPORTED, FaultCode.NOT_FOUND, FaultCode.FORBIDDEN}
)
"""What an office answers that will not book a payment, however often it is asked."""
_log = structlog.get_logger("ventanilla.payments")


@dataclass(frozen=True, slots=True, kw_only=True)
class Bookings:
    """The errand: offices are told of money that has come."""

    store: Store
    offices: Offices
    clock: Clock
    lease: timedelta = LEASE

    @property
    def doing(self) -> str:
        """What it is, for the log."""
        return "booking payments"

    async def due(self, now: datetime) -> Due:
        """Whose offices are to be told of something."""
        return await platform_payments.due_managers(self.store, now)

    async def serve(self, manager: Manager, stopping: Callable[[], bool]) -> datetime | None:
        """Tell each office of a manager once of what is due there."""
        if stopping():
            return None
        async with self.store.work(manager.slug) as work:
            now = self.clock()
            lease = Lease.begun(now, self.lease)
            taken = await platform_payments.take(work, lease, BATCH)
        if not taken:
            return now + _OTHERS
        taken.sort(key=_office)
        run = _Run(self, manager)
        told = (run.tell(name, [*some]) for name, some in groupby(taken, key=_office))
        for failure in await asyncio.gather(*told, return_exceptions=True):
            if failure is not None:
                raise failure
        return None


class _Run:
    """What one manager's offices are told in one turn."""

    def __init__(self, errand: Bookings, manager: Manager) -> None:
        self._errand = errand
        self._manager = manager

    async def tell(self, office: str, taken: Sequence[TakenBooking]) -> None:
        """Tell an office of payments, and write each of its answers down."""
        new = [self._new(each) for each in taken]
        for each, hit in zip(taken, await self._asked(office, new), strict=True):
            await self._written(each, hit)

    async def _asked(self, name: str, new: Sequence[NewPayment]) -> Sequence[Hit[PostedPayment]]:
        try:
            office = await self._errand.offices.get(self._manager.plans[name])
            return await office.ask("post_payments", self._call(), new)
        except (KeyError, RegistryError) as error:  # an office was taken out of the file, or its adapter away
            _log.error("office cannot be had", manager=self._manager.slug, office=name, reason=type(error).__name__)
            return [Fault(code=FaultCode.UNAVAILABLE)] * len(new)

    def _new(self, taken: TakenBooking) -> NewPayment:
        """What the office is told: always the same of one payment, however often."""
        payment, checkout = taken.payment, taken.checkout
        amount = office_amount(payment, checkout)
        return NewPayment(
            key=payment.id,
            account=msgspec.json.decode(checkout.account, type=AccountRef),
            amount=Money(amount, payment.currency),
            paid_at=payment.paid_at or payment.created_at,
            method=payment.method or payment.platform,
            reference=checkout.reference,
            items=_items(taken, amount),
        )

    async def _written(self, taken: TakenBooking, hit: Hit[PostedPayment]) -> None:
        async with self._errand.store.work(self._manager.slug) as work:
            now = self._errand.clock()
            found = await platform_payments.still(work, taken)
            if found is None:
                return  # whoever has it now is told the same
            if isinstance(hit, PostedPayment):
                await _booked(work, *found, hit, now)
            else:
                await _not_booked(work, *found, hit or Fault(code=FaultCode.PROTOCOL), now)
        self._tell(taken, hit)

    def _tell(self, taken: TakenBooking, hit: Hit[PostedPayment]) -> None:
        posted = isinstance(hit, PostedPayment)
        _log.info(
            "payment booked" if posted else "payment not booked",
            manager=self._manager.slug,
            office=taken.checkout.office,
            payment=taken.payment.id,
            tries=taken.payment.tries,
            replayed=hit.replayed if posted else None,
            fault=hit.code if isinstance(hit, Fault) else None,
        )

    def _call(self) -> Call:
        now = self._errand.clock()
        return Call(
            manager=self._manager.slug,
            request_id="bookings",
            locale=self._manager.languages[0],
            now=now,
            today=now.astimezone(self._manager.zone).date(),
            deadline=time.monotonic() + self._errand.lease.total_seconds() / 2,
        )


def _office(taken: TakenBooking) -> str:
    return taken.checkout.office


def _items(taken: TakenBooking, left: int) -> tuple[PaymentItem, ...]:
    """What the money is meant for, as it was committed; of less money, as far as it goes."""
    found: list[PaymentItem] = []
    for item in taken.items:
        part = min(item.amount_minor, left)
        if part > 0:
            found.append(PaymentItem(invoice_key=item.invoice_key, amount=Money(part, taken.payment.currency)))
            left -= part
    return tuple(found)


async def _booked(
    work: Work, payment: PlatformPaymentRow, checkout: CheckoutRow, posted: PostedPayment, now: datetime
) -> None:
    platform_payments.booked(payment, posted.payment.key, now)
    await checkouts.move(work, checkout, CheckoutState.SUCCEEDED, now)
    checkout.due_at = checkout.leased_by = None
    await checkouts.let_go(work, checkout.id)


async def _not_booked(
    work: Work, payment: PlatformPaymentRow, checkout: CheckoutRow, fault: Fault, now: datetime
) -> None:
    """Let it wait, or be a stray; what it pays stays held, so that nobody pays it again."""
    if fault.code not in _REFUSALS:
        platform_payments.wait(payment, fault.code.value, now, timedelta(seconds=fault.retry_after or 0))
        return
    platform_payments.refused(payment, fault.code.value)
    await strays.found(
        work,
        now,
        StrayKind.BOOKING_REFUSED,
        payment.id,
        currency=payment.currency,
        amount_minor=payment.amount_minor,
        reference=payment.reference,
        platform_payment_id=payment.id,
        checkout_id=checkout.id,
        office=checkout.office,
    )
