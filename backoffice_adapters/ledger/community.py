"""The reading side of `CommunityOffice` over the ledger's tables."""

from __future__ import annotations

from collections.abc import Sequence

from ventanilla.backoffice_adapters.contract import (
    ArrearsOrder,
    Call,
    Hit,
    SupplierInvoiceFilter,
    SupplierInvoiceOrder,
    Window,
)
from ventanilla.backoffice_adapters.database import Row
from ventanilla.backoffice_adapters.ledger.billing import BillingLedger
from ventanilla.backoffice_adapters.ledger.kinds import community, place
from ventanilla.backoffice_adapters.ledger.kinds.supplier_invoice import OF_COMMUNITIES
from ventanilla.backoffice_adapters.ledger.pages import slice_of
from ventanilla.backoffice_adapters.ledger.reading import aligned, by_first, formed, there
from ventanilla.backoffice_adapters.records import (
    AccountRef,
    Building,
    Community,
    CommunityArrears,
    CommunityFinances,
    OwnershipShare,
    Slice,
    SupplierInvoice,
)


class CommunityLedger(BillingLedger):
    """Communities, their buildings and their shares."""

    async def communities(self, call: Call, accounts: Sequence[AccountRef]) -> list[Hit[Community]]:
        """The community that each account's building belongs to."""
        return await self._one_each(place.COMMUNITIES_OF_ACCOUNTS, call, self._keys(accounts))

    async def communities_by_key(self, call: Call, keys: Sequence[str]) -> list[Hit[Community]]:
        """The communities with these keys."""
        return await self._by_key(place.COMMUNITIES, call, keys)

    async def community_buildings(self, call: Call, communities: Sequence[str]) -> list[Hit[tuple[Building, ...]]]:
        """The buildings of each community, by name, then by key."""
        return await self._several(place.BUILDINGS_OF_COMMUNITIES, call, formed(communities))

    async def community_finances(self, call: Call, communities: Sequence[str]) -> list[Hit[CommunityFinances]]:
        """How each community stands today, in one statement."""
        keys, origin = formed(communities), self._origin()
        asked = list({key: None for key in keys if key})
        rows = await self._rows(*community.finances(self._book, asked, call.today, self._zone)) if asked else []
        return aligned({row[0]: community.community_finances(row, origin, call.today) for row in rows}, keys)

    async def community_arrears(
        self, call: Call, communities: Sequence[str], order: ArrearsOrder, window: Window
    ) -> list[Hit[Slice[CommunityArrears]]]:
        """A part of the accounts of each community with something overdue today."""
        keys, origin = formed(communities), self._origin()
        asked = list({key: None for key in keys if key})
        if not asked:
            return [None] * len(keys)
        counting = community.arrears_counts(self._book, asked, call.today)
        counts = dict(await self._rows(*counting)) if window.count else None
        found = by_first(await self._rows(*community.arrears(self._book, asked, call.today, order, window)))

        def answer(key: str, rows: list[Row]) -> Slice[CommunityArrears]:
            count = None if counts is None else counts.get(key, 0)
            return slice_of(
                there(rows), lambda part: tuple(community.community_arrears(row, origin) for row in part), window, count
            )

        return aligned({key: answer(key, rows) for key, rows in found.items()}, keys)

    async def supplier_invoices(
        self,
        call: Call,
        communities: Sequence[str],
        where: SupplierInvoiceFilter,
        order: SupplierInvoiceOrder,
        window: Window,
    ) -> list[Hit[Slice[SupplierInvoice]]]:
        """A part of what suppliers billed each community."""
        return await self._pages(OF_COMMUNITIES, call, formed(communities), where, order=order, window=window)

    async def ownership_shares(
        self, call: Call, accounts: Sequence[AccountRef]
    ) -> list[Hit[tuple[OwnershipShare, ...]]]:
        """The shares that are held through each account's unit, by key."""
        return await self._several(place.SHARES_OF_ACCOUNTS, call, self._keys(accounts))
