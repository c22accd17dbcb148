"""The letters that the portal wrote: what did not leave, and why."""

from __future__ import annotations

from typing import Final

from ventanilla_portal.page import For, Page, Variables
from ventanilla_portal.visit import Outcome, Visit

PAGE: Final = Page(__file__, "/staff/letters", For.STAFF)
_STATES: Final = frozenset({"PENDING", "SENDING", "SENT", "FAILED", "CANCELLED"})


@PAGE.asks
def variables(visit: Visit) -> Variables:
    """What failed, unless another state is chosen; and to whom."""
    state = visit.query["state"] or "FAILED"
    return {
        "state": state if state in _STATES else None,
        "recipient": visit.query["recipient"].strip() or None,
        "after": visit.query["after"] or None,
    }


@PAGE.does("retry")
async def retry(visit: Visit) -> Outcome:
    """Send the chosen ones again."""
    chosen = visit.form.every("letter")
    if not chosen:
        return visit.done(said="none_chosen")
    payload = await visit.mutate("RetryLetters", {"input": {"ids": chosen}})
    return visit.done(said="retried", n=payload["retried"])


@PAGE.does("retry_all")
async def retry_all(visit: Visit) -> Outcome:
    """Send all that failed again."""
    payload = await visit.mutate("RetryLetters", {"input": {"allFailed": True}})
    return visit.done(said="retried", n=payload["retried"])


@PAGE.does("cancel")
async def cancel(visit: Visit) -> Outcome:
    """Let the chosen ones leave no more."""
    chosen = visit.form.every("letter")
    if not chosen:
        return visit.done(said="none_chosen")
    payload = await visit.mutate("CancelLetters", {"input": {"ids": chosen}})
    return visit.done(said="cancelled", n=payload["cancelled"], flying=payload["inFlight"])
