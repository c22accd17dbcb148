"""Our own words in letters: one table a language, all of the same shape."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

import msgspec

from ventanilla.store.letters import LetterKind
from ventanilla.store.manager import Manager

FOLDER: Final = Path(__file__).parent / "texts"
LANGUAGES: Final = ("es", "pl", "en")
_OTHERWISE: Final = "en"


class KindWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What letters of one kind say."""

    subject: str
    preheader: str
    """What mail programs show beside the subject."""
    before: tuple[str, ...]
    """The paragraphs before the code, or before what is told of the event."""
    then: tuple[str, ...] = ()
    """Those between that and the button."""
    after: tuple[str, ...] = ()
    button: str | None = None
    """What its button says; None for a kind that leads nowhere."""


class Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What all letters of a language say. Names in braces stand for what is known of the letter."""

    greeting: str
    named: str
    """The greeting of somebody whose name is known."""
    closing: str
    address: str
    """What stands before the button's address."""
    questions: str
    """What stands before the manager's own addresses."""
    addressed: str
    when: str
    device: str
    place: str
    email: str
    passkey: str
    provider: str
    user: str
    password: str
    kinds: Mapping[LetterKind, KindWords]


def language_of(wanted: str, manager: Manager) -> str:
    """The language that a letter is written in: the one `wanted`, else the first of the manager's that we have."""
    spoken = (tag.partition("-")[0].lower() for tag in (wanted, *manager.languages))
    return next((language for language in spoken if language in LANGUAGES), _OTHERWISE)


@cache
def words(language: str) -> Words:
    """The table of one of `LANGUAGES`."""
    return msgspec.convert(tomllib.loads((FOLDER / f"{language}.toml").read_text("utf-8")), Words)
