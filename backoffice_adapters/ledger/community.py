"""The reading side of `CommunityOffice` over the ledger's tables."""

from __future__ import annotations

from collections.abc import Sequence

from ventanilla.backoffice_adapters.contract import Call, Hit
from ventanilla.backoffice_adapters.ledger.billing import BillingLedger
from ventanilla.backoffice_adapters.ledger.kinds import place
from ventanilla.backoffice_adapters.ledger.reading import formed
from ventanilla.backoffice_adapters.records import AccountRef, Building, Community, OwnershipShare


class CommunityLedger(BillingLedger):
    """Communities, their buildings and their shares."""

    async def communities(self, call: Call, accounts: Sequence[AccountRef]) -> list[Hit[Community]]:
        """The community that each account's building belongs to."""
        return await self._one_each(place.COMMUNITIES_OF_ACCOUNTS, call, self._keys(accounts))

    async def community_buildings(self, call: Call, communities: Sequence[str]) -> list[Hit[tuple[Building, ...]]]:
        """The buildings of each community, by name, then by key."""
        return await self._several(place.BUILDINGS_OF_COMMUNITIES, call, formed(communities))

    async def ownership_shares(
        self, call: Call, accounts: Sequence[AccountRef]
    ) -> list[Hit[tuple[OwnershipShare, ...]]]:
        """The shares that are held through each account's unit, by key."""
        return await self._several(place.SHARES_OF_ACCOUNTS, call, self._keys(accounts))
