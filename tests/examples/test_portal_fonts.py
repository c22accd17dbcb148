"""The portal's fonts: what the style sheet names is there, with its licence, and light enough for a telephone."""

from __future__ import annotations

import re
from pathlib import Path

FONTS = Path(__file__).parents[2] / "examples" / "portal" / "ventanilla_portal" / "static" / "fonts"
SHEET = (FONTS / "fonts.css").read_text("utf-8")
FACES = re.findall(r"@font-face \{(.*?)\}", SHEET, re.DOTALL)
LETTERS = "AÁÉÍÑÓÚÜaáéíñóúü¿¡ªºĄĆĘŁŃÓŚŹŻąćęłńóśźż0123456789€$%−–—„”«»…²³"
"""What Spanish and Polish are written with, and amounts."""


def ranges(face: str) -> list[tuple[int, int]]:
    """The characters that the browser takes from a face, from and to."""
    found = re.findall(r"U\+([0-9A-F]+)(?:-([0-9A-F]+))?", face)
    return [(int(first, 16), int(last or first, 16)) for first, last in found]


def named(face: str) -> str:
    (found,) = re.findall(r'src: url\("([^"]+)"\)', face)
    return found


def test_the_files_are_those_that_are_named_and_no_others() -> None:
    assert sorted(map(named, FACES)) == sorted(path.name for path in FONTS.glob("*.woff2"))
    assert all((FONTS / named(face)).read_bytes()[:4] == b"wOF2" for face in FACES)
    assert SHEET.count("font-display: swap;") == len(FACES)


def test_each_family_has_its_licence() -> None:
    families = {re.sub(r"-latin(-ext)?-wght-normal\.woff2$", "", named(face)) for face in FACES}
    assert {path.stem for path in FONTS.glob("*.LICENSE")} == families
    for path in FONTS.glob("*.LICENSE"):
        text = path.read_text("utf-8")
        assert text.startswith(("Copyright", "©"))
        assert "SIL OPEN FONT LICENSE Version 1.1" in text


def test_each_family_has_every_letter_of_spanish_and_polish() -> None:
    families = set(re.findall(r'font-family: "([^"]+)"', SHEET))
    assert len(families) == 3
    for family in families:
        taken = [pair for face in FACES if f'"{family}"' in face for pair in ranges(face)]
        assert [each for each in LETTERS if not any(first <= ord(each) <= last for first, last in taken)] == []


def test_a_telephone_need_not_fetch_much() -> None:
    assert sum(path.stat().st_size for path in FONTS.glob("*.woff2")) < 400_000
