"""The twin's buildings and communities, and the shares in them."""

from __future__ import annotations

from collections.abc import Sequence

from ventanilla.backoffice_adapters.book import AccountEntry, BuildingEntry, CommunityEntry
from ventanilla.backoffice_adapters.conformance.twin.shelf import Shelf
from ventanilla.backoffice_adapters.contract import Call, Hit
from ventanilla.backoffice_adapters.records import AccountRef, Building, Community, OwnershipShare


class Places(Shelf):
    """Buildings, communities and shares: an account's unit leads to all of them."""

    async def buildings(self, call: Call, accounts: Sequence[AccountRef]) -> list[Hit[Building]]:
        """The building of each account's unit."""
        return self._each(accounts, lambda entry: self._told(self._building(entry)))

    async def communities(self, call: Call, accounts: Sequence[AccountRef]) -> list[Hit[Community]]:
        """The community of each account's building."""
        return self._each(accounts, self._community)

    async def communities_by_key(self, call: Call, keys: Sequence[str]) -> list[Hit[Community]]:
        """The communities with these keys."""
        found = {entry.key: self._named(entry) for entry in self.book.communities}
        return [found.get(key) for key in keys]

    async def community_buildings(self, call: Call, communities: Sequence[str]) -> list[Hit[tuple[Building, ...]]]:
        """The buildings of each community."""
        known = {entry.key for entry in self.book.communities}
        return [self._buildings(key) if key in known else None for key in communities]

    async def ownership_shares(
        self, call: Call, accounts: Sequence[AccountRef]
    ) -> list[Hit[tuple[OwnershipShare, ...]]]:
        """The shares through each account's unit."""
        return self._each(accounts, self._shares)

    def _building(self, entry: AccountEntry) -> BuildingEntry | None:
        unit = self._unit(entry)
        return next((row for row in self.book.buildings if unit and row.key == unit.building_key), None)

    def _told(self, entry: BuildingEntry | None) -> Building | None:
        if entry is None:
            return None
        return Building(
            key=entry.key,
            origin=self._origin,
            name=entry.name,
            address=entry.address,
            geo=entry.geo,
            built_in=entry.built_in,
            unit_count=entry.unit_count,
            community_key=entry.community,
        )

    def _community(self, entry: AccountEntry) -> Community | None:
        building = self._building(entry)
        found = next((row for row in self.book.communities if building and row.key == building.community), None)
        return found and self._named(found)

    def _named(self, entry: CommunityEntry) -> Community:
        return Community(
            key=entry.key, origin=self._origin, name=entry.name, address=entry.address, number=entry.number
        )

    def _buildings(self, community: str) -> tuple[Building, ...]:
        found = [self._told(entry) for entry in self.book.buildings if entry.community == community]
        return tuple(sorted((row for row in found if row), key=lambda row: (row.name, row.key)))

    def _shares(self, entry: AccountEntry) -> tuple[OwnershipShare, ...]:
        held = [share for share in self.book.ownership_shares if entry.unit and share.unit_key == entry.unit]
        return tuple(sorted(held, key=lambda share: share.key))
