"""Late interest."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated

import strawberry

from ventanilla.schema.fields import prop
from ventanilla.schema.money import Money
from ventanilla.schema.node import Sourced
from ventanilla.schema.scalars import Fraction

if TYPE_CHECKING:
    from ventanilla.schema.invoice import Invoice


@strawberry.type(description="Days in a row on which neither what was open nor the rate changed.")
class InterestSegment:
    """A part of the reckoning: `base` x `annualRate` / 100 x `days` / 365."""

    since: date = prop("The first day.")
    until: date = prop("The last day, inclusive.")
    days: int = prop("How many days.")
    base: Money = prop("What was open on the document.")
    annual_rate: Decimal = prop('Percent a year: `"11.50"` is 11.5 %.')
    amount_exact: Fraction = prop(
        "The interest of these days in major units, `base` x `annualRate` / 100 x `days` / 365, never rounded."
    )


@strawberry.type(
    description="The late interest of one document, and how it came to be, so that everybody can reckon it again: add"
    " the segments exactly, then round once, half up, to the digits of the currency."
)
class InterestAccrual(Sourced):
    """Late interest."""

    invoice: Annotated[Invoice, strawberry.lazy("ventanilla.schema.invoice")] = prop("The document that bears it.")
    until: date = prop(
        "The last day that counts: today, or the day on which the document was paid in full.", of="accrual.until"
    )
    segments: list[InterestSegment] = prop("The reckoning, in order of time.", of="accrual.segments")
    total: Money | None = prop(
        "What all segments come to; null where no rate is known for a day that counts.", of="accrual.total"
    )
    unknown_since: date | None = prop(
        "The first day for which no rate is known; the segments end before it.", of="accrual.unknown_since"
    )
