"""What all simulated platforms do alike: take orders, take money or not, give it back, and tell the portal.

Nothing happens by itself: `Simulator.deliver` does what has come due by the clock that was handed in. A test calls it;
in the demo a task does, over and over.
"""

from __future__ import annotations

import asyncio
import secrets
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import ClassVar, Final

from msgspec.structs import replace
from starlette.routing import BaseRoute

from ventanilla.backoffice_adapters.money import Money
from ventanilla.backoffice_adapters.records import Record
from ventanilla.payments.simulators.courier import Courier
from ventanilla.payments.simulators.memory import Memory
from ventanilla.payments.simulators.records import (
    Delivery,
    Notice,
    PaymentState,
    Sending,
    SimulatedOrder,
    SimulatedPayment,
    SimulatedRefund,
    Telling,
    changed,
)
from ventanilla.payments.simulators.refused import RefusedError, Why
from ventanilla.payments.simulators.telling import another, notices_of

LATER: Final = timedelta(minutes=1)
"""After how long what was put off is paid."""
AT_ONCE: Final = timedelta(0)


class Shop(Record):
    """Whom a simulator takes money for, and where everybody is."""

    name: str
    """What payers are told."""
    address: str
    """Where browsers find the simulator: ``http://localhost:8000/pay/wompi``."""
    notify_url: str = ""
    """Where notifications go, for platforms that are not told so with each order."""
    time_zone: str = "UTC"
    """Whose local time the pages tell."""
    haste: int = 1
    """How many times faster than the platform it repeats notifications and carries refunds out."""


