"""Where accounts are: properties, units, buildings, communities, and the shares in them."""

from __future__ import annotations

import msgspec

from ventanilla.backoffice_adapters.database import Row
from ventanilla.backoffice_adapters.ledger.kinds.base import Kind, by_value
from ventanilla.backoffice_adapters.records import (
    Address,
    Building,
    Community,
    Geo,
    Origin,
    OwnershipShare,
    Property,
    Unit,
    UnitKind,
)

_UNIT_KINDS = by_value(UnitKind)
_street_lines = msgspec.json.Decoder(tuple[str, ...]).decode
_ADDRESS = ("street_lines", "locality", "region", "postal_code", "country")


def unit(row: Row) -> Unit:
    """A unit: key, label, kind, area, key of its building."""
    key, label, kind, area, building = row
    return Unit(key=key, label=label, kind=_UNIT_KINDS[kind], area_m2=area, building_key=building)


def property_of(row: Row) -> Property:
    """A property: key, name, address, latitude, longitude."""
    key, name, *address, latitude, longitude = row
    return Property(key=key, name=name, address=_address(*address), geo=_geo(latitude, longitude))


def _address(lines: str, locality: str, region: str | None, postal_code: str | None, country: str) -> Address:
    return Address(
        lines=_street_lines(lines), locality=locality, region=region, postal_code=postal_code, country=country
    )


def _geo(latitude: float | None, longitude: float | None) -> Geo | None:
    return None if latitude is None or longitude is None else Geo(latitude=latitude, longitude=longitude)


def _building(row: Row, origin: Origin, today: str) -> Building:
    _, key, name, *address, latitude, longitude, built_in, unit_count, community = row
    return Building(
        key=key,
        origin=origin,
        name=name,
        address=_address(*address),
        geo=_geo(latitude, longitude),
        built_in=built_in,
        unit_count=unit_count,
        community_key=community,
    )


def _community(row: Row, origin: Origin, today: str) -> Community:
    _, key, name, *address, number = row
    return Community(key=key, origin=origin, name=name, address=_address(*address), number=number)


def share(row: Row) -> OwnershipShare:
    """An ownership share."""
    _, key, of_unit, owner, numerator, denominator = row
    return OwnershipShare(key=key, unit_key=of_unit, owner=owner, numerator=numerator, denominator=denominator)


BUILDINGS = Kind(
    table="building",
    columns=("key", "name", *_ADDRESS, "latitude", "longitude", "built_in", "unit_count", "community_key"),
    make=_building,
)
COMMUNITIES = Kind(table="community", columns=("key", "name", *_ADDRESS, "number"), make=_community)

_IN_BUILDING = """FROM account a JOIN unit u ON u.book = a.book AND u.key = a.unit_key
    JOIN building b ON b.book = u.book AND b.key = u.building_key"""
BUILDINGS_OF_ACCOUNTS = f"SELECT a.key, {BUILDINGS.named('b')} {_IN_BUILDING} WHERE a.book = $1 AND a.key IN $2[]"
COMMUNITIES_OF_ACCOUNTS = f"""SELECT a.key, {COMMUNITIES.named("c")} {_IN_BUILDING}
    JOIN community c ON c.book = b.book AND c.key = b.community_key WHERE a.book = $1 AND a.key IN $2[]"""
BUILDINGS_OF_COMMUNITIES = f"""SELECT c.key, {BUILDINGS.named("b")} FROM community c
    LEFT JOIN building b ON b.book = c.book AND b.community_key = c.key
    WHERE c.book = $1 AND c.key IN $2[] ORDER BY b.name, b.key"""
SHARES_OF_ACCOUNTS = """SELECT a.key, s.key, s.unit_key, s.owner, s.numerator, s.denominator FROM account a
    LEFT JOIN ownership_share s ON s.book = a.book AND s.unit_key = a.unit_key
    WHERE a.book = $1 AND a.key IN $2[] ORDER BY s.key"""
"""What `share` reads, by account."""
