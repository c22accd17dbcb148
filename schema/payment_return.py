"""Money that goes back: refunds that the staff asks for, and what platforms tell of their own accord."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import strawberry

from ventanilla.resolvers import staff_payments
from ventanilla.resolvers.refunds import Refund
from ventanilla.schema.enums import PaymentReturnState, RefundPaymentReason, ReversalKind
from ventanilla.schema.fields import column, prop
from ventanilla.schema.money import Money
from ventanilla.schema.problems import UserError


@strawberry.type(description="Money of one payment that goes back, or went.")
class PaymentReturn:
    """A return."""

    id: strawberry.ID = prop("Its id. Returns are no nodes.")
    kind: ReversalKind = prop("Who takes the money back.")
    amount: Money = prop("How much.")
    reason: str = prop("Why, as who asked for it said; empty for what nobody of the staff asked for.")
    state: PaymentReturnState = prop("How far it has come.")
    problem: str | None = column(staff_payments.why, "Why it is not done, in words; null where nothing went wrong.")
    requested_by: str | None = prop("Who of the staff asked for it; null where nobody did, or nobody knows any more.")
    created_at: datetime = prop("When it was asked for, or told of.")
    ended_at: datetime | None = prop("When it was booked, or given up.")


@strawberry.input(description="What is to be given back, and why.")
class RefundPaymentInput:
    """Input of `refundPayment`."""

    checkout_id: strawberry.ID = strawberry.field(description="The checkout that was paid.")
    amount: Decimal | None = strawberry.field(
        default=None, description="How much, in the checkout's currency; all that is left unless said."
    )
    reason: str = strawberry.field(description="Why, for the others of the staff: a line of at most 200 characters.")
    idempotency_key: str = strawberry.field(
        description="Of your own, at most 200 characters: the same key and input answer the same refund, whatever has"
        " become of it. What was refused is not remembered."
    )

    def record(self) -> Refund:
        """The input as the resolver takes it."""
        return Refund(
            checkout_id=self.checkout_id,
            amount=None if self.amount is None else str(self.amount),
            reason=self.reason,
            idempotency_key=self.idempotency_key,
        )


@strawberry.type(description="Why nothing goes back.")
class RefundPaymentError(UserError):
    """Refusal of `refundPayment`."""

    reason: RefundPaymentReason = prop("The reason.")


@strawberry.type(description="What came of `refundPayment`. The platform is asked after the answer: look at the state.")
class RefundPaymentPayload:
    """Payload of `refundPayment`."""

    refund: PaymentReturn | None = prop("The refund; null where nothing goes back.")
    user_errors: list[RefundPaymentError] = prop("Why nothing goes back; empty on success.")
