"""How the viewer signs in: password, second factor, passkeys, accounts at identity providers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ventanilla_portal import qr
from ventanilla_portal.page import For, Page
from ventanilla_portal.pages.me import sign_in_anew
from ventanilla_portal.visit import Outcome, Shown, Visit

PAGE: Final = Page(__file__, "/me/security", For.SIGNED_IN)


@PAGE.views
def view(_visit: Visit, data: Mapping[str, Any]) -> Mapping[str, Any]:
    """The ways that are offered, and the providers at which nothing is linked yet."""
    linked = {each["provider"] for each in (data["mine"] or {}).get("identities") or ()}
    providers = [each for each in data["portal"]["identityProviders"] if each["name"] not in linked]
    return {"ways": data["portal"]["signInWays"], "unlinked": providers, "qr": qr.drawn}


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


@PAGE.does("passkey_ask")
async def passkey_ask(visit: Visit) -> Outcome:
    """What the browser is to make, for our script; to who has none, why not."""
    payload = await visit.mutate("StartPasskeyRegistration", {"input": {"name": visit.form["passkeyName"].strip()}})
    return Shown(payload["userErrors"], payload)


@PAGE.does("passkey_add")
async def passkey_add(visit: Visit) -> Outcome:
    """Keep the passkey that the browser made."""
    asked = {"ticket": visit.form["ticket"], "response": visit.form["response"]}
    return await visit.do(
        "FinishPasskeyRegistration", {"input": asked}, said="passkey_added", name=visit.form["passkeyName"].strip()
    )


@PAGE.does("passkey_rename")
async def passkey_rename(visit: Visit) -> Outcome:
    """Call a passkey something else."""
    asked = {"id": visit.form["id"], "name": visit.form["name"].strip()}
    return await visit.do("RenamePasskey", {"input": asked}, said="passkey_renamed")


@PAGE.does("passkey_remove")
async def passkey_remove(visit: Visit) -> Outcome:
    """Give a passkey up."""
    return await visit.do("RemovePasskey", {"input": {"id": visit.form["id"]}}, said="passkey_removed")


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
    """Sign in anew, for what takes a young session."""
    return await sign_in_anew(visit, visit.form["present"], PAGE.path)
