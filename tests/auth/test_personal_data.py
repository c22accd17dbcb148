"""What is held of a person, read on both databases: what they paid, and what went back of it."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from tests.store.paying import NOW, PERSON, intent
from ventanilla.auth import personal_data
from ventanilla.store import checkouts
from ventanilla.store.checkout_commits import commit
from ventanilla.store.store import Store
from ventanilla.store.tables import PaymentReturnRow, PlatformPaymentRow

pytestmark = pytest.mark.anyio


async def paid(store: Store, key: str, minutes: int, person: str = PERSON) -> str:
    """The reference of a checkout that was paid, and of which a part went back."""
    made = await commit(store, "sur", intent(key, person=person), NOW + timedelta(minutes=minutes))
    assert isinstance(made, str)
    async with store.work("sur") as work:
        row, _ = await checkouts.whole(work, made)
        payment = PlatformPaymentRow(
            id=uuid4().hex,
            checkout_id=made,
            platform="till",
            payment_id=f"T-{key}",
            reference=row.reference,
            status="CONFIRMED",
            currency="ARS",
            amount_minor=1_100,
            method="Visa",
            booking="BOOKED",
            created_at=NOW,
            changed_at=NOW,
        )
        work.add(payment)
        await work.flush()
        back = PaymentReturnRow(
            id=uuid4().hex,
            platform_payment_id=payment.id,
            kind="REFUND",
            amount_minor=100,
            reason="De más",
            state="BOOKED",
            created_at=NOW,
        )
        work.add(back)
        return row.reference


async def test_what_somebody_paid_is_told_to_them_alone(store: Store) -> None:
    first, second = await paid(store, "A", 0), await paid(store, "B", 1)
    await paid(store, "C", 2, person="b" * 32)
    held = await personal_data.held_of(store, "sur", PERSON)
    assert [(each["reference"], each["amount_minor"]) for each in held["checkouts"]] == [
        (first, 1_000),
        (second, 1_000),
    ]
    assert held["paid_documents"][0] == {"reference": first, "number": "F-A", "title": "Agua", "amount_minor": 1_000}
    assert [(each["reference"], each["method"]) for each in held["payments"]] == [(first, "Visa"), (second, "Visa")]
    assert [(each["reference"], each["reason"]) for each in held["refunds"]] == [(first, "De más"), (second, "De más")]
    nobody = await personal_data.held_of(store, "norte", PERSON)
    assert {name for name, found in nobody.items() if found} == set()
