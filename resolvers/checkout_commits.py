"""Commits: somebody confirms what they were quoted, once, and is sent to the platform.

Everything is looked up anew before; what has changed since the quote is told and nothing is done.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from enum import StrEnum
from typing import Final

from ventanilla.backoffice_adapters.records import Record
from ventanilla.payments.contract import PlatformFault
from ventanilla.resolvers import checkout_starts, checkouts, return_urls
from ventanilla.resolvers.access import BILLING, Scope, call
from ventanilla.resolvers.checkout_refusals import of_other, told
from ventanilla.resolvers.context import Context
from ventanilla.resolvers.ids import Kind
from ventanilla.resolvers.payable import Payable, Unpayable, UnpayableReason, payable
from ventanilla.resolvers.problems import invalid_argument
from ventanilla.resolvers.refusals import Refusal
from ventanilla.store import checkout_commits, checkout_quotes
from ventanilla.store.checkout_commits import Against, Commit, Intent
from ventanilla.store.checkout_lists import Checkout
from ventanilla.store.checkout_quotes import CheckoutQuote
from ventanilla.store.tables import is_id

LONGEST_KEY: Final = 200


class CreateCheckoutReason(StrEnum):
    """Why somebody was not sent to the platform."""

    NOT_FOUND = "NOT_FOUND"
    QUOTE_EXPIRED = "QUOTE_EXPIRED"
    QUOTE_USED = "QUOTE_USED"
    AMOUNT_CHANGED = "AMOUNT_CHANGED"
    INVOICE_NOT_PAYABLE = "INVOICE_NOT_PAYABLE"
    PAYMENT_IN_PROGRESS = "PAYMENT_IN_PROGRESS"
    AMOUNT_TOO_SMALL = "AMOUNT_TOO_SMALL"
    AMOUNT_TOO_LARGE = "AMOUNT_TOO_LARGE"
    PAYMENTS_NOT_OFFERED = "PAYMENTS_NOT_OFFERED"
    RETURN_URL_NOT_ALLOWED = "RETURN_URL_NOT_ALLOWED"
    IDEMPOTENCY_CONFLICT = "IDEMPOTENCY_CONFLICT"
    PLATFORM_UNAVAILABLE = "PLATFORM_UNAVAILABLE"
    PLATFORM_REFUSED = "PLATFORM_REFUSED"


_OF_LINES: Final = frozenset({
    UnpayableReason.NOT_FOUND, UnpayableReason.INVOICE_NOT_PAYABLE, UnpayableReason.NOTHING_OPEN,
    UnpayableReason.ACCOUNT_MISMATCH, UnpayableReason.PAYEE_MISMATCH, UnpayableReason.CURRENCY_MISMATCH,
})  # fmt: skip
"""What befalls single invoices between quote and commit: what was payable is not any more."""


class CheckoutRequest(Record):
    """What somebody confirms, and where they want to come back to."""

    quote_id: str
    return_url: str
    idempotency_key: str


class CreatedCheckout(Record):
    """What came of it."""

    checkout: Checkout | None = None
    user_errors: Sequence[Refusal] = ()


@call(scope=Scope.REACH, licences=BILLING)
async def create(context: Context, *, what: CheckoutRequest) -> CreatedCheckout:
    """Commit a quote and start it at the platform; the same key and input go on with what they began.

    Raises `Problem` where an office could not be asked.
    """
    if not 0 < len(what.idempotency_key) <= LONGEST_KEY:
        raise invalid_argument(f"`idempotencyKey` has from 1 to {LONGEST_KEY} characters.")
    commit = Commit(
        person_id=context.person_id, quote_id=what.quote_id, key=what.idempotency_key, return_url=what.return_url
    )
    made = await _before(context, commit) or await _made(context, commit)
    if not isinstance(made, str):  # the same may have been asked at the same moment, and done meanwhile
        made = await _before(context, commit) or made
    if isinstance(made, str):
        return await _started(context, made)
    refusals = [_standing(context, made)] if isinstance(made, Against) else made
    return CreatedCheckout(user_errors=refusals)


async def _before(context: Context, commit: Commit) -> str | Against | None:
    async with context.services.store.work(context.manager.slug) as work:
        return await checkout_commits.before(work, commit)


async def _made(context: Context, commit: Commit) -> str | Against | list[Refusal]:
    """The checkout of a commit that is new, or why there is none."""
    choice = context.manager.payments
    if choice is None:
        return [told(context, CreateCheckoutReason.PAYMENTS_NOT_OFFERED)]
    back = return_urls.read(context, choice, commit.return_url)
    if back is None:
        return [told(context, CreateCheckoutReason.RETURN_URL_NOT_ALLOWED, "returnUrl")]
    quote = await _quote(context, commit.quote_id)
    found = await _again(context, quote) if isinstance(quote, CheckoutQuote) else quote
    if not isinstance(found, Payable):
        return found
    accepted = context.manager.presentation.terms
    intent = Intent(
        commit=commit,
        terms=found.terms,
        origin=back.origin,
        return_path=back.path,
        language=context.language,
        expires_at=context.now + timedelta(minutes=choice.checkout_minutes),
        terms_version=accepted.version if accepted else None,
    )
    return await checkout_commits.commit(context.services.store, context.manager.slug, intent, context.now)


async def _quote(context: Context, quote_id: str) -> CheckoutQuote | Against | list[Refusal]:
    """The viewer's quote, if it can be committed yet."""
    store, slug = context.services.store, context.manager.slug
    quote = await checkout_quotes.find(store, slug, quote_id) if is_id(quote_id) else None
    if quote is None or quote.person_id != context.person_id:
        return [told(context, CreateCheckoutReason.NOT_FOUND, "quoteId")]
    async with store.work(slug) as work:
        used = await checkout_commits.of_quote(work, quote_id)
    if used or context.now < quote.expires_at:
        return used or quote
    return [told(context, CreateCheckoutReason.QUOTE_EXPIRED, "quoteId")]


