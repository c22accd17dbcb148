"""A SQLite database that is kept up to date: a table for each noun, and what hangs on it beside it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ventanilla_export.nouns import Noun
from ventanilla_export.portal import Portal
from ventanilla_export.pulling import Pull, Pulled, Wish
from ventanilla_export.shelf import Shelf
from ventanilla_export.telling import Telling
from ventanilla_export.troubles import NotLicensedError


@dataclass(frozen=True)
class Synced:
    """What became of one noun."""

    noun: Noun
    pulled: Pulled | None
    """None where the manager has no such thing."""
    rows: int
    """How many there are now."""

    @property
    def text(self) -> str:
        """The same as a line."""
        if self.pulled is None:
            return f"{self.noun.name}: this manager has none"
        anew = ", all told anew since the cursor was refused" if self.pulled.begun_anew else ""
        return (
            f"{self.noun.name}: {self.pulled.told:,} told, {self.pulled.removed:,} removed, {self.rows:,} in all{anew}"
        )


def sync(portal: Portal, path: Path, wish: Wish, telling: Telling, *, optional: bool) -> Synced:
    """Bring one noun up to date. `optional`: it is passed over where the manager has nothing of the kind."""
    with Shelf(path) as shelf:
        pulled = None
        try:
            pulled = Pull(portal, shelf, telling, wish).run()
        except NotLicensedError:
            if not optional:
                raise
        return Synced(wish.noun, pulled, shelf.count(wish.noun.nodes))
