"""Where the letter of a registration leads: the address is proved, or another letter asked for."""

from __future__ import annotations

from typing import Final

from ventanilla_portal.page import For, Page
from ventanilla_portal.visit import Outcome, Shown, Visit

PAGE: Final = Page(__file__, "/verify", For.ANYBODY)


@PAGE.does("verify")
async def verify(visit: Visit) -> Outcome:
    """Prove the address; who registered can sign in from then on."""
    payload = await visit.mutate("VerifyEmail", {"input": {"token": visit.form["token"]}})
    if payload["userErrors"]:
        return Shown(payload["userErrors"])
    return visit.done(to="/sign-in", said="verified", email=payload["email"])


@PAGE.does("resend")
async def resend(visit: Visit) -> Outcome:
    """Have the letter sent once more."""
    payload = await visit.mutate("ResendVerification", {"input": {"email": visit.form["email"].strip()}})
    return Shown(payload["userErrors"], {} if payload["userErrors"] else payload)
