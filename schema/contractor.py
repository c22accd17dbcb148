"""Whom the manager's offices know."""

from __future__ import annotations

from datetime import date

import strawberry

from ventanilla.resolvers import access_parties
from ventanilla.schema.enums import PartyKind, PartyRole
from ventanilla.schema.fields import column, prop
from ventanilla.schema.node import Sourced


@strawberry.type(description="One thing that somebody is to the manager: begun, running or over.")
class ContractorStanding:
    """A standing."""

    role: PartyRole = prop("As what.")
    account_number: str | None = prop("Of which account; null where it is of none.")
    community_name: str | None = prop("Of which community; null where it is of none.")
    starts_on: date | None = prop("The first day; null where nobody knows.")
    ends_on: date | None = prop("The last day; null until further notice.")


@strawberry.type(description="Somebody whom an office of the manager knows, with all that they are there.")
class Contractor(Sourced):
    """A party and its standings."""

    id: strawberry.ID = column(access_parties.ids, "To pick them by. They are no nodes.")
    name: str = prop("Full name, or the name of the company.")
    kind: PartyKind = prop("A person or a company.", of="party.kind")
    document_type: str | None = prop("Kind of the identity number: DNI, CUIT, CC, NIT.", of="party.document_type")
    document_number: str | None = prop("The identity number.", of="party.document_number")
    email: str | None = prop("The e-mail address in the manager's books.", of="party.email")
    phone: str | None = prop("The telephone number as the manager's books write it.", of="party.phone")
    standings: list[ContractorStanding] = prop("What they are to the manager.")
