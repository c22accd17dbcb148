"""Registration: who somebody is and what they accept, then a letter that they have to answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ventanilla_portal.kept import forget, keep, kept
from ventanilla_portal.onward import next_place, onward
from ventanilla_portal.page import For, Page
from ventanilla_portal.visit import Outcome, Shown, Visit

PAGE: Final = Page(__file__, "/register", For.ANYBODY)
_A_DAY: Final = 24 * 3600
_DOCUMENTS: Final = {
    "AR": ("DNI", "CUIT", "LE", "LC", "PASSPORT"),
    "CO": ("CC", "CE", "NIT", "PPT", "PASSPORT"),
    "PL": ("PESEL", "ID_CARD", "NIP", "PASSPORT"),
}
"""What people of a country show to say who they are, the commonest first."""
_ELSEWHERE: Final = ("ID_CARD", "PASSPORT")
_SAID: Final = ("givenName", "familyName", "documentType", "documentNumber", "phone", "email")


@PAGE.leads
def lead(visit: Visit, data: Mapping[str, Any]) -> str | None:
    """Who is signed in is registered."""
    return onward(visit, data["viewer"]) if data["viewer"] else None


@PAGE.views
def view(visit: Visit, data: Mapping[str, Any]) -> Mapping[str, Any]:
    """The letter that is on its way, empty before one is, and the kinds of documents."""
    documents = _DOCUMENTS.get(data["portal"]["country"], _ELSEWHERE)
    return {"asked": kept(visit), "documents": documents, "next_place": next_place(visit)}


@PAGE.does("register")
async def register(visit: Visit) -> Outcome:
    """Have the letter sent that the registration waits for."""
    said = {name: visit.form[name].strip() for name in _SAID}
    accepted = visit.form["acceptedTermsVersion"] or None
    asked = {**said, "password": visit.form["password"], "acceptedTermsVersion": accepted}
    payload = await visit.mutate("Register", {"input": asked})
    return _on_its_way(visit, said["email"], payload)


@PAGE.does("resend")
async def resend(visit: Visit) -> Outcome:
    """Have it sent once more."""
    email = kept(visit).get("email", "")
    payload = await visit.mutate("ResendVerification", {"input": {"email": email}})
    return _on_its_way(visit, email, payload, said="again")


@PAGE.does("other")
async def other(visit: Visit) -> Outcome:
    """Begin again, with another address."""
    forget(visit)
    return visit.done()


def _on_its_way(visit: Visit, email: str, payload: Mapping[str, Any], said: str | None = None) -> Outcome:
    if payload["userErrors"]:
        return Shown(payload["userErrors"])
    keep(visit, {"email": email, "masked": payload["maskedEmail"], "until": payload["expiresAt"]}, _A_DAY)
    return visit.done(said=said)
