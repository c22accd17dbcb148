"""The twin's parties: who is known, and as what."""

from __future__ import annotations

from collections.abc import Sequence

from ventanilla.backoffice_adapters.book import AccountEntry, StandingEntry
from ventanilla.backoffice_adapters.conformance.picking import among, part_of, plain
from ventanilla.backoffice_adapters.conformance.twin.shelf import Shelf
from ventanilla.backoffice_adapters.contract import Call, Hit, PartyFilter, PartyOrder, Window
from ventanilla.backoffice_adapters.records import AccountStatus, Contractor, Party, PartyRole, Slice, Standing


class Parties(Shelf):
    """Parties with their standings, those of account holders first put together with the others."""

    async def parties(self, call: Call, wheres: Sequence[PartyFilter], window: Window) -> list[Hit[Slice[Contractor]]]:
        """Who has a standing and passes the filter, by name."""
        known = [row for row in map(self._contractor, self.book.parties) if row.standings]
        found = [[row for row in known if self._found(row, where)] for where in wheres]
        return [part_of(rows, PartyOrder.NAME_ASC, window) for rows in found]

    async def parties_by_key(self, call: Call, keys: Sequence[str]) -> list[Hit[Contractor]]:
        """The parties with these keys."""
        found = {party.key: self._contractor(party) for party in self.book.parties}
        return [found.get(key) for key in keys]

    def _found(self, row: Contractor, where: PartyFilter) -> bool:
        if where.roles and not any(among(standing.role, where.roles) for standing in row.standings):
            return False
        text = (where.text or "").strip().casefold()
        return not text or text in row.name.casefold() or self._documented(row.party, text)

    def _documented(self, party: Party, text: str) -> bool:
        document = plain(party.document_number or "").casefold()
        return bool(document) and document == plain(text)

    def _contractor(self, party: Party) -> Contractor:
        entries = [*map(self._of_holder, self.book.accounts), *self.book.standings]
        mine = [self._standing(entry) for entry in entries if entry.party == party.key and self._counts(entry)]
        return Contractor(key=party.key, origin=self._origin, party=party, standings=tuple(sorted(mine, key=_place)))

    def _of_holder(self, account: AccountEntry) -> StandingEntry:
        return StandingEntry(
            party=account.holder,
            role=account.holder_as,
            account=account.key,
            starts_on=account.opened_on,
            ends_on=account.closed_on,
        )

    def _counts(self, entry: StandingEntry) -> bool:
        closed = [account.key for account in self.book.accounts if account.status is AccountStatus.CLOSED]
        return entry.account not in closed

    def _standing(self, entry: StandingEntry) -> Standing:
        numbers = {account.key: account.number for account in self.book.accounts}
        names = {community.key: community.name for community in self.book.communities}
        return Standing(
            role=entry.role,
            account_key=entry.account,
            account_number=numbers.get(entry.account or ""),
            community_key=entry.community,
            community_name=names.get(entry.community or ""),
            starts_on=entry.starts_on,
            ends_on=entry.ends_on,
        )


def _place(standing: Standing) -> tuple[int, str, str, str]:
    role, day = list(PartyRole).index(standing.role), standing.starts_on
    return role, standing.account_key or "", standing.community_key or "", day.isoformat() if day else ""
