"""What a mutation refused, put where it belongs on the page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ventanilla_portal.words import Words

Problem = Mapping[str, Any]


class Problems:
    """The ``userErrors`` of one mutation: each is told at the field that its path ends in, or above the form."""

    def __init__(self, found: Sequence[Problem], words: Words) -> None:
        """Those that the portal found itself, before it asked, name what is said in its `words` (``says``)."""
        self._found: Sequence[Problem] = [
            {**each, "message": words(each["says"])} if "says" in each else each for each in found
        ]

    def __bool__(self) -> bool:
        return bool(self._found)

    def __iter__(self) -> Iterator[Problem]:
        return iter(self._found)

    def at(self, *names: str) -> list[str]:
        """What is to be said at the field of that name (or of these)."""
        return [problem["message"] for problem in self._found if _field(problem) in names]

    def beside(self, *names: str) -> list[str]:
        """What is to be said above the form whose fields have these names: what belongs to none of them."""
        return [problem["message"] for problem in self._found if _field(problem) not in names]

    def has(self, *reasons: str) -> bool:
        """Whether one of these is among the reasons."""
        return any(problem.get("reason") in reasons for problem in self._found)

    def told(self, key: str) -> str | None:
        """The value of a parameter of what was refused, where the document asks for ``params``."""
        params = (param for problem in self._found for param in problem.get("params") or ())
        return next((param["value"] for param in params if param["key"] == key), None)

    @property
    def wait(self) -> int | None:
        """In how many minutes, rounded up, what was tried too often is let through again."""
        seconds = self.told("retryAfterSeconds")
        return -(-int(seconds) // 60) if seconds else None


def _field(problem: Problem) -> str | None:
    path: Sequence[str] = problem.get("path") or ()
    return path[-1] if path else None


class Unread:
    """What an answer could not tell: the errors beside its nulls, found by path (``"account.invoices"``)."""

    def __init__(self, errors: Sequence[Problem]) -> None:
        self._errors = {".".join(map(str, error.get("path") or ())): error for error in errors}

    def __bool__(self) -> bool:
        return bool(self._errors)

    def at(self, path: str) -> str | None:
        """The code of what went wrong at `path` or below; None where nothing did."""
        for where, error in self._errors.items():
            if where == path or where.startswith(f"{path}."):
                return (error.get("extensions") or {}).get("code", "INTERNAL")
        return None
