"""Another password in place of the present one: because somebody wants to, or because it is due."""

from __future__ import annotations

from typing import Final

from ventanilla_portal.onward import next_place
from ventanilla_portal.page import For, Page
from ventanilla_portal.visit import Outcome, Visit

PAGE: Final = Page(__file__, "/change-password", For.SIGNED_IN)


@PAGE.does("change")
async def change(visit: Visit) -> Outcome:
    """Take the new password; the other sessions end."""
    asked = {name: visit.form[name] for name in ("currentPassword", "newPassword")}
    return await visit.do("ChangePassword", {"input": asked}, to=next_place(visit), said="changed")
