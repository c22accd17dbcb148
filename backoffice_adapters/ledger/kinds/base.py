"""What a kind of record is to the ledger: its table, and how columns become attributes.

For each choice of attributes the rows are read by code that is written for it once: a list of hundreds of records is
then made in one pass, and of columns that nobody wants neither SQL nor Python hears.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import cache, lru_cache
from operator import itemgetter
from typing import Any, Final, Generic, TypeVar
from zoneinfo import ZoneInfo

from ventanilla.backoffice_adapters.database import Row, stamp
from ventanilla.backoffice_adapters.ledger.conditions import Condition
from ventanilla.backoffice_adapters.ledger.kinds.made import Leaf, Made, as_it_is
from ventanilla.backoffice_adapters.ledger.months import is_month
from ventanilla.backoffice_adapters.ledger.tables import PROOFS
from ventanilla.backoffice_adapters.records import UNREAD, Origin, Record

R = TypeVar("R")
W = TypeVar("W")
Make = Callable[[Sequence[Row], Origin, str], list[R]]
"""Rows, origin and today's date as ISO text → records. What a row begins with, before the columns, is passed over."""
_CHOICES: Final = 256
"""How many choices of attributes of one kind are remembered; the one not used for longest makes room."""


class Present(Record):
    """What a filter may be measured by."""

    today: date
    zone: ZoneInfo


class Reader(Generic[R]):
    """How some attributes of a kind are read: the `Shape` of its rows."""

    def __init__(self, record: Any, chosen: Mapping[str, Made], parts: Mapping[str, Made], columns: Sequence[str]):
        """`chosen` are the fields that are made, `parts` what records know by themselves of these."""
        self.kind: type[R] = record
        self.columns = columns
        """Those to select, in the order that `make` takes them; the first is never null."""
        self.names = {"record": record, "unread": UNREAD, **_names(chosen), **_names(parts)}
        self._place = {column: f"row[{number}]" for number, column in enumerate(columns, start=1)}
        self._chosen, self._parts = chosen, parts
        self.source = self._written(record.__struct_fields__)
        """The text of `make`."""
        exec(compile(self.source, "<records of rows>", "exec"), self.names)  # noqa: S102  the docstring above says why
        self.make: Make[R] = self.names.pop("make")

    @property
    def selected(self) -> str:
        """The columns, of the table called ``part``."""
        return ", ".join(f"part.{column}" for column in self.columns)

    def column(self, name: str) -> Callable[[Sequence[Row]], list[Any]] | None:
        """As `Shape` has it."""
        made = self._chosen.get(name)
        return itemgetters(self.columns.index(made.columns[0]) + 1) if made and made.code == "{0}" else None

    def code(self, name: str) -> str | None:
        """As `Shape` has it."""
        if name == "origin":
            return name
        made = self._chosen.get(name)
        return made and self._filled(made, made.code)

    def leaf(self, path: str) -> Leaf | None:
        """As `Shape` has it."""
        name, _, part = path.partition(".")
        made = self._parts.get(name) or self._chosen.get(name)
        found = made and made.leaves.get(part)
        return (self._filled(made, found[0]), found[1]) if made and found else None

    def _written(self, fields: Sequence[str]) -> str:
        """Names of columns and attributes are ours, so the code holds nothing that somebody sent."""
        attributes = ", ".join(f"{name}={self.code(name) or 'unread'}" for name in fields)
        return f"def make(rows, origin, today):\n    return [record({attributes}) for row in rows]\n"

    def _filled(self, made: Made, code: str) -> str:
        return code.format(*(self._place[column] for column in made.columns))


@cache
def itemgetters(place: int) -> Callable[[Sequence[Row]], list[Any]]:
    """What reads one place of all rows."""
    read = itemgetter(place)
    return lambda rows: list(map(read, rows))


def _names(made: Mapping[str, Made]) -> dict[str, Any]:
    return {name: value for each in made.values() for name, value in each.names.items()}


class Derived(Record):
    """What records know by themselves: an attribute that is made of a field of theirs."""

    field: str
    made: Made
    """How as much of the field is made as the attribute takes."""
    value: Made
    """How the attribute itself is made."""


