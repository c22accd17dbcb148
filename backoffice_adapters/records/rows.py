"""Rows that stand for records: made into them only for whoever looks at one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Generic, Protocol, TypeVar, cast, overload

from ventanilla.backoffice_adapters.records.base import Origin

R = TypeVar("R")
Row = tuple[Any, ...]


class Shape(Protocol[R]):
    """How the records of one kind are read of rows: one object for all rows that are read alike.

    What a reader of many records needs is told as Python code over ``row``, ``origin`` and ``today``, of which one
    function can be written for all that is read of them (`ventanilla.execution` does). Everything in it is the
    adapter's own: names and column numbers, never what somebody sent.
    """

    @property
    def kind(self) -> type[R]:
        """What the records are."""
        ...

    def make(self, rows: Sequence[Row], origin: Origin, today: str, /) -> list[R]:
        """The records."""
        ...

    def column(self, name: str, /) -> Callable[[Sequence[Row]], list[Any]] | None:
        """What reads an attribute of all rows that is a column as it stands; None for any other."""
        ...

    def code(self, name: str, /) -> str | None:
        """The code of an attribute; None for one that is not known here."""
        ...

    def leaf(self, path: str, /) -> tuple[str, str] | None:
        """The code of what is answered for an attribute or for a part of one (``total.amount``), and what proves it.

        ``str`` proves a text, ``iso`` the ISO text of a date, each with a question mark where it may be null; an empty
        proof says nothing. None where the attribute has to be looked at.
        """
        ...

    @property
    def names(self) -> dict[str, Any]:
        """What the code takes from outside."""
        ...


class Rows(Sequence[R], Generic[R]):
    """A list of records as an office read it. It never changes, and is equal to any list of the same records."""

    __slots__ = ("_records", "origin", "rows", "shape", "today")
    _records: list[R]

    def __init__(self, shape: Shape[R], rows: Sequence[Row], origin: Origin, today: str) -> None:
        """`today` is the manager's local date as ISO text, where an attribute depends on it."""
        self.shape = shape
        self.rows = rows
        self.origin = origin
        self.today = today

    def column(self, name: str) -> list[Any]:
        """One attribute of all records."""
        read = self.shape.column(name)
        return [getattr(record, name) for record in self._made()] if read is None else read(self.rows)

    @staticmethod
    def joined(parts: Sequence[Rows[Any]]) -> Rows[Any] | None:
        """All rows of lists that were read alike, one list after another; None for lists that were not."""
        first = parts[0]
        if any(part.shape is not first.shape or part.origin is not first.origin for part in parts):
            return None
        return Rows(first.shape, [row for part in parts for row in part.rows], first.origin, first.today)

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[R]:
        return iter(self._made())

    @overload
    def __getitem__(self, index: int) -> R: ...
    @overload
    def __getitem__(self, index: slice) -> Rows[R]: ...
    def __getitem__(self, index: int | slice) -> R | Rows[R]:
        if isinstance(index, slice):
            return Rows(self.shape, self.rows[index], self.origin, self.today)
        if hasattr(self, "_records"):
            return self._records[index]
        (record,) = self.shape.make([self.rows[index]], self.origin, self.today)
        return record

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and list(self) == list(other)  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]  of whatever

    def __hash__(self) -> int:
        return hash(tuple(self))

    def __repr__(self) -> str:
        return f"Rows({self._made()!r})"

    def _made(self) -> list[R]:
        if not hasattr(self, "_records"):
            self._records = self.shape.make(self.rows, self.origin, self.today)
        return self._records


def listed(shape: Shape[R], rows: Sequence[Row], origin: Origin, today: str) -> tuple[R, ...]:
    """`Rows` as what they stand for, which is how the contract's types call them."""
    return cast("tuple[R, ...]", Rows(shape, rows, origin, today))


def column_of(records: Sequence[Any], name: str) -> list[Any]:
    """One attribute of all `records`, without making records of rows."""
    return records.column(name) if isinstance(records, Rows) else [getattr(record, name) for record in records]
