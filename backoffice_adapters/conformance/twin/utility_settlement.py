"""The twin's settlements of utilities."""

from __future__ import annotations

from collections.abc import Sequence

from ventanilla.backoffice_adapters.book import UtilitySettlementEntry
from ventanilla.backoffice_adapters.conformance.picking import within
from ventanilla.backoffice_adapters.conformance.twin.shelf import Shelf
from ventanilla.backoffice_adapters.contract import (
    Call,
    Hit,
    UtilitySettlementFilter,
    UtilitySettlementOrder,
    Window,
)
from ventanilla.backoffice_adapters.records import AccountRef, Slice, UtilitySettlement


class UtilitySettlements(Shelf):
    """Settlements; cost and advances are those of their lines."""

    async def utility_settlements(
        self,
        call: Call,
        accounts: Sequence[AccountRef],
        where: UtilitySettlementFilter,
        order: UtilitySettlementOrder,
        window: Window,
    ) -> list[Hit[Slice[UtilitySettlement]]]:
        """A part of each account's settlements."""
        every = map(self._settlement, self.book.utility_settlements)
        rows = [row for row in every if within(row.settled_on, where.settled)]
        return self._slices(rows, accounts, order, window)

    async def utility_settlements_by_key(self, call: Call, keys: Sequence[str]) -> list[Hit[UtilitySettlement]]:
        """The settlements with these keys."""
        found = {entry.key: self._settlement(entry) for entry in self.book.utility_settlements}
        return [found.get(key) for key in keys]

    def _settlement(self, entry: UtilitySettlementEntry) -> UtilitySettlement:
        return UtilitySettlement(
            key=entry.key,
            origin=self._origin,
            account_key=entry.account,
            number=entry.number,
            settled_on=entry.settled_on,
            period_from=entry.period_from,
            period_to=entry.period_to,
            cost=self._sum(line.cost for line in entry.lines),
            advances=self._sum(line.advances for line in entry.lines),
            lines=entry.lines,
            invoice_key=entry.invoice,
        )