class Kind(Generic[R]):
    """A kind of record: its table, and how a row becomes a record.

    An attribute that `made` does not tell of is the column of its name, as it stands. `listed` is the condition under
    which a row is anybody's business, `identity` a column that is never null.
    """

    def __init__(
        self,
        record: type[R],
        table: str,
        made: Mapping[str, Made],
        *,
        derived: Mapping[str, Derived] | None = None,
        listed: str = "1 = 1",
        identity: str = "key",
    ) -> None:
        self.table = table
        self.listed = listed
        self._record: Any = record
        self._identity = identity
        self._derived = derived or {}
        fields: tuple[str, ...] = self._record.__struct_fields__
        self._made = {name: made.get(name) or self._column(name) for name in fields if name != "origin"}
        self.reader = lru_cache(_CHOICES)(self._reader)
        """`reader(wanted)` reads the attributes that `Call.wanted` names, and those that tell what a record is and
        whose; `reader(wanted, column)` besides selects a column that rows are sorted by."""

    def _column(self, name: str) -> Made:
        return as_it_is(name, PROOFS.get((self.table, name), ""))

    def _reader(self, wanted: frozenset[str] | None, sorted_by: str | None = None) -> Reader[R]:
        derived = {name: each for name, each in self._derived.items() if wanted is None or name in wanted}
        chosen = self._made if wanted is None else self._chosen(wanted, derived.values())
        parts = {name: each.value for name, each in derived.items()}
        used = [self._identity, *(column for each in chosen.values() for column in each.columns)]
        columns = tuple(dict.fromkeys([*used, sorted_by] if sorted_by else used))
        return Reader(self._record, chosen, parts, columns)

    def _chosen(self, wanted: frozenset[str], derived: Iterable[Derived]) -> Mapping[str, Made]:
        if not wanted <= self._made.keys() | self._derived.keys() | {"origin"}:
            return self._made
        always = {name for name in self._made if name == self._identity or name.endswith("key")}
        less = {each.field: each.made for each in derived}
        return less | {name: each for name, each in self._made.items() if name in wanted | always}


def day(value: str) -> str:
    """The text of a day as the tables keep it; `ValueError` for anything else."""
    return date.fromisoformat(value).isoformat()


def moment(value: str) -> str:
    """The text of a moment as the tables keep it; `ValueError` for anything else."""
    return stamp(datetime.fromisoformat(value))


def month(value: str) -> str:
    """The text of a calendar month, ``"2026-11"``; `ValueError` for anything else."""
    if not is_month(value):
        raise ValueError(value)
    return value


class Listed(Kind[R], Generic[R, W]):
    """A kind that is read by pages: whose part it is, what it is filtered by, and what a place in the list is."""

    def __init__(
        self,
        record: type[R],
        table: str,
        made: Mapping[str, Made],
        conditions: Callable[[W, Present], list[Condition]],
        *,
        derived: Mapping[str, Derived] | None = None,
        listed: str = "1 = 1",
        parent: str = "account_key",
        parents: str = "account",
        place: Callable[[str], str] = day,
        journal: str = "",
    ) -> None:
        """`parent` is the column that names whose part a row is, `parents` their table; `place` gives a position's
        sort value as the column has it, or `ValueError` for what is none. `journal` is the table whose name the journal
        of changes has, if it is no table that is read.
        """
        super().__init__(record, table, made, derived=derived, listed=listed)
        self.conditions = conditions
        self.parent = parent
        self.parents = parents
        self.place = place
        self.journal = journal or table


class Parts(Record, Generic[R]):
    """Records that hang on others: their kind, and the statement that finds them by key, in order.

    The statement takes the book and a list of keys, begins each row with the key it is about, and goes on with
    ``{columns}`` of the table called ``part``, which a left join leaves null for a key without any.
    """

    kind: Kind[R]
    sql: str

    def reader(self, wanted: frozenset[str] | None) -> tuple[str, Reader[R]]:
        """The statement for some attributes, and what reads its rows."""
        found = self.kind.reader(wanted)
        return self.sql.format(columns=found.selected), found
