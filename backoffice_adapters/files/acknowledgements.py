"""The program's answers: which postings it took, and which it refused."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from pathlib import Path

from ventanilla.backoffice_adapters.contract import Setting
from ventanilla.backoffice_adapters.files.cells import COUNT, SIGNED
from ventanilla.backoffice_adapters.files.configuration import FilesConfiguration, OutboxConfiguration
from ventanilla.backoffice_adapters.files.drop import own_folder
from ventanilla.backoffice_adapters.files.journal import Answer, Entry, Heard, Journal
from ventanilla.backoffice_adapters.files.outbox_layout import ANSWERS, Outcome
from ventanilla.backoffice_adapters.files.problems import DropError, Problem
from ventanilla.backoffice_adapters.files.reading import Sheet, cells_of
from ventanilla.backoffice_adapters.files.rows import Numbered, Row
from ventanilla.backoffice_adapters.money import total
from ventanilla.backoffice_adapters.records import Record

_CORRECT = "Correct it and write the whole file again, under a name of its own."


class Arrived(Record):
    """A file of answers as it lies there; `stamp` is its modification time in nanoseconds."""

    file: str
    content: bytes
    stamp: int

    @property
    def digest(self) -> str:
        """What tells its content from another."""
        return hashlib.sha256(self.content).hexdigest()


class Acknowledgements:
    """The folder that the program puts its answers into."""

    def __init__(self, setting: Setting, configuration: FilesConfiguration, own: OutboxConfiguration) -> None:
        self.folder = setting.folder / own.acknowledgements
        self._home = setting.folder
        self._own = own
        self._manner = configuration.of_outbox
        self._formats = self._manner.formats(setting)
        self._settle_s = configuration.settle_s
        self._seen: dict[str, tuple[int, int, float]] = {}
        self._left: dict[str, int] = {}

    def prepare(self) -> None:
        """Make the folder where it is our own."""
        own_folder(self.folder, self._home)

    def waiting(self) -> bool:
        """Whether any file of answers lies there."""
        return any(True for _ in self._paths())

    def arrived(self) -> list[Arrived]:
        """Read the files that lie there, the oldest first."""
        found = [Arrived(file=path.name, content=path.read_bytes(), stamp=stamp) for path, stamp in self._paths()]
        return sorted(found, key=lambda each: (each.stamp, each.file))

    def settled(self, arrived: Arrived, now: float) -> bool:
        """Whether a file has not changed for the settling time at the monotonic instant `now`."""
        stamp, size, since = self._seen.get(arrived.file, (0, 0, now))
        if (stamp, size) != (arrived.stamp, len(arrived.content)):
            since = now
        self._seen[arrived.file] = arrived.stamp, len(arrived.content), since
        return now - since >= self._settle_s

    def remove(self, arrived: Arrived) -> None:
        """Take away a file that was read; one that cannot be taken away is not looked at again."""
        self._seen.pop(arrived.file, None)
        try:
            (self.folder / arrived.file).unlink(missing_ok=True)
        except OSError:
            self._left[arrived.file] = arrived.stamp

    def heard(self, arrived: Arrived, journal: Journal) -> Heard:
        """What a file says; raise `DropError` unless all of it is whole and right."""
        if known := journal.heard.get(arrived.digest):
            found = f"the content of {known.file}, read before"
            raise DropError([_problem(arrived.file, found, "answers that are new", "Write each answer once.")])
        rows = self._rows(arrived)
        judged = _Judged(arrived.file, self._own.answers.columns, journal)
        answers = tuple(judged.answer(number, row) for number, row in rows)
        if judged.problems:
            raise DropError(judged.problems)
        return Heard(file=arrived.file, digest=arrived.digest, stamp=arrived.stamp, answers=answers)

    def _rows(self, arrived: Arrived) -> Numbered:
        cells = cells_of(arrived.file, arrived.content, self._manner)
        last = cells.pop()[1]
        if not cells or last[0] != self._own.trailer:
            expected = f"a last row {self._own.trailer}, number of rows, sum of amounts"
            raise DropError([_problem(arrived.file, " ".join(last)[:40], expected, "The file is cut off. " + _CORRECT)])
        sheet = Sheet(ANSWERS, self._own.answers, self._formats)
        rows = sheet.rows(cells)
        problems = sheet.problems or self._unsummed(arrived.file, rows, last)
        if problems:
            raise DropError(problems)
        return rows

    def _unsummed(self, file: str, rows: Numbered, last: list[str]) -> list[Problem]:
        """What is wrong with the last row, if anything."""
        added = total((row["amount"] for _, row in rows), self._formats.currency)
        try:
            agrees = [COUNT.read(last[1], self._formats), SIGNED.read(last[2], self._formats)] == [len(rows), added]
        except (ValueError, IndexError):
            agrees = False
        expected = f"{len(rows)} rows and the sum {SIGNED.write(added, self._formats)} in the last row"
        return [] if agrees else [_problem(file, " ".join(last[1:]), expected, _CORRECT)]

    def _paths(self) -> Iterator[tuple[Path, int]]:
        for path in self.folder.iterdir() if self.folder.is_dir() else ():
            if fnmatchcase(path.name, self._own.answers.file) and path.is_file():
                stamp = path.stat().st_mtime_ns
                if self._left.get(path.name) != stamp:
                    yield path, stamp


class _Judged:
    """Holds the rows of one file against what was posted, and gathers what is wrong with them."""

    def __init__(self, file: str, columns: Mapping[str, str], journal: Journal) -> None:
        self._file = file
        self._columns = columns
        self._journal = journal
        self._numbers = {line.number: entry for entry in journal.live.values() for line in entry.sent.lines}
        self._rows: dict[str, int] = {}
        self._payments: dict[str, str] = {}
        self.problems: list[Problem] = []

    def answer(self, number: int, row: Row) -> Answer:
        """What a row says of a posting; what does not fit is told in `problems`."""
        entry = self._entry(number, row)
        if entry is None:
            return Answer(key="", outcome=row["outcome"])
        key, payment = entry.sent.key, row.get("payment")
        taken = row["outcome"] is Outcome.TAKEN
        if row["amount"] != entry.sent.amount:
            self._tell(number, "amount", row["amount"].amount, f"{entry.sent.amount.amount}, as it was posted")
        if entry.outcome is Outcome.TAKEN or (entry.outcome and not taken):
            self._tell(number, "outcome", row["outcome"], f"no further answer: it was {entry.outcome} before")
        if taken and entry.sent.payment:
            self._check_payment(number, key, payment)
        if self._rows.setdefault(key, number) != number:
            self._tell(number, "key", key, f"one answer to it; row {self._rows[key]} is one")
        mine = payment if taken and entry.sent.payment else None
        return Answer(key=key, outcome=row["outcome"], payment=mine, reason=row.get("reason"))

    def _entry(self, number: int, row: Row) -> Entry | None:
        """The posting that a row names, by its key and by a number of its rows; if both, they agree."""
        named = [self._journal.live.get(row["key"])] if "key" in row else []
        named += [self._numbers.get(row["number"])] if "number" in row else []
        if named and all(entry is not None and entry is named[0] for entry in named):
            return named[0]
        field = "key" if "key" in row else "number"
        self._tell(number, field, str(row.get(field, "")), "what stands in an outbox file and is not settled yet")
        return None

    def _check_payment(self, number: int, key: str, payment: str | None) -> None:
        if not payment:
            self._tell(number, "payment", "", "the program's own key of the payment")
        elif self._journal.taken.get(payment, key) != key or self._payments.setdefault(payment, key) != key:
            self._tell(number, "payment", payment, "a key that no other posting was taken as")

    def _tell(self, row: int, field: str, found: str, expected: str) -> None:
        column = self._columns.get(field, field)
        self.problems.append(
            Problem(file=self._file, row=row, column=column, found=found, expected=expected, remedy=_CORRECT)
        )


def _problem(file: str, found: str, expected: str, remedy: str) -> Problem:
    return Problem(file=file, found=found, expected=expected, remedy=remedy)
