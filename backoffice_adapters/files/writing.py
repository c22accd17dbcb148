"""From a book to the files that the program would have exported: the same mapping, the other way."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from itertools import zip_longest

from ventanilla.backoffice_adapters.book import Book
from ventanilla.backoffice_adapters.contract import Setting
from ventanilla.backoffice_adapters.files.cells import Formats
from ventanilla.backoffice_adapters.files.configuration import FilesConfiguration, TableMapping, kind_of
from ventanilla.backoffice_adapters.files.layout import TABLES
from ventanilla.backoffice_adapters.files.problems import DropError
from ventanilla.backoffice_adapters.files.reading import read_book
from ventanilla.backoffice_adapters.files.rows import Row, Rows, rows_of
from ventanilla.backoffice_adapters.ledger.check import BookError

_ELSEWHERE = ("communities", "ownership_shares", "notices")
"""What no table of an export has a place for."""


def write_files(book: Book, configuration: FilesConfiguration, setting: Setting) -> tuple[dict[str, bytes], Book]:
    """Write `book`, file name → content, and give it as it is read from there.

    Raise `BookError` where the mapping cannot carry it whole and exactly.
    """
    rows = _rows(book)
    files: dict[str, bytes] = {}
    for name, mapping in configuration.tables.mapped.items():
        text = _text(name, mapping, rows[name], configuration.delimiter, configuration.formats(setting))
        files[mapping.file] = _encoded(mapping.file, text, configuration.encoding)
    try:
        back = read_book(files, configuration, setting)
    except DropError as error:
        raise BookError([str(problem) for problem in error.problems]) from None
    if lost := list(_differences(rows, rows_of(back))):
        raise BookError(lost)
    return files, back


def _rows(book: Book) -> Rows:
    if kinds := [name for name in _ELSEWHERE if getattr(book, name)]:
        raise BookError([f"no export carries {name}; leave them to another office" for name in kinds])
    try:
        return rows_of(book)
    except KeyError as error:
        raise BookError([f"an account names {error.args[0]!r}, which the book does not have"]) from None


def _text(name: str, mapping: TableMapping, rows: list[Row], delimiter: str, formats: Formats) -> str:
    kinds = [(field, kind_of(TABLES[name].by_name[field], mapping)) for field in mapping.columns]
    sheet = io.StringIO(newline="")
    writer = csv.writer(sheet, delimiter=delimiter, lineterminator="\r\n")
    writer.writerow(mapping.columns.values())
    for row in rows:
        try:
            writer.writerow([kind.write(row[field], formats) if field in row else "" for field, kind in kinds])
        except (ValueError, LookupError) as error:
            raise BookError([f"{_named(name, row)}: the mapping has no word or format for {error}"]) from None
    return sheet.getvalue()


def _encoded(file: str, text: str, encoding: str) -> bytes:
    try:
        return text.encode(encoding)
    except UnicodeEncodeError as error:
        msg = f"{file}: {encoding} cannot write “{text[error.start : error.end]}”; choose an `encoding` that can"
        raise BookError([msg]) from None


def _differences(rows: Rows, back: Rows) -> Iterator[str]:
    for name, told in rows.items():
        nothing: Row = {}
        for row, found in zip_longest(told, back[name], fillvalue=nothing):
            wrong = [field for field in row | found if row.get(field) != found.get(field)]
            if wrong:
                yield f"{_named(name, row)}: the mapping does not carry {', '.join(wrong)} exactly"


def _named(name: str, row: Row) -> str:
    key = " ".join(str(row[field]) for field in TABLES[name].key if field in row)
    return f"{name} {key!r}" if key else name
