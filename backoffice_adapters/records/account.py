"""Accounts, and how they stand."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from ventanilla.backoffice_adapters.money import Money
from ventanilla.backoffice_adapters.records.base import Licence, Record, Sourced
from ventanilla.backoffice_adapters.records.place import Party, Property, Unit


class AccountStatus(StrEnum):
    """Whether an account still runs."""

    ACTIVE = "ACTIVE"
    SUSPENDED = "SUSPENDED"
    CLOSED = "CLOSED"


class AccountRole(StrEnum):
    """As what a person stands to an account."""

    HOLDER = "HOLDER"
    TENANT = "TENANT"
    OWNER = "OWNER"
    RESIDENT = "RESIDENT"


class AccountRef(Record):
    """An account as an office is told of it.

    `office` and `key` say where and as what it is known: at home its own key; at another office, to which the manager
    routes a capability, what the manager's configuration matches on (the number, the unit, the holder's document).
    """

    office: str
    key: str
    number: str
    unit_key: str | None = None
    holder_document: str | None = None


class Account(Sourced):
    """One supply, or one title to premises. All its money comes from its home office, `origin.source`."""

    number: str
    """The number printed on papers; what people type to find their account."""
    licence: Licence
    status: AccountStatus
    title: str
    """What the account is for, in the manager's language: "Suministro de agua", "Lokal mieszkalny"."""
    holder: Party
    currency: str
    unit: Unit | None = None
    place: Property | None = None
    """The property the account belongs to (`property` in the schema)."""
    opened_on: date | None = None
    closed_on: date | None = None

    @property
    def ref(self) -> AccountRef:
        """This account as other calls and other offices take it."""
        return AccountRef(
            office=self.origin.source,
            key=self.key,
            number=self.number,
            unit_key=self.unit.key if self.unit else None,
            holder_document=self.holder.document_number,
        )


class BalanceSide(StrEnum):
    """Who owes whom: DEBT the customer owes, CREDIT the manager owes, SETTLED nobody."""

    DEBT = "DEBT"
    CREDIT = "CREDIT"
    SETTLED = "SETTLED"


class Overdue(Record):
    """What is past its due date: nothing overdue is amount zero, no date, zero documents."""

    amount: Money
    oldest_due_on: date | None
    document_count: int


class DueItem(Record):
    """One coming due date: how much falls due then, and for which invoice."""

    due_on: date
    amount: Money
    invoice_key: str


class Balance(Sourced):
    """An account's standing. `key` is the account's key; `amount` is positive for debt, negative for credit."""

    amount: Money
    """The office's own figure, or Σ open of invoices (ISSUED, PARTIALLY_PAID, IN_PLAN) less Σ open of credit notes and
    Σ unallocated of payments that count."""
    overdue: Overdue
    next_due: tuple[DueItem, ...]
    """Invoices ISSUED or PARTIALLY_PAID and not yet overdue, soonest first, at most twelve."""

    @property
    def side(self) -> BalanceSide:
        """The sign of `amount` in a word."""
        if not self.amount:
            return BalanceSide.SETTLED
        return BalanceSide.DEBT if self.amount.minor > 0 else BalanceSide.CREDIT
