"""How the viewer signs in: password, second factor, passkeys, accounts at identity providers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ventanilla_portal.page import For, Page
from ventanilla_portal.pages.me import sign_in_anew
from ventanilla_portal.visit import Outcome, Shown, Visit

PAGE: Final = Page(__file__, "/me/security", For.SIGNED_IN)


@PAGE.views
def view(_visit: Visit, data: Mapping[str, Any]) -> Mapping[str, Any]:
    """The ways that are offered, and the providers at which nothing is linked yet."""
    linked = {each["provider"] for each in (data["mine"] or {}).get("identities") or ()}
    providers = [each for each in data["portal"]["identityProviders"] if each["name"] not in linked]
    return {"ways": data["portal"]["signInWays"], "unlinked": providers}


@PAGE.does("link")
async def link(visit: Visit) -> Outcome:
    """Go to a provider to link an account there; it leads back here."""
    asked = {"provider": visit.form["provider"], "returnTo": PAGE.path}
    payload = await visit.mutate("StartIdentityLink", {"input": asked})
    return Shown(payload["userErrors"]) if payload["userErrors"] else visit.done(to=payload["url"])


@PAGE.does("unlink")
async def unlink(visit: Visit) -> Outcome:
    """Sign in with an account at a provider no more."""
    return await visit.do("UnlinkIdentity", {"input": {"provider": visit.form["provider"]}}, said="unlinked")


@PAGE.does("again")
async def again(visit: Visit) -> Outcome:
    """Sign in anew, for what takes a young session, and go back to where that was wanted."""
    return await sign_in_anew(visit, visit.form["present"], visit.form["back"] or PAGE.path)
