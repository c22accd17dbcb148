"""Units."""

from __future__ import annotations

from decimal import Decimal

import strawberry

from ventanilla.resolvers import units
from ventanilla.schema.enums import UnitKind
from ventanilla.schema.fields import batch, prop
from ventanilla.schema.place import Building


@strawberry.type(
    description="A part of what a community owns in common, held through one unit: exactly `numerator` / `denominator`,"
    " as the land register writes it. Co-owners of a unit have one each."
)
class OwnershipShare:
    """A share."""

    numerator: int = prop("How many parts.", of="share.numerator")
    denominator: int = prop(
        "Of how many. The fraction is not reduced, and a community's need not add up to 1.", of="share.denominator"
    )
    owner: str | None = prop("The owner's name; null for who reaches the account as TENANT or RESIDENT only.")


@strawberry.type(description="One set of premises inside a property.")
class Unit:
    """A flat, shop, garage or the like."""

    label: str = prop("What stands on its door or in the register.", of="unit.label")
    kind: UnitKind = prop("What it is used as.", of="unit.kind")
    area_m2: Decimal | None = prop("Floor area in square metres.", of="unit.area_m2", name="areaM2")
    building: Building | None = batch(units.buildings, "The building that it is in, where the books keep buildings.")
    shares: list[OwnershipShare] | None = batch(units.shares, "The shares in the community that are held through it.")
