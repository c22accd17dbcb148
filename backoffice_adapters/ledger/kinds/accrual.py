"""Accruals."""

from __future__ import annotations

from ventanilla.backoffice_adapters.contract import AccrualFilter
from ventanilla.backoffice_adapters.database import Row
from ventanilla.backoffice_adapters.ledger.check import keepable
from ventanilla.backoffice_adapters.ledger.conditions import Condition, any_of, between
from ventanilla.backoffice_adapters.ledger.kinds.base import Listed, Present, by_value, month
from ventanilla.backoffice_adapters.money import Money
from ventanilla.backoffice_adapters.records import Accrual, Origin, TitleKind

_TITLES = by_value(TitleKind)


def _accrual(row: Row, origin: Origin, today: str) -> Accrual:
    _, key, account, of_month, title, description, minor, currency, quantity, unit, unit_price, invoice = row
    return Accrual(
        key=key,
        origin=origin,
        account_key=account,
        month=of_month,
        title=_TITLES[title],
        description=description,
        amount=Money(minor, currency),
        quantity=quantity,
        unit=unit,
        unit_price=unit_price,
        invoice_key=invoice,
    )


def _conditions(where: AccrualFilter, present: Present) -> list[Condition]:
    since, until = where.months.since, where.months.until
    if not keepable(f"{since}{until}"):
        return [("1 = 0", [])]
    return [*between("month", since, until), *any_of("title", where.titles)]


ACCRUALS = Listed(
    table="accrual",
    columns=(
        "key", "account_key", "month", "title", "description", "amount_minor", "currency", "quantity", "unit",
        "unit_price", "invoice_key",
    ),
    make=_accrual,
    conditions=_conditions,
    place=month,
)  # fmt: skip
