"""A forgotten password: a letter leads on, and nobody learns who is registered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ventanilla_portal.kept import forget, keep, kept
from ventanilla_portal.page import For, Page
from ventanilla_portal.visit import Outcome, Shown, Visit

PAGE: Final = Page(__file__, "/forgot", For.ANYBODY)
_AN_HOUR: Final = 3600


@PAGE.views
def view(visit: Visit, _data: Mapping[str, Any]) -> Mapping[str, Any]:
    """The letter that was asked for, empty before it was."""
    return {"asked": kept(visit)}


@PAGE.does("ask")
async def ask(visit: Visit) -> Outcome:
    """Have the letter sent."""
    email = visit.form["email"].strip()
    payload = await visit.mutate("RequestPasswordReset", {"input": {"email": email}})
    if payload["userErrors"]:
        return Shown(payload["userErrors"])
    keep(visit, {"email": email, "masked": payload["maskedEmail"], "until": payload["expiresAt"]}, _AN_HOUR)
    return visit.done(said="again" if visit.form["again"] else None)


@PAGE.does("other")
async def other(visit: Visit) -> Outcome:
    """Begin again with another address."""
    forget(visit)
    return visit.done()
