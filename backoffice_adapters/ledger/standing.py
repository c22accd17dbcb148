"""An account's balance from its open documents."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from ventanilla.backoffice_adapters.database import Row
from ventanilla.backoffice_adapters.ledger.totals import COUNTED, OPEN, OVERDUE, open_minor
from ventanilla.backoffice_adapters.money import Money
from ventanilla.backoffice_adapters.records import Balance, DueItem, Origin, Overdue, Record

_COMING = 12


def _listed(states: Sequence[str]) -> str:
    return ", ".join(f"'{state}'" for state in states)


STANDING = f"""
    SELECT account_key, kind, status, key, due_on, later_minor, total_minor, paid_minor, currency FROM invoice
    WHERE book = $1 AND account_key IN $2[] AND status IN ({_listed(OPEN)})
    UNION ALL
    SELECT account_key, 'PAYMENT', status, key, '', NULL, unallocated_minor, 0, currency FROM payment
    WHERE book = $1 AND account_key IN $2[] AND status IN ({_listed(COUNTED)}) AND unallocated_minor > 0
    UNION ALL
    SELECT key, 'ACCOUNT', status, key, '', NULL, stated_minor, 0, currency FROM account
    WHERE book = $1 AND key IN $2[]
    ORDER BY due_on, key"""
"""Accounts → themselves with the balance they state, their open invoices, soonest due first, and unmatched payments."""


class _Document(Record):
    """An invoice or debit note that is owed."""

    key: str
    status: str
    due_on: str
    open: int


def balance(rows: Sequence[Row], origin: Origin, today: str) -> Balance:
    """The balance of one account from its rows of `STANDING`; `today` is an ISO date."""
    key, currency, stated = rows[0][0], rows[0][8], None
    documents: list[_Document] = []
    credit = 0
    for _, kind, status, document, due_on, later, total, paid, _ in rows:
        if kind == "ACCOUNT":
            stated = total
        elif kind == "PAYMENT":
            credit += total
        else:
            minor = open_minor(today, status, due_on, later, total, paid)
            if kind == "CREDIT_NOTE":
                credit += minor
            else:
                documents.append(_Document(key=document, status=status, due_on=due_on, open=minor))
    owed = sum(document.open for document in documents) - credit if stated is None else stated
    pressing = [document for document in documents if document.status in OVERDUE]
    return Balance(
        key=key,
        origin=origin,
        amount=Money(owed, currency),
        overdue=_overdue([document for document in pressing if document.due_on < today], currency),
        next_due=tuple(_due(document, currency) for document in pressing if document.due_on >= today)[:_COMING],
    )


def _overdue(documents: Sequence[_Document], currency: str) -> Overdue:
    return Overdue(
        amount=Money(sum(document.open for document in documents), currency),
        oldest_due_on=date.fromisoformat(documents[0].due_on) if documents else None,
        document_count=len(documents),
    )


def _due(document: _Document, currency: str) -> DueItem:
    return DueItem(
        due_on=date.fromisoformat(document.due_on), amount=Money(document.open, currency), invoice_key=document.key
    )
