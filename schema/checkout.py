"""Paying through the portal: what it would cost, and what was confirmed."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import strawberry
from strawberry import UNSET

from ventanilla.resolvers import checkouts
from ventanilla.resolvers.checkout_cancelling import ChosenCheckout
from ventanilla.resolvers.checkout_commits import CheckoutRequest
from ventanilla.resolvers.checkout_quotes import CheckoutItem, QuoteRequest
from ventanilla.schema.enums import (
    CancelCheckoutReason,
    CheckoutState,
    CheckoutWarning,
    CreateCheckoutQuoteReason,
    CreateCheckoutReason,
)
from ventanilla.schema.fields import batch, column, prop
from ventanilla.schema.invoice import Invoice
from ventanilla.schema.money import Money
from ventanilla.schema.payment import Payment
from ventanilla.schema.problems import UserError
from ventanilla.schema.scalars import Url

if TYPE_CHECKING:
    from ventanilla.schema.account import Account

_ACCOUNT = strawberry.lazy("ventanilla.schema.account")
_SUBTOTAL = "What the lines add up to."
_TOTAL = "What the payer pays in all: the subtotal, and the fee that they bear."


@strawberry.type(description="One invoice that is paid, as it was when it was looked up.")
class CheckoutLine:
    """A line."""

    number: str = prop("The number printed on the invoice.")
    title: str = prop("What it is for.")
    amount: Money = prop("What is paid of it: all that was open.")
    invoice: Invoice | None = batch(
        checkouts.invoices, "The invoice as it is now; null where the viewer does not reach it any more."
    )


@strawberry.type(description="What paying costs, and who bears it.")
class CheckoutFees:
    """Fees."""

    payer: Money = prop("What comes on top of the subtotal.")
    manager: Money = prop("What the platform keeps of it; nothing to the payer.")


@strawberry.type(description="What paying some invoices would cost, good for a while and for one checkout.")
class CheckoutQuote:
    """A quote."""

    id: strawberry.ID = prop("Its id, for `createCheckout`. Quotes are no nodes.")
    account: Annotated[Account, _ACCOUNT] = prop("The account that it is for.")
    lines: list[CheckoutLine] = prop("What would be paid, in the order of the items.", of="terms.lines")
    subtotal: Money = prop(_SUBTOTAL, of="terms.subtotal")
    fees: CheckoutFees = prop("What paying costs.", of="terms.fees")
    total: Money = prop(_TOTAL, of="terms.total")
    expires_at: datetime = prop("Until when it is good.")
    warnings: list[CheckoutWarning] = prop("What to tell people before they confirm.")


@strawberry.type(
    description="An intent to pay, frozen as it was confirmed. Its invoices are held for it while it runs."
)
class Checkout:
    """A checkout."""

    id: strawberry.ID = prop("Its id. Checkouts are no nodes.")
    status: CheckoutState = prop("How far it has come.", of="state")
    reference: str = prop("What the platform, the office and people know it by.")
    account: Annotated[Account, _ACCOUNT] | None = batch(
        checkouts.accounts, "The account that it is for; null where the viewer does not reach it any more."
    )
    lines: list[CheckoutLine] = prop("What is paid.", of="terms.lines")
    subtotal: Money = prop(_SUBTOTAL, of="terms.subtotal")
    fees: CheckoutFees = prop("What paying costs.", of="terms.fees")
    total: Money = prop(_TOTAL, of="terms.total")
    platform: str = column(checkouts.platforms, "What people call the platform that it is paid at.")
    redirect_url: Url | None = column(
        checkouts.redirect_urls,
        "A path of this portal to lead the browser to, which sends it on to the platform; null once it cannot be paid"
        " any more. It needs no session, so keep it to the payer.",
    )
    created_at: datetime = prop("When it was confirmed.")
    expires_at: datetime = prop("Until when it may be paid.")
    ended_at: datetime | None = prop("When it succeeded, failed, expired or was cancelled; null while it runs.")
    settled: bool = prop("Whether the office has the money in its books.")
    payment: Payment | None = batch(checkouts.payments, "What the office has booked; null until it has.")


@strawberry.input(description="One thing to be paid: exactly one of these.", one_of=True)
class CheckoutItemInput:
    """Item of `createCheckoutQuote`."""

    invoice_id: strawberry.ID | None = strawberry.field(default=UNSET, description="An invoice, with all that is open.")

    def record(self) -> CheckoutItem:
        """The input as the resolver takes it."""
        return CheckoutItem(invoice_id=str(self.invoice_id))


@strawberry.input(description="What is to be paid.")
class CreateCheckoutQuoteInput:
    """Input of `createCheckoutQuote`."""

    items: list[CheckoutItemInput] = strawberry.field(description="From one to 50, of one account.")

    def record(self) -> QuoteRequest:
        """The input as the resolver takes it."""
        return QuoteRequest(items=self.items)  # pyright: ignore[reportArgumentType]  they are records by then


@strawberry.type(description="Why nothing was quoted.")
class CreateCheckoutQuoteError(UserError):
    """Refusal of `createCheckoutQuote`."""

    reason: CreateCheckoutQuoteReason = prop("The reason.")


@strawberry.type(description="What came of `createCheckoutQuote`.")
class CreateCheckoutQuotePayload:
    """Payload of `createCheckoutQuote`."""

    quote: CheckoutQuote | None = prop("The quote; null on refusal.")
    user_errors: list[CreateCheckoutQuoteError] = prop("Why nothing was quoted; empty on success.")


@strawberry.input(description="What is confirmed.")
class CreateCheckoutInput:
    """Input of `createCheckout`."""

    quote_id: strawberry.ID = strawberry.field(description="The quote that was shown.")
    return_url: str = strawberry.field(
        description="Where the payer comes back to: a path of this portal that is registered for it, such as"
        " `/payments`, or its whole address. `?checkout=` and the id are added. Coming back proves nothing: look at"
        " `Checkout.status`."
    )
    idempotency_key: str = strawberry.field(
        description="Of your own, at most 200 characters: the same key and input answer the same checkout, whatever has"
        " become of it, and go on where they were cut off."
    )

    def record(self) -> CheckoutRequest:
        """The input as the resolver takes it."""
        return CheckoutRequest(quote_id=self.quote_id, return_url=self.return_url, idempotency_key=self.idempotency_key)


@strawberry.type(description="Why nobody was sent to the platform.")
class CreateCheckoutError(UserError):
    """Refusal of `createCheckout`."""

    reason: CreateCheckoutReason = prop("The reason.")


@strawberry.type(description="What came of `createCheckout`.")
class CreateCheckoutPayload:
    """Payload of `createCheckout`."""

    checkout: Checkout | None = prop(
        "The checkout; null where there is none. Beside PLATFORM_UNAVAILABLE it stands, and waits to be started."
    )
    user_errors: list[CreateCheckoutError] = prop("Why nobody was sent to the platform; empty on success.")


@strawberry.input(description="What is not to be paid any more.")
class CancelCheckoutInput:
    """Input of `cancelCheckout`."""

    id: strawberry.ID = strawberry.field(description="The checkout.")

    def record(self) -> ChosenCheckout:
        """The input as the resolver takes it."""
        return ChosenCheckout(id=self.id)


@strawberry.type(description="Why nothing was cancelled.")
class CancelCheckoutError(UserError):
    """Refusal of `cancelCheckout`."""

    reason: CancelCheckoutReason = prop("The reason.")


@strawberry.type(description="What came of `cancelCheckout`.")
class CancelCheckoutPayload:
    """Payload of `cancelCheckout`."""

    checkout: Checkout | None = prop("The checkout as it stands; null where there is none.")
    user_errors: list[CancelCheckoutError] = prop("Why nothing was cancelled; empty on success.")
