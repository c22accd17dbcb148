"""Money goes back: the platform is asked for a refund until it answers, then the office is told until it has booked it.

Both are asked under one key, the id of the row, and outside any transaction; each answer is written down in one. So
whoever is killed costs a question, and nothing is given back or booked twice.
"""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import structlog

from ventanilla.backoffice_adapters.contract import Call, Clock, Fault, FaultCode
from ventanilla.backoffice_adapters.money import Money
from ventanilla.backoffice_adapters.offices import Offices
from ventanilla.backoffice_adapters.plugins import RegistryError
from ventanilla.backoffice_adapters.records import NewReversal, ReversalKind
from ventanilla.jobs.letters import LEASE
from ventanilla.payments.contract import (
    Capability,
    Platform,
    PlatformError,
    PlatformFault,
    Refunded,
    RefundOrder,
    RefundState,
)
from ventanilla.payments.platforms import Platforms
from ventanilla.resolvers import payment_news
from ventanilla.store import payment_returns, return_leases, strays
from ventanilla.store.due import Due, Lease
from ventanilla.store.manager import Manager
from ventanilla.store.payment_states import Booking, StrayKind, StrayResolution
from ventanilla.store.payment_states import PaymentReturnState as State
from ventanilla.store.return_leases import TakenReturn
from ventanilla.store.store import Store
from ventanilla.store.tables import CheckoutRow, PaymentReturnRow, PlatformPaymentRow
from ventanilla.store.tenancy import Work

BATCH: Final = 20
"""How many are settled before other managers have their turn."""
_OTHERS: Final = timedelta(seconds=1)
"""How long to leave a manager alone whose returns other workers have taken by now."""
_REFUSALS: Final = frozenset(
    {FaultCode.CONFLICT, FaultCode.INVALID, FaultCode.UNSUPPORTED, FaultCode.NOT_FOUND, FaultCode.FORBIDDEN}
)
"""What an office answers that will not book it, however often it is asked."""
_log = structlog.get_logger("ventanilla.payments")


@dataclass(frozen=True, slots=True, kw_only=True)
class Refunding:
    """The errand: platforms are asked for refunds, and offices are told of what went back."""

    store: Store
    offices: Offices
    platforms: Platforms
    clock: Clock
    lease: timedelta = LEASE

    @property
    def doing(self) -> str:
        """What it is, for the log."""
        return "giving money back"

    async def due(self, now: datetime) -> Due:
        """Who has money that is to go back."""
        return await return_leases.due_managers(self.store, now)

    async def serve(self, manager: Manager, stopping: Callable[[], bool]) -> datetime | None:
        """Settle what is due of a manager, one after another, as much as a turn lets or until `stopping`."""
        for done in range(BATCH):
            if stopping():
                break
            async with self.store.work(manager.slug) as work:
                now = self.clock()
                lease = Lease.begun(now, self.lease)
                taken = await return_leases.take(work, lease)
            if taken is None:
                return None if done else now + _OTHERS
            await _Return(self, manager, taken).go()
        return None


@dataclass(frozen=True, slots=True)
class _Held:
    """A return that is the worker's yet, with what it is about; held, while the unit of work lasts."""

    work: Work
    now: datetime
    row: PaymentReturnRow
    payment: PlatformPaymentRow
    checkout: CheckoutRow | None
    returns: Sequence[PaymentReturnRow]

    @property
    def all_is_back(self) -> bool:
        return payment_returns.gone(self.returns) >= self.payment.amount_minor

    def money(self, minor: int) -> Money:
        return Money(minor, self.payment.currency)

    def wait(self, problem: str | None = None) -> None:
        return_leases.postpone(self.row, self.now, problem)

    def wait_for_booking(self) -> None:
        """Look again soon, also after a long time: a booking that is due takes seconds, a decision of staff days."""
        soon = self.payment.booking == Booking.DUE.value
        self.row.tries = 1 if soon else self.row.tries
        self.wait()

    def end(self, state: State, problem: str | None = None) -> None:
        return_leases.end(self.row, state, self.now, problem)

    def give(self) -> None:
        payment_returns.give(self.row, self.returns, self.payment, self.checkout, self.now)


def _order(held: _Held) -> RefundOrder:
    """What the platform is asked for: the same, however often."""
    return RefundOrder(
        key=held.row.id,
        reference=held.payment.reference,
        payment_id=held.payment.payment_id,
        paid=held.money(held.payment.amount_minor),
        amount=held.money(held.row.amount_minor),
    )


