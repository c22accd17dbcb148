"""Accruals."""

from __future__ import annotations

from ventanilla.backoffice_adapters.contract import AccrualFilter
from ventanilla.backoffice_adapters.ledger.check import keepable
from ventanilla.backoffice_adapters.ledger.conditions import Condition, any_of, between
from ventanilla.backoffice_adapters.ledger.kinds.base import Listed, Present, month
from ventanilla.backoffice_adapters.ledger.kinds.made import member_in, money_in
from ventanilla.backoffice_adapters.records import Accrual, TitleKind


def _conditions(where: AccrualFilter, present: Present) -> list[Condition]:
    since, until = where.months.since, where.months.until
    if not keepable(f"{since}{until}"):
        return [("1 = 0", [])]
    return [*between("month", since, until), *any_of("title", where.titles)]


ACCRUALS = Listed(
    Accrual,
    "accrual",
    {"title": member_in("title", TitleKind), "amount": money_in("amount_minor")},
    _conditions,
    place=month,
)
