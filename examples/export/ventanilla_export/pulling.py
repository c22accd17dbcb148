"""Reading a noun to the end of its journal of changes, from wherever the shelf is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from ventanilla_export.nouns import Noun
from ventanilla_export.portal import Ask, Portal
from ventanilla_export.shelf import Origin, Shelf, State
from ventanilla_export.telling import Telling
from ventanilla_export.troubles import CursorRefusedError, RefusedError


@dataclass(frozen=True)
class Wish:
    """What is to be exported, beside where."""

    noun: Noun
    where: Mapping[str, Any]
    """The filter, as GraphQL takes it; empty for everything."""
    offices: tuple[str, ...] = ()
    """Only what these back offices keep; all for none."""
    since: str | None = None
    """The cursor of an earlier export: what changed since is told."""
    page_size: int = 1_000


@dataclass(frozen=True)
class Pulled:
    """What came of it."""

    told: int
    """How many records were told, new, changed or again."""
    removed: int
    cursor: str
    begun_anew: bool
    """Whether the portal refused the cursor, so that all was told again."""


class Pull:
    """One noun on its way from a portal to a shelf."""

    def __init__(self, portal: Portal, shelf: Shelf, telling: Telling, wish: Wish) -> None:
        self._portal = portal
        self._shelf = shelf
        self._telling = telling
        self._wish = wish
        self._told = self._removed = 0
        self._total: int | None = None
        self._anew = False

    def run(self) -> Pulled:
        """Ask page after page, and keep each before the next is asked for. Any `ExportError` leaves what is kept."""
        noun = self._wish.noun
        origin = Origin(self._portal.url, self._wish.where, list(self._wish.offices), self._wish.since, noun.document)
        state = self._shelf.begin(noun, origin)
        self._telling.begins(noun.name)
        try:
            more = True
            while more:
                state, more = self._step(state)
        finally:
            self._telling.ends()
        return Pulled(self._told, self._removed, state.cursor or "", self._anew)

    def _step(self, state: State) -> tuple[State, bool]:
        ask = Ask(
            noun=self._wish.noun,
            first=self._wish.page_size,
            after=state.cursor,
            where=self._wish.where,
            offices=self._wish.offices,
            counted=self._total is None,
        )
        anew = False
        try:
            page = self._portal.page(ask)
        except CursorRefusedError as error:
            self._begin_anew(error)
            page, anew = self._portal.page(replace(ask, after=None, counted=True)), True
        state = self._shelf.keep(self._wish.noun, page, state, anew=anew)
        self._told += len(page.nodes)
        self._removed += len(page.removed)
        if page.remaining is not None:
            self._total = self._told + self._removed + page.remaining
        self._telling.told(self._told + self._removed, self._total)
        return state, page.more

    def _begin_anew(self, error: CursorRefusedError) -> None:
        """Take a refused cursor for the end of its journal: once, for what was just told is no old cursor."""
        if self._wish.since is not None:
            raise RefusedError(f"{error} Nothing can be told since then: export everything, without --since") from error
        if self._anew:
            raise RefusedError(f"The portal refuses the cursors that it tells: {error}") from error
        self._anew = True
        self._told = self._removed = 0
