"""What a field costs by itself, in points, told as `execution/cost.py` reckons it."""

from __future__ import annotations

from typing import Final

from graphql import GraphQLField

from ventanilla.backoffice_adapters.records import Record
from ventanilla.execution.cost import ASSUMED, listing_of
from ventanilla.execution.fields import DECLARATION, Batch, Call, Listing, Source
from ventanilla.gateway.docs.atlas import kind_in

_FREE: Final = "Free: it comes with what it belongs to."
_ITEMS: Final = f"Free; what is asked of its items counts {ASSUMED} times."
_ROWS: Final = "1 for each row that the list may have."


class Points(Record):
    """What a field costs for each object that it is asked of, with nothing but its name asked of what it answers."""

    least: int
    words: str


def is_asked(field: GraphQLField) -> bool:
    """Whether somebody is asked for it: a back office, or our own drawer."""
    return isinstance(field.extensions.get(DECLARATION), Batch | Call | Source)


def is_list(field: GraphQLField) -> bool:
    """Whether a field answers a list, null or not."""
    return str(kind_in(field)).startswith("[")


def points_of(field: GraphQLField, *, in_connection: bool = False, leaf: bool = False) -> Points:
    """The points of a field; `in_connection` of one that belongs to a page of a list, `leaf` of one without fields."""
    listing = listing_of(field)
    if not is_asked(field):
        return _held(field, in_connection=in_connection, leaf=leaf)
    if not is_list(field):
        rows = _page(listing) if listing else ""
        return Points(least=1, words=f"1{rows}.")
    if listing and listing.arguments:
        return Points(least=1 + listing.assumed, words=f"1, and 1 for each of {_either(listing)}.")
    rows = listing.assumed if listing else ASSUMED
    return Points(least=1 + rows, words=f"{1 + rows}: 1, and 1 for each of the {rows} that it is taken to list.")


def _held(field: GraphQLField, *, in_connection: bool, leaf: bool) -> Points:
    if not is_list(field):
        return Points(least=0, words=_FREE)
    if in_connection:
        return Points(least=1, words=_ROWS)
    return Points(least=0, words=_FREE if leaf else _ITEMS)


def _page(listing: Listing) -> str:
    unless = f" unless {_either(listing)} tells another number" if listing.arguments else ""
    return f", and 1 for each row: {listing.assumed}{unless}"


def _either(listing: Listing) -> str:
    return " or ".join(f"`{name}`" for name in listing.arguments)
