"""Signing out, here or everywhere."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ventanilla_portal.page import For, Page
from ventanilla_portal.visit import Outcome, Visit

PAGE: Final = Page(__file__, "/sign-out", For.ANYBODY)


@PAGE.leads
def lead(_visit: Visit, data: Mapping[str, Any]) -> str | None:
    """Who is not signed in has nothing to end."""
    return None if data["viewer"] else "/sign-in"


@PAGE.does("out")
async def out(visit: Visit) -> Outcome:
    """End this session, or all."""
    everywhere = visit.form["everywhere"] == "yes"
    await visit.mutate("SignOut", {"input": {"allSessions": everywhere}})
    return visit.done(to="/sign-in", said="done_everywhere" if everywhere else "done")
