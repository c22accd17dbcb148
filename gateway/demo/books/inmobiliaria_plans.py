"""The payment plans of `inmobiliaria`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from ventanilla.gateway.demo.books import inmobiliaria_roster as roster
from ventanilla.gateway.demo.books.bill import Bill
from ventanilla.gateway.demo.books.clerk import Clerk
from ventanilla.gateway.demo.books.habits import Referrer
from ventanilla.gateway.demo.books.inmobiliaria_roster import Lease
from ventanilla.gateway.demo.books.payment_plans import Terms, agree

_NOTE = "Intereses de financiación del acuerdo de pago"


def agree_all(clerk: Clerk, lease: Lease, bills: Sequence[Bill], referrer: Referrer) -> None:
    """Laura pays by instalments what was left of one month, Jhon the two oldest of the months he owes."""
    if lease.tenant is roster.LAURA:
        agree(clerk, bills[-3:-2], _terms(clerk, lease, 40, (3, 2, roster.PSE, 2)), referrer)
    if lease.tenant is roster.JHON:
        unpaid = [bill for bill in bills if bill.due_on < clerk.anchor and not bill.paid_at]
        agree(clerk, unpaid[:2], _terms(clerk, lease, 20, (4, 1, roster.EFECTY, 5)), referrer)


def _terms(clerk: Clerk, lease: Lease, ago: int, terms: tuple[int, int, str, int]) -> Terms:
    """`terms`: instalments, how many are paid and how, and the days from the agreement, so long `ago`, to the first."""
    day = clerk.anchor - timedelta(days=ago)
    return Terms(f"AP-{day:%Y}-{lease.serial:04}", day, *terms, "1.8", _NOTE)
