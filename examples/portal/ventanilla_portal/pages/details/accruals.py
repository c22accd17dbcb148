"""What an account is charged with, month by month and title by title, as far back as its books go."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any, Final

from ventanilla_portal.page import Page, Variables
from ventanilla_portal.pages.details import month_in
from ventanilla_portal.visit import Visit

PAGE: Final = Page(__file__, "/a/{account}/accruals", needs="account")
KINDS: Final = ("RENT", "MAINTENANCE_ADVANCE", "UTILITY_ADVANCE", "REPAIR_FUND", "OTHER")
"""The kinds of titles that can be looked for."""
MONTHS: Final = 36
"""How many months may be chosen from."""

Told = Mapping[str, Any]


@PAGE.asks
def variables(visit: Visit) -> Variables:
    """Whose accruals, of which month and kind; or of all months down from the one where the last part ended."""
    month = month_in(visit, "month")
    return {
        "account": visit.path["account"],
        "after": visit.query["after"] or None,
        "filter": {
            "monthFrom": month,
            "monthTo": month or month_in(visit, "to"),
            "title": [_kind(visit)] if _kind(visit) else None,
        },
    }


@PAGE.views
def view(visit: Visit, data: Mapping[str, Any]) -> Mapping[str, Any]:
    """The months of this part, whole ones only; what the next part begins with; and what may be chosen."""
    account: Told = data["account"] or {}
    connection: Told = account.get("accruals") or {}
    nodes: Sequence[Told] = connection.get("nodes") or ()
    around: Told = connection.get("pageInfo") or {}
    months = [_month(month, list(rows)) for month, rows in groupby(nodes, lambda row: row["month"])]
    earlier = months.pop()["month"] if around.get("hasNextPage") and len(months) > 1 else None
    return {
        "months": months,
        "earlier": earlier,
        "rest": around["endCursor"] if around.get("hasNextPage") and not earlier else None,
        "month": month_in(visit, "month"),
        "kind": _kind(visit),
        "kinds": KINDS,
        "to_choose": _to_choose(visit, account.get("openedOn"), nodes),
    }


def _kind(visit: Visit) -> str | None:
    return visit.query["kind"] if visit.query["kind"] in KINDS else None


def _month(month: str, rows: Sequence[Told]) -> Mapping[str, Any]:
    """One month, and the invoices that ask for it."""
    invoices = {row["invoice"]["id"]: row["invoice"] for row in rows if row["invoice"]}
    return {"month": month, "rows": rows, "invoices": list(invoices.values())}


def _to_choose(visit: Visit, opened_on: str | None, rows: Sequence[Told]) -> list[str]:
    """Months to choose from, the latest first: from the latest that is known of back to when the account began."""
    known = [each for each in (month_in(visit, "month"), *(row["month"] for row in rows)) if each]
    if not known:
        return []
    first = (opened_on or "")[:7]
    months = [month for month in _back_from(max(known), MONTHS) if month >= first]
    return sorted({*months, *filter(None, [month_in(visit, "month")])}, reverse=True)


def _back_from(latest: str, count: int) -> Iterator[str]:
    last = int(latest[:4]) * 12 + int(latest[5:]) - 1
    return (f"{number // 12}-{number % 12 + 1:02}" for number in range(last, last - count, -1))
