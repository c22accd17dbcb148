"""Payments, and what they settle."""

from __future__ import annotations

from ventanilla.backoffice_adapters.contract import PaymentFilter
from ventanilla.backoffice_adapters.ledger.conditions import Condition, any_of, at_moments
from ventanilla.backoffice_adapters.ledger.kinds.base import Kind, Listed, Parts, Present, moment
from ventanilla.backoffice_adapters.ledger.kinds.made import day_in, member_in, moment_in, money_in
from ventanilla.backoffice_adapters.records import Allocation, Payment, PaymentStatus


def _conditions(where: PaymentFilter, present: Present) -> list[Condition]:
    return [*at_moments("paid_at", where.paid, present.zone), *any_of("status", where.statuses)]


PAYMENTS = Listed(
    Payment,
    "payment",
    {
        "amount": money_in("amount_minor"),
        "paid_at": moment_in("paid_at"),
        "status": member_in("status", PaymentStatus),
        "unallocated": money_in("unallocated_minor"),
    },
    _conditions,
    place=moment,
)


def _allocations(table: str, counted: str) -> Parts[Allocation]:
    made = {"amount": money_in("amount_minor"), "allocated_on": day_in("allocated_on")}
    return Parts(
        kind=Kind(Allocation, "allocation", made, identity="payment_key"),
        sql=f"""SELECT o.key, {{columns}} FROM {table} o
            LEFT JOIN allocation part ON part.book = o.book AND part.{table}_key = o.key AND {counted}
            WHERE o.book = $1 AND o.key IN $2[] AND o.status <> 'DRAFT' ORDER BY part.allocated_on, part.position""",
    )


OF_INVOICES = _allocations("invoice", "part.counted = 1")
"""Allocations of payments that count, by invoice."""
OF_PAYMENTS = _allocations("payment", "1 = 1")
"""Allocations by payment."""
