"""Strays: money that does not fit, for the staff to look at and to decide about."""

from __future__ import annotations

from datetime import datetime

import strawberry

from ventanilla.resolvers import staff_payments
from ventanilla.resolvers.strays import ChosenStray, StrayDismissal, StrayRefund
from ventanilla.schema.enums import (
    BookStrayReason,
    DismissStrayReason,
    RefundStrayReason,
    StrayKind,
    StrayResolution,
    StrayState,
)
from ventanilla.schema.fields import batch, prop
from ventanilla.schema.money import Money
from ventanilla.schema.problems import UserError
from ventanilla.schema.staff_payment import PlatformPayment, StaffCheckout

_STRAY = "The stray payment, as it stands now; null where nothing was done."


@strawberry.type(description="Money that does not fit.")
class StrayPayment:
    """A stray."""

    id: strawberry.ID = prop("Its id. Strays are no nodes.")
    kind: StrayKind = prop("Why it does not fit.")
    state: StrayState = prop("Whether anybody has to look.")
    resolution: StrayResolution | None = prop("How it was dealt with; null as long as it was not.")
    decisions: list[StrayResolution] = prop(
        "What may be decided about it, as far as its kind tells: BOOKED by `bookStrayPayment`, REFUNDED by"
        " `refundStrayPayment`, DISMISSED by `dismissStrayPayment`; empty once it was dealt with."
    )
    reference: str = prop("What it was paid under.")
    amount: Money = prop("What came, or went back.")
    expected: Money | None = prop("What it ought to have been; null where nothing was expected.")
    account_number: str | None = prop("The account, by the number on its papers; null where none is known.")
    office: str | None = prop("The office that it is about, as the manager calls it; null for none.")
    office_payment_key: str | None = prop("What the office calls the payment; null where it has none.")
    note: str = prop("What who dismissed it said; else empty.")
    found_at: datetime = prop("When it was found.")
    resolved_at: datetime | None = prop("When it was dealt with.")
    resolved_by: str | None = prop(
        "Who of the staff dealt with it; null where it has come right by itself, or is open."
    )
    payment: PlatformPayment | None = batch(
        staff_payments.payments_of_strays, "The payment that it is about; null for what only an office knows of."
    )
    checkout: StaffCheckout | None = batch(
        staff_payments.checkouts_of_payments, "What it was ordered for; null where that is not known."
    )


@strawberry.input(description="What is to be booked.")
class BookStrayPaymentInput:
    """Input of `bookStrayPayment`."""

    id: strawberry.ID = strawberry.field(description="The stray payment.")

    def record(self) -> ChosenStray:
        """The input as the resolver takes it."""
        return ChosenStray(id=self.id)


@strawberry.type(description="Why nothing is booked.")
class BookStrayPaymentError(UserError):
    """Refusal of `bookStrayPayment`."""

    reason: BookStrayReason = prop("The reason.")


@strawberry.type(description="What came of `bookStrayPayment`. The office is told after the answer.")
class BookStrayPaymentPayload:
    """Payload of `bookStrayPayment`."""

    stray: StrayPayment | None = prop(_STRAY)
    user_errors: list[BookStrayPaymentError] = prop("Why nothing is booked; empty on success.")


@strawberry.input(description="What is to be given back.")
class RefundStrayPaymentInput:
    """Input of `refundStrayPayment`."""

    id: strawberry.ID = strawberry.field(description="The stray payment.")
    reason: str = strawberry.field(description="Why, for the others of the staff: a line of at most 200 characters.")

    def record(self) -> StrayRefund:
        """The input as the resolver takes it."""
        return StrayRefund(id=self.id, reason=self.reason)


@strawberry.type(description="Why nothing goes back.")
class RefundStrayPaymentError(UserError):
    """Refusal of `refundStrayPayment`."""

    reason: RefundStrayReason = prop("The reason.")


@strawberry.type(description="What came of `refundStrayPayment`. The platform is asked after the answer.")
class RefundStrayPaymentPayload:
    """Payload of `refundStrayPayment`."""

    stray: StrayPayment | None = prop(_STRAY)
    user_errors: list[RefundStrayPaymentError] = prop("Why nothing goes back; empty on success.")


@strawberry.input(description="What was dealt with elsewhere.")
class DismissStrayPaymentInput:
    """Input of `dismissStrayPayment`."""

    id: strawberry.ID = strawberry.field(description="The stray payment.")
    note: str = strawberry.field(description="How it was dealt with: a line of at most 500 characters.")

    def record(self) -> StrayDismissal:
        """The input as the resolver takes it."""
        return StrayDismissal(id=self.id, note=self.note)


@strawberry.type(description="Why it is open yet.")
class DismissStrayPaymentError(UserError):
    """Refusal of `dismissStrayPayment`."""

    reason: DismissStrayReason = prop("The reason.")


@strawberry.type(description="What came of `dismissStrayPayment`.")
class DismissStrayPaymentPayload:
    """Payload of `dismissStrayPayment`."""

    stray: StrayPayment | None = prop(_STRAY)
    user_errors: list[DismissStrayPaymentError] = prop("Why it is open yet; empty on success.")
