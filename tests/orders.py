"""Checkouts as they stand once they were committed, and all that is held of their money."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar
from uuid import uuid4

import msgspec
from sqlmodel import col, delete, select, update

from ventanilla.backoffice_adapters.money import Money
from ventanilla.backoffice_adapters.records import AccountRef
from ventanilla.payments.contract import News, NewsStatus, Notification, Reply
from ventanilla.resolvers.payment_news import Taken, hear, take
from ventanilla.store.payment_states import CheckoutState
from ventanilla.store.store import Store
from ventanilla.store.tables import (
    AuditEventRow,
    CheckoutItemRow,
    CheckoutRow,
    PaymentReturnRow,
    PlatformEventRow,
    PlatformPaymentRow,
    StrayPaymentRow,
    TenantRow,
)

NOW = datetime(2026, 11, 15, 12, 0, tzinfo=UTC)
REFERENCE = "rabcdefghijklmnopqrz"
PLATFORM = "till"
FEE = 500
LINES = (("D1", 30_000), ("E1", 40_000))
"""Invoices of account ``1`` of `tests.books`, and how much of each is paid."""
TOTAL = 70_000 + FEE
"""What the payer pays."""

Row = TypeVar("Row", bound=TenantRow)


async def ordered(
    store: Store,
    slug: str = "sur",
    reference: str = REFERENCE,
    *,
    lines: Sequence[tuple[str, int]] = LINES,
    now: datetime = NOW,
    **changes: Any,
) -> str:
    """Commit a checkout of account ``1`` at office ``agua``; its id."""
    account = AccountRef(office="agua", key="1", number=f"{slug}-001", unit_key="U1")
    checkout_id = uuid4().hex
    values: dict[str, Any] = {
        "id": checkout_id,
        "person_id": uuid4().hex,
        "quote_id": uuid4().hex,
        "idempotency_key": uuid4().hex,
        "asked": "",
        "reference": reference,
        "platform": PLATFORM,
        "office": account.office,
        "account": msgspec.json.encode(account).decode(),
        "account_key": account.key,
        "currency": "ARS",
        "amount_minor": sum(minor for _, minor in lines),
        "payer_fee_minor": FEE,
        "manager_fee_minor": 0,
        "origin": f"https://{slug}.example",
        "return_path": "/",
        "language": "es",
        "state": CheckoutState.CREATED.value,
        "created_at": now,
        "expires_at": now + timedelta(minutes=60),
        "due_at": now + timedelta(seconds=10),
    }
    async with store.work(slug) as work:
        work.add(CheckoutRow(**{**values, **changes}))
        await work.flush()
        for position, (key, minor) in enumerate(lines, 1):
            item = {"office": account.office, "invoice_key": key, "number": key, "title": key, "amount_minor": minor}
            work.add(CheckoutItemRow(checkout_id=checkout_id, position=position, held=True, **item))
    return checkout_id


def news(status: NewsStatus = NewsStatus.CONFIRMED, payment_id: str = "p1", **changes: Any) -> News:
    """News of a payment of the whole order."""
    told: dict[str, Any] = {"reference": REFERENCE, "amount": Money(TOTAL, "ARS"), "method": "Visa"}
    return News(status=status, payment_id=payment_id, **{**told, **changes})


async def all_of(store: Store, kind: type[Row], slug: str = "sur") -> list[Row]:
    """All rows of a kind at a manager."""
    async with store.work(slug) as work:
        return [*await work.exec(select(kind))]


async def changed(store: Store, kind: type[Any], id: str, slug: str = "sur", **values: Any) -> None:
    """Change a row as others would."""
    async with store.work(slug) as work:
        await work.exec(update(kind).where(col(kind.id) == id).values(**values))


async def emptied(store: Store, slug: str = "sur") -> None:
    """Forget all money at a manager, for the next example of a test."""
    async with store.work(slug) as work:
        for kind in (
            StrayPaymentRow,
            PaymentReturnRow,
            PlatformPaymentRow,
            PlatformEventRow,
            CheckoutRow,
            AuditEventRow,
        ):
            await work.exec(delete(kind))


@dataclass
class Held:
    """What a manager's store holds of money."""

    checkouts: list[CheckoutRow]
    items: list[CheckoutItemRow]
    events: list[PlatformEventRow]
    payments: list[PlatformPaymentRow]
    strays: list[StrayPaymentRow]
    returns: list[PaymentReturnRow]
    audits: list[AuditEventRow]

    @property
    def states(self) -> list[str]:
        return sorted(row.state for row in self.checkouts)

    @property
    def bookings(self) -> list[str]:
        return sorted(row.booking for row in self.payments)

    @property
    def found(self) -> list[tuple[str, str]]:
        """Kind and state of each stray."""
        return sorted((row.kind, row.state) for row in self.strays)

    @property
    def documents(self) -> list[str]:
        """Invoices that nobody else may pay."""
        return sorted(row.invoice_key for row in self.items if row.held)


async def held(store: Store, slug: str = "sur") -> Held:
    """All that is held of money at a manager."""
    async with store.work(slug) as work:
        return Held(
            checkouts=[*await work.exec(select(CheckoutRow))],
            items=[*await work.exec(select(CheckoutItemRow))],
            events=[*await work.exec(select(PlatformEventRow))],
            payments=[*await work.exec(select(PlatformPaymentRow))],
            strays=[*await work.exec(select(StrayPaymentRow))],
            returns=[*await work.exec(select(PaymentReturnRow))],
            audits=[*await work.exec(select(AuditEventRow))],
        )


ACCEPTED, DECLINED = Reply(body=b"yes"), Reply(body=b"no")


async def told(store: Store, *found: News, now: datetime = NOW) -> Taken:
    """Take news at ``sur``, in one transaction."""
    async with store.work("sur") as work:
        return await take(work, PLATFORM, found, now)


async def heard(store: Store, event_id: str, *found: News, now: datetime = NOW) -> Reply:
    """Hear a notification of news at ``sur``; what it is answered."""
    notification = Notification(event_id=event_id, news=found, accepted=ACCEPTED, declined=DECLINED)
    return await hear(store, "sur", PLATFORM, notification, now)
