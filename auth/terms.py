"""Terms of use: whether what somebody accepted is what the manager's portal asks for now, and the evidence of it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from ventanilla.auth.audit import AuditKind, note_own
from ventanilla.auth.sessions import ADDRESS
from ventanilla.store.manager import Terms
from ventanilla.store.tables import ConsentRow
from ventanilla.store.tenancy import Work


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


async def agreed(work: Work, person_id: str, version: str, at: datetime, address: str | None) -> None:
    """Keep as evidence that a person accepted this version at that moment, from that network address."""
    kept = address[:ADDRESS] if address else None
    work.add(ConsentRow(person_id=person_id, kind="TERMS", version=version, accepted_at=at, address=kept))
    await work.flush()
    await note_own(work, AuditKind.TERMS_ACCEPTED, person_id, at, version=version)
