"""Where the letter of an invitation leads: who is new chooses a password, who is a person here needs none."""

from __future__ import annotations

from typing import Any, Final

from ventanilla_portal.page import For, Page
from ventanilla_portal.visit import Outcome, Shown, Visit

PAGE: Final = Page(__file__, "/activate", For.ANYBODY)
_TO_BE_GIVEN: Final = frozenset({"PASSWORD_REQUIRED", "TERMS_NOT_ACCEPTED"})
"""What is lacking before anybody was asked for it."""


@PAGE.does("open")
async def open_invitation(visit: Visit) -> Outcome:
    """See who the link is for: a person here reaches more at once, somebody new is asked for the rest."""
    return await _activated(visit, {"token": visit.form["token"]}, asked_before=False)


@PAGE.does("activate")
async def activate(visit: Visit) -> Outcome:
    """Take the password, and what was accepted."""
    asked = {
        "token": visit.form["token"],
        "password": visit.form["password"],
        "acceptedTermsVersion": visit.form["acceptedTermsVersion"] or None,
    }
    return await _activated(visit, asked, asked_before=True)


async def _activated(visit: Visit, asked: dict[str, Any], *, asked_before: bool) -> Outcome:
    payload = await visit.mutate("ActivateAccess", {"input": asked})
    errors = payload["userErrors"]
    if not errors:
        said = "reaches_more" if payload["existing"] else "activated"
        return visit.done(to="/sign-in", said=said, email=payload["email"])
    to_be_given = {error["reason"] for error in errors} <= _TO_BE_GIVEN
    return Shown(errors if asked_before or not to_be_given else ())
