"""The twin's enrolments."""

from __future__ import annotations

from collections.abc import Sequence

from ventanilla.backoffice_adapters.conformance.twin.shelf import Shelf
from ventanilla.backoffice_adapters.contract import Call, Hit
from ventanilla.backoffice_adapters.records import AccountRef, Enrolment, EnrolmentKind


class Enrolments(Shelf):
    """Enrolments; what the book does not tell is not active."""

    async def enrolments(self, call: Call, accounts: Sequence[AccountRef]) -> list[Hit[tuple[Enrolment, ...]]]:
        """One of each kind for each account."""
        return self._each(accounts, lambda entry: tuple(self._enrolment(entry.key, kind) for kind in EnrolmentKind))

    def _enrolment(self, account: str, kind: EnrolmentKind) -> Enrolment:
        for entry in self.book.enrolments:
            if entry.account == account and entry.kind is kind:
                return Enrolment(
                    kind=kind,
                    active=entry.active,
                    since=entry.since,
                    cancelled_at=entry.cancelled_at,
                    channel=entry.channel,
                )
        return Enrolment(kind=kind, active=False)
