"""A transaction as Wompi's servers tell it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Final

import msgspec

from ventanilla.backoffice_adapters.money import Money
from ventanilla.payments.contract import News, NewsStatus
from ventanilla.payments.wire import UnlikelyError

CURRENCY: Final = "COP"
_STATUSES: Final = {
    "APPROVED": NewsStatus.CONFIRMED,
    "DECLINED": NewsStatus.FAILED,
    "ERROR": NewsStatus.FAILED,
    # Only what was approved can be voided, by the merchant and on the same day: it is money that came and went back.
    "VOIDED": NewsStatus.REFUNDED,
}
"""PENDING, and whatever else there will be, is under way."""
_METHODS: Final = {"CARD": "Tarjeta", "NEQUI": "Nequi", "BANCOLOMBIA_TRANSFER": "Bancolombia", "PSE": "PSE"}


class Transaction(msgspec.Struct):
    """What of a transaction is read."""

    id: str
    reference: str
    status: str
    amount_in_cents: Annotated[int, msgspec.Meta(ge=0, lt=10**15)]
    currency: str
    payment_method_type: str | None = None
    finalized_at: Annotated[datetime, msgspec.Meta(tz=True)] | None = None


class Answer(msgspec.Struct):
    """One transaction, asked for by its id."""

    data: Transaction


class Answers(msgspec.Struct):
    """All transactions of a reference."""

    data: list[Transaction]


def news_of(transaction: Transaction) -> News:
    """What it tells. Amounts are in cents, though nobody pays with any."""
    if transaction.currency != CURRENCY:
        raise UnlikelyError("the currency is another")
    amount = Money(transaction.amount_in_cents, CURRENCY)
    status = _STATUSES.get(transaction.status, NewsStatus.PENDING)
    return News(
        reference=transaction.reference,
        payment_id=transaction.id[:120],
        status=status,
        amount=amount,
        paid_at=transaction.finalized_at and transaction.finalized_at.astimezone(UTC),
        refunded=amount if status is NewsStatus.REFUNDED else None,
        method=_METHODS.get(transaction.payment_method_type or "", _title(transaction.payment_method_type or "")),
        detail=transaction.status,
    )


def _title(method: str) -> str:
    return method.replace("_", " ").strip().capitalize()[:60]
