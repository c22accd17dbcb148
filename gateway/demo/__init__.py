"""The demo: three managers of three countries, the books of their offices, and people who may sign in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

from ventanilla.backoffice_adapters.book import Book
from ventanilla.backoffice_adapters.records import Record
from ventanilla.gateway.demo import people
from ventanilla.gateway.demo.books import aguas, czynsze, inmobiliaria, wspolnoty
from ventanilla.gateway.demo.people import DemoPerson, Holding

__all__ = ["DEMO", "DemoManager", "DemoPerson", "Holding"]

_MANAGERS = Path(__file__).parent / "managers"


class DemoManager(Record):
    """A manager of the demo."""

    slug: str
    writers: dict[str, Callable[[date], Book]]
    """Office → what writes its book."""
    people: tuple[DemoPerson, ...]
    """The typical resident stands first."""
    staff: tuple[DemoPerson, ...]
    """Who works for the manager: one who looks after people, then one who administers access."""

    @property
    def everybody(self) -> tuple[DemoPerson, ...]:
        """All who may sign in."""
        return (*self.people, *self.staff)

    @property
    def toml(self) -> Path:
        """The manager's file."""
        return _MANAGERS / f"{self.slug}.toml"

    def books(self, anchor: date) -> dict[str, Book]:
        """Office → its whole content on `anchor`: two years back, and due dates ahead. Equal anchors, equal books."""
        return {office: write(anchor) for office, write in self.writers.items()}


DEMO: tuple[DemoManager, ...] = (
    DemoManager(slug="aguas", writers={"comercial": aguas.book}, people=people.AGUAS, staff=people.AGUAS_STAFF),
    DemoManager(
        slug="inmobiliaria",
        writers={"arriendos": inmobiliaria.book},
        people=people.INMOBILIARIA,
        staff=people.INMOBILIARIA_STAFF,
    ),
    DemoManager(
        slug="osiedle",
        writers={"czynsze": czynsze.book, "wspolnoty": wspolnoty.book},
        people=people.OSIEDLE,
        staff=people.OSIEDLE_STAFF,
    ),
)
"""The managers that `ventanilla demo` sets up."""
