"""The viewer's accounts: find, use, make the default, remove."""

from __future__ import annotations

from typing import Final

from ventanilla_portal.page import Page, Variables
from ventanilla_portal.visit import Outcome, Visit

PAGE: Final = Page(__file__, "/accounts")


@PAGE.asks
def variables(visit: Visit) -> Variables:
    """The number that is looked for, and the part of the list."""
    return {"number": visit.query["number"].strip() or None, "after": visit.query["after"] or None}


@PAGE.does("default")
async def make_default(visit: Visit) -> Outcome:
    """Make an account the one that the portal opens with."""
    return await visit.do("SetDefaultAccount", {"input": {"accountId": visit.form["account"]}}, said="made_default")


@PAGE.does("unlink")
async def unlink(visit: Visit) -> Outcome:
    """Let go of an account: only this person's access to it."""
    return await visit.do("UnlinkAccount", {"input": {"accountId": visit.form["account"]}}, said="unlinked")
