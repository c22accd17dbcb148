"""What may be shown of people and places to somebody who is not known to belong to them."""

from __future__ import annotations

from ventanilla.backoffice_adapters.records import Address

_HIDDEN = "•••"


def initials(name: str) -> str:
    """A name by the first letter of each word: ``M••• F•••``. Companies show as little as people."""
    return " ".join(word[0] + _HIDDEN for word in name.split())


def called(name: str) -> str:
    """A name as neighbours use it: the first word, and the first letter of the last."""
    first, *rest = name.split() or [""]
    return f"{first} {rest[-1][0]}." if rest else first


def address(place: Address) -> str:
    """The first street line with two letters of each word and no number, and the locality."""
    street = " ".join(map(_word, place.lines[0].split())) if place.lines else ""
    return ", ".join(part for part in (street, place.locality) if part)


def _word(word: str) -> str:
    return _HIDDEN if any(map(str.isdigit, word)) or len(word) < 3 else word[:2] + _HIDDEN
