"""The payment plans of `aguas`: one in each state that people meet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from ventanilla.gateway.demo.books import aguas_roster as roster
from ventanilla.gateway.demo.books.aguas_roster import Supply
from ventanilla.gateway.demo.books.bill import Bill
from ventanilla.gateway.demo.books.clerk import Clerk
from ventanilla.gateway.demo.books.habits import Referrer
from ventanilla.gateway.demo.books.payment_plans import Terms, agree

_NOTE = "Intereses de financiación del plan de pago"


@dataclass(frozen=True, slots=True)
class Story:
    """A plan agreed so many days `ago` for the invoices of `backs`, counted back from the newest."""

    backs: range
    ago: int
    instalments: int
    paid: int
    method: str
    days: int
    interest: str = "0"


_STORIES = {
    402: Story(range(3, 1, -1), 95, 6, 3, roster.PAGO_FACIL, 10, "2.5"),
    88: Story(range(1, 0, -1), 40, 3, 2, roster.CARD, 5),
    605: Story(range(1), 1, 3, 0, roster.HOME_BANKING, 9, "2.5"),
    608: Story(range(1), 14, 4, 0, roster.HOME_BANKING, 5, "2.5"),
    602: Story(range(6, 4, -1), 260, 4, 4, roster.HOME_BANKING, 10, "1.5"),
}
"""Serial of a supply → its plan: Norma's and Marta's are being paid, the building's wait, lapsed and was completed."""


def not_agreed_before(supply: Supply, bills: Sequence[Bill]) -> Sequence[Bill]:
    """The bills that are paid as usual: all but those of a plan that was completed."""
    story = _STORIES.get(supply.serial)
    covered = _covered(bills, story) if story and story.paid == story.instalments else []
    return [bill for bill in bills if bill not in covered]


def agree_all(clerk: Clerk, supply: Supply, bills: Sequence[Bill], referrer: Referrer) -> None:
    """Enter the plan of a supply that has one."""
    if not (story := _STORIES.get(supply.serial)):
        return
    agreed_on = clerk.anchor - timedelta(days=story.ago)
    terms = Terms(
        number=f"PP-{agreed_on:%Y}-{supply.serial:05}",
        agreed_on=agreed_on,
        instalments=story.instalments,
        paid=story.paid,
        method=story.method,
        days=story.days,
        interest=story.interest,
        note=_NOTE,
    )
    agree(clerk, _covered(bills, story), terms, referrer)


def _covered(bills: Sequence[Bill], story: Story) -> list[Bill]:
    return [bills[-1 - back] for back in story.backs]
