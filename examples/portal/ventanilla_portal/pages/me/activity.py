"""What was done with the viewer's sign-in and what is their own, and who saw their data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ventanilla_portal.page import For, Page, Variables
from ventanilla_portal.visit import Visit

PAGE: Final = Page(__file__, "/me/activity", For.SIGNED_IN)
_WANTED: Final[Mapping[str, Mapping[str, Any]]] = {
    "others": {"byViewer": False},
    "seen": {"kind": ["SEEN_AS", "SEEING_ENDED"]},
    "signing_in": {"kind": ["SIGNED_IN", "SIGNED_OUT", "SESSION_ENDED"]},
    "protection": {
        "kind": [
            "PASSWORD_CHANGED",
            "PASSWORD_RESET",
            "EMAIL_CHANGED",
            "SECOND_FACTOR_SET_UP",
            "SECOND_FACTOR_REMOVED",
            "RECOVERY_CODE_USED",
            "PASSKEY_ADDED",
            "PASSKEY_REMOVED",
            "IDENTITY_LINKED",
            "IDENTITY_UNLINKED",
            "PROGRAM_ALLOWED",
            "PROGRAM_WITHDRAWN",
        ]
    },
    "accounts": {"kind": ["ACCOUNT_LINKED", "ACCOUNT_UNLINKED", "ACCESS_GIVEN", "MANDATE_GRANTED", "MANDATE_ENDED"]},
}
"""What is shown of it, by the name that the address has."""


@PAGE.asks
def variables(visit: Visit) -> Variables:
    """What is wanted, and which part of the list."""
    return {"after": visit.query["after"] or None, "filter": _WANTED.get(visit.query["show"])}


@PAGE.views
def view(visit: Visit, _data: Mapping[str, Any]) -> Mapping[str, Any]:
    """What may be chosen, and what is."""
    chosen = visit.query["show"] if visit.query["show"] in _WANTED else ""
    return {"shows": ("", *_WANTED), "chosen": chosen}
