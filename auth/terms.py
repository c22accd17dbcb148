"""Terms of use: whether what somebody accepted is what the manager's portal asks for now."""

from __future__ import annotations

from enum import StrEnum

from ventanilla.store.manager import Terms


class TermsFlaw(StrEnum):
    """Why an acceptance does not count."""

    TERMS_NOT_ACCEPTED = "TERMS_NOT_ACCEPTED"
    TERMS_VERSION_STALE = "TERMS_VERSION_STALE"
    """Another version is in force."""


def flaw_of(terms: Terms | None, accepted: str | None) -> TermsFlaw | None:
    """What is wrong with having accepted version `accepted`; None where it is right, or where there are no terms."""
    if terms is None:
        return None
    if not accepted:
        return TermsFlaw.TERMS_NOT_ACCEPTED
    return None if accepted == terms.version else TermsFlaw.TERMS_VERSION_STALE
