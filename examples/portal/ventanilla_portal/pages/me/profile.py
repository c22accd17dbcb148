"""What the viewer has said of themselves, and how they are reached."""

from __future__ import annotations

from typing import Final
from urllib.parse import quote

from ventanilla_portal.page import For, Page
from ventanilla_portal.pages.me import sign_in_anew
from ventanilla_portal.visit import Outcome, Shown, Visit

PAGE: Final = Page(__file__, "/me", For.SIGNED_IN)


@PAGE.does("names")
async def names(visit: Visit) -> Outcome:
    """Be called otherwise, and get letters in another language."""
    asked = {name: visit.form[name].strip() for name in ("givenName", "familyName")}
    language = visit.form.given("language")
    return await visit.do("UpdateProfile", {"input": asked | language}, said="saved")


@PAGE.does("phone")
async def phone(visit: Visit) -> Outcome:
    """Be called at another number, or at none."""
    return await visit.do("UpdateContact", {"input": visit.form.given("phone")}, to="/me", said="saved")


@PAGE.does("email")
async def email(visit: Visit) -> Outcome:
    """Ask for another address, which holds once its letter is answered; the present one takes that back."""
    wanted = visit.form["email"].strip()
    payload = await visit.mutate("UpdateContact", {"input": {"email": wanted}})
    if payload["userErrors"]:
        return Shown(payload["userErrors"])
    sent = payload["state"] == "EMAIL_VERIFICATION_SENT"
    return visit.done(to="/me", said="email_sent" if sent else "email_kept", email=wanted)


@PAGE.does("again")
async def again(visit: Visit) -> Outcome:
    """Sign in anew, for what takes a young session, and find the address that was wanted."""
    return await sign_in_anew(visit, visit.form["present"], f"/me?email={quote(visit.form['email'].strip(), safe='')}")
