"""Parquet with exact types: decimals, dates and moments. It needs pyarrow, which is 166 MB and an extra."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from importlib import import_module
from itertools import islice
from pathlib import Path
from typing import Any

from ventanilla_export.landing import written
from ventanilla_export.nouns import Kind, Table
from ventanilla_export.troubles import RefusedError

GROUP = 10_000
"""Rows of a row group: as many are in memory at once."""
_AMOUNT_DIGITS, _DECIMAL_DIGITS = 4, 10
"""Digits after the point: no currency has more than four, quantities and prices of one unit may be finer."""

_READ: dict[Kind, Callable[[str], Any]] = {
    Kind.AMOUNT: Decimal,
    Kind.DECIMAL: Decimal,
    Kind.DATE: date.fromisoformat,
    Kind.MOMENT: datetime.fromisoformat,
}


def arrow() -> tuple[Any, Any]:
    """The packages pyarrow and pyarrow.parquet; `RefusedError` if they are not installed."""
    try:
        return import_module("pyarrow"), import_module("pyarrow.parquet")
    except ModuleNotFoundError as error:
        raise RefusedError("Parquet needs pyarrow: pip install 'ventanilla-export[parquet]'") from error


def write_parquet(target: Path, table: Table, rows: Iterable[Sequence[Any]]) -> int:
    """Write ``target.part`` and tell how many rows it has; `RefusedError` for a number of too many digits."""
    pa, pq = arrow()
    schema = pa.schema([(column.name, _type(pa, column.kind)) for column in table.columns])
    count = 0
    with written(target) as file, pq.ParquetWriter(file, schema, compression="zstd") as writer:
        for group in _groups(rows):
            try:
                columns = [_array(pa, values, field) for values, field in zip(_read(table, group), schema, strict=True)]
            except pa.ArrowInvalid as error:
                raise RefusedError(f"{table.name}: a number does not fit its column: {error}") from error
            writer.write_batch(pa.record_batch(columns, schema=schema))
            count += len(group)
    return count


def _groups(rows: Iterable[Sequence[Any]]) -> Iterator[list[Sequence[Any]]]:
    rest = iter(rows)
    while group := list(islice(rest, GROUP)):
        yield group


def _read(table: Table, group: list[Sequence[Any]]) -> Iterator[list[Any]]:
    """The columns of some rows, their texts read as what they stand for."""
    for column, values in zip(table.columns, zip(*group, strict=True), strict=True):
        read = _READ.get(column.kind)
        yield [value if value is None or read is None else read(value) for value in values]


def _array(pa: Any, values: list[Any], field: Any) -> Any:
    return pa.array(values, type=field.type)


def _type(pa: Any, kind: Kind) -> Any:
    return {
        Kind.TEXT: pa.string(),
        Kind.INTEGER: pa.int64(),
        Kind.FLOAT: pa.float64(),
        Kind.AMOUNT: pa.decimal128(24, _AMOUNT_DIGITS),
        Kind.DECIMAL: pa.decimal128(38, _DECIMAL_DIGITS),
        Kind.DATE: pa.date32(),
        Kind.MOMENT: pa.timestamp("us", tz="UTC"),
    }[kind]
