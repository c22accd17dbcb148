"""A noun as files: pulled into a work file first, then written in order, whole, and put in place.

A record that changes while it is exported is told twice, the second time as it is then. Lines that were appended as
they came would hold it twice; the work file holds it once. It also holds the cursor: whoever was stopped goes on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ventanilla_export.landing import land, written
from ventanilla_export.nouns import Column, Kind, Noun, Table
from ventanilla_export.portal import Portal
from ventanilla_export.pulling import Pull, Pulled, Wish
from ventanilla_export.shelf import Shelf
from ventanilla_export.telling import Telling
from ventanilla_export.troubles import RefusedError

Write = Callable[[Path, Table, Iterable[Sequence[Any]]], int]
"""Writes ``target.part`` with the rows of a table and tells how many there were."""
_REMOVED = Table("removed", (Column("id", Kind.TEXT, "id"),), asks="")


@dataclass(frozen=True)
class Output:
    """Where the files of one export stand."""

    path: Path
    """The file of the nodes: ``out/invoices.csv``. Others have its name and a word more: ``out/invoices-lines.csv``."""

    @property
    def work(self) -> Path:
        """What came so far, until the files are there."""
        return self._beside(".work")

    @property
    def cursor(self) -> Path:
        """How far the files reach, for ``--since``."""
        return self._beside(".cursor")

    def _beside(self, ending: str) -> Path:
        return self.path.with_name(self.path.name + ending)

    def of(self, noun: Noun, table: Table) -> Path:
        """The file of a table."""
        if table is noun.nodes:
            return self.path
        return self.path.with_stem(f"{self.path.stem}-{table.name.rpartition('_')[2]}")

    def check(self) -> None:
        """`RefusedError` unless files can be put there."""
        if not self.path.parent.is_dir():
            raise RefusedError(f"There is no folder {self.path.parent}: make it, or name another file")
        if self.path.is_dir():
            raise RefusedError(f"{self.path} is a folder: name a file in it")

    def forget(self) -> None:
        """Throw away what came so far."""
        for path in (self.work, self._beside(".work-journal")):
            path.unlink(missing_ok=True)


@dataclass(frozen=True)
class Written:
    """What an export left."""

    pulled: Pulled
    files: dict[Path, int]
    """Each file, and how many rows it has."""


def export_files(portal: Portal, wish: Wish, output: Output, write: Write, telling: Telling) -> Written:
    """Export `wish` to files; any `ExportError` leaves the files as they were, and what came in the work file."""
    with Shelf(output.work, alone=True) as shelf:
        pulled = Pull(portal, shelf, telling, wish).run()
        files = _write_all(shelf, wish, output, write)
        with written(output.cursor) as file:
            file.write(f"{pulled.cursor}\n".encode())
        land([*files, output.cursor])
    # Last: as long as it is there, whoever is stopped here only does this part again.
    output.forget()
    return Written(pulled, files)


def _write_all(shelf: Shelf, wish: Wish, output: Output, write: Write) -> dict[Path, int]:
    noun, files = wish.noun, dict[Path, int]()
    for table in noun.tables:
        target = output.of(noun, table)
        files[target] = write(target, table, shelf.rows(noun, table))
    if wish.since is not None:
        # A whole export holds what is there. One of changes has to tell what went.
        target = output.of(noun, _REMOVED)
        files[target] = write(target, _REMOVED, shelf.removed(noun))
    return files


def since_of(given: str | None) -> str | None:
    """The cursor that ``--since`` names: that of a file, or itself."""
    if given is None:
        return None
    path = Path(given)
    try:
        found = path.read_text("utf-8").strip() if path.is_file() else given.strip()
    except (OSError, UnicodeDecodeError) as error:
        raise RefusedError(f"--since {given} cannot be read: {error}") from error
    if not found or found.split() != [found]:
        raise RefusedError(f"--since {given}: name the .cursor file of an earlier export, or the cursor itself")
    return found
