"""The second factor: set up with an authenticator, its recovery codes told once, given up."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ventanilla_portal import qr
from ventanilla_portal.page import For, Page
from ventanilla_portal.visit import Outcome, Shown, Visit

PAGE: Final = Page(__file__, "/me/security/second-factor", For.SIGNED_IN)


@PAGE.views
def view(_visit: Visit, _data: Mapping[str, Any]) -> Mapping[str, Any]:
    """What draws the code that an authenticator reads."""
    return {"picture": qr.drawn}


@PAGE.does("factor_start")
async def factor_start(visit: Visit) -> Outcome:
    """Begin a second factor: what the authenticator is to be told is shown."""
    payload = await visit.mutate("StartSecondFactor", {"input": {"password": visit.form["password"] or None}})
    return Shown(payload["userErrors"], {} if payload["userErrors"] else payload)


@PAGE.does("factor_confirm")
async def factor_confirm(visit: Visit) -> Outcome:
    """Take its first code; the recovery codes are shown this once."""
    payload = await visit.mutate("ConfirmSecondFactor", {"input": {"code": visit.form["code"].strip()}})
    errors = payload["userErrors"]
    begun = {name: visit.form[name] for name in ("otpauthUri", "secret")}
    over = {error["reason"] for error in errors} & {"NOT_STARTED", "REAUTHENTICATION_REQUIRED"}
    return Shown(errors, {} if over else begun) if errors else Shown(found=payload)


@PAGE.does("factor_remove")
async def factor_remove(visit: Visit) -> Outcome:
    """Give the second factor up, for one of its codes."""
    return await visit.do("RemoveSecondFactor", {"input": {"code": visit.form["code"].strip()}}, said="factor_removed")
