"""Where the viewer is signed in, and how to end it there."""

from __future__ import annotations

from typing import Final

from ventanilla_portal.page import For, Page
from ventanilla_portal.visit import Outcome, Visit

PAGE: Final = Page(__file__, "/me/sessions", For.SIGNED_IN)


@PAGE.does("end")
async def end(visit: Visit) -> Outcome:
    """End one session."""
    return await visit.do("EndSession", {"input": {"id": visit.form["session"]}}, said="ended")


@PAGE.does("end_all")
async def end_all(visit: Visit) -> Outcome:
    """End every session, this one too."""
    await visit.mutate("SignOutEverywhere", {"input": {"allSessions": True}})
    return visit.done(to="/sign-in", said="ended_all")
