"""Places of the reference books: properties, units, buildings, communities and shares in them."""

from __future__ import annotations

from ventanilla.backoffice_adapters.book import BuildingEntry, CommunityEntry
from ventanilla.backoffice_adapters.records import Address, Geo, OwnershipShare, Property, Unit, UnitKind

_STREET = Address(lines=("Av. Córdoba 1234, 3º B", "Torre Ñ"), locality="Córdoba", region="Córdoba", country="AR")
_CORNER = Address(lines=("ul. Świętego Wawrzyńca 5/7",), locality="Kraków", postal_code="31-060", country="PL")
_MOST = 2**31 - 1


def properties() -> tuple[Property, ...]:
    """A house and a corner house."""
    return (
        Property(key="pro1", name="Edificio Año Nuevo", address=_STREET),
        Property(key="pro2", name="Kamienica „Pod Orłem”", address=_CORNER),
    )


def units() -> tuple[Unit, ...]:
    """Units in five buildings, and one in none."""
    return (
        Unit(key="uni1", label="3º B", kind=UnitKind.FLAT, area_m2="54.30", building_key="bui1"),
        Unit(key="uni2", label="7", kind=UnitKind.SHOP, building_key="bui2"),
        Unit(key="uni3", label="m. 12", kind=UnitKind.FLAT, area_m2="100", building_key="bui4"),
        Unit(key="uni4", label="Nº 4", kind=UnitKind.GARAGE, building_key="bui5"),
        Unit(key="uni5", label="G-1", kind=UnitKind.GARAGE, building_key="bui3"),
        Unit(key="uni6", label="U2", kind=UnitKind.OFFICE),
    )


def communities() -> tuple[CommunityEntry, ...]:
    """One of several buildings, one of a single one, one of none."""
    return (
        CommunityEntry(key="com1", name="Wspólnota „Łąkowa 3–5”", address=_CORNER, number="6762412345"),
        CommunityEntry(key="com2", name="Propiedad Horizontal Torre Ñandú", address=_STREET),
        CommunityEntry(key="com3", name="Wspólnota bez budynku", address=_CORNER),
    )


def buildings() -> tuple[BuildingEntry, ...]:
    """Buildings of a community, neither by name nor by key, two of one name; and one that belongs to nobody."""
    point = Geo(latitude=50.0503, longitude=19.9449)
    return (
        BuildingEntry(key="bui3", name="Budynek B", address=_CORNER, community="com1"),
        BuildingEntry(
            key="bui1", name="Budynek B", address=_CORNER, geo=point, built_in=1938, unit_count=24, community="com1"
        ),
        BuildingEntry(key="bui2", name="Budynek A", address=_CORNER, unit_count=1, community="com1"),
        BuildingEntry(key="bui4", name="Torre Íñigo", address=_STREET, built_in=2019, community="com2"),
        BuildingEntry(key="bui5", name="Cocheras", address=_STREET),
    )


def ownership_shares() -> tuple[OwnershipShare, ...]:
    """Co-owners with odd denominators, a fraction that could be reduced, and the greatest numbers there are."""
    return (
        OwnershipShare(key="sha3", unit_key="uni1", owner="Zażółć Gęślą-Jaźń", numerator=1, denominator=7),
        OwnershipShare(key="sha1", unit_key="uni1", owner="Ana María Ñandú", numerator=4_321, denominator=1_000_003),
        OwnershipShare(key="sha2", unit_key="uni1", owner='O\'Higgins; "La 14"', numerator=250, denominator=10_000),
        OwnershipShare(key="sha4", unit_key="uni2", owner="Íñigo Peña", numerator=_MOST, denominator=_MOST),
        OwnershipShare(key="sha5", unit_key="uni3", owner="Świętosława Żmija", numerator=1, denominator=_MOST),
    )
