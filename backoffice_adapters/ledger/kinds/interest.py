"""The late interest of invoices."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from ventanilla.backoffice_adapters.book import InterestRate
from ventanilla.backoffice_adapters.database import Row
from ventanilla.backoffice_adapters.interest import reckon
from ventanilla.backoffice_adapters.ledger.kinds.made import day_of
from ventanilla.backoffice_adapters.money import Money
from ventanilla.backoffice_adapters.records import InterestAccrual, Origin

_BEARING = "i.status NOT IN ('DRAFT', 'CANCELLED', 'IN_PLAN') AND i.kind <> 'CREDIT_NOTE'"
LATE = f"""
    SELECT i.key AS asked, 'INVOICE' AS what, i.due_on AS since, i.account_key AS name, NULL AS until,
        i.total_minor AS minor, i.currency AS currency
    FROM invoice i WHERE i.book = $1 AND i.key IN $2[] AND {_BEARING}
    UNION ALL
    SELECT a.invoice_key, 'ALLOCATION', a.allocated_on, '', NULL, a.amount_minor, a.currency
    FROM allocation a WHERE a.book = $1 AND a.invoice_key IN $2[] AND a.counted = 1
    UNION ALL
    SELECT '', 'RATE', r.valid_from, r.annual_rate, r.valid_until, 0, r.source FROM interest_rate r WHERE r.book = $1
    ORDER BY since"""
"""Invoice → itself, if it bears interest, and what counts as paid on it; besides, under no key, all rates in order."""


def rates(rows: Iterable[Row]) -> list[InterestRate]:
    """The table of rates, from the rows of `LATE` that are under no key."""
    return [
        InterestRate(
            valid_from=date.fromisoformat(since), valid_until=day_of(until), annual_rate=annual_rate, source=source
        )
        for _, _, since, annual_rate, until, _, source in rows
    ]


def late_interest(
    rows: Sequence[Row], table: Sequence[InterestRate], until: date, origin: Origin
) -> InterestAccrual | None:
    """The late interest of one invoice from its rows of `LATE`; None where nothing accrues."""
    invoice = next((row for row in rows if row[1] == "INVOICE"), None)
    if invoice is None:
        return None
    key, _, due_on, account, _, total, currency = invoice
    settled = [
        (date.fromisoformat(since), Money(minor, currency)) for _, what, since, _, _, minor, _ in rows
        if what == "ALLOCATION"
    ]  # fmt: skip
    found = reckon(Money(total, currency), date.fromisoformat(due_on), settled, table, until)
    return found and InterestAccrual(
        key=key,
        origin=origin,
        account_key=account,
        until=found.until,
        segments=found.segments,
        total=found.total,
        unknown_since=found.unknown_since,
    )
