"""What is held of the viewer: to take with them, or to be erased."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ventanilla_portal.page import For, Page
from ventanilla_portal.pages.me import sign_in_anew
from ventanilla_portal.visit import Download, Outcome, Shown, Visit

PAGE: Final = Page(__file__, "/me/data", For.ANYBODY)
_ERASED: Final = ("PROFILE", "SIGN_IN", "ACCOUNT_LINKS", "LETTERS")
_KEPT: Final = ("CHECKOUTS", "EVENTS", "OFFICE_RECORDS")


@PAGE.leads
def lead(visit: Visit, data: Mapping[str, Any]) -> str | None:
    """Nobody else's business, but for who has just been erased and reads what became of their data."""
    return None if data["viewer"] or visit.form["do"] == "erase" else "/sign-in?next=%2Fme%2Fdata"


@PAGE.views
def view(_visit: Visit, _data: Mapping[str, Any]) -> Mapping[str, Any]:
    """What erasing takes away, and what stays."""
    return {"erased": _ERASED, "kept": _KEPT}


@PAGE.does("take")
async def take(visit: Visit) -> Outcome:
    """All that is held, as a file."""
    reply = await visit.ask(PAGE.query, {"take": True})
    mine = reply.data["mine"]
    return Download("personal-data.json", "application/json", mine["personalData"]) if mine else visit.done()


@PAGE.does("erase")
async def erase(visit: Visit) -> Outcome:
    """Erase the viewer; what became of each kind of data is told once, for they are nobody here any more."""
    payload = await visit.mutate("EraseMyData", {"input": {"email": visit.form["email"].strip()}})
    return Shown(payload["userErrors"], payload)


@PAGE.does("again")
async def again(visit: Visit) -> Outcome:
    """Sign in anew, for what takes a young session."""
    return await sign_in_anew(visit, visit.form["present"], PAGE.path)
