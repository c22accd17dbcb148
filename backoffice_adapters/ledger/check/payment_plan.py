"""Payment plans agree with their instalments."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from ventanilla.backoffice_adapters.book import Book, InstalmentEntry, PaymentPlanEntry
from ventanilla.backoffice_adapters.ledger.check.base import MOST, aware
from ventanilla.backoffice_adapters.ledger.totals import Totals
from ventanilla.backoffice_adapters.records import InstalmentStatus, PaymentPlanStatus

_UNPAID = {PaymentPlanStatus.PENDING_FIRST_PAYMENT, PaymentPlanStatus.LAPSED}
_BEGUN = {PaymentPlanStatus.ACTIVE, PaymentPlanStatus.BROKEN}


def plans(book: Book, totals: Totals) -> Iterator[str]:
    """Positions, states and sums agree; an account has at most one plan that runs."""
    parts: defaultdict[str, list[InstalmentEntry]] = defaultdict(list)
    for instalment in book.instalments:
        parts[instalment.plan].append(instalment)
    running = Counter(plan.account for plan in book.payment_plans if plan.status.runs)
    for account, count in running.items():
        if count > 1:
            yield f"account {account!r} has {count} payment plans that run; it may have one"
    for plan in book.payment_plans:
        instalments = sorted(parts[plan.key], key=lambda instalment: instalment.position)
        yield from _plan(plan, instalments, totals.planned[plan.key])
        yield from _instalments(instalments)


def _plan(plan: PaymentPlanEntry, instalments: Sequence[InstalmentEntry], total: int) -> Iterator[str]:
    what = f"payment plan {plan.key!r}"
    if not plan.interest.minor <= total <= MOST:
        yield f"{what} comes to {total} minor units; it may be from its interest, {plan.interest.minor}, to {MOST}"
    if len({*plan.invoices}) < len(plan.invoices):
        yield f"{what} names an invoice twice"
    if [instalment.position for instalment in instalments] != [*range(1, len(instalments) + 1)] or not instalments:
        yield f"the instalments of {what} are not numbered 1, 2, 3 and so on without a gap"
    elif not _agrees(plan.status, [instalment.status for instalment in instalments]):
        paid = [instalment.position for instalment in instalments if instalment.status is InstalmentStatus.PAID]
        yield f"{what} is {plan.status}, but of its {len(instalments)} instalments {paid or 'none'} are paid"


def _agrees(status: PaymentPlanStatus, instalments: Sequence[InstalmentStatus]) -> bool:
    """Whether the state allows what is paid; a plan may be CANCELLED at any time."""
    paid = [instalment is InstalmentStatus.PAID for instalment in instalments]
    if status in _UNPAID:
        return not any(paid)
    if status in _BEGUN:
        return paid[0] and not all(paid)
    return status is PaymentPlanStatus.CANCELLED or all(paid)


def _instalments(instalments: Sequence[InstalmentEntry]) -> Iterator[str]:
    for instalment in instalments:
        what = f"instalment {instalment.key!r}"
        if (instalment.status is InstalmentStatus.PAID) != (instalment.paid_at is not None):
            yield f"{what} is {instalment.status} and {'has' if instalment.paid_at else 'lacks'} the time it was paid"
        yield from aware(what, paid_at=instalment.paid_at)
