"""The twin's accounts, and how they stand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from ventanilla.backoffice_adapters.book import AccountEntry
from ventanilla.backoffice_adapters.conformance.picking import plain
from ventanilla.backoffice_adapters.conformance.twin.invoice import OWED, Invoices
from ventanilla.backoffice_adapters.conformance.twin.payment import Payments
from ventanilla.backoffice_adapters.conformance.twin.shelf import COUNTED
from ventanilla.backoffice_adapters.contract import Call, Hit
from ventanilla.backoffice_adapters.money import Money
from ventanilla.backoffice_adapters.records import (
    Account,
    AccountRef,
    Balance,
    DueItem,
    Invoice,
    InvoiceKind,
    InvoiceStatus,
    Overdue,
)

DUE = OWED - {InvoiceStatus.IN_PLAN}


class Accounts(Invoices, Payments):
    """Accounts, and balances added up from their documents."""

    coming = 12
    """How many coming due dates a balance tells."""

    async def accounts(self, call: Call, keys: Sequence[str]) -> list[Hit[Account]]:
        """The accounts with these keys."""
        found = {entry.key: self._account(entry) for entry in self.book.accounts}
        return [found.get(key) for key in keys]

    async def find_accounts(self, call: Call, numbers: Sequence[str]) -> list[Hit[Account]]:
        """The accounts with these numbers, letters and digits compared."""
        found = {plain(entry.number): self._account(entry) for entry in self.book.accounts}
        return [found.get(plain(number)) for number in numbers]

    async def balances(self, call: Call, accounts: Sequence[AccountRef]) -> list[Hit[Balance]]:
        """The standing of each account, added up from its documents."""
        return self._each(accounts, lambda entry: self._balance(entry, call.today))

    def _account(self, entry: AccountEntry) -> Account:
        return Account(
            key=entry.key,
            origin=self._origin,
            number=entry.number,
            licence=entry.licence,
            status=entry.status,
            title=entry.title,
            holder=next(party for party in self.book.parties if party.key == entry.holder),
            currency=self.book.currency,
            unit=self._unit(entry),
            place={place.key: place for place in self.book.properties}.get(entry.place or ""),
            opened_on=entry.opened_on,
            closed_on=entry.closed_on,
        )

    def _balance(self, entry: AccountEntry, today: date) -> Balance:
        invoices = [row for row in self._invoices(today) if row.account_key == entry.key]
        debts = [row for row in invoices if row.kind is not InvoiceKind.CREDIT_NOTE]
        overdue = [row for row in debts if row.overdue_on(today)]
        coming = [row for row in debts if row.status in DUE and today <= row.due_on]
        return Balance(
            key=entry.key,
            origin=self._origin,
            amount=self._owed(entry.key, invoices) if entry.stated_balance is None else entry.stated_balance,
            overdue=Overdue(
                amount=self._sum(row.open for row in overdue),
                oldest_due_on=min((row.due_on for row in overdue), default=None),
                document_count=len(overdue),
            ),
            next_due=tuple(
                DueItem(due_on=row.due_on, amount=row.open, invoice_key=row.key)
                for row in sorted(coming, key=lambda row: (row.due_on, row.key))[: self.coming]
            ),
        )

    def _owed(self, account: str, invoices: list[Invoice]) -> Money:
        debts = self._sum(row.open for row in invoices if row.kind is not InvoiceKind.CREDIT_NOTE)
        notes = self._sum(row.open for row in invoices if row.kind is InvoiceKind.CREDIT_NOTE)
        payments = map(self._payment, self.book.payments)
        advance = [row.unallocated for row in payments if row.account_key == account and row.status in COUNTED]
        return debts - notes - self._sum(advance)
