"""Whether all sides say the same, asked before anything is timed: of sides that differ no figure means anything."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, cast

import orjson

from benchmarks import wire
from benchmarks.data import Tokens
from benchmarks.questions import Question
from benchmarks.sides import Side

_PEOPLE = 3
"""How many people's answers are compared."""
_PAGES = 2
"""How many pages of an export."""
_NONE = "nothing"
_NAMED = (".id", "Cursor")
"""What of a difference is told last: ids differ wherever rows do."""


class DifferentError(Exception):
    """A side does not answer, or not as ours does."""


def compare(sides: Sequence[Side], questions: Iterable[Question], tokens: Tokens) -> None:
    """Raise `DifferentError` unless every side that knows a document answers it as the first one does."""
    for question in questions:
        for token in question.tokens(tokens)[:_PEOPLE]:
            expected = answers(sides[0], question, token)
            for side in sides[1:]:
                if question.name in side.documents:
                    _same(side, question, expected, answers(side, question, token))


def answers(side: Side, question: Question, token: str) -> list[Any]:
    """What a side says: the data of its answer, or of the first pages of an export."""
    return [*islice(pages(side, question, token), _PAGES if question.name == "export" else 1)]


def pages(side: Side, question: Question, token: str) -> Iterator[Any]:
    """The data of one page after the other, by the cursors of an export, until there are no more."""
    variables: dict[str, Any] = {}
    while True:
        data = asked(side, question, token, variables)
        yield data
        if question.name != "export":
            return
        page = data["viewer"]["accounts"]["nodes"][0]["invoices"]["pageInfo"]
        if not page["hasNextPage"]:
            return
        variables = {"after": page["endCursor"]}


def asked(side: Side, question: Question, token: str, variables: Mapping[str, Any]) -> Any:
    """The data of one answer; `DifferentError` where it tells of errors or of nothing."""
    answer = wire.exchange(side.port, side.ask(question, token, variables))
    try:
        told: dict[str, Any] = orjson.loads(answer.body) if answer.status == 200 else {}
    except orjson.JSONDecodeError:
        told = {}
    if "errors" in told or not told.get("data"):
        shown = answer.body[:600].decode("utf-8", "replace")
        msg = f"{side.name} does not answer {question.name}, but with status {answer.status}: {shown}"
        raise DifferentError(msg)
    return told["data"]


def _same(side: Side, question: Question, expected: Sequence[Any], found: Sequence[Any]) -> None:
    ours, theirs = ([side.told(part) for part in parts] for parts in (expected, found))
    if ours != theirs:
        where = difference(expected, found) or "the order of keys"
        msg = f"{side.name} and ours differ in {question.name}: {where}. No figure would mean anything"
        raise DifferentError(msg)


def difference(one: Any, other: Any) -> str | None:
    """Where two answers differ first, and in what; None where only keys stand in another order."""
    ours, theirs = dict(_leaves(one, "")), dict(_leaves(other, ""))
    places = (place for place in {**ours, **theirs} if ours.get(place, _NONE) != theirs.get(place, _NONE))
    found = next((place for place in places if not place.endswith(_NAMED)), None)
    return found and f"{found} is {theirs.get(found, _NONE)!r} and not {ours.get(found, _NONE)!r}"


def _leaves(value: Any, path: str) -> Iterator[tuple[str, object]]:
    if isinstance(value, dict):
        for key, part in cast("dict[str, Any]", value).items():
            yield from _leaves(part, f"{path}.{key}" if path else key)
    elif isinstance(value, list):
        for place, part in enumerate(cast("list[Any]", value)):
            yield from _leaves(part, f"{path}[{place}]")
    else:
        yield path, value
