"""The reading side of `PartyOffice` over the ledger's tables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from ventanilla.backoffice_adapters.contract import (
    Call,
    Hit,
    PartyFilter,
    SupplierInvoiceFilter,
    SupplierInvoiceOrder,
    Window,
)
from ventanilla.backoffice_adapters.database import Row
from ventanilla.backoffice_adapters.ledger.kinds.party import BY_KEY, contractor, counts, page
from ventanilla.backoffice_adapters.ledger.kinds.supplier_invoice import OF_PARTIES
from ventanilla.backoffice_adapters.ledger.pages import slice_of
from ventanilla.backoffice_adapters.ledger.reading import LedgerReader, by_first, formed
from ventanilla.backoffice_adapters.records import Contractor, Origin, Slice, SupplierInvoice

_AT_ONCE: Final = 100
"""How many filters one statement takes: SQLite joins no more than 500."""


class PartyLedger(LedgerReader):
    """Whom the book knows."""

    async def parties(self, call: Call, wheres: Sequence[PartyFilter], window: Window) -> list[Hit[Slice[Contractor]]]:
        """A part of those whom each filter finds, by name, then by key."""
        asked, found = list(dict.fromkeys(wheres)), dict[PartyFilter, Slice[Contractor]]()
        for start in range(0, len(asked), _AT_ONCE):
            part = asked[start : start + _AT_ONCE]
            found |= zip(part, await self._found(part, window), strict=True)
        return [found[where] for where in wheres]

    async def _found(self, wheres: Sequence[PartyFilter], window: Window) -> list[Slice[Contractor]]:
        totals = dict(await self._rows(*counts(self._book, wheres))) if window.count else {}
        rows, origin = by_first(await self._rows(*page(self._book, wheres, window))), self._origin()
        return [
            _part(rows.get(number, ()), window, totals.get(number), origin) for number in map(str, range(len(wheres)))
        ]

    async def parties_by_key(self, call: Call, keys: Sequence[str]) -> list[Hit[Contractor]]:
        """The parties with these keys, those without any standing too."""
        origin = self._origin()
        return await self._answers(BY_KEY, formed(keys), lambda rows: contractor(rows, origin))

    async def supplier_invoices_of_parties(
        self,
        call: Call,
        parties: Sequence[str],
        where: SupplierInvoiceFilter,
        order: SupplierInvoiceOrder,
        window: Window,
    ) -> list[Hit[Slice[SupplierInvoice]]]:
        """A part of what each party billed."""
        return await self._pages(OF_PARTIES, call, formed(parties), where, order=order, window=window)


def _part(rows: Sequence[Row], window: Window, count: int | None, origin: Origin) -> Slice[Contractor]:
    grouped: dict[str, list[Row]] = {}
    for row in rows:
        grouped.setdefault(row[1], []).append(row)
    people = list(grouped.values())
    return slice_of(people, lambda part: tuple(contractor(mine, origin) for mine in part), window, count)
