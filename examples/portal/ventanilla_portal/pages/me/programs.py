"""The programs that the viewer lets read on their behalf."""

from __future__ import annotations

from typing import Final

from ventanilla_portal.page import Page
from ventanilla_portal.visit import Outcome, Visit

PAGE: Final = Page(__file__, "/me/programs")


@PAGE.does("withdraw")
async def withdraw(visit: Visit) -> Outcome:
    """Let a program read no more."""
    return await visit.do("WithdrawConsent", {"input": {"programId": visit.form["program"]}}, said="withdrawn")
