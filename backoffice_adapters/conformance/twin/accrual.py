"""The twin's accruals."""

from __future__ import annotations

from collections.abc import Sequence

from ventanilla.backoffice_adapters.book import AccrualEntry
from ventanilla.backoffice_adapters.conformance.picking import among
from ventanilla.backoffice_adapters.conformance.twin.shelf import Shelf
from ventanilla.backoffice_adapters.contract import AccrualFilter, AccrualOrder, Call, Hit, MonthSpan, Window
from ventanilla.backoffice_adapters.records import AccountRef, Accrual, Slice


class Accruals(Shelf):
    """Accruals."""

    async def accruals(
        self, call: Call, accounts: Sequence[AccountRef], where: AccrualFilter, order: AccrualOrder, window: Window
    ) -> list[Hit[Slice[Accrual]]]:
        """A part of each account's accruals."""
        rows = [row for row in map(self._accrual, self.book.accruals) if self._accrual_fits(row, where)]
        return self._slices(rows, accounts, order, window)

    async def accruals_by_key(self, call: Call, keys: Sequence[str]) -> list[Hit[Accrual]]:
        """The accruals with these keys."""
        found = {entry.key: self._accrual(entry) for entry in self.book.accruals}
        return [found.get(key) for key in keys]

    def _accrual(self, entry: AccrualEntry) -> Accrual:
        return Accrual(
            key=entry.key,
            origin=self._origin,
            account_key=entry.account,
            month=entry.month,
            title=entry.title,
            description=entry.description,
            amount=entry.amount,
            quantity=entry.quantity,
            unit=entry.unit,
            unit_price=entry.unit_price,
            invoice_key=entry.invoice,
        )

    def _accrual_fits(self, row: Accrual, where: AccrualFilter) -> bool:
        return among(row.title, where.titles) and _within(row.month, where.months)


def _within(month: str, span: MonthSpan) -> bool:
    """Whether `month` lies in `span`, ends included; months of four-digit years sort as text."""
    return (span.since is None or span.since <= month) and (span.until is None or month <= span.until)
