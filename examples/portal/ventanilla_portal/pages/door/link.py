"""Linking an account: its number is looked up, what was found is shown masked, "is this yours?", and then its home."""

from __future__ import annotations

from typing import Any, Final

from ventanilla_portal.page import For, Page
from ventanilla_portal.visit import Outcome, Shown, Visit

PAGE: Final = Page(__file__, "/link", For.SIGNED_IN)
_PREVIEW: Final = ("token", "licence", "title", "maskedHolder", "maskedAddress", "proof")
_SHOWN_ON: Final = frozenset({"PROOF_REQUIRED", "PROOF_WRONG", "RATE_LIMITED"})
"""After these the same preview is good still."""


@PAGE.does("find")
async def find(visit: Visit) -> Outcome:
    """Look a number up."""
    payload = await visit.mutate("StartAccountLink", {"input": {"number": visit.form["number"].strip()}})
    return Shown(payload["userErrors"], {"previews": payload["previews"]})


@PAGE.does("confirm")
async def confirm(visit: Visit) -> Outcome:
    """Link what was shown, with what proves it."""
    proof = visit.form["given"].strip() or None
    payload = await visit.mutate("ConfirmAccountLink", {"input": {"token": visit.form["token"], "proof": proof}})
    errors = payload["userErrors"]
    if errors:
        again = {error["reason"] for error in errors} <= _SHOWN_ON
        return Shown(errors, {"previews": [_as_it_was(visit)] if again else []})
    account = payload["account"]
    return visit.done(to=f"/a/{account['id']}", said="linked", account=account["title"])


def _as_it_was(visit: Visit) -> dict[str, Any]:
    """The preview that was answered, as the form kept it."""
    return {name: visit.form[name] for name in _PREVIEW}
