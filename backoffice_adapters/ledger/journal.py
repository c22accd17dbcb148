"""The journal of changes: the number of each record's last change, and of each that went, that it did.

A book counts the changes of all its records in its own row, which whoever writes holds to the end. So numbers are given
in the order of commits, and whoever has read up to one has missed nothing below it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, Final
from uuid import uuid4

from ventanilla.backoffice_adapters.database import Database, Row, Work
from ventanilla.backoffice_adapters.ledger.content import Content
from ventanilla.backoffice_adapters.records import InvoiceStatus, Record

JOURNALS: Final = ("account", "invoice", "charge", "payment", "meter_reading")
"""The tables whose rows have a number, their last column: 0 for what is told to nobody."""
REMOVED: Final = "removal"
"""The table of what went, by journal and key."""
_PARTS: Final = ("party", "unit", "place", "invoice_line", "allocation")
"""The tables beside these that records are made of."""
_DRAFT: Final = InvoiceStatus.DRAFT.value
Told = Mapping[str, object]
"""Key → what a record tells, equal exactly if it tells the same."""
_By = Mapping[str, Mapping[str, int]]
"""Journal → key → number."""


@dataclass(slots=True)
class Numbers:
    """Gives the numbers of the changes that one transaction makes, while it holds the book's row."""

    last: int

    def next(self) -> int:
        """The number of one more change."""
        self.last += 1
        return self.last

    async def keep(self, work: Work, book: str) -> None:
        """Write down how far the book has counted."""
        await work.execute("UPDATE book SET last_number = $2 WHERE book = $1", [book, self.last])


async def hold(work: Work, book: str) -> Numbers:
    """Wait until nobody else writes to this book, and keep them waiting."""
    rows = await work.rows("SELECT last_number FROM book WHERE book = $1 FOR UPDATE", [book])
    return Numbers(rows[0][0] if rows else 0)


async def came(work: Work, book: str, journal: str, keys: Sequence[str]) -> None:
    """What has these keys is there, so none of it is told as removed."""
    await work.many("DELETE FROM removal WHERE book = $1 AND journal = $2 AND key = $3", _each(book, journal, keys))


async def went(work: Work, book: str, journal: str, keys: Sequence[str], numbers: Numbers) -> None:
    """What had these keys is no longer there."""
    rows = [(*each, numbers.next()) for each in _each(book, journal, keys)]
    await work.many("INSERT INTO removal (book, journal, key, number) VALUES ($1, $2, $3, $4)", rows)


def _each(book: str, journal: str, keys: Sequence[str]) -> list[tuple[str, str, str]]:
    return [(book, journal, key) for key in keys]


async def hold_to_fill(work: Work, book: str, currency: str) -> None:
    """Wait likewise for a book that need not be there yet: a new one begins a journal."""
    await work.execute(
        """INSERT INTO book (book, currency, journal, last_number) VALUES ($1, $2, $3, 0)
        ON CONFLICT (book) DO UPDATE SET currency = excluded.currency""",
        [book, currency, new_journal()],
    )


def new_journal() -> str:
    """The name of a journal that nobody has a mark of."""
    return uuid4().hex


# -- what is told ------------------------------------------------------------------------------------------------


def told_of(content: Mapping[str, Sequence[Content]]) -> dict[str, Told]:
    """Journal → what its records tell, their lines and allocations with them; the rows carry no number."""
    matched = sorted(content["allocation"], key=itemgetter(6, 1))
    return {
        "account": _accounts(content),
        "invoice": _invoices(content, [row for row in matched if row[7]]),
        "charge": {_key(row): row for row in content["charge"]},
        "payment": _with(content["payment"], _grouped((row[2], (row[3], *row[4:7])) for row in matched)),
        "meter_reading": {_key(row): row for row in content["meter_reading"]},
    }


def _key(row: Content) -> str:
    return str(row[1])


def _accounts(content: Mapping[str, Sequence[Content]]) -> Told:
    """Whatever an office states as a balance is no part of an account."""
    parties, units, places = ({row[1]: row for row in content[table]} for table in ("party", "unit", "place"))
    return {
        _key(row): (row[:-1], parties.get(row[7]), units.get(row[8]), places.get(row[9])) for row in content["account"]
    }


