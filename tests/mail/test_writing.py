"""What a letter says, as text and as HTML: the same, and nothing that others wrote does more than stand there."""

from __future__ import annotations

import re
from html import unescape
from html.parser import HTMLParser
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as some

from tests.mail.sample import CODES, LINK, SUR, letter
from ventanilla.mail.plain import harmless, line
from ventanilla.mail.words import LANGUAGES, words
from ventanilla.mail.writing import IncompleteLetterError, written
from ventanilla.store.letters import LetterKind
from ventanilla.store.manager import MassAccess, Presentation
from ventanilla.store.theme import Theme

LINKED = [LetterKind.VERIFY_EMAIL, LetterKind.VERIFY_NEW_EMAIL, LetterKind.RESET_PASSWORD, LetterKind.ACCESS_LINK]


class Tags(HTMLParser):
    """The elements of a page, with their attributes, and the text between them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += f"{data} "

    def values(self, tag: str, name: str) -> list[str | None]:
        return [attributes.get(name) for found, attributes in self.found if found == tag]


def seen(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", LetterKind)
def test_text_and_page_say_the_same(kind: LetterKind, language: str) -> None:
    told = letter(kind, language=language)
    made = written(told, SUR)
    page = seen(Tags(made.html).text)
    for part in filter(None, made.text.replace("-- \n", "").splitlines()):
        assert seen(part).removesuffix(":") in page, part
    assert made.language == language
    assert made.subject == words(language).kinds[kind].subject
    assert "{" not in made.text
    assert "{" not in re.sub(r"(?s)<style>.*</style>", "", made.html)


@pytest.mark.parametrize("kind", LINKED)
def test_the_link_is_a_button_and_can_be_copied(kind: LetterKind) -> None:
    made = written(letter(kind), SUR)
    assert Tags(made.html).values("a", "href") == [LINK, LINK]
    assert f">{LINK}</a>" in made.html
    assert f"\n{LINK}\n" in made.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_letter_that_gives_access_tells_name_and_password_and_the_manual(language: str) -> None:
    manual = "https://sur.example/manual.pdf"
    at = msgspec.structs.replace(SUR, mass_access=MassAccess(manual_url=manual))
    told = {"days": "14", "user": "30123456"}
    made = written(letter(LetterKind.ACCESS_PASSWORD, language=language, told=told), at)
    page, known = seen(Tags(made.html).text), words(language)
    for part in (f"{known.user}: 30123456", f"{known.password}: {CODES[LetterKind.ACCESS_PASSWORD]}", manual, "14 d"):
        assert part in made.text.replace("\n", " ")
        assert part in page
    assert 'class="code"' not in made.html
    link = written(letter(LetterKind.ACCESS_LINK, language=language, told=told), SUR)
    assert f"{known.user}: 30123456" in link.text
    assert known.password not in link.text
    assert "manual" not in link.text.lower().replace("manually", "")


def test_the_code_stands_by_itself_and_leads_nowhere() -> None:
    made = written(letter(LetterKind.SIGN_IN_CODE), SUR)
    assert "\n\n482913\n\n" in made.text
    assert ">482913</p>" in made.html
    assert "482913" not in made.subject
    assert not Tags(made.html).values("a", "href")


@pytest.mark.parametrize("kind", [LetterKind.ALREADY_REGISTERED, LetterKind.NEW_DEVICE, LetterKind.PASSWORD_CHANGED])
def test_other_letters_lead_to_the_portal(kind: LetterKind) -> None:
    made = written(letter(kind, link=None), SUR)
    assert Tags(made.html).values("a", "href") == ["https://sur.example"] * 2
    assert "\nhttps://sur.example\n" in made.text


def test_what_happened_is_told() -> None:
    made = written(letter(LetterKind.NEW_DEVICE), SUR)
    expected = "Fecha y hora: 22 de noviembre, 2:41\nDispositivo: Firefox en Linux\nDirección IP: 190.12.8.44\n"
    assert expected in made.text
    assert all(seen(part) in seen(Tags(made.html).text) for part in expected.splitlines())


def test_what_is_not_known_is_left_out() -> None:
    made = written(letter(LetterKind.NEW_DEVICE, told={"place": "::1"}, name=""), SUR)
    assert "Dirección IP: ::1" in made.text
    assert "Dispositivo" not in made.text + made.html
    assert made.text.startswith("Hola:\n")
    assert "válido" not in written(letter(told={}), SUR).text


@pytest.mark.parametrize(
    ("language", "told", "expected"),
    [
        ("es", {"hours": "24"}, "El enlace es válido durante 24 horas y solo puede usarse una vez."),
        ("es", {"hours": "1"}, "El enlace es válido durante 1 hora y solo puede usarse una vez."),
        ("pl", {"hours": "24"}, "Czas ważności: 24 godziny. Linku można użyć tylko raz."),
        ("pl", {"minutes": "60"}, "Czas ważności: 60 minut. Linku można użyć tylko raz."),
        ("en", {"minutes": "10"}, "The link is valid for 10 minutes and can be used only once."),
    ],
)
def test_how_long_it_is_valid(language: str, told: dict[str, str], expected: str) -> None:
    made = written(letter(language=language, told=told), SUR)
    assert f"\n{expected}\n" in made.text


def test_how_to_reach_the_manager() -> None:
    made = written(letter(), SUR)
    for way in ("hola@sur.example", "+54 11 5555", "https://sur.example", "marta@vecinos.example"):
        assert way in made.text
        assert way in made.html


def test_it_wears_the_managers_colours() -> None:
    theme = Theme(primary="#123456", on_primary="#fefefe", accent="#654321", logo_url="https://sur.example/logo.png")
    page = written(letter(), msgspec.structs.replace(SUR, presentation=Presentation(theme=theme))).html
    assert all(colour in page for colour in ("#123456", "#fefefe", "#654321"))
    assert Tags(page).values("img", "src") == ["https://sur.example/logo.png"]


@pytest.mark.parametrize("logo", ["/static/logo.svg", "http://sur.example/logo.png", None])
def test_only_a_logo_that_mail_programs_can_fetch_is_shown(logo: str | None) -> None:
    theme = Theme(logo_url=logo)
    page = written(letter(), msgspec.structs.replace(SUR, presentation=Presentation(theme=theme))).html
    assert "img" not in [tag for tag, _ in Tags(page).found]


def test_a_colour_that_is_none_does_not_get_into_the_page() -> None:
    theme = Theme(primary='red;"><script>', accent="#123456")
    page = written(letter(), msgspec.structs.replace(SUR, presentation=Presentation(theme=theme))).html
    assert page == written(letter(), SUR).html


def test_it_fetches_nothing_and_runs_nothing() -> None:
    page = Tags(written(letter(), SUR).html)
    assert not {"img", "script", "link", "iframe", "form", "object"} & {tag for tag, _ in page.found}
    assert page.values("html", "lang") == ["es"]


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"link": None}, "a letter of kind VERIFY_EMAIL needs a link"),
        ({"kind": LetterKind.SIGN_IN_CODE, "code": None}, "a letter of kind SIGN_IN_CODE needs a code"),
        ({"link": "javascript:alert(1)"}, "begin with https:// or http://"),
    ],
)
def test_a_letter_without_what_it_is_for_is_not_written(changes: dict[str, Any], problem: str) -> None:
    with pytest.raises(IncompleteLetterError, match=re.escape(problem)):
        written(letter(**changes), SUR)


HTML = "<script>alert(1)</script><img src=x onerror=y>{{7*7}}{manager}&amp;\"'"


def test_what_others_wrote_is_text_and_nothing_else() -> None:
    told = {"device": HTML, "place": HTML, "when": HTML}
    manager = msgspec.structs.replace(SUR, name=HTML, contact=msgspec.structs.replace(SUR.contact, phone=HTML))
    made = written(letter(LetterKind.NEW_DEVICE, name=HTML, told=told), manager)
    plain = written(letter(LetterKind.NEW_DEVICE, name="", told={"when": "x", "place": "x"}), SUR)
    assert [tag for tag, _ in Tags(made.html).found] == [tag for tag, _ in Tags(plain.html).found]
    assert HTML in made.text
    assert HTML in unescape(made.html)
    assert "49" not in made.text + made.html


@pytest.mark.parametrize(
    "name",
    ["win.money now", "https://evil.example", "a@b.example", "www.evil.example", "x\\\\y", "Marta evil.example/x"],
)
def test_a_strangers_name_that_would_become_a_link_is_not_repeated(name: str) -> None:
    made = written(letter(name=name), SUR)
    assert made.text.startswith("Hola:\n")
    assert name not in made.text + made.html


@pytest.mark.parametrize(
    "name", ["Inmobiliaria Guayacán S.A.S.", "J. L. O'Brien", "Anna Wiśniewska-Kowalczyk", "Consorcio 12"]
)
def test_ordinary_names_stand_as_they_are(name: str) -> None:
    assert written(letter(name=name), SUR).text.startswith(f"Hola, {name}:\n")


def test_marks_of_direction_and_lines_are_taken_out() -> None:
    assert line(" a\r\nBcc: b\u202e\u2066c\x00\ud800 ") == "a Bcc: b c"
    assert harmless("\u200eMarta\u2028Giménez") == "Marta Giménez"


def test_long_texts_are_cut() -> None:
    assert line("a" * 300, 60) == "a" * 59 + "…"
    assert len(line("ab " * 100_000)) <= 120


@given(some.text(), some.text(max_size=200))
def test_no_text_breaks_a_letter(name: str, device: str) -> None:
    made = written(letter(LetterKind.NEW_DEVICE, name=name, told={"device": device, "when": device}), SUR)
    assert made.text.splitlines()[0].startswith("Hola")
    assert "\r" not in made.text + made.html
    made.text.encode()
    made.html.encode()
