"""Where accounts are: properties, units, buildings, communities, and the shares in them."""

from __future__ import annotations

import msgspec

from ventanilla.backoffice_adapters.database import Row
from ventanilla.backoffice_adapters.ledger.kinds.base import Kind, Parts
from ventanilla.backoffice_adapters.ledger.kinds.made import by, by_value
from ventanilla.backoffice_adapters.records import (
    Address,
    Building,
    Community,
    Geo,
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


BUILDINGS = Kind(Building, "building", {"address": by(_address, *_ADDRESS), "geo": by(_geo, "latitude", "longitude")})
COMMUNITIES = Kind(Community, "community", {"address": by(_address, *_ADDRESS)})

_IN_BUILDING = "JOIN unit u ON u.book = a.book AND u.key = a.unit_key JOIN building"
_OF_UNIT = "ON {0}.book = u.book AND {0}.key = u.building_key"
BUILDINGS_OF_ACCOUNTS = Parts(
    kind=BUILDINGS,
    sql=f"""SELECT a.key, {{columns}} FROM account a {_IN_BUILDING} part {_OF_UNIT.format("part")}
        WHERE a.book = $1 AND a.key IN $2[]""",
)
COMMUNITIES_OF_ACCOUNTS = Parts(
    kind=COMMUNITIES,
    sql=f"""SELECT a.key, {{columns}} FROM account a {_IN_BUILDING} b {_OF_UNIT.format("b")}
        JOIN community part ON part.book = b.book AND part.key = b.community_key
        WHERE a.book = $1 AND a.key IN $2[]""",
)
BUILDINGS_OF_COMMUNITIES = Parts(
    kind=BUILDINGS,
    sql="""SELECT c.key, {columns} FROM community c
        LEFT JOIN building part ON part.book = c.book AND part.community_key = c.key
        WHERE c.book = $1 AND c.key IN $2[] ORDER BY part.name, part.key""",
)
SHARES_OF_ACCOUNTS = Parts(
    kind=Kind(OwnershipShare, "ownership_share", {}),
    sql="""SELECT a.key, {columns} FROM account a
        LEFT JOIN ownership_share part ON part.book = a.book AND part.unit_key = a.unit_key
        WHERE a.book = $1 AND a.key IN $2[] ORDER BY part.key""",
)
"""Shares by account."""
