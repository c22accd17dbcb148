"""Asking for access for many: for whom, who is left out, and what comes with the letter.

All that was chosen stays in the form: each step shows the page again, so nothing is kept and nothing is lost.
"""

from __future__ import annotations

from collections.abc import Mapping
from secrets import token_urlsafe
from typing import Any, Final

from ventanilla_portal.page import For, Page, Variables
from ventanilla_portal.visit import Outcome, Shown, Visit

PAGE: Final = Page(__file__, "/staff/access/new", For.STAFF_ADMIN)
AUDIENCES: Final[Mapping[str, tuple[str, ...]]] = {
    "TENANTS_AND_OWNERS": ("TENANT", "OWNER", "RESIDENT", "HOLDER"),
    "TENANTS_ONLY": ("TENANT", "RESIDENT"),
    "OWNERS_ONLY": ("OWNER", "HOLDER"),
    "SUPPLIERS": ("SUPPLIER",),
    "BOARD_MEMBERS": ("BOARD_MEMBER",),
}
"""Whom one may invite, and what they are to an office: only those are found when one picks."""
MODES: Final = ("NONE", "ONLY", "EXCEPT")
CREDENTIALS: Final = ("ACTIVATION_LINK", "MAILED_PASSWORD")


@PAGE.asks
def variables(visit: Visit) -> Variables:
    """Whom to look for, and the preview of what is chosen, where it is asked for."""
    chosen, search = _chosen(visit), visit.form["search"].strip()
    previewing = visit.form["do"] in {"preview", "generate"}
    return {
        **chosen,
        "roles": AUDIENCES[chosen["audience"]],
        "search": search,
        "searching": bool(search) and chosen["filterMode"] != "NONE" and not previewing,
        "previewing": previewing and (chosen["filterMode"] == "NONE" or bool(chosen["partyIds"])),
    }


@PAGE.views
def view(visit: Visit, _data: Mapping[str, Any]) -> Mapping[str, Any]:
    """What is chosen, who was picked, by the names that they were found under, and the form's own key."""
    names = dict(each.split(" ", 1) for each in visit.form.every("known") if " " in each)
    chosen = _chosen(visit)
    return {
        "chosen": chosen,
        "picked": [(key, names.get(key, key)) for key in chosen["partyIds"]],
        "audiences": tuple(AUDIENCES),
        "modes": MODES,
        "credentials": CREDENTIALS,
        "credential": visit.form["credential"],
        "key": visit.form["key"] or token_urlsafe(16),
    }


@PAGE.does("pick")
async def pick(_visit: Visit) -> Outcome:
    """Show whom the search finds, and who is picked."""
    return Shown()


@PAGE.does("preview")
async def preview(_visit: Visit) -> Outcome:
    """Show whom it would be about."""
    return Shown()


@PAGE.does("generate")
async def generate(visit: Visit) -> Outcome:
    """Have the invitations written; they leave only when somebody has looked through them."""
    credential = visit.form["credential"]
    values = {**_chosen(visit), "idempotencyKey": visit.form["key"]}
    if credential in CREDENTIALS:
        values["credentialMode"] = credential
    payload = await visit.mutate("GenerateAccess", {"input": values})
    if payload["userErrors"]:
        return Shown(payload["userErrors"])
    return visit.done(to=f"/staff/access/{payload['batch']['id']}", said="asked")


def _chosen(visit: Visit) -> dict[str, Any]:
    """What the form says; who was picked counts only where somebody is to be picked."""
    audience, mode = visit.form["audience"], visit.form["filterMode"]
    mode = mode if mode in MODES else MODES[0]
    picked = list(dict.fromkeys(visit.form.every("party")))
    return {
        "audience": audience if audience in AUDIENCES else next(iter(AUDIENCES)),
        "filterMode": mode,
        "partyIds": picked if mode != "NONE" else [],
    }
