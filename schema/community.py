"""Communities."""

from __future__ import annotations

import strawberry

from ventanilla.resolvers import boards, communities
from ventanilla.schema.board import BoardArea
from ventanilla.schema.fields import batch, prop
from ventanilla.schema.node import Node, Sourced
from ventanilla.schema.place import Address, Building


@strawberry.type(description="The owners of a building or estate together.")
class Community(Node, Sourced):
    """A community of owners."""

    name: str = prop("Its name.")
    number: str | None = prop("Its number in the register of the tax authority or court: NIP, NIT, CUIT.")
    address: Address = prop("Its postal address.")
    buildings: list[Building] | None = batch(communities.buildings, "Its buildings, by name.")
    board_area: BoardArea | None = batch(
        boards.areas,
        "What is for its board: null, with FORBIDDEN, for who is no member of it today, the manager's staff included.",
    )