def _invoices(content: Mapping[str, Sequence[Content]], matched: Sequence[Content]) -> Told:
    lines = _grouped((row[1], row) for row in sorted(content["invoice_line"], key=itemgetter(1, 2)))
    allocations = _grouped((row[3], (row[2], *row[4:7])) for row in matched)
    return _with([row for row in content["invoice"] if row[5] != _DRAFT], lines, allocations)


def _with(rows: Sequence[Content], *parts: Mapping[Any, list[Any]]) -> Told:
    return {_key(row): (row, *(part.get(row[1]) for part in parts)) for row in rows}


def _grouped(pairs: Any) -> dict[Any, list[Any]]:
    grouped: defaultdict[Any, list[Any]] = defaultdict(list)
    for key, part in pairs:
        grouped[key].append(part)
    return grouped


# -- going on ----------------------------------------------------------------------------------------------------


class Journal(Record):
    """The journal of a book as it stands."""

    name: str
    last: int
    told: Mapping[str, Told]
    numbers: _By
    removed: _By


def begun(name: str, last: int = 0) -> Journal:
    """A journal that has counted so far, of records that are not there."""
    nothing = {journal: dict[str, Any]() for journal in JOURNALS}
    return Journal(name=name, last=last, told=nothing, numbers=nothing, removed=nothing)


async def read(reads: Database | Work, book: str) -> Journal:
    """Read the journal of a book that is there, and what its records tell."""
    [(name, last)] = await reads.rows("SELECT journal, last_number FROM book WHERE book = $1", [book])
    rows = {table: await _rows(reads, table, book) for table in (*JOURNALS, *_PARTS)}
    removed: dict[str, dict[str, int]] = {journal: {} for journal in JOURNALS}
    for _, journal, key, number in await _rows(reads, REMOVED, book):
        removed[journal][key] = number
    numbers = {journal: {row[1]: row[-1] for row in rows[journal]} for journal in JOURNALS}
    content = {table: [row[:-1] for row in found] if table in numbers else found for table, found in rows.items()}
    return Journal(name=name, last=last, told=told_of(content), numbers=numbers, removed=removed)


async def _rows(reads: Database | Work, table: str, book: str) -> list[Row]:
    return [tuple(row) for row in await reads.rows(f"SELECT * FROM {table} WHERE book = $1", [book])]


def gone_on(before: Journal, told: Mapping[str, Told]) -> Journal:
    """The journal once its records tell this: what is equal keeps its number, all else gets the next ones."""
    counted = Numbers(before.last)
    numbers: dict[str, dict[str, int]] = {}
    removed: dict[str, dict[str, int]] = {}
    for journal in JOURNALS:
        now, former, known = told[journal], before.told[journal], before.numbers[journal]
        numbers[journal] = {
            key: known[key] if key in former and former[key] == tells else counted.next() for key, tells in now.items()
        }
        removed[journal] = {key: number for key, number in before.removed[journal].items() if key not in now}
        removed[journal] |= {key: counted.next() for key in former if key not in now}
    return Journal(name=before.name, last=counted.last, told=told, numbers=numbers, removed=removed)


async def renumber(work: Work, book: str, now: Journal, after: Journal) -> None:
    """Let a book whose journal is `now` have `after` in its place; its records tell the same."""
    for journal, numbers in after.numbers.items():
        former = now.numbers[journal]
        moved = [(book, key, number) for key, number in numbers.items() if former[key] != number]
        await work.many(f"UPDATE {journal} SET change_number = $3 WHERE book = $1 AND key = $2", moved)
    await work.execute("DELETE FROM removal WHERE book = $1", [book])
    rows = removals(after, book)
    await work.many("INSERT INTO removal (book, journal, key, number) VALUES ($1, $2, $3, $4)", rows)
    await work.execute("UPDATE book SET journal = $2, last_number = $3 WHERE book = $1", [book, after.name, after.last])


def numbered(before: Journal, content: Mapping[str, Sequence[Content]], book: str) -> tuple[dict[str, Any], int]:
    """Table → rows with their numbers, to take the place of a book's; and how far it has counted then."""
    after = gone_on(before, told_of(content))
    rows = {
        journal: [(*row, numbers.get(_key(row), 0)) for row in content[journal]]
        for journal, numbers in after.numbers.items()
    }
    return {**content, **rows, REMOVED: removals(after, book)}, after.last


def removals(journal: Journal, book: str) -> list[Content]:
    """The rows of what went."""
    return [(book, name, key, number) for name, keys in journal.removed.items() for key, number in keys.items()]
