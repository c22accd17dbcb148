"""From a book to the files that the program would have exported: the same mapping, the other way."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest

from ventanilla.backoffice_adapters.book import Book
from ventanilla.backoffice_adapters.contract import Setting
from ventanilla.backoffice_adapters.files.cells import SIGNED, Formats
from ventanilla.backoffice_adapters.files.configuration import (
    FilesConfiguration,
    OutboxConfiguration,
    TableMapping,
    kind_of,
)
from ventanilla.backoffice_adapters.files.layout import TABLES
from ventanilla.backoffice_adapters.files.outbox_layout import ANSWERS
from ventanilla.backoffice_adapters.files.problems import DropError
from ventanilla.backoffice_adapters.files.reading import read_book
from ventanilla.backoffice_adapters.files.rows import Row, Rows, rows_of
from ventanilla.backoffice_adapters.files.table import Table
from ventanilla.backoffice_adapters.ledger.check import BookError
from ventanilla.backoffice_adapters.money import total

_ELSEWHERE = ("communities", "ownership_shares", "notices")
"""What no table of an export has a place for."""


def write_files(book: Book, configuration: FilesConfiguration, setting: Setting) -> tuple[dict[str, bytes], Book]:
    """Write `book`, file name → content, and give it as it is read from there.

    Raise `BookError` where the mapping cannot carry it whole and exactly.
    """
    rows = _rows(book)
    files: dict[str, bytes] = {}
    for name, mapping in configuration.tables.mapped.items():
        text = sheet(TABLES[name], mapping, rows[name], configuration, configuration.formats(setting))
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


def write_answers(rows: Sequence[Row], configuration: FilesConfiguration, setting: Setting) -> bytes:
    """Write a file of answers as the program would: to rows of `outbox_layout.ANSWERS`."""
    outbox, manner = configuration.outbox, configuration.of_outbox
    if not outbox:
        raise BookError(["a program without an outbox has nothing to answer to; configure `outbox`"])
    formats = manner.formats(setting)
    text = sheet(ANSWERS, outbox.answers, rows, manner, formats, last=trailer(outbox, rows, formats))
    return _encoded(outbox.answers.file, text, manner.encoding)


def trailer(outbox: OutboxConfiguration, rows: Sequence[Row], formats: Formats) -> list[str]:
    """The last row of a file: how many rows stand above it, without the headings, and what they add up to."""
    added = total((row["amount"] for row in rows), formats.currency)
    return [outbox.trailer, str(len(rows)), SIGNED.write(added, formats)]


def sheet(
    table: Table,
    mapping: TableMapping,
    rows: Iterable[Row],
    configuration: FilesConfiguration,
    formats: Formats,
    *,
    last: Sequence[str] = (),
) -> str:
    """Write the headings and rows of one table, and a `last` row; `BookError` where the mapping has no word for it."""
    kinds = [(field, kind_of(table.by_name[field], mapping)) for field in mapping.columns]
    lines = io.StringIO(newline="")
    writer = csv.writer(lines, delimiter=configuration.delimiter, lineterminator="\r\n")
    writer.writerow(mapping.columns.values())
    for row in rows:
        try:
            writer.writerow([kind.write(row[field], formats) if field in row else "" for field, kind in kinds])
        except (ValueError, LookupError) as error:
            raise BookError([f"{_named(table, row)}: the mapping has no word or format for {error}"]) from None
    if last:
        writer.writerow(last)
    return lines.getvalue()


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
                yield f"{_named(TABLES[name], row)}: the mapping does not carry {', '.join(wrong)} exactly"


def _named(table: Table, row: Row) -> str:
    key = " ".join(str(row[field]) for field in table.key if field in row)
    return f"{table.name} {key!r}" if key else table.name
