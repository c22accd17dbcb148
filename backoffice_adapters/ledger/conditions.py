"""Conditions of SQL, as filters are made of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from ventanilla.backoffice_adapters.contract import DateSpan
from ventanilla.backoffice_adapters.database import Argument, stamp

Condition = tuple[str, Sequence[Argument]]
"""SQL with ``{}`` for each of its arguments, and the arguments."""


def any_of(column: str, values: Iterable[str]) -> list[Condition]:
    """`column` holds one of `values`; no values, no condition."""
    stored = [str(value) for value in values]
    return [(f"{column} IN {{}}[]", [stored])] if stored else []


def between(column: str, since: str | None, until: str | None) -> list[Condition]:
    """`column` holds a text from `since` to `until`, both inclusive; None leaves that side open."""
    lower: list[Condition] = [(f"{column} >= {{}}", [since])] if since else []
    return [*lower, *([(f"{column} <= {{}}", [until])] if until else [])]


def on_days(column: str, span: DateSpan) -> list[Condition]:
    """`column` holds a day of `span`."""
    return between(column, span.since and span.since.isoformat(), span.until and span.until.isoformat())


def at_moments(column: str, span: DateSpan, zone: ZoneInfo) -> list[Condition]:
    """`column` holds a moment of the days of `span` in `zone`."""
    since = span.since and _midnight(span.since, 0, zone)
    before = span.until and _midnight(span.until, 1, zone)
    lower: list[Condition] = [(f"{column} >= {{}}", [since])] if since else []
    return [*lower, *([(f"{column} < {{}}", [before])] if before else [])]


def _midnight(day: date, later: int, zone: ZoneInfo) -> str | None:
    """The first moment of the day `later` days after `day`; None beyond the ends of the calendar."""
    try:
        return stamp(datetime.combine(day + timedelta(days=later), time.min, zone).astimezone(UTC))
    except OverflowError:
        return None
