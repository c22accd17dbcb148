"""Every word stands in every language, and none is there for nothing."""

from __future__ import annotations

import re
import tomllib
from typing import Any

import pytest

from ventanilla.backoffice_adapters.records import InvoiceKind, Licence, PaymentStatus
from ventanilla.pdf.words import FOLDER, LANGUAGES, words

ROOM = FOLDER.parent


def table(language: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / f"{language}.toml").read_text("utf-8"))


def general(language: str) -> dict[str, str]:
    return {key: word for key, word in table(language).items() if isinstance(word, str)}


def fields(text: str) -> set[str]:
    return set(re.findall(r"{(\w+)}", text))


def test_the_tables_are_those_of_our_languages() -> None:
    assert {path.stem for path in FOLDER.iterdir()} == set(LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_says_everything(language: str) -> None:
    english = general("en")
    assert set(general(language)) == set(english)
    assert {key: fields(word) for key, word in general(language).items()} == {
        key: fields(word) for key, word in english.items()
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_country_only_says_differently_what_its_language_says(language: str) -> None:
    for country, told in table(language).items():
        if isinstance(told, dict):
            assert re.fullmatch("[A-Z]{2}", country)
            for key, word in told.items():
                assert fields(word) == fields(general(language)[key])
                assert word != general(language)[key], (country, key)


def test_every_kind_licence_and_state_has_its_word() -> None:
    kinds = {f"kind_{kind.lower()}" for kind in InvoiceKind}
    kinds |= {f"account_{licence.lower()}" for licence in Licence}
    assert kinds | {f"payment_{status.lower()}" for status in PaymentStatus} <= set(general("en"))


def test_no_word_is_there_for_nothing() -> None:
    sources = [*ROOM.glob("*.py"), *(ROOM / "templates").iterdir()]
    text = "\n".join(path.read_text("utf-8") for path in sources)
    made = re.compile(r"(kind|account|payment)_\w+|state_(paid|settled)(_on)?")
    assert [key for key in general("en") if key not in text and not made.fullmatch(key)] == []


def test_a_country_speaks_its_own_words_and_a_strange_language_english() -> None:
    assert words("es-CO", "CO")["slip"] == "Desprendible de pago"
    assert words("es", "UY")["slip"] == "Talón de pago"
    assert words("de", "AR")["slip"] == "Payment slip"
