"""Paying through the portal."""

from __future__ import annotations

from typing import Annotated

import strawberry

from ventanilla.resolvers import checkout_cancelling, checkout_commits, checkout_quotes
from ventanilla.schema.checkout import (
    CancelCheckoutInput,
    CancelCheckoutPayload,
    CreateCheckoutInput,
    CreateCheckoutPayload,
    CreateCheckoutQuoteInput,
    CreateCheckoutQuotePayload,
)
from ventanilla.schema.fields import arg, call


@strawberry.type
class Paying:
    """A part of the root of mutations."""

    @call(
        checkout_quotes.create,
        "Tell what paying some invoices costs now, with fees, to be shown and confirmed. Amounts are the office's: no"
        " client sends one.",
    )
    def create_checkout_quote(
        self, what: Annotated[CreateCheckoutQuoteInput, arg("What is to be paid.", "input")]
    ) -> CreateCheckoutQuotePayload: ...

    @call(
        checkout_commits.create,
        "Confirm a quote. Everything is looked up anew; if it is as it was quoted, its invoices are held for this"
        " checkout and `redirectUrl` leads to the platform.",
    )
    def create_checkout(
        self, what: Annotated[CreateCheckoutInput, arg("What is confirmed.", "input")]
    ) -> CreateCheckoutPayload: ...

    @call(
        checkout_cancelling.cancel,
        "Take a checkout back while it runs: at once where nobody was sent to the platform, else if the platform does.",
    )
    def cancel_checkout(
        self, which: Annotated[CancelCheckoutInput, arg("Which.", "input")]
    ) -> CancelCheckoutPayload: ...
