"""Payment plans of the reference books, in every state, and their instalments."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from ventanilla.backoffice_adapters.book import InstalmentEntry, PaymentPlanEntry
from ventanilla.backoffice_adapters.conformance.book.invoice import busy_invoices
from ventanilla.backoffice_adapters.conformance.book.pen import BIG, BUSY, LATE, TODAY, WEALTHY, Pen, noon
from ventanilla.backoffice_adapters.records import InstalmentStatus, InvoiceStatus, PaymentPlanStatus

_PAID, _SCHEDULED, _CANCELLED = InstalmentStatus.PAID, InstalmentStatus.SCHEDULED, InstalmentStatus.CANCELLED
_STATES: dict[str, tuple[InstalmentStatus, ...]] = {
    "pla1": (_PAID, _SCHEDULED, _SCHEDULED, _SCHEDULED, _SCHEDULED),
    "pla2": (_PAID, _PAID),
    "pla3": (_CANCELLED, _CANCELLED, _CANCELLED),
    "pla4": (_PAID, _CANCELLED),
    "pla5": (_CANCELLED,),
    "pla6": (_SCHEDULED, _SCHEDULED),
    "pla7": (_CANCELLED, _CANCELLED),
}
"""What became of each plan's instalments, by position."""


def payment_plans(pen: Pen) -> tuple[PaymentPlanEntry, ...]:
    """Three agreed on one day; an account has one at most that binds, and it covers all that is in a plan."""
    covered = tuple(entry.key for entry in busy_invoices(pen) if entry.status is InvoiceStatus.IN_PLAN)
    may, february = date(2026, 5, 5), date(2026, 2, 28)

    def plan(
        key: str, account: str, status: PaymentPlanStatus, agreed_on: date, invoices: tuple[str, ...], *, minor: int = 0
    ) -> PaymentPlanEntry:
        return PaymentPlanEntry(
            key=key,
            account=account,
            number=f"Convenio Nº {key}/26",
            status=status,
            agreed_on=agreed_on,
            interest=pen.money(minor),
            invoices=invoices,
        )

    return (
        plan("pla1", BUSY, PaymentPlanStatus.ACTIVE, may, covered, minor=1_999),
        plan("pla2", BUSY, PaymentPlanStatus.COMPLETED, may, ("inv01",)),
        plan("pla3", BUSY, PaymentPlanStatus.LAPSED, may, ("inv00",), minor=1),
        plan("pla4", BUSY, PaymentPlanStatus.BROKEN, february, ("inv09", "inv02")),
        plan("pla5", BUSY, PaymentPlanStatus.CANCELLED, february, ("inv03",)),
        plan("pla6", LATE, PaymentPlanStatus.PENDING_FIRST_PAYMENT, may, ("lat14",)),
        plan("pla7", WEALTHY, PaymentPlanStatus.CANCELLED, february, ("big1",), minor=BIG),
    )


def instalments(pen: Pen) -> tuple[InstalmentEntry, ...]:
    """The last ones stand first; one is overdue, one falls due today; amounts are uneven."""
    return tuple(row for key, states in _STATES.items() for row in reversed(_schedule(pen, key, states)))


def _schedule(pen: Pen, plan: str, states: Sequence[InstalmentStatus]) -> list[InstalmentEntry]:
    great = BIG if plan == "pla7" else 0
    return [
        InstalmentEntry(
            key=f"ins-{plan}-{9 - position}",
            plan=plan,
            position=position,
            due_on=_due_on(position),
            amount=pen.money(great + 12_345 + position),
            status=status,
            paid_at=noon(_due_on(position)) if status is _PAID else None,
        )
        for position, status in enumerate(states, 1)
    ]


def _due_on(position: int) -> date:
    """The first nine days ago, the second yesterday, the third today, then every eight days."""
    if position <= 3:
        return TODAY - timedelta(days=(9, 1, 0)[position - 1])
    return TODAY + timedelta(days=8 * (position - 3))
