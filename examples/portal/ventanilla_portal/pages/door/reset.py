"""Where the letter for a forgotten password leads: another one is chosen."""

from __future__ import annotations

from typing import Final

from ventanilla_portal.page import For, Page
from ventanilla_portal.visit import Outcome, Visit

PAGE: Final = Page(__file__, "/reset", For.ANYBODY)


@PAGE.does("reset")
async def reset(visit: Visit) -> Outcome:
    """Take the new password; all sessions end."""
    asked = {"token": visit.form["token"], "newPassword": visit.form["newPassword"]}
    return await visit.do("ResetPassword", {"input": asked}, to="/sign-in", said="changed")
