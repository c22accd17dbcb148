"""Enums of paying through the portal."""

from __future__ import annotations

from ventanilla.resolvers.checkout_cancelling import CancelCheckoutReason
from ventanilla.resolvers.checkout_commits import CreateCheckoutReason
from ventanilla.resolvers.checkout_quotes import CheckoutWarning, CreateCheckoutQuoteReason
from ventanilla.schema.enums.described import Described
from ventanilla.store.payment_states import CheckoutState

_NOT_PAYABLE = (
    "An invoice is paid, withdrawn, part of a payment plan, or gives money back: `state` and `kind` say which, `number`"
    " names it."
)
_IN_PROGRESS = (
    "It is being paid, or was paid and is not booked yet; `checkoutId` names the checkout if it is the viewer's own."
)
_NOT_OFFERED = "The manager, the office or the currency: it is not paid through the portal."
_SMALL = "The platform takes no less than `least`; this is `total`."
_LARGE = "The platform takes no more than `most`; this is `total`."

ENUMS = (
    Described(
        CheckoutState,
        "How far a checkout has come. Only the platform's own word makes it succeed; a browser that comes back leads no"
        " further than PENDING.",
        CREATED="Confirmed; the payer has not been sent to the platform.",
        REDIRECTED="The payer was sent to the platform.",
        PENDING="The payer came back, or the platform says that something is under way.",
        SUCCEEDED="The platform has confirmed the money.",
        FAILED="The platform says that it was not paid. Its invoices can be paid anew.",
        EXPIRED="Nobody paid in time. Its invoices can be paid anew.",
        CANCELLED="The viewer took it back. Its invoices can be paid anew.",
    ),
    Described(
        CheckoutWarning,
        "What to tell people before they confirm.",
        DIRECT_DEBIT_ACTIVE="The account is paid by direct debit, which may collect the same invoices.",
    ),
    Described(
        CreateCheckoutQuoteReason,
        "Why nothing was quoted. `path` names the item.",
        EMPTY="No items.",
        DUPLICATE_ITEM="An item stands there twice.",
        NOT_FOUND="Not the id of an invoice of the viewer's.",
        INVOICE_NOT_PAYABLE=_NOT_PAYABLE,
        NOTHING_OPEN="Nothing is left to pay of it.",
        ACCOUNT_MISMATCH="It belongs to another account than the first.",
        PAYEE_MISMATCH="It is kept by another office than the first.",
        CURRENCY_MISMATCH="It is in another currency than the first.",
        PAYMENT_IN_PROGRESS=_IN_PROGRESS,
        AMOUNT_TOO_SMALL=_SMALL,
        AMOUNT_TOO_LARGE=_LARGE,
        PAYMENTS_NOT_OFFERED=_NOT_OFFERED,
    ),
    Described(
        CreateCheckoutReason,
        "Why nobody was sent to the platform. Nothing of it is remembered under the key, but a checkout that there is.",
        NOT_FOUND="Not the id of a quote of the viewer's, or one of long ago.",
        QUOTE_EXPIRED="Its time is over: quote anew.",
        QUOTE_USED="There is a checkout of it, which `checkoutId` names.",
        AMOUNT_CHANGED="What is owed has changed from `old` to `new` since: quote anew and show it.",
        INVOICE_NOT_PAYABLE=_NOT_PAYABLE,
        PAYMENT_IN_PROGRESS=_IN_PROGRESS,
        AMOUNT_TOO_SMALL=_SMALL,
        AMOUNT_TOO_LARGE=_LARGE,
        PAYMENTS_NOT_OFFERED=_NOT_OFFERED,
        RETURN_URL_NOT_ALLOWED="Not a path that is registered for it, nor the address of one at a host of this portal.",
        IDEMPOTENCY_CONFLICT="The key was used with another input.",
        PLATFORM_UNAVAILABLE="The platform did not answer. The checkout stands: the same key and input try again.",
        PLATFORM_REFUSED="The platform does not take it: the checkout has FAILED.",
    ),
    Described(
        CancelCheckoutReason,
        "Why nothing was cancelled.",
        NOT_FOUND="Not the id of a checkout of the viewer's.",
        INVALID_STATE="It has ended: `status` says how.",
        PAYMENT_UNDER_WAY="The payer was sent to the platform, which does not take it back: it may yet be paid.",
        PLATFORM_UNAVAILABLE="The platform did not answer: try again.",
    ),
)
