"""How a portal is told of a payment: how often, in which order, and whether at all."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Final

from msgspec.structs import replace

from ventanilla.backoffice_adapters.money import Money, minor_digits
from ventanilla.payments.simulators.records import Notice, PaymentState, SimulatedPayment, Telling

_OLDER: Final = timedelta(seconds=1)
_BEFORE: Final = {
    PaymentState.PAID: PaymentState.FAILED,  # a try that failed within the platform's page
    PaymentState.FAILED: PaymentState.PENDING,
    PaymentState.PENDING: PaymentState.PENDING,
    PaymentState.CHARGED_BACK: PaymentState.PAID,
}


def notices_of(payment: SimulatedPayment, telling: Telling, due_at: datetime) -> list[Notice]:
    """What is told of the payment as it stands, in the order in which it is sent."""
    if telling is Telling.NEVER:
        return []
    notices = [_notice(payment, payment.changed_at, due_at, copies=2 if telling is Telling.TWICE else 1)]
    if telling is Telling.OUT_OF_ORDER:
        before = replace(payment, state=_BEFORE[payment.state])
        notices.append(_notice(before, payment.changed_at - _OLDER, due_at))
    return notices


def another(amount: Money) -> Money:
    """An amount that is near, and not the same: one unit less, or more where there is not more than one."""
    one = 10 ** minor_digits(amount.currency)
    return Money(amount.minor - one if amount.minor > one else amount.minor + one, amount.currency)


def _notice(payment: SimulatedPayment, written_at: datetime, due_at: datetime, copies: int = 1) -> Notice:
    id = secrets.token_hex(12)
    return Notice(id=id, payment=payment, written_at=written_at, due_at=due_at, copies=copies)
