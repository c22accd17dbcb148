"""The twin's notices: who sees them, and when."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from ventanilla.backoffice_adapters.book import NoticeEntry
from ventanilla.backoffice_adapters.conformance.picking import among, part_of
from ventanilla.backoffice_adapters.conformance.twin.place import Places
from ventanilla.backoffice_adapters.contract import Call, Hit, NoticeOrder, Window
from ventanilla.backoffice_adapters.records import Notice, NoticeScope, Reader, ReaderStanding, Slice


class Notices(Places):
    """Notices."""

    async def notices(
        self, call: Call, readers: Sequence[Reader], order: NoticeOrder, window: Window
    ) -> list[Hit[Slice[Notice]]]:
        """A part of what each reader may see now."""
        return [
            part_of(self._seen(reader, call.now), order, window) if reader.standings else None for reader in readers
        ]

    async def notices_by_key(self, call: Call, keys: Sequence[str], reader: Reader) -> list[Hit[Notice]]:
        """The notices with these keys that the reader may see now."""
        found = {notice.key: notice for notice in self._seen(reader, call.now)}
        return [found.get(key) for key in keys]

    def _seen(self, reader: Reader, now: datetime) -> list[Notice]:
        return [
            self._notice(entry)
            for entry in self.book.notices
            if self._published(entry, now) and any(self._meant(entry, standing) for standing in reader.standings)
        ]

    def _published(self, entry: NoticeEntry, now: datetime) -> bool:
        return entry.published_from <= now and (entry.visible_until is None or now < entry.visible_until)

    def _meant(self, entry: NoticeEntry, standing: ReaderStanding) -> bool:
        """Whether this one account meets all that the audience asks for; what asks for nothing is for everybody."""
        account, building, community = self._whereabouts(standing)
        return (
            among(account, entry.accounts)
            and among(building, entry.buildings)
            and among(community, entry.communities)
            and among(standing.role, entry.roles)
        )

    def _whereabouts(self, standing: ReaderStanding) -> tuple[str | None, str | None, str | None]:
        """The keys of an account of this office, of its building and of its community, as far as there are any."""
        at_home = [row for row in self.book.accounts if self._at_home(standing.account)]
        entry = next((row for row in at_home if row.key == standing.account.key), None)
        building = self._building(entry) if entry else None
        return entry and entry.key, building and building.key, building and building.community

    def _notice(self, entry: NoticeEntry) -> Notice:
        speaks = next((row for row in self.book.communities if row.key == entry.community), None)
        return Notice(
            key=entry.key,
            origin=self._origin,
            title=entry.title,
            body=entry.body,
            scope=NoticeScope.COMMUNITY if speaks else NoticeScope.MANAGER,
            community_name=speaks and speaks.name,
            published_from=entry.published_from,
            visible_until=entry.visible_until,
        )
