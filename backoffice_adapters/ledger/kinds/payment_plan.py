"""Payment plans and their instalments."""

from __future__ import annotations

from ventanilla.backoffice_adapters.contract import PaymentPlanFilter
from ventanilla.backoffice_adapters.ledger.conditions import Condition, any_of
from ventanilla.backoffice_adapters.ledger.kinds.base import Kind, Listed, Parts, Present
from ventanilla.backoffice_adapters.ledger.kinds.made import day_in, json_in, member_in, moment_or_none, money_in
from ventanilla.backoffice_adapters.records import (
    Instalment,
    InstalmentStatus,
    PaymentPlan,
    PaymentPlanStatus,
)


def _conditions(where: PaymentPlanFilter, present: Present) -> list[Condition]:
    return any_of("status", where.statuses)


PAYMENT_PLANS = Listed(
    PaymentPlan,
    "payment_plan",
    {
        "status": member_in("status", PaymentPlanStatus),
        "agreed_on": day_in("agreed_on"),
        "total": money_in("total_minor"),
        "interest": money_in("interest_minor"),
        "paid": money_in("paid_minor"),
        "invoice_keys": json_in("invoice_keys", tuple[str, ...]),
    },
    _conditions,
)
INSTALMENTS = Kind(
    Instalment,
    "instalment",
    {
        "due_on": day_in("due_on"),
        "amount": money_in("amount_minor"),
        "status": member_in("status", InstalmentStatus),
        "paid_at": moment_or_none("paid_at"),
    },
)
OF_PLANS = Parts(
    kind=INSTALMENTS,
    sql="""SELECT p.key, {columns} FROM payment_plan p
        LEFT JOIN instalment part ON part.book = p.book AND part.plan_key = p.key
        WHERE p.book = $1 AND p.key IN $2[] ORDER BY part.position""",
)
"""Instalments by plan."""
