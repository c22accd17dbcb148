"""Quotes: what somebody would pay, as they were told. Each is good for a while, and for one checkout."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final
from uuid import uuid4

import msgspec
from sqlmodel import col, delete

from ventanilla.backoffice_adapters.database import stamp
from ventanilla.backoffice_adapters.records import Record
from ventanilla.store.checkout_terms import CheckoutTerms
from ventanilla.store.store import Store
from ventanilla.store.tables import CheckoutQuoteRow
from ventanilla.store.tenancy import Work

KEPT: Final = timedelta(days=1)
"""How long it is known of a quote that its time is over."""


class CheckoutQuote(Record):
    """What somebody was told."""

    id: str
    person_id: str
    terms: CheckoutTerms
    expires_at: datetime


async def keep(work: Work, person_id: str, terms: CheckoutTerms, *, now: datetime, expires_at: datetime) -> str:
    """Keep what a person is told until `expires_at`; the quote's id."""
    told = msgspec.json.encode(terms).decode()
    row = CheckoutQuoteRow(id=uuid4().hex, person_id=person_id, told=told, created_at=now, expires_at=expires_at)
    work.add(row)
    await work.flush()
    return row.id


async def find(store: Store, manager: str, quote_id: str) -> CheckoutQuote | None:
    """The quote of this id, whether or not its time is over; None if the manager has none."""
    sql = "SELECT person_id, told, expires_at FROM checkout_quote WHERE manager = $1 AND id = $2"
    for person_id, told, expires_at in await store.rows(sql, [manager, quote_id]):
        return CheckoutQuote(
            id=quote_id,
            person_id=person_id,
            terms=msgspec.json.decode(told, type=CheckoutTerms),
            expires_at=datetime.fromisoformat(expires_at),
        )
    return None


async def sweepable(store: Store, now: datetime) -> list[str]:
    """Slugs of the managers that have quotes to be forgotten."""
    rows = await store.rows("SELECT DISTINCT manager FROM checkout_quote WHERE expires_at <= $1", [stamp(now - KEPT)])
    return [slug for (slug,) in rows]


async def sweep(work: Work, now: datetime) -> int:
    """Forget the manager's quotes of long ago; how many there were."""
    old = col(CheckoutQuoteRow.expires_at) <= now - KEPT
    return (await work.exec(delete(CheckoutQuoteRow).where(old))).rowcount
