"""How accounts get and pay their invoices."""

from __future__ import annotations

from datetime import date

from ventanilla.backoffice_adapters.book import EnrolmentEntry
from ventanilla.backoffice_adapters.records import EnrolmentKind
from ventanilla.gateway.demo.books.clerk import Clerk


def enrol(clerk: Clerk, account: str, kind: EnrolmentKind, since: date, channel: str) -> None:
    """Enter an enrolment that is active."""
    clerk.enter(EnrolmentEntry(account=account, kind=kind, active=True, since=since, channel=channel))


def leave(clerk: Clerk, account: str, kind: EnrolmentKind, day: date, channel: str) -> None:
    """Enter an enrolment that was ended on `day`."""
    moment = clerk.moment(day)
    clerk.enter(EnrolmentEntry(account=account, kind=kind, active=False, cancelled_at=moment, channel=channel))
