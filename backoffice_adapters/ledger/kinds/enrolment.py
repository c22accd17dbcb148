"""Enrolments."""

from __future__ import annotations

from collections.abc import Sequence

from ventanilla.backoffice_adapters.database import Row
from ventanilla.backoffice_adapters.ledger.kinds.made import day_of, moment_of
from ventanilla.backoffice_adapters.records import Enrolment, EnrolmentKind

_NONE = {kind.value: Enrolment(kind=kind, active=False) for kind in EnrolmentKind}
OF_ACCOUNTS = """SELECT a.key, e.kind, e.active, e.since, e.cancelled_at, e.channel FROM account a
    LEFT JOIN enrolment e ON e.book = a.book AND e.account_key = a.key WHERE a.book = $1 AND a.key IN $2[]"""
"""What `enrolments` reads, by account."""


def enrolments(rows: Sequence[Row]) -> tuple[Enrolment, ...]:
    """One of each kind, whether or not the book tells of it."""
    told = {row[1]: _enrolment(row) for row in rows if row[1]}
    return tuple(told.get(kind, none) for kind, none in _NONE.items())


def _enrolment(row: Row) -> Enrolment:
    _, kind, active, since, cancelled_at, channel = row
    return Enrolment(
        kind=_NONE[kind].kind,
        active=bool(active),
        since=day_of(since),
        cancelled_at=moment_of(cancelled_at),
        channel=channel,
    )
