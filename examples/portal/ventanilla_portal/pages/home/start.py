"""The start: leads to the account that is opened first, or to what there is for who has none."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ventanilla_portal.menu import account_in_use
from ventanilla_portal.page import Page
from ventanilla_portal.visit import Visit

PAGE: Final = Page(__file__, "/")
_BY_ROLE: Final = (
    ("STAFF_ADMIN", "/staff/people"),
    ("STAFF", "/staff/people"),
    ("BOARD_MEMBER", "/board"),
    ("SUPPLIER", "/supplier"),
)


@PAGE.leads
def lead(_visit: Visit, data: Mapping[str, Any]) -> str | None:
    """The account in use; else the pages of the viewer's role; else where an account is linked."""
    viewer = data["viewer"]
    if viewer["onboardingState"] not in {"READY", "NEEDS_ACCOUNT"}:
        return None
    if account := account_in_use(data):
        return f"/a/{account['id']}"
    return next((path for role, path in _BY_ROLE if role in viewer["roles"]), "/link")
