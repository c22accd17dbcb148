"""Parties, addresses, properties and buildings."""

from __future__ import annotations

import strawberry

from ventanilla.schema.enums import PartyKind
from ventanilla.schema.fields import prop
from ventanilla.schema.node import Sourced


@strawberry.type(description="The business side of a person or company, as the manager's books know it.")
class Party:
    """A tenant, owner, customer or supplier."""

    name: str = prop("Full name, or the name of the company.")
    kind: PartyKind = prop("A person or a company.")
    document_type: str | None = prop("Kind of the identity number: DNI, CUIT, CC, NIT, PESEL, NIP.")
    document_number: str | None = prop("The identity number, as the country writes it.")
    email: str | None = prop("The e-mail address in the manager's books.")
    phone: str | None = prop("The telephone number as the manager's books write it.")


@strawberry.type(description="A postal address.")
class Address:
    """Where something is."""

    lines: list[str] = prop("Street lines as they are written in the country.")
    locality: str = prop("City, town or village.")
    region: str | None = prop("Province, department or voivodeship.")
    postal_code: str | None = prop("Postal code.")
    country: str = prop("ISO 3166-1 alpha-2 code of the country: `AR`.")


@strawberry.type(description="A point on the map, WGS 84.")
class Geo:
    """Latitude and longitude."""

    latitude: float = prop("Degrees north.")
    longitude: float = prop("Degrees east.")


@strawberry.type(description="A building, estate or plot.")
class Property:
    """A property with an address."""

    name: str = prop("How the manager calls it.")
    address: Address = prop("Its postal address.")
    geo: Geo | None = prop("Where it is on the map, if the manager's books say so.")


@strawberry.type(description="A building with units in it.")
class Building(Sourced):
    """A building."""

    name: str = prop("How the manager calls it.")
    address: Address = prop("Its postal address.")
    geo: Geo | None = prop("Where it is on the map, if the manager's books say so.")
    built_in: int | None = prop("The year in which it was built.")
    unit_count: int | None = prop("How many units it has, whoever manages them.")
