"""From the files of a set to a book, with every problem named by file, row and column."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from typing import Any

from ventanilla.backoffice_adapters.book import Book
from ventanilla.backoffice_adapters.contract import Setting
from ventanilla.backoffice_adapters.files.cells import Formats, Kind
from ventanilla.backoffice_adapters.files.configuration import (
    FilesConfiguration,
    TableMapping,
    constants,
    kind_of,
)
from ventanilla.backoffice_adapters.files.layout import TABLES
from ventanilla.backoffice_adapters.files.problems import CORRECT, DropError, Problem
from ventanilla.backoffice_adapters.files.rows import Numbered, Row, book_of
from ventanilla.backoffice_adapters.files.strays import strays
from ventanilla.backoffice_adapters.files.table import Table
from ventanilla.backoffice_adapters.files.text import decode

Cells = list[tuple[int, list[str]]]
"""The rows of a file with their numbers, before they are read; the headings come first."""


def read_book(files: Mapping[str, bytes], configuration: FilesConfiguration, setting: Setting) -> Book:
    """Read a whole set, file name → content; raise `DropError` with all its problems."""
    formats = configuration.formats(setting)
    problems: list[Problem] = []
    read: dict[str, Numbered] = {}
    for name, mapping in configuration.tables.mapped.items():
        sheet = Sheet(TABLES[name], mapping, formats)
        try:
            read[name] = sheet.rows(cells_of(mapping.file, files[mapping.file], configuration))
        except DropError as error:
            problems += error.problems
        problems += sheet.problems
    problems += [] if problems else strays(read, configuration.tables.mapped)
    if problems:
        raise DropError(problems)
    return book_of({name: [row for _, row in rows] for name, rows in read.items()}, setting.currency)


def cells_of(file: str, content: bytes, configuration: FilesConfiguration) -> Cells:
    """Split a file into rows of trimmed cells, empty rows left out; raise `DropError` where that cannot be."""
    text = decode(file, content, configuration)
    if not text.strip():
        raise DropError([Problem(file=file, found="", expected="headings and rows", remedy="Export the file again.")])
    # A control file vouches for the whole; without one the last line end is the only sign that nothing is missing.
    if not configuration.control and not text.endswith(("\n", "\r")):
        raise DropError([_cut_off(file, text)])
    return list(_split(file, text, configuration.delimiter))


def _cut_off(file: str, text: str) -> Problem:
    return Problem(
        file=file,
        row=text.count("\n") + 1,
        found=text.rpartition("\n")[2][-40:],
        expected="a line end after the last row",
        remedy="The file looks cut off: export it again, or end its last row with a line end.",
    )


def _split(file: str, text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = 0
    try:
        for number, cells in enumerate(reader, 1):
            if cells:
                yield number, [cell.strip() for cell in cells]
    except csv.Error as error:
        problem = Problem(
            file=file,
            row=number + 1,
            expected=f"cells parted by “{delimiter}”, quotes closed and doubled inside a text ({error})",
            remedy="Look for a quotation mark that is not closed, or a file that is cut off, and export again.",
        )
        raise DropError([problem]) from None


class Sheet:
    """Reads the cells of one table and gathers what is wrong with them."""

    def __init__(self, table: Table, mapping: TableMapping, formats: Formats) -> None:
        self._table = table
        self._mapping = mapping
        self._formats = formats
        self._kinds = [
            (name, heading, kind_of(table.by_name[name], mapping)) for name, heading in mapping.columns.items()
        ]
        self._shapes: dict[tuple[str, ...], tuple[list[str], Row]] = {}
        self.problems: list[Problem] = []

    def rows(self, cells: Cells) -> Numbered:
        """Turn cells into rows; what does not fit is told in `problems`."""
        headings = cells[0][1]
        places = [self._place(heading, headings) for _, heading, _ in self._kinds]
        return (
            []
            if self.problems
            else [(number, self._row(number, found, places, len(headings))) for number, found in cells[1:]]
        )

    def _place(self, heading: str, headings: list[str]) -> int:
        if headings.count(heading) == 1:
            return headings.index(heading)
        wanted = "this heading only once" if heading in headings else "this heading in the first row"
        remedy = "Export with all headings, or correct `columns`, `delimiter` or `encoding` in the configuration."
        self._tell(1, heading, " ".join(headings), wanted, remedy)
        return -1

    def _row(self, number: int, cells: list[str], places: list[int], width: int) -> Row:
        if len(cells) != width:
            remedy = "The file is cut off, or a text holds a separator outside quotes: export it again."
            self._tell(number, "", f"{len(cells)} cells", f"{width} cells as in the headings", remedy)
            return {}
        before = len(self.problems)
        row = {
            name: self._value(number, heading, kind, text)
            for (name, heading, kind), place in zip(self._kinds, places, strict=True)
            if (text := cells[place])
        }
        missing, constant = self._shape(tuple(row))
        if len(self.problems) == before:
            for name in missing:
                self._tell(number, self._mapping.columns[name], "", "a value", CORRECT)
        return row | constant

    def _value(self, number: int, heading: str, kind: Kind, text: str) -> Any:
        try:
            return kind.read(text, self._formats)
        except (ValueError, LookupError):
            self._tell(number, heading, text, kind.expected(self._formats), CORRECT)
            return None

    def _shape(self, filled: tuple[str, ...]) -> tuple[list[str], Row]:
        """For rows with these cells filled: the columns that must be, and what every such row says."""
        if filled not in self._shapes:
            every = constants(self._table, self._mapping)
            groups = {self._table.by_name[name].group for name in filled} | {""}
            constant = {name: value for name, value in every.items() if self._table.by_name[name].group in groups}
            missing = [name for name in self._table.required(filled) if name not in filled and name not in constant]
            self._shapes[filled] = missing, constant
        return self._shapes[filled]

    def _tell(self, row: int, column: str, found: str, expected: str, remedy: str) -> None:
        file = self._mapping.file
        self.problems.append(Problem(file=file, row=row, column=column, found=found, expected=expected, remedy=remedy))
