"""Late interest: how much, and how it came to be, so that everybody can reckon it again."""

from __future__ import annotations

from datetime import date

from ventanilla.backoffice_adapters.money import Money
from ventanilla.backoffice_adapters.records.base import Record, Sourced


class InterestSegment(Record):
    """Days in a row on which neither what was open nor the rate changed."""

    since: date
    until: date
    """The last day, inclusive."""
    days: int
    base: Money
    """What was open on the document."""
    annual_rate: str
    """Percent a year, a plain decimal: ``"11.50"``."""
    amount_exact: str
    """The interest in major units as a fraction in lowest terms, ``"numerator/denominator"``: never rounded."""


class InterestAccrual(Sourced):
    """The late interest of one document up to a day. `key` is the invoice's key.

    Days run from the day after the first due date to `until`, both inclusive. On each day the base is the total of the
    first due date less what payments that count settled on earlier days (by `Allocation.allocated_on`), so a day of
    payment still bears interest on what is paid; surcharges of a later due date are no base. A segment ends where base
    or rate changes (adjoining rows of one rate are one), and is ``base x rate / 100 x days / 365``, in leap years too.
    The segments are added exactly, then rounded once, half up, to the minor unit.
    """

    account_key: str
    until: date
    """The day of the call; for what was paid in full, the day that settled it."""
    segments: tuple[InterestSegment, ...]
    total: Money | None
    """None where no rate is known for a day that counts: nobody guesses."""
    unknown_since: date | None = None
    """The first day for which no rate is known; `segments` end before it."""