async def _again(context: Context, quote: CheckoutQuote) -> Payable | list[Refusal]:
    """What paying it would mean now, if that is what was quoted."""
    lines = quote.terms.lines
    ids = context.ids.mixed(Kind.INVOICE, [(line.office, line.invoice_key) for line in lines])
    found = await payable(context, ids)
    if isinstance(found, list):
        return [_unpayable(context, quote, why) for why in found]
    if found.terms.costs_the_same(quote.terms):
        return found
    old, new = quote.terms.total, found.terms.total
    params = {"old": old.amount, "new": new.amount, "currency": new.currency}
    return [told(context, CreateCheckoutReason.AMOUNT_CHANGED, "quoteId", params=params)]


def _unpayable(context: Context, quote: CheckoutQuote, why: Unpayable) -> Refusal:
    number = {} if why.item is None else {"number": quote.terms.lines[why.item].number}
    of_line = why.reason in _OF_LINES
    reason = CreateCheckoutReason.INVOICE_NOT_PAYABLE if of_line else CreateCheckoutReason(why.reason.value)
    return told(context, reason, "quoteId", params={**number, **why.params})


def _standing(context: Context, against: Against) -> Refusal:
    """The refusal because of a checkout that there is."""
    reason = CreateCheckoutReason(against.reason.value)
    field = "idempotencyKey" if reason is CreateCheckoutReason.IDEMPOTENCY_CONFLICT else "quoteId"
    return of_other(context, reason, field, against)


async def _started(context: Context, checkout_id: str) -> CreatedCheckout:
    """The checkout, as far as it has come at the platform."""
    fault = await checkout_starts.start(context, checkout_id)
    checkout = await checkouts.found(context, checkout_id)
    if fault is None:
        return CreatedCheckout(checkout=checkout)
    never = fault is PlatformFault.REFUSED
    reason = CreateCheckoutReason.PLATFORM_REFUSED if never else CreateCheckoutReason.PLATFORM_UNAVAILABLE
    return CreatedCheckout(checkout=checkout, user_errors=[told(context, reason, retryable=not never)])
