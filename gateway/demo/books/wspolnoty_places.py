"""The communities of `wspolnoty` as places: buildings, and who owns which part."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ventanilla.backoffice_adapters.book import CommunityEntry
from ventanilla.backoffice_adapters.records import OwnershipShare
from ventanilla.gateway.demo.books import osiedle
from ventanilla.gateway.demo.books.clerk import Clerk
from ventanilla.gateway.demo.books.identity import nip
from ventanilla.gateway.demo.books.wspolnoty_roster import Community, House, Premises


@dataclass(frozen=True, slots=True)
class Place:
    """The keys of a community: as a property, as a community, and of its buildings."""

    key: str
    community: str
    buildings: Mapping[House, str]


def enter_community(clerk: Clerk, community: Community, members: Sequence[Premises]) -> Place:
    """Enter a community and its buildings."""
    key = clerk.key("w")
    code, town, units = community.postal_code, community.locality, Counter(member.house for member in members)
    address = osiedle.address(community.houses[0].street, code, town)
    clerk.enter(CommunityEntry(key=key, name=community.name, address=address, number=nip(community.nip)))
    return Place(
        key=clerk.place(community.name, address, community.point),
        community=key,
        buildings={
            house: clerk.building(
                house.name,
                osiedle.address(house.street, code, town),
                community.point,
                built_in=house.built_in,
                units=units[house],
                community=key,
            )
            for house in community.houses
        },
    )


def share_out(clerk: Clerk, members: Sequence[Premises], units: Sequence[str]) -> None:
    """Enter the shares by floor area, as the land register writes them; co-owners have half of a unit's each."""
    areas = [int(member.area * 100) for member in members]
    whole, part_of = sum(areas), members[0].community.part_of
    for member, unit, area in zip(members, units, areas, strict=True):
        numerator, denominator = (area * part_of // whole, part_of) if part_of else (area, whole)
        names = [member.owner.name, *([member.partner] if member.partner else [])]
        for name in names:
            clerk.enter(
                OwnershipShare(
                    key=clerk.key("s"),
                    unit_key=unit,
                    owner=name,
                    numerator=numerator,
                    denominator=denominator * len(names),
                )
            )
