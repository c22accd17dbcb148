"""What is asked: the documents, who asks each, and what a right answer looks like."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import msgspec

from benchmarks.data import ROOT, Tokens
from ventanilla.backoffice_adapters.records import Record

_FOLDER: Final = Path(__file__).with_name("documents")


class Question(Record):
    """One document as it is asked."""

    name: str
    text: str
    sign: str
    """What the body of every right answer holds; a wrong one is fast."""
    people: str
    """Which tokens it is asked with."""
    variables: Mapping[str, Any] = msgspec.field(default_factory=dict[str, Any])

    def tokens(self, tokens: Tokens) -> tuple[str, ...]:
        """The tokens of those who ask it."""
        return getattr(tokens, self.people)


def _document(name: str, sign: str, people: str) -> Question:
    return Question(name=name, text=(_FOLDER / f"{name}.graphql").read_text("utf-8"), sign=sign, people=people)


def questions() -> dict[str, Question]:
    """All documents, by name."""
    portal = (ROOT / "examples" / "queries" / "home.graphql").read_text("utf-8")
    found = (
        _document("trivial", '"__typename":"Query"', "home"),
        _document("home", '"instalments":[{', "home"),
        _document("list", '"lines":[{', "list"),
        _document("export", '"lines":[{', "export"),
        Question(
            name="portal",
            text=portal,
            sign='"instalments":[{',
            people="home",
            variables={"utility": True, "community": False},
        ),
    )
    return {question.name: question for question in found}
