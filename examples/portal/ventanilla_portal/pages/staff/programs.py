"""Programs that may ask for tokens: registered, given another secret, ended."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ventanilla_portal.page import For, Page
from ventanilla_portal.visit import Outcome, Shown, Visit

PAGE: Final = Page(__file__, "/staff/programs", For.STAFF_ADMIN)
NOUNS: Final = ("accounts", "invoices", "charges", "payments", "readings")
FOR_PEOPLE: Final = (*(f"{noun}:read" for noun in NOUNS), "notices:read", "profile:read")
"""What a program may read of who lets it."""
FOR_THE_MANAGER: Final = tuple(f"{noun}:export" for noun in NOUNS)
"""What a program of the manager's own may take, whosever it is."""


@PAGE.views
def view(visit: Visit, data: Mapping[str, Any]) -> Mapping[str, Any]:
    """The programs that are good and those that were ended, and what is ticked."""
    clients = (data["staff"] or {}).get("clients") or ()
    return {
        "good": [each for each in clients if not each["disabledAt"]],
        "ended": [each for each in clients if each["disabledAt"]],
        "ticked": set(visit.form.every("scope")),
        "for_people": FOR_PEOPLE,
        "for_the_manager": FOR_THE_MANAGER,
    }


@PAGE.does("create")
async def create(visit: Visit) -> Outcome:
    """Register a program, and show its secret this once."""
    values = {
        "name": visit.form["name"].strip(),
        "scopes": visit.form.every("scope"),
        "redirectUris": visit.form["redirectUris"].split(),
        "public": "public" in visit.form,
    }
    return _told(await visit.mutate("CreateClient", {"input": values}))


@PAGE.does("rotate")
async def rotate(visit: Visit) -> Outcome:
    """Give a program another secret, and show it this once."""
    values = {"id": visit.form["client"], "atOnce": "at_once" in visit.form}
    return _told(await visit.mutate("RotateClientSecret", {"input": values}))


@PAGE.does("revoke")
async def revoke(visit: Visit) -> Outcome:
    """End a program, and all tokens that it has."""
    return await visit.do("RevokeClient", {"input": {"id": visit.form["client"]}}, said="revoked")


def _told(payload: Mapping[str, Any]) -> Outcome:
    """The page with the secret on it: it is kept nowhere, so the browser is not sent on."""
    if payload["userErrors"]:
        return Shown(payload["userErrors"])
    return Shown(found={"client": payload["client"], "secret": payload["secret"]})
