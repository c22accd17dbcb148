"""The twin's communities as their boards see them: finances and arrears."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from ventanilla.backoffice_adapters.book import AccountEntry
from ventanilla.backoffice_adapters.conformance.picking import part_of
from ventanilla.backoffice_adapters.conformance.twin.account import Accounts
from ventanilla.backoffice_adapters.conformance.twin.place import Places
from ventanilla.backoffice_adapters.conformance.twin.shelf import COUNTED
from ventanilla.backoffice_adapters.contract import ArrearsOrder, Call, Hit, Window
from ventanilla.backoffice_adapters.money import Money
from ventanilla.backoffice_adapters.records import (
    CommunityArrears,
    CommunityFinances,
    Invoice,
    InvoiceKind,
    InvoiceStatus,
    Slice,
)


class Communities(Accounts, Places):
    """Sums over the accounts of a community: those whose unit is in one of its buildings."""

    async def community_finances(self, call: Call, communities: Sequence[str]) -> list[Hit[CommunityFinances]]:
        """How each community stands."""
        known = {entry.key for entry in self.book.communities}
        return [self._finances(key, call.today) if key in known else None for key in communities]

    async def community_arrears(
        self, call: Call, communities: Sequence[str], order: ArrearsOrder, window: Window
    ) -> list[Hit[Slice[CommunityArrears]]]:
        """A part of each community's accounts that owe something overdue."""
        known = {entry.key for entry in self.book.communities}
        return [part_of(self._arrears(key, call.today), order, window) if key in known else None for key in communities]

    def _members(self, community: str) -> list[AccountEntry]:
        found = [(entry, self._building(entry)) for entry in self.book.accounts]
        return [entry for entry, building in found if building and building.community == community]

    def _finances(self, community: str, today: date) -> CommunityFinances:
        accounts, since = {entry.key for entry in self._members(community)}, date(today.year, 1, 1)
        invoices = [row for row in self._invoices(today) if row.account_key in accounts]
        debts = [row for row in invoices if row.kind is not InvoiceKind.CREDIT_NOTE]
        return CommunityFinances(
            key=community,
            origin=self._origin,
            since=since,
            until=today,
            billed=self._billed([row for row in invoices if since <= row.issued_on <= today]),
            paid=self._received(accounts, since, today),
            outstanding=self._sum(row.open for row in debts),
            overdue=self._sum(row.open for row in debts if row.overdue_on(today)),
        )

    def _billed(self, invoices: list[Invoice]) -> Money:
        counted = [row for row in invoices if row.status is not InvoiceStatus.CANCELLED]
        notes = [row for row in counted if row.kind is InvoiceKind.CREDIT_NOTE]
        return self._sum(row.total for row in counted if row not in notes) - self._sum(row.total for row in notes)

    def _received(self, accounts: set[str], since: date, until: date) -> Money:
        counted = [row for row in self.book.payments if row.account in accounts and row.status in COUNTED]
        paid = [row for row in counted if since <= row.paid_at.astimezone(self.zone).date() <= until]
        return self._sum(row.amount - self._taken_back(row) for row in paid)

    def _arrears(self, community: str, today: date) -> list[CommunityArrears]:
        every = [(entry, self._balance(entry, today).overdue) for entry in self._members(community)]
        return [
            CommunityArrears(
                key=entry.key,
                origin=self._origin,
                community_key=community,
                account_number=entry.number,
                unit_label=unit.label,
                amount=overdue.amount,
                oldest_due_on=overdue.oldest_due_on,
                document_count=overdue.document_count,
            )
            for entry, overdue in every
            if overdue.oldest_due_on and (unit := self._unit(entry))
        ]
