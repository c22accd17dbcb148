"""Strays as the staff sees them: what does not fit, how much, and how it was dealt with."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from ventanilla.backoffice_adapters.money import Money
from ventanilla.backoffice_adapters.records import Record
from ventanilla.store.listing import Listing
from ventanilla.store.payment_lists import NAMES, OF_CHECKOUT, name_of, number_of
from ventanilla.store.payment_states import StrayKind, StrayResolution, StrayState
from ventanilla.store.stray_decisions import possible


class ListedStray(Record):
    """Money that does not fit."""

    id: str
    kind: StrayKind
    state: StrayState
    resolution: StrayResolution | None
    reference: str
    currency: str
    amount_minor: int
    expected_minor: int | None
    account: str | None
    office: str | None
    office_payment_key: str | None
    platform_payment_id: str | None
    checkout_id: str | None
    note: str
    given_name: str | None
    """Of who resolved it."""
    family_name: str | None
    found_at: datetime
    resolved_at: datetime | None

    @property
    def decisions(self) -> tuple[StrayResolution, ...]:
        """What may be decided about it."""
        return possible(self.kind, self.state)

    @property
    def account_number(self) -> str | None:
        """The number printed on papers; None where no order of ours is known."""
        return number_of(self.account)

    @property
    def amount(self) -> Money:
        """What came, or went."""
        return Money(self.amount_minor, self.currency)

    @property
    def expected(self) -> Money | None:
        """What it ought to have been; None where nothing was expected."""
        return None if self.expected_minor is None else Money(self.expected_minor, self.currency)

    @property
    def resolved_by(self) -> str | None:
        """How who resolved it is called now; None where it has come right by itself, or is open."""
        return name_of(self.given_name, self.family_name)


STRAYS: Final = Listing(
    kind=ListedStray,
    tables=f"stray_payment one {OF_CHECKOUT}"
    " LEFT JOIN person ON person.manager = one.manager AND person.id = one.resolved_by",
    moment="found_at",
    columns={"account": "checkout.account", **NAMES},
)
