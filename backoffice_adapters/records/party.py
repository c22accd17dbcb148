"""Whom an office knows, and as what."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from ventanilla.backoffice_adapters.records.base import Record, Sourced
from ventanilla.backoffice_adapters.records.place import Party


class PartyRole(StrEnum):
    """As what an office knows somebody.

    TENANT, OWNER, RESIDENT and HOLDER are of an account; HOLDER says no more than that papers are made out to them. A
    BOARD_MEMBER is of a community. A SUPPLIER is of a community, or of the manager without anything named.
    """

    TENANT = "TENANT"
    OWNER = "OWNER"
    RESIDENT = "RESIDENT"
    HOLDER = "HOLDER"
    SUPPLIER = "SUPPLIER"
    BOARD_MEMBER = "BOARD_MEMBER"


class Standing(Record):
    """One thing that a party is to the manager. Days are local; both are among those of the standing.

    It is told whether it has begun, runs or has ended: whoever reads it looks at its days. Nobody has one to an account
    that is CLOSED.
    """

    role: PartyRole
    account_key: str | None = None
    account_number: str | None = None
    """There exactly when `account_key` is."""
    community_key: str | None = None
    community_name: str | None = None
    """There exactly when `community_key` is."""
    starts_on: date | None = None
    """None: since nobody knows when."""
    ends_on: date | None = None
    """None: until further notice."""


class Contractor(Sourced):
    """Somebody whom the office knows, with all that they are to the manager. `key` is the party's."""

    party: Party
    standings: tuple[Standing, ...] = ()
    """By role as the enum has them, then by account key, community key and first day; what is None comes first."""

    @property
    def name(self) -> str:
        """What they are listed by."""
        return self.party.name
