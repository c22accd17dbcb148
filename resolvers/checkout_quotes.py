"""Quotes: what paying some invoices would cost now, told before anybody confirms it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from ventanilla.backoffice_adapters.records import Account, Enrolment, EnrolmentKind, Record
from ventanilla.resolvers.access import BILLING, Scope, call
from ventanilla.resolvers.asking import ask_accounts
from ventanilla.resolvers.checkout_refusals import of_other, told
from ventanilla.resolvers.context import Context
from ventanilla.resolvers.payable import Payable, Unpayable, payable
from ventanilla.resolvers.problems import Problem, invalid_argument
from ventanilla.resolvers.refusals import Refusal
from ventanilla.store import checkout_commits, checkout_quotes
from ventanilla.store.checkout_commits import Against
from ventanilla.store.checkout_terms import CheckoutTerms

MOST_ITEMS: Final = 50


class CheckoutWarning(StrEnum):
    """What somebody should know before they confirm."""

    DIRECT_DEBIT_ACTIVE = "DIRECT_DEBIT_ACTIVE"


class CreateCheckoutQuoteReason(StrEnum):
    """Why nothing was quoted."""

    EMPTY = "EMPTY"
    DUPLICATE_ITEM = "DUPLICATE_ITEM"
    NOT_FOUND = "NOT_FOUND"
    INVOICE_NOT_PAYABLE = "INVOICE_NOT_PAYABLE"
    NOTHING_OPEN = "NOTHING_OPEN"
    ACCOUNT_MISMATCH = "ACCOUNT_MISMATCH"
    PAYEE_MISMATCH = "PAYEE_MISMATCH"
    CURRENCY_MISMATCH = "CURRENCY_MISMATCH"
    PAYMENT_IN_PROGRESS = "PAYMENT_IN_PROGRESS"
    AMOUNT_TOO_SMALL = "AMOUNT_TOO_SMALL"
    AMOUNT_TOO_LARGE = "AMOUNT_TOO_LARGE"
    PAYMENTS_NOT_OFFERED = "PAYMENTS_NOT_OFFERED"


class CheckoutItem(Record):
    """One thing to be paid."""

    invoice_id: str


class QuoteRequest(Record):
    """What somebody would like to pay."""

    items: Sequence[CheckoutItem]


class Quote(Record):
    """What it would cost, until when."""

    id: str
    account: Account
    terms: CheckoutTerms
    warnings: Sequence[CheckoutWarning]
    expires_at: datetime


class CreatedQuote(Record):
    """What came of asking for a quote."""

    quote: Quote | None = None
    user_errors: Sequence[Refusal] = ()


@call(scope=Scope.REACH, licences=BILLING)
async def create(context: Context, *, what: QuoteRequest) -> CreatedQuote:
    """Quote some invoices of one account; raises `Problem` where an office could not be asked."""
    ids = [item.invoice_id for item in what.items]
    if refusals := _misasked(context, ids):
        return CreatedQuote(user_errors=refusals)
    found = await payable(context, ids)
    if isinstance(found, list):
        return CreatedQuote(user_errors=[_unpayable(context, each) for each in found])
    expires_at = context.now + timedelta(minutes=found.choice.quote_minutes)
    kept = await _kept(context, found.terms, expires_at)
    if not isinstance(kept, str):
        return CreatedQuote(user_errors=kept)
    warnings = await _warnings(context, found)
    return CreatedQuote(
        quote=Quote(id=kept, account=found.account, terms=found.terms, warnings=warnings, expires_at=expires_at)
    )


def _misasked(context: Context, ids: Sequence[str]) -> list[Refusal]:
    """What is wrong with what was asked for, whatever offices say."""
    if not ids:
        return [told(context, CreateCheckoutQuoteReason.EMPTY, "items")]
    if len(ids) > MOST_ITEMS:
        raise invalid_argument(f"`items` takes at most {MOST_ITEMS} items; there were {len(ids)}.")
    names = [context.ids.read(each) or each for each in ids]
    twice = [at for at, name in enumerate(names) if name in names[:at]]
    return [told(context, CreateCheckoutQuoteReason.DUPLICATE_ITEM, _path(at)) for at in twice]


def _unpayable(context: Context, why: Unpayable) -> Refusal:
    path = "items" if why.item is None else _path(why.item)
    return told(context, CreateCheckoutQuoteReason(why.reason.value), path, params=why.params)


def _path(item: int) -> str:
    return f"items.{item}.invoiceId"


async def _kept(context: Context, terms: CheckoutTerms, expires_at: datetime) -> str | list[Refusal]:
    """The id of the quote, unless some of it is being paid already."""
    keys = [line.invoice_key for line in terms.lines]
    async with context.services.store.work(context.manager.slug) as work:
        held = await checkout_commits.holders(work, terms.account.office, keys)
        if not held:
            return await checkout_quotes.keep(work, context.person_id, terms, now=context.now, expires_at=expires_at)
    return [_in_progress(context, at, held[key]) for at, key in enumerate(keys) if key in held]


def _in_progress(context: Context, at: int, holder: Against) -> Refusal:
    return of_other(context, CreateCheckoutQuoteReason.PAYMENT_IN_PROGRESS, _path(at), holder)


async def _warnings(context: Context, found: Payable) -> list[CheckoutWarning]:
    """What to know before confirming; what cannot be read warns of nothing."""
    (enrolments,) = await ask_accounts(context, "enrolments", [found.account])
    if enrolments is None or isinstance(enrolments, Problem):
        return []
    debited = any(_is_debited(each) for each in enrolments)
    return [CheckoutWarning.DIRECT_DEBIT_ACTIVE] if debited else []


def _is_debited(enrolment: Enrolment) -> bool:
    return enrolment.kind is EnrolmentKind.DIRECT_DEBIT and enrolment.active
