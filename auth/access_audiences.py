"""Audiences: whom the manager gives access to at once, and what each of them may then reach."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from enum import StrEnum
from typing import Final

from ventanilla.auth.mandates import Mandate, MandateRole
from ventanilla.backoffice_adapters.records import AccountRole, Contractor, PartyRole, Record, Standing


class AccessAudience(StrEnum):
    """Who is meant, by what they are to the manager."""

    TENANTS_AND_OWNERS = "TENANTS_AND_OWNERS"
    TENANTS_ONLY = "TENANTS_ONLY"
    OWNERS_ONLY = "OWNERS_ONLY"
    SUPPLIERS = "SUPPLIERS"
    BOARD_MEMBERS = "BOARD_MEMBERS"


class FilterMode(StrEnum):
    """Whether people were picked by hand."""

    NONE = "NONE"
    ONLY = "ONLY"
    """None but those."""
    EXCEPT = "EXCEPT"
    """All but those."""


ROLES: Final[Mapping[AccessAudience, tuple[PartyRole, ...]]] = {
    AccessAudience.TENANTS_AND_OWNERS: (PartyRole.TENANT, PartyRole.OWNER, PartyRole.RESIDENT, PartyRole.HOLDER),
    AccessAudience.TENANTS_ONLY: (PartyRole.TENANT, PartyRole.RESIDENT),
    AccessAudience.OWNERS_ONLY: (PartyRole.OWNER, PartyRole.HOLDER),
    AccessAudience.SUPPLIERS: (PartyRole.SUPPLIER,),
    AccessAudience.BOARD_MEMBERS: (PartyRole.BOARD_MEMBER,),
}
"""What makes somebody one of an audience."""
_STRONGEST: Final = (AccountRole.OWNER, AccountRole.HOLDER, AccountRole.TENANT, AccountRole.RESIDENT)
"""As which of several things somebody reaches an account."""


class GrantedAccount(Record):
    """An account that somebody is to reach."""

    office: str
    key: str
    number: str
    role: AccountRole
    ends_on: date | None = None
    """The last day on which it may still be given; None while no end is known."""


class Grant(Record):
    """What somebody reaches once they have come in."""

    accounts: tuple[GrantedAccount, ...] = ()
    mandates: tuple[Mandate, ...] = ()
    """Their ids are empty: there are none yet."""

    def still(self, today: date) -> Grant:
        """What of it has not ended by then."""
        return Grant(
            accounts=tuple(each for each in self.accounts if not _is_past(each.ends_on, today)),
            mandates=tuple(each for each in self.mandates if not _is_past(each.ends_on, today)),
        )


def grant_of(contractor: Contractor, audience: AccessAudience, today: date) -> Grant:
    """What somebody of an audience may reach; nothing for who is none of it, or not any more.

    An account that is theirs in several ways is given once, in the strongest. One that begins later is not given yet;
    a mandate says itself when it begins.
    """
    ours = [each for each in contractor.standings if each.role in ROLES[audience] and not _is_past(each.ends_on, today)]
    accounts: dict[str, GrantedAccount] = {}
    for account in sorted(_accounts(contractor, ours, today), key=lambda each: _STRONGEST.index(each.role)):
        accounts.setdefault(account.key, account)
    mandates = {(each.subject_key, each.starts_on): each for each in _mandates(contractor, ours, today)}
    return Grant(accounts=tuple(accounts.values()), mandates=tuple(mandates.values()))


def _accounts(contractor: Contractor, standings: list[Standing], today: date) -> Iterator[GrantedAccount]:
    for each in standings:
        begun = each.starts_on is None or each.starts_on <= today
        if each.account_key is not None and begun:
            yield GrantedAccount(
                office=contractor.origin.source,
                key=each.account_key,
                number=each.account_number or "",
                role=AccountRole(each.role.value),
                ends_on=each.ends_on,
            )


def _mandates(contractor: Contractor, standings: list[Standing], today: date) -> Iterator[Mandate]:
    for each in standings:
        if each.role is PartyRole.SUPPLIER:
            role, key, name = MandateRole.SUPPLIER, contractor.party.key, contractor.party.name
        elif each.role is PartyRole.BOARD_MEMBER and each.community_key is not None:
            role, key, name = MandateRole.BOARD_MEMBER, each.community_key, each.community_name or ""
        else:
            continue
        yield Mandate(
            id="",
            role=role,
            office=contractor.origin.source,
            subject_key=key,
            subject_name=name,
            starts_on=each.starts_on or today,
            ends_on=each.ends_on,
        )


def _is_past(last_day: date | None, today: date) -> bool:
    return last_day is not None and last_day < today
