"""Intents to pay, for the tests of the store."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4

from sqlmodel import col, select

from ventanilla.backoffice_adapters.money import Money
from ventanilla.backoffice_adapters.records import AccountRef
from ventanilla.store.checkout_commits import Commit, Intent
from ventanilla.store.checkout_terms import CheckoutFees, CheckoutLine, CheckoutTerms
from ventanilla.store.store import Store
from ventanilla.store.tables import CheckoutItemRow, CheckoutRow

NOW = datetime(2026, 11, 15, 12, 0, tzinfo=UTC)
PERSON = "a" * 32


def terms(*keys: str, office: str = "agua", account: str = "1") -> CheckoutTerms:
    """What paying these invoices means: ten each, and one on top."""
    return CheckoutTerms(
        account=AccountRef(office=office, key=account, number=f"00{account}", holder_document="30-1"),
        platform="till",
        lines=tuple(
            CheckoutLine(office=office, invoice_key=key, number=f"F-{key}", title="Agua", amount=Money(1_000, "ARS"))
            for key in keys
        ),
        fees=CheckoutFees(payer=Money(100, "ARS"), manager=Money(0, "ARS")),
    )


def intent(
    *keys: str, quote: str | None = None, key: str | None = None, person: str = PERSON, back: str = "/pagos"
) -> Intent:
    """Somebody wants to pay invoices; by default each time by a quote and under a key of their own."""
    return Intent(
        commit=Commit(person_id=person, quote_id=quote or uuid4().hex, key=key or uuid4().hex, return_url=back),
        terms=terms(*keys),
        origin="https://sur.example",
        return_path=back,
        language="es",
        expires_at=NOW + timedelta(hours=1),
    )


async def rows(store: Store, manager: str = "sur") -> list[CheckoutRow]:
    """All checkouts of a manager, oldest first."""
    async with store.work(manager) as work:
        return [*await work.exec(select(CheckoutRow).order_by(col(CheckoutRow.created_at), col(CheckoutRow.id)))]


async def held(store: Store, manager: str = "sur") -> list[str]:
    """The invoices that are held, sorted."""
    async with store.work(manager) as work:
        found = await work.exec(select(CheckoutItemRow.invoice_key).where(col(CheckoutItemRow.held)))
        return sorted(found)
