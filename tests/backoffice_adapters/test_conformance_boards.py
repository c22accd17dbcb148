"""The kit finds what is wrong with what boards and suppliers are told, each broken on purpose."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from tests.backoffice_adapters.breaking import assert_broken, named
from ventanilla.backoffice_adapters.conformance import community, supplier_invoice
from ventanilla.backoffice_adapters.conformance.promises import PROMISES
from ventanilla.backoffice_adapters.conformance.twin import TwinOffice
from ventanilla.backoffice_adapters.conformance.twin.shelf import COUNTED
from ventanilla.backoffice_adapters.contract import SupplierInvoiceFilter
from ventanilla.backoffice_adapters.money import Money
from ventanilla.backoffice_adapters.records import AccountStatus, InvoiceKind, Slice

# -- finances ----------------------------------------------------------------------------------------------------


class SinceEver(TwinOffice):
    """Counts what was billed since the books began."""

    def _finances(self, community: str, today: Any) -> Any:
        told = super()._finances(community, today)
        mine = {entry.key for entry in self._members(community)}
        return replace(told, billed=self._billed([row for row in self._invoices(today) if row.account_key in mine]))


class UtcDays(TwinOffice):
    """Counts payments by the date in UTC."""

    def _received(self, accounts: Any, since: Any, until: Any) -> Any:
        rows = [row for row in self.book.payments if row.account in accounts and row.status in COUNTED]
        return self._sum(row.amount for row in rows if since <= row.paid_at.date() <= until)


class NotesAsInvoices(TwinOffice):
    """Adds credit notes instead of taking them off."""

    def _billed(self, invoices: Any) -> Any:
        return super()._billed([replace(row, kind=InvoiceKind.INVOICE) for row in invoices])


class FirstAccountOnly(TwinOffice):
    """Sums up one account of each community."""

    def _members(self, community: str) -> Any:
        return super()._members(community)[:1]


class EveryCommunity(TwinOffice):
    """Sums up the accounts of all communities for each."""

    def _members(self, community: str) -> Any:
        return [entry for each in self.book.communities for entry in super(EveryCommunity, self)._members(each.key)]


# -- arrears -----------------------------------------------------------------------------------------------------


class DueToday(TwinOffice):
    """Takes what falls due today for overdue."""

    def _arrears(self, community: str, today: Any) -> Any:
        return super()._arrears(community, today.replace(day=today.day + 1) if today.day < 28 else today)


class OnlyActive(TwinOffice):
    """Forgets the debts of accounts that are suspended."""

    def _arrears(self, community: str, today: Any) -> Any:
        running = {entry.key for entry in self.book.accounts if entry.status is AccountStatus.ACTIVE}
        return [row for row in super()._arrears(community, today) if row.key in running]


class FirstDebtOnly(TwinOffice):
    """Tells half of what is overdue."""

    def _arrears(self, community: str, today: Any) -> Any:
        rows = super()._arrears(community, today)
        return [replace(row, amount=Money(row.amount.minor // 2, row.amount.currency)) for row in rows]


class ArrearsTies(TwinOffice):
    """Begins a page after the start's day and forgets the rest of it."""

    async def community_arrears(self, call: Any, communities: Any, order: Any, window: Any) -> Any:
        if window.start:
            extreme = "" if order.descending is not window.backwards else "\uffff"
            window = replace(window, start=replace(window.start, key=extreme))
        return await super().community_arrears(call, communities, order, window)


# -- invoices of suppliers ---------------------------------------------------------------------------------------


class AnyState(TwinOffice):
    """Does not filter."""

    async def supplier_invoices(self, call: Any, communities: Any, where: Any, order: Any, window: Any) -> Any:
        return await super().supplier_invoices(call, communities, SupplierInvoiceFilter(), order, window)

    async def supplier_invoices_of_parties(self, call: Any, parties: Any, where: Any, order: Any, window: Any) -> Any:
        return await super().supplier_invoices_of_parties(call, parties, SupplierInvoiceFilter(), order, window)


class EverybodysInvoices(TwinOffice):
    """Shows every supplier what all of them billed."""

    async def supplier_invoices_of_parties(self, call: Any, parties: Any, where: Any, order: Any, window: Any) -> Any:
        whole = await super().supplier_invoices_of_parties(call, ["par1"] * len(parties), where, order, window)
        known = {party.key for party in self.book.parties}
        return [hit if key in known else None for key, hit in zip(parties, whole, strict=True)]


class NeverPaid(TwinOffice):
    """Does not say when an invoice was paid."""

    def _supplier_invoices(self, entries: Any) -> Any:
        return [replace(row, paid_on=None) for row in super()._supplier_invoices(entries)]


class Rewords(TwinOffice):
    """Tells the board another title than the supplier."""

    async def supplier_invoices(self, call: Any, communities: Any, where: Any, order: Any, window: Any) -> Any:
        found = await super().supplier_invoices(call, communities, where, order, window)
        return [hit and replace(hit, items=tuple(replace(row, title="…") for row in hit.items)) for hit in found]


class NoSupplierIsNone(TwinOffice):
    """Takes a party that billed nothing for one that there is not."""

    async def supplier_invoices_of_parties(self, call: Any, parties: Any, where: Any, order: Any, window: Any) -> Any:
        found: list[Any] = await super().supplier_invoices_of_parties(call, parties, where, order, window)
        return [hit if hit and hit.items else None for hit in found]


class AnyCommunity(TwinOffice):
    """Takes a community that there is not for one that nobody billed."""

    async def supplier_invoices(self, call: Any, communities: Any, where: Any, order: Any, window: Any) -> Any:
        found = await super().supplier_invoices(call, communities, where, order, window)
        return [hit or Slice(items=(), more=False, count=0 if window.count else None) for hit in found]


BROKEN = [
    (SinceEver, "finances_are_those_of_the_year_so_far"),
    (UtcDays, "finances_are_those_of_the_year_so_far"),
    (NotesAsInvoices, "finances_are_those_of_the_year_so_far"),
    (FirstAccountOnly, "finances_are_those_of_the_year_so_far"),
    (FirstAccountOnly, "arrears_are_what_balances_tell"),
    (EveryCommunity, "arrears_are_what_balances_tell"),
    (DueToday, "arrears_are_of_the_day"),
    (OnlyActive, "arrears_are_of_the_day"),
    (OnlyActive, "arrears_are_what_balances_tell"),
    (OnlyActive, "arrears_add_up_to_what_is_overdue"),
    (FirstDebtOnly, "arrears_add_up_to_what_is_overdue"),
    (ArrearsTies, "a_walk_forwards_meets_each_row_once"),
    (AnyState, "what_a_community_is_billed_is_filtered"),
    (AnyState, "what_a_supplier_billed_is_filtered"),
    (EverybodysInvoices, "each_invoice_is_its_suppliers"),
    (NeverPaid, "what_is_paid_says_since_when"),
    (Rewords, "both_sides_see_the_same_invoice"),
    (NoSupplierIsNone, "an_empty_list_is_no_absence"),
    (AnyCommunity, "absent_keys_are_none"),
]
CHAPTERS = {chapter.__name__ for chapter in (community, supplier_invoice)}


@pytest.mark.anyio
@pytest.mark.parametrize(("office", "promise"), BROKEN, ids=named)
async def test_finds_what_is_broken(office: type[TwinOffice], promise: str, tmp_path: Path) -> None:
    await assert_broken(office, promise, tmp_path)


def test_every_promise_of_these_chapters_can_be_broken() -> None:
    promised = {promise.name for promise in PROMISES if promise.check.__module__ in CHAPTERS}
    assert promised <= {name for _, name in BROKEN}
