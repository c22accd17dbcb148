"""The twin's charges."""

from __future__ import annotations

from collections.abc import Sequence

from ventanilla.backoffice_adapters.book import ChargeEntry
from ventanilla.backoffice_adapters.conformance.picking import among, within
from ventanilla.backoffice_adapters.conformance.twin.shelf import Shelf
from ventanilla.backoffice_adapters.contract import Call, ChargeFilter, ChargeOrder, Hit, Window
from ventanilla.backoffice_adapters.records import AccountRef, Charge, Slice


class Charges(Shelf):
    """Charges."""

    async def charges(
        self, call: Call, accounts: Sequence[AccountRef], where: ChargeFilter, order: ChargeOrder, window: Window
    ) -> list[Hit[Slice[Charge]]]:
        """A part of each account's charges."""
        rows = [row for row in map(self._charge, self.book.charges) if charge_fits(row, where)]
        return self._slices(rows, accounts, order, window)

    async def charges_by_key(self, call: Call, keys: Sequence[str]) -> list[Hit[Charge]]:
        """The charges with these keys."""
        found = {entry.key: self._charge(entry) for entry in self.book.charges}
        return [found.get(key) for key in keys]

    def _charge(self, entry: ChargeEntry) -> Charge:
        return Charge(
            key=entry.key,
            origin=self._origin,
            account_key=entry.account,
            description=entry.description,
            amount=entry.amount,
            charged_on=entry.charged_on,
            status=entry.status,
            invoice_key=entry.invoice,
        )


def charge_fits(row: Charge, where: ChargeFilter) -> bool:
    """Whether a charge passes the filter."""
    return among(row.status, where.statuses) and within(row.charged_on, where.charged)
