"""What the staff does about money: gives it back, and decides about what does not fit."""

from __future__ import annotations

from typing import Annotated

import strawberry

from ventanilla.resolvers import refunds, strays
from ventanilla.schema.fields import arg, call
from ventanilla.schema.payment_return import RefundPaymentInput, RefundPaymentPayload
from ventanilla.schema.stray import (
    BookStrayPaymentInput,
    BookStrayPaymentPayload,
    DismissStrayPaymentInput,
    DismissStrayPaymentPayload,
    RefundStrayPaymentInput,
    RefundStrayPaymentPayload,
)


@strawberry.type
class StaffPayments:
    """A part of the root of mutations."""

    @call(
        refunds.refund,
        "Let money that was paid go back, whole or in part. The platform is asked until it answers, once for each key;"
        " then the office books it, its documents are open again and balances follow.",
    )
    def refund_payment(
        self, what: Annotated[RefundPaymentInput, arg("What, and why.", "input")]
    ) -> RefundPaymentPayload: ...

    @call(
        strays.book,
        "Let the office book money that does not fit as it came: what fits no document is the account's credit. What"
        " the office had refused it is told once more.",
    )
    def book_stray_payment(
        self, which: Annotated[BookStrayPaymentInput, arg("Which.", "input")]
    ) -> BookStrayPaymentPayload: ...

    @call(
        strays.refund,
        "Let what is left of money that does not fit go back. Should the platform refuse to, it is open again.",
    )
    def refund_stray_payment(
        self, which: Annotated[RefundStrayPaymentInput, arg("Which, and why.", "input")]
    ) -> RefundStrayPaymentPayload: ...

    @call(strays.dismiss, "Say that money that does not fit was dealt with elsewhere: nothing is booked or given back.")
    def dismiss_stray_payment(
        self, which: Annotated[DismissStrayPaymentInput, arg("Which, and how.", "input")]
    ) -> DismissStrayPaymentPayload: ...
