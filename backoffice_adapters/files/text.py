"""From bytes to text, when the encoding is told and must be believed only as far as the text makes sense."""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Iterator

from ventanilla.backoffice_adapters.files.configuration import FilesConfiguration
from ventanilla.backoffice_adapters.files.problems import DropError, Problem

_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_ENCODINGS = ("utf-8", "cp1250", "iso-8859-2", "cp852", "cp1252")
# Signs outside ASCII that do stand beside letters in good text; any other there is a letter that was misread.
_SIGNS = frozenset("„”“«»‚’‘–—…§°²³€·×®№ªº¿¡\u00a0\u00ad\u202f")
_NOT_PLAIN = re.compile(r"[^\t\n\r\x20-\x7e]")
_FEW = 3


def decode(file: str, content: bytes, configuration: FilesConfiguration) -> str:
    """Read `content` in its encoding; raise `DropError` where it cannot be that encoding."""
    encoding = next((name for mark, name in _MARKS if content.startswith(mark)), configuration.encoding)
    fault = _fault(file, content, encoding, configuration.expected_letters)
    if fault:
        raise DropError([fault])
    return content.decode(encoding)


def _fault(file: str, content: bytes, encoding: str, expected: str) -> Problem | None:
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        row, found = content.count(b"\n", 0, error.start) + 1, f"byte {content[error.start]:02X}"
    else:
        place = next(_oddities(text, expected), None)
        if place is None:
            return None
        row, found = text.count("\n", 0, place) + 1, text[max(0, place - 8) : place + 8].strip()
    return _misread(file, row, found, encoding, _hint(content, encoding, expected))


def _misread(file: str, row: int, found: str, encoding: str, hint: str) -> Problem:
    printable = "".join(sign if sign.isprintable() else f"\\x{ord(sign):02x}" for sign in found)
    remedy = f"{hint}Let the program export again, whole and in {encoding}, or change `encoding` in the configuration."
    return Problem(file=file, row=row, found=printable, expected=f"text in {encoding}", remedy=remedy)


def _hint(content: bytes, encoding: str, expected: str) -> str:
    others = (name for name in _ENCODINGS if codecs.lookup(name) != codecs.lookup(encoding))
    sound = [name for name in others if _sound(content, name, expected)] if expected else []
    return f"The file makes sense as {' or '.join(sound)}. " if sound else ""


def _sound(content: bytes, encoding: str, expected: str) -> bool:
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        return False
    return next(_oddities(text, expected), None) is None


def _oddities(text: str, expected: str) -> Iterator[int]:
    """Give the places of what good text does not hold, if it holds enough of it to tell."""
    foreign: list[int] = []
    home = 0
    for match in _NOT_PLAIN.finditer(text):
        place, sign = match.start(), match.group()
        # Control characters: another encoding's letters, or the zeros of a file that was not copied to its end.
        if sign < "\xa0" or (expected and _inside_word(text, place)):
            yield place
        elif sign.lower() in expected:
            home += 1
        elif sign.isalpha():
            foreign.append(place)
    if expected and len(foreign) >= _FEW and len(foreign) > home:
        yield foreign[0]


def _inside_word(text: str, place: int) -> bool:
    """Whether a sign that is no letter touches one."""
    if text[place].isalpha() or text[place] in _SIGNS or unicodedata.combining(text[place]):
        return False
    return text[place - 1 : place].isalpha() or text[place + 1 : place + 2].isalpha()
