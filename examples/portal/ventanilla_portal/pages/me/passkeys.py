"""The viewer's passkeys: made, called otherwise, given up."""

from __future__ import annotations

from typing import Final

from ventanilla_portal.page import For, Page
from ventanilla_portal.visit import Outcome, Shown, Visit

PAGE: Final = Page(__file__, "/me/security/passkeys", For.SIGNED_IN)


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
