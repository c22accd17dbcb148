"""How communities stand: their finances, and which accounts are in arrears."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from zoneinfo import ZoneInfo

from ventanilla.backoffice_adapters.contract import ArrearsOrder, DateSpan, Window
from ventanilla.backoffice_adapters.database import Argument, Row
from ventanilla.backoffice_adapters.ledger.conditions import at_moments, on_days
from ventanilla.backoffice_adapters.ledger.kinds.base import day
from ventanilla.backoffice_adapters.ledger.pages import Statement, after, sorted_by, worded
from ventanilla.backoffice_adapters.ledger.totals import COUNTED, OPEN, OVERDUE
from ventanilla.backoffice_adapters.money import Money
from ventanilla.backoffice_adapters.records import CommunityArrears, CommunityFinances, Origin

_OPEN, _OVERDUE, _COUNTED = (", ".join(f"'{state}'" for state in states) for states in (OPEN, OVERDUE, COUNTED))
# Cross joins, because SQLite keeps their order: it would begin with all accounts, or invoices, of the book.
_PLACES = "building b CROSS JOIN unit u CROSS JOIN account a"
_ASKED = """b.book = $1 AND b.community_key IN $2[] AND u.book = b.book AND u.building_key = b.key
    AND a.book = u.book AND a.unit_key = u.key"""
# What `totals.open_minor` says, in SQL; $3 is today.
_LEFT = "CASE WHEN i.later_minor IS NOT NULL AND i.due_on < $3 THEN i.later_minor ELSE i.total_minor END - i.paid_minor"
_DEBT = f"CASE WHEN {_LEFT} > 0 THEN {_LEFT} ELSE 0 END"
_IS_DEBT = "i.kind <> 'CREDIT_NOTE'"
_IS_OVERDUE = f"{_IS_DEBT} AND i.status IN ({_OVERDUE}) AND i.due_on < $3"
_BILLED = f"CASE WHEN {_IS_DEBT} THEN i.total_minor ELSE -i.total_minor END"


def _sum(minor: str, condition: str) -> str:
    return f"CAST(SUM(CASE WHEN {condition} THEN {minor} ELSE 0 END) AS BIGINT)"


def finances(book: str, communities: Sequence[str], today: date, zone: ZoneInfo) -> Statement:
    """Community → currency, what was billed and received in the year so far, what is outstanding, what is overdue."""
    args: list[Argument] = [book, communities, today.isoformat()]
    year = DateSpan(since=today.replace(month=1, day=1), until=today)
    issued = " AND ".join(worded(condition, args) for condition in on_days("i.issued_on", year))
    received = " AND ".join(worded(condition, args) for condition in at_moments("p.paid_at", year, zone))
    sql = f"""WITH place AS (
        SELECT b.community_key AS community, a.key AS account FROM {_PLACES} WHERE {_ASKED}
    ), bill AS (
        SELECT l.community, {_sum(_BILLED, f"i.status NOT IN ('DRAFT', 'CANCELLED') AND {issued}")} AS billed,
        {_sum(_DEBT, f"{_IS_DEBT} AND i.status IN ({_OPEN})")} AS outstanding, {_sum(_DEBT, _IS_OVERDUE)} AS overdue
        FROM place l CROSS JOIN invoice i WHERE i.book = $1 AND i.account_key = l.account GROUP BY l.community
    ), received AS (
        SELECT l.community, CAST(SUM(p.amount_minor - COALESCE(p.taken_back_minor, 0)) AS BIGINT) AS paid
        FROM place l CROSS JOIN payment p
        WHERE p.book = $1 AND p.account_key = l.account AND p.status IN ({_COUNTED}) AND {received} GROUP BY l.community
    )
    SELECT c.key, k.currency, bill.billed, received.paid, bill.outstanding, bill.overdue FROM community c
    JOIN book k ON k.book = c.book
    LEFT JOIN bill ON bill.community = c.key
    LEFT JOIN received ON received.community = c.key
    WHERE c.book = $1 AND c.key IN $2[]"""
    return sql, args


def community_finances(row: Row, origin: Origin, today: date) -> CommunityFinances:
    """How a community stands; sums of nothing are null in the row."""
    key, currency, *sums = row
    billed, paid, outstanding, overdue = (Money(minor or 0, currency) for minor in sums)
    return CommunityFinances(
        key=key,
        origin=origin,
        since=today.replace(month=1, day=1),
        until=today,
        billed=billed,
        paid=paid,
        outstanding=outstanding,
        overdue=overdue,
    )


_LATE = f"""WITH late AS (
        SELECT b.community_key, a.key, a.number, u.label, CAST(SUM({_DEBT}) AS BIGINT) AS minor, i.currency,
        MIN(i.due_on) AS oldest_due_on, COUNT(*) AS documents
        FROM {_PLACES} CROSS JOIN invoice i
        WHERE {_ASKED} AND i.book = a.book AND i.account_key = a.key AND {_IS_OVERDUE}
        GROUP BY b.community_key, a.key, a.number, u.label, i.currency
    )"""
"""The accounts of communities with something overdue on $3."""
_COLUMNS = "key, number, label, minor, currency, oldest_due_on, documents"


def arrears_counts(book: str, communities: Sequence[str], today: date) -> Statement:
    """Community → how many accounts are in arrears; one without any is left out."""
    sql = f"{_LATE} SELECT community_key, COUNT(*) FROM late GROUP BY community_key"
    return sql, [book, communities, today.isoformat()]


def arrears(book: str, communities: Sequence[str], today: date, order: ArrearsOrder, window: Window) -> Statement:
    """The rows of the window in the order they are read, one more than its limit, for each community; besides, a row
    of nulls for each that is known."""
    args: list[Argument] = [book, communities, today.isoformat()]
    beyond = [worded(condition, args) for condition in after(order, window, day)]
    args.append(window.limit + 1)
    sorting = sorted_by(order, window)
    place = f"ROW_NUMBER() OVER (PARTITION BY community_key ORDER BY {sorting}) AS place"
    sql = f"""{_LATE} SELECT * FROM (
        SELECT community_key AS parent, {_COLUMNS} FROM (
            SELECT community_key, {_COLUMNS}, {place} FROM late WHERE {" AND ".join(beyond) or "1 = 1"}
        ) ranked WHERE place <= ${len(args)}
    ) part UNION ALL
    SELECT key, {", ".join("NULL" for _ in _COLUMNS.split())} FROM community WHERE book = $1 AND key IN $2[]
    ORDER BY {sorting}"""
    return sql, args


def community_arrears(row: Row, origin: Origin) -> CommunityArrears:
    """What is overdue on one account."""
    community, key, number, label, minor, currency, oldest, documents = row
    return CommunityArrears(
        key=key,
        origin=origin,
        community_key=community,
        account_number=number,
        unit_label=label,
        amount=Money(minor, currency),
        oldest_due_on=date.fromisoformat(oldest),
        document_count=documents,
    )
