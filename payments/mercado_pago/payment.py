"""A payment as Mercado Pago's servers tell it."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated, Final

import msgspec

from ventanilla.backoffice_adapters.money import Money
from ventanilla.payments.contract import News, NewsStatus
from ventanilla.payments.wire import UnlikelyError, money

_STATUSES: Final = {
    "approved": NewsStatus.CONFIRMED,
    "rejected": NewsStatus.FAILED,
    "cancelled": NewsStatus.FAILED,
    "refunded": NewsStatus.REFUNDED,
    "charged_back": NewsStatus.REVERSED,
}
"""Whatever else there is (pending, in_process, authorized, in_mediation), or will be, is under way."""
_GONE: Final = frozenset({NewsStatus.REFUNDED, NewsStatus.REVERSED})


class Payment(msgspec.Struct):
    """What of a payment's document is read. Amounts are exact: numbers are never floats here."""

    id: int | str
    status: str
    currency_id: str
    transaction_amount: Decimal
    transaction_amount_refunded: Decimal | None = None
    external_reference: str | None = None
    status_detail: str | None = None
    payment_method_id: str | None = None
    date_approved: Annotated[datetime, msgspec.Meta(tz=True)] | None = None


def news_of(payment: Payment) -> tuple[News, ...]:
    """What it tells, if it is of an order of ours: others of the account carry no reference."""
    if not payment.external_reference:
        return ()
    amount = _amount(payment.transaction_amount, payment)
    refunded = _amount(payment.transaction_amount_refunded or Decimal(0), payment)
    status = _STATUSES.get(payment.status, NewsStatus.PENDING)
    if status is NewsStatus.CONFIRMED and refunded:
        status = NewsStatus.PARTIALLY_REFUNDED
    if status in _GONE and (status is NewsStatus.REVERSED or not refunded):
        refunded = amount
    news = News(
        reference=payment.external_reference,
        payment_id=str(payment.id)[:120],
        status=status,
        amount=amount,
        paid_at=payment.date_approved and payment.date_approved.astimezone(UTC),
        refunded=refunded or None,
        method=_title(payment.payment_method_id or ""),
        detail=payment.status_detail or "",
    )
    return (news,)


def _amount(value: Decimal, payment: Payment) -> Money:
    try:
        return money(value, payment.currency_id)
    except UnlikelyError:
        raise
    except ValueError:
        raise UnlikelyError("the currency is none") from None


def _title(method: str) -> str:
    """What people call a way to pay: ``Visa`` of ``visa``, ``Debvisa`` of ``debvisa``."""
    return method.replace("_", " ").strip().capitalize()[:60]
