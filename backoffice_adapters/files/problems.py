"""What is wrong with a drop, in words for whoever made the files."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ventanilla.backoffice_adapters.records import Record

TOLD = 50
"""How many problems of one set are told; the rest is counted."""
CORRECT = "Correct it in the program and export again."
"""The remedy for what stands wrong in a file that is whole."""


class Problem(Record):
    """One thing that is wrong; rows are counted as a spreadsheet does, the headings are row 1."""

    file: str
    row: int | None = None
    column: str = ""
    found: str | None = None
    """The text that stands there; None where it is not about a text."""
    expected: str
    remedy: str

    @property
    def where(self) -> str:
        """The place, without anything that the file says."""
        parts = [self.file, f"row {self.row}" if self.row else "", f"column “{self.column}”" if self.column else ""]
        return ", ".join(part for part in parts if part)

    def __str__(self) -> str:
        found = "" if self.found is None else f"found “{self.found[:200]}”, "
        return f"{self.where}: {found}expected {self.expected}. {self.remedy}"


def reason_of(lines: Sequence[str], problems: Sequence[str]) -> str:
    """A text for whoever made the files: `lines` of what happened, and the first `TOLD` of the problems, numbered."""
    more = [f"… and {len(problems) - TOLD} more."] if len(problems) > TOLD else []
    told = [f"{number}. {problem}" for number, problem in enumerate(problems[:TOLD], 1)]
    return "\n".join([*lines, "", *told, *more]) + "\n"


class DropError(Exception):
    """A set of files cannot be imported; `problems` says why, at least one."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: Sequence[Problem] = tuple(problems)
        super().__init__("; ".join(str(problem) for problem in self.problems[:TOLD]))


class IncompleteError(Exception):
    """A set of files is not whole yet; the message says what it waits for."""
