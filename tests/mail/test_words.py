"""Every letter says everything in every language, and no word is there for nothing."""

from __future__ import annotations

import re
import tomllib

import msgspec
import pytest

from tests.mail.sample import SUR
from ventanilla.mail.words import FOLDER, LANGUAGES, language_of, words
from ventanilla.store.letters import LetterKind

KNOWN = {"manager", "name", "recipient", "life", "manual"}


def paragraphs(language: str, kind: LetterKind) -> list[str]:
    told = words(language).kinds[kind]
    return [
        told.subject,
        told.preheader,
        *told.before,
        *told.then,
        *told.after,
        *([told.button] if told.button else []),
    ]


def fields(text: str) -> set[str]:
    return set(re.findall(r"{(\w+)}", text))


def test_the_tables_are_those_of_our_languages() -> None:
    assert {path.stem for path in FOLDER.iterdir()} == set(LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_every_letter(language: str) -> None:
    assert set(words(language).kinds) == set(LetterKind)


@pytest.mark.parametrize("kind", LetterKind)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_says_the_same(language: str, kind: LetterKind) -> None:
    ours, english = (words(each).kinds[kind] for each in (language, "en"))
    for part in ("before", "then", "after"):
        assert len(getattr(ours, part)) == len(getattr(english, part))
    assert bool(ours.button) == bool(english.button)
    assert all(text.strip() == text != "" for text in paragraphs(language, kind))


@pytest.mark.parametrize("kind", LetterKind)
@pytest.mark.parametrize("language", LANGUAGES)
def test_words_name_only_what_is_known(language: str, kind: LetterKind) -> None:
    for text in paragraphs(language, kind):
        assert fields(text) <= KNOWN
    told = words(language).kinds[kind]
    assert not fields(told.subject + told.preheader) - {"manager"}, "these stand in every letter, whatever is known"


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_ends_with_a_name(language: str) -> None:
    """Many names of managers end with a full stop of their own."""
    assert "{manager}." not in (FOLDER / f"{language}.toml").read_text("utf-8")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_letter_is_not_said_twice(language: str) -> None:
    told = tomllib.loads((FOLDER / f"{language}.toml").read_text("utf-8"))["kinds"]
    subjects = [kind["subject"] for kind in told.values()]
    assert len(set(subjects)) == len(LetterKind)


@pytest.mark.parametrize(
    ("wanted", "of_manager", "written"),
    [
        ("es", ("pl",), "es"),
        ("es-AR", ("pl",), "es"),
        ("PL-pl", ("es",), "pl"),
        ("uk", ("pl", "en"), "pl"),
        ("uk", ("uk", "es-CO"), "es"),
        ("uk", ("uk",), "en"),
        ("", ("uk",), "en"),
    ],
)
def test_a_language_that_we_do_not_write_gives_way(wanted: str, of_manager: tuple[str, ...], written: str) -> None:
    assert language_of(wanted, msgspec.structs.replace(SUR, languages=of_manager)) == written
