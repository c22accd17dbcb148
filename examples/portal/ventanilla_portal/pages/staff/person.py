"""One person: what is known of them, what they reach, and what the staff can do for them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ventanilla_portal.page import For, Page, Variables
from ventanilla_portal.visit import Outcome, Shown, Visit

PAGE: Final = Page(__file__, "/staff/people/{person}", For.STAFF)


@PAGE.asks
def variables(visit: Visit) -> Variables:
    """Who it is."""
    return {"id": visit.path["person"]}


@PAGE.views
def view(_visit: Visit, data: Mapping[str, Any]) -> Mapping[str, Any]:
    """What this viewer may do about this person."""
    person = (data["staff"] or {}).get("person") or {}
    admin = "STAFF_ADMIN" in data["viewer"]["roles"]
    return {
        "seeable": bool(person) and not person["staffRole"] and not person["disabledAt"],
        "manageable": admin and bool(person) and person["email"] != data["viewer"]["email"],
    }


@PAGE.does("see_as")
async def see_as(visit: Visit) -> Outcome:
    """See the portal as they do, for the reason that they can read."""
    reason = {"personId": visit.path["person"], "reason": visit.form["reason"].strip()}
    return await visit.do("SeeAs", {"input": reason}, to="/")


@PAGE.does("disable")
async def disable(visit: Visit) -> Outcome:
    """Let them in no more."""
    return await visit.do("SetAccess", {"id": visit.path["person"], "disabled": True}, said="disabled")


@PAGE.does("enable")
async def enable(visit: Visit) -> Outcome:
    """Let them in again."""
    return await visit.do("SetAccess", {"id": visit.path["person"], "disabled": False}, said="enabled")


@PAGE.does("role")
async def set_role(visit: Visit) -> Outcome:
    """Make them one of the staff, or a customer again."""
    role = visit.form["staffRole"] if visit.form["staffRole"] in {"STAFF", "STAFF_ADMIN"} else None
    return await visit.do("SetStaffRole", {"input": {"id": visit.path["person"], "role": role}}, said="role_set")


@PAGE.does("reset")
async def reset_second_factor(visit: Visit) -> Outcome:
    """Take away a second factor that was lost; tell how many sessions ended by it."""
    payload = await visit.mutate("ResetSecondFactor", {"input": {"id": visit.path["person"]}})
    if payload["userErrors"]:
        return Shown(payload["userErrors"])
    return visit.done(said="reset", n=payload["endedSessions"])
