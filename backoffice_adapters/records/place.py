"""People and places: parties, addresses, properties, buildings, units, and communities with their shares."""

from __future__ import annotations

from enum import StrEnum

from ventanilla.backoffice_adapters.records.base import Record, Sourced


class PartyKind(StrEnum):
    """Whether a party is a human being or an organisation."""

    PERSON = "PERSON"
    COMPANY = "COMPANY"


class Party(Record):
    """The business side of a person or company: whom the office knows as tenant, owner, customer or supplier."""

    key: str
    name: str
    kind: PartyKind = PartyKind.PERSON
    document_type: str | None = None
    """The kind of identity number, as its country calls it: DNI, CUIT, CC, NIT, PESEL, NIP."""
    document_number: str | None = None
    email: str | None = None
    phone: str | None = None


class Address(Record):
    """A postal address; `lines` are the street lines as they are written in its country."""

    lines: tuple[str, ...]
    locality: str
    region: str | None = None
    postal_code: str | None = None
    country: str
    """ISO 3166-1 alpha-2."""


class Geo(Record):
    """A point on the map, WGS 84 degrees."""

    latitude: float
    longitude: float


class Property(Record):
    """A building, estate or plot with an address."""

    key: str
    name: str
    address: Address
    geo: Geo | None = None


class UnitKind(StrEnum):
    """What a unit is used as."""

    FLAT = "FLAT"
    HOUSE = "HOUSE"
    SHOP = "SHOP"
    OFFICE = "OFFICE"
    GARAGE = "GARAGE"
    STORAGE = "STORAGE"
    PLOT = "PLOT"


class Unit(Record):
    """One set of premises inside a property; `label` is what stands on its door or in the register."""

    key: str
    label: str
    kind: UnitKind
    area_m2: str | None = None
    """Floor area in square metres, a plain decimal such as ``"54.30"``."""
    building_key: str | None = None
    """The building it is in, where the office keeps buildings."""


class Building(Sourced):
    """A building with units in it."""

    name: str
    address: Address
    geo: Geo | None = None
    built_in: int | None = None
    """The year."""
    unit_count: int | None = None
    """How many units it has, told by the office; not only those that it keeps accounts for."""
    community_key: str | None = None


class Community(Sourced):
    """The owners of a building or estate together: wspólnota mieszkaniowa, propiedad horizontal."""

    name: str
    address: Address
    number: str | None = None
    """Its number in the tax authority's or court's register (NIP, NIT, CUIT)."""


class OwnershipShare(Record):
    """A part of what a community owns in common, held through one unit. Co-owners of a unit have one each.

    The part is exactly ``numerator / denominator``, both from 1 to 2³¹ - 1, as the land register writes it: it is never
    reduced, rounded or turned into a percentage. All shares of a community need not add up to 1.
    """

    key: str
    unit_key: str
    owner: str
    """The owner's name."""
    numerator: int
    denominator: int