class _Return:
    """One return in a worker's hands."""

    def __init__(self, errand: Refunding, manager: Manager, taken: TakenReturn) -> None:
        self._errand = errand
        self._manager = manager
        self._taken = taken

    async def go(self) -> None:
        """Bring it one step further, or let it wait."""
        async with self._held() as seen:
            if seen is None:
                return
        if self._taken.state is State.GIVEN:
            await self._tell_office(seen)
            return
        try:
            await self._ask_platform(seen)
        except PlatformError as error:
            await self._in_vain(error.fault)

    @asynccontextmanager
    async def _held(self) -> AsyncGenerator[_Held | None]:
        """The return, held; None where it is the worker's no more."""
        async with self._errand.store.work(self._manager.slug) as work:
            found = await payment_returns.held(work, self._taken.payment_id)
            returns = await payment_returns.of_payment(work, self._taken.payment_id)
            row = next((each for each in returns if return_leases.is_still(each, self._taken)), None)
            yield _Held(work, self._errand.clock(), row, *found, returns) if found and row else None

    # -- the platform

    def _platform(self, payment: PlatformPaymentRow) -> Platform:
        platform = self._errand.platforms.at(self._manager, payment.platform)
        if platform is None:
            raise PlatformError(PlatformFault.UNAUTHORIZED, f"{payment.platform} is not the manager's platform now")
        return platform

    async def _ask_platform(self, seen: _Held) -> None:
        """Ask for the refund, or how it stands: by itself, else by its payment's news, else by asking for it again."""
        platform = self._platform(seen.payment)
        can = self._errand.platforms.manifest(seen.payment.platform).capabilities
        order = _order(seen)
        if self._taken.state is State.REQUESTED:
            await self._take(await self._errand.platforms.ask(platform.refund(order)))
        elif Capability.REFUND_STATUS in can:
            await self._take(await self._errand.platforms.ask(platform.refund_status(order)))
        elif Capability.STATUS in can:
            await self._ask_for_news(platform, seen)
        else:
            await self._take(await self._errand.platforms.ask(platform.refund(order)))

    async def _take(self, answer: Refunded) -> None:
        async with self._held() as held:
            if held:
                self._answered(held, answer)

    def _answered(self, held: _Held, answer: Refunded) -> None:
        held.row.refund_id = answer.refund_id or held.row.refund_id
        if answer.state is RefundState.DONE:
            held.give()
        else:
            held.row.state = State.ASKED.value
            held.wait()

    async def _ask_for_news(self, platform: Platform, seen: _Held) -> None:
        """Take what the platform tells of the order: news of the refund give it, whoever brings them."""
        payment = seen.payment
        status = platform.status(payment.reference, seen.checkout and seen.checkout.platform_id)
        try:
            news, problem = await self._errand.platforms.ask(status), None
        except PlatformError as error:  # it refuses the question, and not the refund
            news, problem = (), error.fault.value
        async with self._errand.store.work(self._manager.slug) as work:
            await payment_news.take(work, payment.platform, news, self._errand.clock())
        async with self._held() as held:
            if held:
                held.wait(problem)

    async def _in_vain(self, fault: PlatformFault) -> None:
        async with self._held() as held:
            if held is None:
                return
            if fault is PlatformFault.REFUSED:
                held.end(State.REFUSED, fault.value)
                await strays.not_refunded(held.work, held.payment.id)
                _log.warning("refund refused", manager=self._manager.slug, refund=self._taken.id)
            else:
                held.wait(fault.value)

    # -- the office

    async def _tell_office(self, seen: _Held) -> None:
        if seen.payment.booking != Booking.BOOKED.value or not seen.row.office_minor:
            await self._end_unbooked()
            return
        fault = await self._reversed(seen, seen.row.office_minor)
        async with self._held() as held:
            if held is None:
                return
            if fault is None:
                held.end(State.BOOKED)
            elif fault.code in _REFUSALS:
                await self._stray(held, fault.code.value)
            else:
                held.wait(fault.code.value)

    async def _end_unbooked(self) -> None:
        """End what the office has nothing to do with, or let it wait until it is known whether it has."""
        async with self._held() as held:
            if held is None:
                return
            booking = Booking(held.payment.booking)
            if held.all_is_back and booking in {Booking.REVIEW, Booking.REFUSED, Booking.NONE}:
                await payment_returns.dismiss(held.work, held.payment, held.checkout)
                strays.resolve(await strays.of_payment(held.work, held.payment.id), StrayResolution.REFUNDED, held.now)
                held.end(State.BOOKED)
            elif booking in {Booking.NONE, Booking.DISMISSED}:
                held.end(State.BOOKED)
            elif booking is not Booking.BOOKED:
                held.wait_for_booking()
            elif payment_returns.gone(held.returns) > held.payment.amount_minor:
                await self._stray(held, FaultCode.INVALID.value)
            else:
                held.end(State.BOOKED)  # the payer's fee alone, of which the office has never heard

    async def _reversed(self, seen: _Held, office_minor: int) -> Fault | None:
        """Tell the office; why it has not booked it, None once it has."""
        reversal = NewReversal(
            key=seen.row.id,
            payment_key=seen.payment.office_payment_key or "",
            amount=seen.money(office_minor),
            at=seen.row.created_at,
            kind=ReversalKind(seen.row.kind),
        )
        office = seen.checkout.office if seen.checkout else ""
        try:
            guarded = await self._errand.offices.get(self._manager.plans[office])
            (hit,) = await guarded.ask("reverse_payments", self._call(), [reversal])
        except (KeyError, RegistryError) as error:  # an office was taken out of the file, or its adapter away
            _log.error("office cannot be had", manager=self._manager.slug, office=office, reason=type(error).__name__)
            return Fault(code=FaultCode.UNAVAILABLE)
        return hit if isinstance(hit, Fault) else None

    async def _stray(self, held: _Held, problem: str) -> None:
        held.end(State.UNBOOKED, problem)
        await strays.found(
            held.work,
            held.now,
            StrayKind.RETURN_REFUSED,
            held.row.id,
            currency=held.payment.currency,
            amount_minor=held.row.amount_minor,
            reference=held.payment.reference,
            platform_payment_id=held.payment.id,
            checkout_id=held.payment.checkout_id,
            office=held.checkout and held.checkout.office,
            office_payment_key=held.payment.office_payment_key,
        )
        _log.warning("return not booked", manager=self._manager.slug, refund=self._taken.id, problem=problem)

    def _call(self) -> Call:
        now = self._errand.clock()
        return Call(
            manager=self._manager.slug,
            request_id=f"refund {self._taken.id}",
            locale=self._manager.languages[0],
            now=now,
            today=now.astimezone(self._manager.zone).date(),
            deadline=time.monotonic() + self._errand.lease.total_seconds() / 2,
        )
