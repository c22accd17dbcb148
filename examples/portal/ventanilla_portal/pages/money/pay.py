"""Paying invoices of an account: choose, see what it comes to, say that it is meant, and be led to the platform.

No amount is sent: the gateway quotes what the chosen invoices come to, and commits that quote and no other.
"""

from __future__ import annotations

from collections.abc import Mapping
from secrets import token_urlsafe
from typing import Any, Final

from ventanilla_portal.page import Page, Variables
from ventanilla_portal.pages.money import under_way
from ventanilla_portal.visit import Outcome, Shown, Visit

PAGE: Final = Page(__file__, "/a/{account}/pay", needs="account")
BACK: Final = "/return"
"""Where the platform leads people back to; the manager's file names it among its return paths."""
_QUOTE_ANEW: Final = frozenset({"AMOUNT_CHANGED", "QUOTE_EXPIRED", "NOT_FOUND"})
_HAS_ONE: Final = frozenset({"PAYMENT_IN_PROGRESS", "QUOTE_USED"})


@PAGE.asks
def variables(visit: Visit) -> Variables:
    """Whose invoices."""
    return {"account": visit.path["account"]}


@PAGE.views
def view(visit: Visit, data: Mapping[str, Any]) -> Mapping[str, Any]:
    """What can be paid, what of it is ticked, and what is being paid already, by the numbers of its invoices."""
    account = data["account"] or {}
    running = under_way(account)
    held = {line["number"]: checkout for checkout in running for line in checkout["lines"]}
    nodes = (account.get("pending") or {}).get("nodes") or ()
    payable = [each for each in nodes if each["kind"] != "CREDIT_NOTE"]
    free = {each["id"] for each in payable if each["number"] not in held}
    asked = set(_chosen(visit)) if visit.form["do"] else set(visit.query.every("invoice"))
    ticked = free & asked if asked or visit.form["do"] else free
    return {"payable": payable, "held": held, "running": running, "free": free, "ticked": ticked}


@PAGE.does("quote")
async def quote(visit: Visit) -> Outcome:
    """Tell what the ticked invoices come to."""
    if not _chosen(visit):
        return Shown()
    payload = await _quoted(visit)
    return Shown(payload["userErrors"], {"quote": payload["quote"], "running": _checkout_named(payload)})


@PAGE.does("review")
async def review(visit: Visit) -> Outcome:
    """Show what would be paid, and ask whether that is meant."""
    payload = await _quoted(visit)
    if payload["userErrors"]:
        return Shown(payload["userErrors"], {"running": _checkout_named(payload)})
    return _sure(payload["quote"])


@PAGE.does("pay")
async def pay(visit: Visit) -> Outcome:
    """Commit the quote that was shown and lead to the platform; the form's key makes it one, however often it comes."""
    values = {"quoteId": visit.form["quote"], "returnUrl": BACK, "idempotencyKey": visit.form["key"]}
    payload = await visit.mutate("Commit", {"input": values})
    checkout, problems = payload["checkout"], payload["userErrors"]
    if not problems:
        return visit.done(to=checkout["redirectUrl"] or _standing(checkout["id"]))
    reason = problems[0]["reason"]
    named = _checkout_named(payload)
    if reason in _HAS_ONE and named:
        return visit.done(to=_standing(named), said="has_one")
    if reason in _QUOTE_ANEW:
        return await _anew(visit, problems)
    if reason == "PLATFORM_UNAVAILABLE" and checkout:
        return _sure({**checkout, "id": visit.form["quote"], "warnings": ()}, visit.form["key"], problems)
    return Shown(problems, {"running": named})


async def _anew(visit: Visit, problems: list[Mapping[str, Any]]) -> Outcome:
    """What was shown holds no more: show what holds now, and ask again."""
    payload = await _quoted(visit)
    if payload["userErrors"]:
        return Shown([*problems, *payload["userErrors"]], {"running": _checkout_named(payload)})
    return _sure(payload["quote"], problems=problems)


def _sure(quote: Mapping[str, Any], key: str | None = None, problems: list[Mapping[str, Any]] | None = None) -> Shown:
    return Shown(problems or (), {"sure": quote, "key": key or token_urlsafe(24)})


async def _quoted(visit: Visit) -> Mapping[str, Any]:
    return await visit.mutate("Quote", {"input": {"items": [{"invoiceId": each} for each in _chosen(visit)]}})


def _chosen(visit: Visit) -> list[str]:
    return visit.form.every("invoice")


def _checkout_named(payload: Mapping[str, Any]) -> str | None:
    """The viewer's own checkout that a refusal names."""
    params = [param for problem in payload["userErrors"] for param in problem["params"]]
    return next((param["value"] for param in params if param["key"] == "checkoutId"), None)


def _standing(checkout_id: str) -> str:
    return f"{BACK}?checkout={checkout_id}"
