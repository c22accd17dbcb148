"""Checkouts and payments, as the staff sees them: references, amounts and states, and nobody's secrets."""

from __future__ import annotations

from datetime import datetime

import strawberry

from ventanilla.execution.fields import Listing
from ventanilla.resolvers import staff_payments
from ventanilla.schema.enums import Booking, CheckoutState, NewsStatus
from ventanilla.schema.fields import batch, column, prop
from ventanilla.schema.money import Money
from ventanilla.schema.payment_return import PaymentReturn

FEW = Listing((), assumed=2)


@strawberry.type(description="What somebody set out to pay, as the staff sees it.")
class StaffCheckout:
    """A checkout."""

    id: strawberry.ID = prop("For `refundPayment`: this is no node.")
    reference: str = prop("What the platform, the office and people know it by.")
    platform: str = prop("The payment platform.")
    office: str = prop("The office whose documents are paid, as the manager calls it.")
    account_number: str = prop("The account, by the number on its papers.")
    amount: Money = prop("What its documents come to.")
    payer_fee: Money = prop("What the payer bears of the platform's fee, on top.")
    manager_fee: Money = prop("What the manager bears of it.")
    state: CheckoutState = prop("How far it has come.")
    created_at: datetime = prop("When it was committed.")
    expires_at: datetime = prop("Until when it may be paid.")
    ended_at: datetime | None = prop("When it succeeded, failed, expired or was cancelled.")
    payments: list[PlatformPayment] = batch(
        staff_payments.payments_of_checkouts,
        "The payments that the platform has told of, oldest first; hardly ever more than one.",
        listing=FEW,
    )


@strawberry.type(description="Money at a payment platform, and whether the office has booked it.")
class PlatformPayment:
    """A payment."""

    id: strawberry.ID = prop("Its id. These payments are no nodes; the office's own are.")
    platform: str = prop("The payment platform.")
    platform_payment_id: str = prop("What the platform calls the payment.", of="payment_id")
    reference: str = prop("What it was paid under.")
    status: NewsStatus = prop("How it stands, as the platform last told.")
    amount: Money = prop("What was paid, a fee that the payer bears included.")
    refunded: Money = batch(staff_payments.refunded, "What the payer has back by now.")
    method: str = prop("How it was paid, as people call it; empty where the platform does not tell.")
    account_number: str | None = prop(
        "The account, by the number on its papers; null for money of which no order is known."
    )
    booking: Booking = prop("Whether the office has it in its books.")
    problem: str | None = column(staff_payments.why, "Why the office has not booked it, in words; null otherwise.")
    office_payment_key: str | None = prop("What the office calls it; null as long as it has not booked it.")
    paid_at: datetime | None = prop("When it was paid.")
    booked_at: datetime | None = prop("When the office had booked it.")
    created_at: datetime = prop("When the portal first heard of it.")
    checkout: StaffCheckout | None = batch(
        staff_payments.checkouts_of_payments, "What it was ordered for; null where that is not known."
    )
    returns: list[PaymentReturn] = batch(
        staff_payments.returns_of_payments, "What goes back of it, oldest first.", listing=FEW
    )
