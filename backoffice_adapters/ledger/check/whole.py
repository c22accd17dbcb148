"""The check of a whole book."""

from __future__ import annotations

from ventanilla.backoffice_adapters.book import Book
from ventanilla.backoffice_adapters.ledger.check import (
    accrual,
    amount,
    community,
    enrolment,
    interest,
    invoice,
    key,
    meter,
    notice,
    owner,
    party,
    payment,
    payment_plan,
    place,
    reference,
    supplier_invoice,
    utility_settlement,
)
from ventanilla.backoffice_adapters.ledger.check.base import BookError
from ventanilla.backoffice_adapters.ledger.totals import Totals

_PARTS = (
    key.keys,
    key.numbers,
    reference.references,
    owner.owners,
    amount.currencies,
    amount.amounts,
    place.places,
    party.standings,
    accrual.accruals,
    interest.rates,
    enrolment.enrolments,
    meter.meters,
    meter.readings,
    supplier_invoice.supplier_invoices,
    notice.notices,
)
_SUMS = (invoice.invoices, payment.payments, payment_plan.plans)


def check(book: Book, totals: Totals) -> None:
    """Raise `BookError` unless everything in `book` agrees."""
    problems = [problem for part in _PARTS for problem in part(book)]
    # Sums say something only of amounts that can be summed.
    if not problems:
        problems = [problem for part in _SUMS for problem in part(book, totals)]
        problems += utility_settlement.settlements(book)
        problems += community.sums(book)
    if problems:
        raise BookError(problems)
