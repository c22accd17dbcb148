"""Places: how far an export has come at each of the manager's offices, and the cursors that say so.

A cursor of an export never expires: asked with it, now or another night, what changed since is told. It is good for one
manager, noun and filter alone, since what another filter passed over was not told.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from ventanilla.backoffice_adapters.contract import ChangeMark
from ventanilla.backoffice_adapters.records import Record
from ventanilla.resolvers.context import Context
from ventanilla.resolvers.problems import invalid_argument

_decode = msgspec.json.Decoder(tuple[str | None, dict[str, tuple[str, int]]]).decode


class Place(Record):
    """How far an export has come."""

    turn: str | None = None
    """The office that is read next; None for the first."""
    marks: dict[str, ChangeMark] = {}
    """Up to where each office was read that was read at all."""

    def offices(self, offices: Sequence[str]) -> list[str]:
        """The offices that are left in this round, in order: from the one whose turn it is, and any never read."""
        at = offices.index(self.turn) if self.turn else 0
        return [*offices[at:], *(office for office in offices[:at] if office not in self.marks)]


def purpose(noun: str, where: Record, everything: Record) -> str:
    """What a cursor is for: a noun and what its filter says beside `everything`.

    What a filter leaves out is not in it, so that a condition that filters learn later ends no cursor.
    """
    told = {
        name: value for name in where.__struct_fields__ if (value := getattr(where, name)) != getattr(everything, name)
    }
    return f"export {noun} {msgspec.json.encode(told, order='deterministic').decode()}"


def written(context: Context, purpose: str, place: Place) -> str:
    """The cursor of a place."""
    marks = {office: (mark.journal, mark.number) for office, mark in place.marks.items()}
    return context.cursors.sealed(purpose, msgspec.json.encode((place.turn, marks)))


def read(context: Context, purpose: str, cursor: str | None, offices: Sequence[str]) -> Place:
    """The place that a cursor says; the beginning without one.

    A `Problem` for one that was not made for this, and for one of an office that is not asked any more: what was told
    of it would never be taken back.
    """
    if cursor is None:
        return Place()
    body = context.cursors.opened(purpose, cursor)
    if body is None:
        message = f"{cursor[:80]!r} is not a cursor of this export with this filter; take its pageInfo.endCursor."
        raise invalid_argument(message)
    turn, marks = _decode(body)
    if gone := sorted({*marks, *filter(None, [turn])} - set(offices)):
        message = (
            f"The cursor is of the back office {gone[0]!r} as well, which is not asked. Begin again without `after`."
        )
        raise invalid_argument(message)
    return Place(turn=turn, marks={key: ChangeMark(journal=name, number=at) for key, (name, at) in marks.items()})
