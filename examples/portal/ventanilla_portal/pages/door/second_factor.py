"""The second factor, shown once a session: a code of the authenticator, or one of those kept for when it is lost."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ventanilla_portal.onward import onward
from ventanilla_portal.page import For, Page
from ventanilla_portal.visit import Outcome, Shown, Visit

PAGE: Final = Page(__file__, "/second-factor", For.SIGNED_IN)


@PAGE.leads
def lead(visit: Visit, data: Mapping[str, Any]) -> str | None:
    """Who has shown it goes on; who has to have one and has none sets it up."""
    viewer = data["viewer"]
    if viewer["secondFactor"]["due"]:
        return None
    return "/me/security" if viewer["onboardingState"] == "NEEDS_SECOND_FACTOR" else onward(visit, viewer)


@PAGE.does("show")
async def show(visit: Visit) -> Outcome:
    """Show a code; after a recovery code it is told how many are left."""
    recovery = "recovery" in visit.query
    payload = await visit.mutate("ShowSecondFactor", {"input": {"code": visit.form["code"].strip()}})
    if payload["userErrors"]:
        return Shown(payload["userErrors"])
    viewer = payload["viewer"]
    place = onward(visit, viewer)
    left = viewer["secondFactor"]["recoveryCodesLeft"]
    return visit.done(to=place, said="recovered", n=left) if recovery else visit.done(to=place)