class Simulator(ABC):
    """One manager's account at a simulated platform."""

    name: ClassVar[str]
    """The platform's, as its plug-in has it."""
    title: ClassVar[str]
    methods: ClassVar[tuple[str, str]]
    """How people pay at once, and how they pay later."""
    repeats: ClassVar[tuple[timedelta, ...]]
    """After how long a notification that was not taken is sent again, time by time; then no more."""
    refund_takes: ClassVar[timedelta]
    """How long a refund is under way."""
    tells_pending: ClassVar[bool]
    """Whether notifications tell of payments that are under way."""
    tells_returns: ClassVar[bool]
    """Whether they tell that money goes back."""
    gives_parts_back: ClassVar[bool]
    charges_back: ClassVar[bool]
    """Whether it has a word for what the payer's bank takes back."""
    language: ClassVar[str]
    """What people read who ask for none that we have."""

    def __init__(self, shop: Shop, memory: Memory, clock: Callable[[], datetime], courier: Courier) -> None:
        self.shop = shop
        self.memory = memory
        self.clock = clock
        self._courier = courier
        self._held = False
        self._lost = 0
        self._delivering = asyncio.Lock()

    # -- what each platform has of its own --------------------------------------------------------------------------

    @abstractmethod
    def routes(self) -> Sequence[BaseRoute]:
        """What the platform answers to browsers that begin to pay, and to the manager's server."""

    @abstractmethod
    def sending(self, notice: Notice, order: SimulatedOrder) -> Sending:
        """A notification as the platform writes and signs it."""

    @abstractmethod
    def is_taken(self, notice: Notice, status: int, body: bytes) -> bool:
        """Whether the portal's reply is the one that ends the repeating."""

    @abstractmethod
    def back(self, order: SimulatedOrder, payment: SimulatedPayment | None) -> str:
        """The address that the browser is sent back to; empty where the order names none."""

    @abstractmethod
    def new_payment_id(self, now: datetime) -> str:
        """A name that no payment has yet, in the platform's form."""

    # -- what payers do ---------------------------------------------------------------------------------------------

    def take(self, order: SimulatedOrder) -> SimulatedOrder:
        """Take an order; one that comes again is the one that is known. Raises `RefusedError` (ANOTHER)."""
        known = self.memory.orders.get(order.reference)
        if known is None:
            self.memory.keep(order)
            return order
        if known.amount != order.amount:
            raise RefusedError(Why.ANOTHER)
        return known

    def pay(
        self,
        reference: str,
        telling: Telling = Telling.ONCE,
        *,
        amount: Money | None = None,
        delay: timedelta = AT_ONCE,
    ) -> SimulatedPayment:
        """Pay the order, or `amount` of another order's; the portal is told after `delay`. Raises `RefusedError`."""
        order = self._payable(reference)
        return self._begin(order, PaymentState.PAID, telling, delay, amount=amount)

    def fail(self, reference: str, telling: Telling = Telling.ONCE, *, delay: timedelta = AT_ONCE) -> SimulatedPayment:
        """Try to pay, in vain. Raises `RefusedError`."""
        order = self._payable(reference)
        return self._begin(order, PaymentState.FAILED, telling, delay)

    def later(
        self, reference: str, telling: Telling = Telling.ONCE, *, delay: timedelta = AT_ONCE, after: timedelta = LATER
    ) -> SimulatedPayment:
        """Begin a payment that is made `after` a while, and told then. Raises `RefusedError`."""
        order = self._payable(reference)
        return self._begin(order, PaymentState.PENDING, telling, delay, settles_at=self.clock() + after)

    # -- what comes afterwards --------------------------------------------------------------------------------------

    def refund(self, reference: str, amount: Money | None = None) -> SimulatedRefund:
        """Give the order's newest payment back, or a part of it, by the platform's own pages."""
        payment = self.newest_paid(reference)
        return self.give_back(payment.id, amount or payment.left, secrets.token_hex(16))

    def give_back(self, payment_id: str, amount: Money, key: str) -> SimulatedRefund:
        """Give back a payment, or a part; the same key gives back once. Raises `RefusedError`."""
        known = self.memory.refunds.get(key)
        if known is not None:
            if (known.payment_id, known.amount) != (payment_id, amount):
                raise RefusedError(Why.ANOTHER)
            return known
        self._refuse_refund(payment_id, amount)
        now = self.clock()
        refund = SimulatedRefund(
            id=f"{len(self.memory.refunds) + 1:06}",
            key=key,
            payment_id=payment_id,
            amount=amount,
            asked_at=now,
            due_at=now + self.refund_takes / self.shop.haste,
        )
        self.memory.keep(refund)
        self.settle()
        return self.memory.refunds[key]

    def chargeback(self, reference: str) -> SimulatedPayment:
        """Let the payer's bank take the order's newest payment back. Raises `RefusedError`."""
        if not self.charges_back:
            raise RefusedError(Why.NO_SUCH_THING)
        payment = changed(self.newest_paid(reference), self.clock(), state=PaymentState.CHARGED_BACK)
        self._tell_return(payment)
        return payment

    def cancel(self, reference: str) -> bool:
        """Take an order back: whether nobody has paid it, and nobody can any more. Raises `RefusedError` (UNKNOWN)."""
        order = self._known(reference)
        if any(payment.state is PaymentState.PAID for payment in self.memory.payments_of(reference)):
            return False
        self.memory.keep(replace(order, cancelled=True), *self._given_up(reference))
        return True

    def newest_paid(self, reference: str) -> SimulatedPayment:
        """The order's newest payment that counts. Raises `RefusedError` (UNKNOWN)."""
        paid = [each for each in self.memory.payments_of(reference) if each.state is PaymentState.PAID]
        if not paid:
            raise RefusedError(Why.UNKNOWN)
        return paid[-1]

    def left_of(self, payment_id: str) -> Money:
        """What could still be given back of a payment, counting what is on its way. Raises `RefusedError` (UNKNOWN)."""
        payment = self.memory.payments.get(payment_id)
        if payment is None:
            raise RefusedError(Why.UNKNOWN)
        under_way = sum(each.amount.minor for each in self.memory.refunds_of(payment_id) if each.done_at is None)
        return Money(payment.left.minor - under_way, payment.amount.currency)

    # -- telling the portal -----------------------------------------------------------------------------------------

    def hold(self) -> None:
        """Keep notifications back until they are let go."""
        self._held = True

    def release(self) -> None:
        """Let go of the notifications that were kept back."""
        self._held = False

    def lose(self, answers: int = 1) -> None:
        """Lose the next answers on their way: what was asked is done, and who asked does not learn of it."""
        self._lost += answers

    def is_lost(self) -> bool:
        """Whether the answer that is made now gets lost."""
        if not self._lost:
            return False
        self._lost -= 1
        return True

    async def deliver(self) -> list[Delivery]:
        """Do what has come due, and tell the portal; what came of each notification that was sent."""
        async with self._delivering:
            self.settle()
            delivered: list[Delivery] = []
            while notice := self._next():
                delivered.append(await self._deliver(notice))
            return delivered

    def settle(self) -> None:
        """Make the payments and refunds whose time has come."""
        now = self.clock()
        for payment in list(self.memory.payments.values()):
            if payment.settles_at and payment.settles_at <= now:
                at = payment.settles_at
                paid = changed(payment, at, state=PaymentState.PAID, paid_at=at, settles_at=None)
                self.memory.keep(paid, *self._notices(paid, paid.telling, AT_ONCE))
        for refund in list(self.memory.refunds.values()):
            if refund.done_at is None and refund.due_at <= now:
                self._carry_out(refund, now)

    # -- within -----------------------------------------------------------------------------------------------------

    def _known(self, reference: str) -> SimulatedOrder:
        order = self.memory.orders.get(reference)
        if order is None:
            raise RefusedError(Why.UNKNOWN)
        return order

    def _payable(self, reference: str) -> SimulatedOrder:
        order = self._known(reference)
        if not order.may_be_paid(self.clock()):
            raise RefusedError(Why.CLOSED)
        return order

    def _begin(
        self,
        order: SimulatedOrder,
        state: PaymentState,
        telling: Telling,
        delay: timedelta,
        *,
        amount: Money | None = None,
        settles_at: datetime | None = None,
    ) -> SimulatedPayment:
        now = self.clock()
        payment = SimulatedPayment(
            id=self.new_payment_id(now),
            reference=order.reference,
            amount=amount or (another(order.amount) if telling is Telling.OTHER_AMOUNT else order.amount),
            state=state,
            method=self.methods[state is PaymentState.PENDING],
            created_at=now,
            changed_at=now,
            paid_at=now if state is PaymentState.PAID else None,
            telling=telling,
            settles_at=settles_at,
        )
        self.memory.keep(payment, *self._notices(payment, telling, delay))
        return payment

    def _given_up(self, reference: str) -> list[SimulatedPayment]:
        """What was under way of an order that is taken back."""
        pending = [each for each in self.memory.payments_of(reference) if each.state is PaymentState.PENDING]
        return [changed(each, self.clock(), state=PaymentState.FAILED, settles_at=None) for each in pending]

    def _refuse_refund(self, payment_id: str, amount: Money) -> None:
        left = self.left_of(payment_id)
        if not 0 < amount.minor <= left.minor:
            raise RefusedError(Why.TOO_MUCH)
        if not self.gives_parts_back and amount != self.memory.payments[payment_id].amount:
            raise RefusedError(Why.WHOLE_ONLY)

    def _carry_out(self, refund: SimulatedRefund, now: datetime) -> None:
        payment = self.memory.payments[refund.payment_id]
        payment = changed(payment, now, refunded_minor=payment.refunded_minor + refund.amount.minor)
        self._tell_return(payment, replace(refund, done_at=now))

    def _tell_return(self, payment: SimulatedPayment, *refunds: SimulatedRefund) -> None:
        notices = self._notices(payment, Telling.ONCE, AT_ONCE) if self.tells_returns else []
        self.memory.keep(payment, *refunds, *notices)

    def _notices(self, payment: SimulatedPayment, telling: Telling, delay: timedelta) -> list[Notice]:
        """What the portal is to be told of a payment, and when."""
        if payment.state is PaymentState.PENDING and not self.tells_pending:
            return []
        return notices_of(payment, telling, self.clock() + delay)

    def _next(self) -> Notice | None:
        """The notification that is due next, if any is."""
        now = self.clock()
        due = [notice for notice in self.memory.notices.values() if notice.due_at <= now]
        return min(due, key=lambda notice: notice.due_at) if due and not self._held else None

    async def _deliver(self, notice: Notice) -> Delivery:
        order = self.memory.orders[notice.payment.reference]
        answer = await self._courier.carry(self.sending(notice, order))
        taken = answer is not None and self.is_taken(notice, *answer)
        if taken and notice.copies == 1:
            self.memory.forget(notice)
        elif taken:
            self.memory.keep(replace(notice, copies=notice.copies - 1))
        else:
            self._put_off(notice)
        return Delivery(notice=notice, status=answer[0] if answer else None, taken=taken)

    def _put_off(self, notice: Notice) -> None:
        """Send it again later, or give up where the platform does."""
        if notice.tries == len(self.repeats):
            self.memory.forget(notice)
            return
        wait = max(self.repeats[notice.tries] / self.shop.haste, timedelta(seconds=1))
        self.memory.keep(replace(notice, tries=notice.tries + 1, due_at=self.clock() + wait))
