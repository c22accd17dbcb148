"""Payment plans and their instalments."""

from __future__ import annotations

from datetime import date

import msgspec

from ventanilla.backoffice_adapters.contract import PaymentPlanFilter
from ventanilla.backoffice_adapters.database import Row
from ventanilla.backoffice_adapters.ledger.conditions import Condition, any_of
from ventanilla.backoffice_adapters.ledger.kinds.base import Kind, Listed, Present, by_value, moment_of
from ventanilla.backoffice_adapters.money import Money
from ventanilla.backoffice_adapters.records import (
    Instalment,
    InstalmentStatus,
    Origin,
    PaymentPlan,
    PaymentPlanStatus,
)

_STATES = by_value(PaymentPlanStatus)
_INSTALMENT_STATES = by_value(InstalmentStatus)
_invoice_keys = msgspec.json.Decoder(tuple[str, ...]).decode


def _plan(row: Row, origin: Origin, today: str) -> PaymentPlan:
    _, key, account, number, status, agreed, total, interest, paid, currency, instalments, invoices = row
    return PaymentPlan(
        key=key,
        origin=origin,
        account_key=account,
        number=number,
        status=_STATES[status],
        agreed_on=date.fromisoformat(agreed),
        total=Money(total, currency),
        interest=Money(interest, currency),
        paid=Money(paid, currency),
        instalment_count=instalments,
        invoice_keys=_invoice_keys(invoices),
    )


def _instalment(row: Row, origin: Origin, today: str) -> Instalment:
    _, key, account, plan, position, due, minor, currency, status, paid_at = row
    return Instalment(
        key=key,
        origin=origin,
        account_key=account,
        plan_key=plan,
        position=position,
        due_on=date.fromisoformat(due),
        amount=Money(minor, currency),
        status=_INSTALMENT_STATES[status],
        paid_at=moment_of(paid_at),
    )


def _conditions(where: PaymentPlanFilter, present: Present) -> list[Condition]:
    return any_of("status", where.statuses)


PAYMENT_PLANS = Listed(
    table="payment_plan",
    columns=(
        "key", "account_key", "number", "status", "agreed_on", "total_minor", "interest_minor", "paid_minor",
        "currency", "instalment_count", "invoice_keys",
    ),
    make=_plan,
    conditions=_conditions,
)  # fmt: skip
INSTALMENTS = Kind(
    table="instalment",
    columns=(
        "key", "account_key", "plan_key", "position", "due_on", "amount_minor", "currency", "status", "paid_at",
    ),
    make=_instalment,
)  # fmt: skip
OF_PLANS = f"""SELECT p.key, {INSTALMENTS.named("i")} FROM payment_plan p
    LEFT JOIN instalment i ON i.book = p.book AND i.plan_key = p.key
    WHERE p.book = $1 AND p.key IN $2[] ORDER BY i.position"""
"""Instalments by plan."""
