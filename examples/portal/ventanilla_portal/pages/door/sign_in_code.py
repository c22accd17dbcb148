"""Signing in with a code that a letter tells, in two steps: what was asked for outlives a look into the mailbox."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ventanilla_portal.kept import forget, keep, kept
from ventanilla_portal.onward import keeping_next, onward
from ventanilla_portal.page import For, Page
from ventanilla_portal.visit import Outcome, Shown, Visit

PAGE: Final = Page(__file__, "/sign-in-code", For.ANYBODY)
_TEN_MINUTES: Final = 600


@PAGE.leads
def lead(visit: Visit, data: Mapping[str, Any]) -> str | None:
    """Who is signed in already goes on; where no codes are sent, there are other ways."""
    if data["viewer"]:
        return onward(visit, data["viewer"])
    return None if "EMAIL_CODE" in data["portal"]["signInWays"] else keeping_next(visit, "/sign-in")


@PAGE.views
def view(visit: Visit, _data: Mapping[str, Any]) -> Mapping[str, Any]:
    """The code that was asked for, empty before it was, and the other ways."""
    return {"asked": kept(visit), "other_ways": keeping_next(visit, "/sign-in")}


@PAGE.does("ask")
async def ask(visit: Visit) -> Outcome:
    """Have a code sent; without an address, ask for one first."""
    email = visit.form["email"].strip()
    if not email:
        forget(visit)
        return visit.done()
    payload = await visit.mutate("RequestSignInCode", {"input": {"email": email}})
    if payload["userErrors"]:
        return Shown(payload["userErrors"])
    names = {"ticket": "ticket", "masked": "maskedEmail", "until": "expiresAt", "after": "resendAvailableAt"}
    keep(visit, {"email": email, **{name: payload[told] for name, told in names.items()}}, _TEN_MINUTES)
    return visit.done(said="again" if visit.form["again"] else None)


@PAGE.does("enter")
async def enter(visit: Visit) -> Outcome:
    """Begin a session with the code."""
    asked = {"ticket": kept(visit).get("ticket", ""), "code": visit.form["code"].strip()}
    payload = await visit.mutate("SignInWithCode", {"input": asked})
    if payload["userErrors"]:
        return Shown(payload["userErrors"])
    forget(visit)
    return visit.done(to=onward(visit, payload["viewer"]))


@PAGE.does("other")
async def other(visit: Visit) -> Outcome:
    """Begin again with another address."""
    forget(visit)
    return visit.done()
