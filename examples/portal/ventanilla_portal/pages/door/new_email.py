"""Where the letter to a new e-mail address leads: from then on it is the one to sign in with."""

from __future__ import annotations

from typing import Final

from ventanilla_portal.page import For, Page
from ventanilla_portal.visit import Outcome, Shown, Visit

PAGE: Final = Page(__file__, "/new-email", For.ANYBODY)


@PAGE.does("confirm")
async def confirm(visit: Visit) -> Outcome:
    """Prove the new address, signed in or not."""
    payload = await visit.mutate("ConfirmNewEmail", {"input": {"token": visit.form["token"]}})
    if payload["userErrors"]:
        return Shown(payload["userErrors"])
    return visit.done(to="/", said="confirmed", email=payload["email"])
