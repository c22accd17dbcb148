"""Amounts."""

from __future__ import annotations

from decimal import Decimal

import strawberry

from ventanilla.schema.fields import prop
from ventanilla.schema.scalars import CurrencyCode


@strawberry.type(description="An amount in one currency. Amounts of different currencies are never added up.")
class Money:
    """An exact amount."""

    amount: Decimal = prop('Major units with exactly the digits of the currency: `"1234.50"`.')
    currency: CurrencyCode = prop("The ISO 4217 code of the currency.")
