"""CSV that spreadsheets open as it is meant: letters right, numbers as numbers, and text never as a formula."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from ventanilla_export.landing import written
from ventanilla_export.nouns import Table

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")


def write_csv(target: Path, table: Table, rows: Iterable[Sequence[Any]], delimiter: str) -> int:
    """Write ``target.part`` and tell how many rows it has. UTF-8 with its mark, for spreadsheets."""
    texts = [column.kind.is_text for column in table.columns]
    with written(target) as file:
        text = io.TextIOWrapper(file, "utf-8-sig", newline="")
        try:
            writer = csv.writer(text, delimiter=delimiter)
            writer.writerow([column.name for column in table.columns])
            count = 0
            for row in rows:
                writer.writerow([_cell(value, text=is_text) for value, is_text in zip(row, texts, strict=True)])
                count += 1
        finally:
            text.detach()
    return count


def _cell(value: Any, *, text: bool) -> Any:
    """A value as it may stand in a cell: what a spreadsheet would take for a formula begins with an apostrophe."""
    if not isinstance(value, str) or not value.startswith(_FORMULA):
        return value
    return value if not text and _NUMBER.fullmatch(value) else f"'{value}"
