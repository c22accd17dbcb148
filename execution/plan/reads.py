"""What will be read of the values of a field, so that whoever fetches them may leave out the rest."""

from __future__ import annotations

from typing import Final

from ventanilla.execution.fields import Batch, Column, Property, Reads
from ventanilla.execution.plan.tree import Field, Selection

_ALL: Final[Reads] = frozenset({""})
"""No more is known than that something is read."""


def wanted_of(each: Field) -> Reads | None:
    """The attributes that are read of the values of `each`, lists gone through; None where any may be."""
    found = _of_values(each)
    return None if "" in found else found


def _of_values(each: Field) -> Reads:
    below = each.below
    return _of_parents(below) if isinstance(below, Selection) else _ALL


def _of_parents(selection: Selection) -> Reads:
    return frozenset[str]().union(*map(_by_field, selection.fields))


def _by_field(each: Field) -> Reads:
    """What one field reads of its parent."""
    match each.declared:
        case None:  # the name of a type
            return frozenset()
        case Property(name):
            # Of what nothing is read it is still looked whether it is there.
            return frozenset(f"{name}.{part}".rstrip(".") for part in _of_values(each) or _ALL)
        case Column(reads=reads) | Batch(reads=reads) if reads is not None:
            return reads
        case _:
            return _ALL
