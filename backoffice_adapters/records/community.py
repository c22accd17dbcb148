"""How a community stands: what its board is told."""

from __future__ import annotations

from datetime import date

from ventanilla.backoffice_adapters.money import Money
from ventanilla.backoffice_adapters.records.base import Sourced


class CommunityFinances(Sourced):
    """The money of a community, `key`: the sums of all accounts whose unit is in one of its buildings.

    They follow from documents and payments alone; what an office states of an account by itself is not among them.
    """

    since: date
    """1 January of the day of the call, which is `until`: `billed` and `paid` are of these days, both included."""
    until: date
    billed: Money
    """The totals of invoices and debit notes issued, less those of credit notes; DRAFT and CANCELLED do not count."""
    paid: Money
    """The amounts of payments received that count: CONFIRMED and SETTLED, by the manager's local date."""
    outstanding: Money
    """What settles all open invoices and debit notes on `until`, whenever they were issued: the sum of their `open`."""
    overdue: Money
    """The part of it that is overdue: the sum of what the accounts' balances tell as overdue."""


class CommunityArrears(Sourced):
    """What is overdue on one account of a community, by the account's `key`. Who owes it is not told.

    An account is listed as long as its balance tells an overdue document; amount, day and number are those.
    """

    community_key: str
    account_number: str
    unit_label: str
    amount: Money
    oldest_due_on: date
    """The earliest first due date that passed."""
    document_count: int
