"""Signing in, by every way that the manager allows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ventanilla_portal.menu import BESIDE, MAIN
from ventanilla_portal.onward import keeping_next, next_place, onward
from ventanilla_portal.page import For, Page, Variables
from ventanilla_portal.visit import Outcome, Shown, Visit

PAGE: Final = Page(__file__, "/sign-in", For.ANYBODY)
_SHOWN: Final = frozenset({"pay", "invoices", "payments", "plans", "meters", "settlements", "community", "notices"})
"""What is worth coming in for."""


@PAGE.leads
def lead(visit: Visit, data: Mapping[str, Any]) -> str | None:
    """Who is signed in already goes on."""
    return onward(visit, data["viewer"]) if data["viewer"] else None


@PAGE.views
def view(visit: Visit, data: Mapping[str, Any]) -> Mapping[str, Any]:
    """The manager's words, what there is to see, and the other ways with the place to go on to."""
    portal = data["portal"]
    can = {each["key"] for each in portal["capabilities"] if each["support"] != "NO"}
    return {
        "words": {text["key"]: text["body"] for text in portal["welcome"]},
        "does": [item.key for item in MAIN + BESIDE if item.capability in can and item.key in _SHOWN],
        "next_place": next_place(visit),
        "by_code": keeping_next(visit, "/sign-in-code"),
    }


@PAGE.does("password")
async def by_password(visit: Visit) -> Outcome:
    """Begin a session; the gateway's cookie goes to the browser."""
    asked = {"email": visit.form["email"].strip(), "password": visit.form["password"]}
    return await _entered(visit, "SignIn", {"input": asked})


@PAGE.does("ask_passkey")
async def ask_passkey(visit: Visit) -> Outcome:
    """What the browser is to ask a passkey, for our script."""
    payload = await visit.mutate("StartPasskeySignIn", {})
    return Shown(payload["userErrors"], payload)


@PAGE.does("passkey")
async def by_passkey(visit: Visit) -> Outcome:
    """Begin a session with what a passkey signed."""
    asked = {"ticket": visit.form["ticket"], "response": visit.form["response"]}
    return await _entered(visit, "FinishPasskeySignIn", {"input": asked})


async def _entered(visit: Visit, operation: str, variables: Variables) -> Outcome:
    payload = await visit.mutate(operation, variables)
    if payload["userErrors"]:
        return Shown(payload["userErrors"])
    return visit.done(to=onward(visit, payload["viewer"]))
