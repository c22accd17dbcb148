"""Writes a letter out: as text and as HTML, both from the same words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Final

from babel.units import format_unit
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from ventanilla.backoffice_adapters.records import Record
from ventanilla.mail.letter import Letter
from ventanilla.mail.plain import harmless, line
from ventanilla.mail.words import language_of, words
from ventanilla.store.letters import LetterKind
from ventanilla.store.manager import Manager
from ventanilla.store.theme import Theme

FOLDER: Final = Path(__file__).parent / "templates"
_COLOUR: Final = re.compile(r"#[0-9a-fA-F]{6}")
_LINKED: Final = frozenset(
    {
        *(LetterKind.VERIFY_EMAIL, LetterKind.VERIFY_NEW_EMAIL, LetterKind.RESET_PASSWORD, LetterKind.ACCESS_LINK),
    }
)
_ACCESS: Final = frozenset({LetterKind.ACCESS_LINK, LetterKind.ACCESS_PASSWORD})
"""Kinds that lead to the manager's manual, if there is one."""
_CODED: Final = frozenset({LetterKind.SIGN_IN_CODE, LetterKind.ACCESS_PASSWORD})
_FACTS: Final = ("email", "passkey", "provider", "when", "device", "place", "user", "password")


class IncompleteLetterError(ValueError):
    """A letter lacks what it is for: whoever posts it has to give that."""


class Written(Record):
    """A letter in words."""

    language: str
    subject: str
    text: str
    html: str


class Page(Record):
    """What a letter says, piece by piece, before it takes a form."""

    language: str
    manager: str
    theme: Theme
    logo: str | None
    subject: str
    preheader: str
    greeting: str
    before: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]
    """Name and value of what happened."""
    code: str | None
    then: tuple[str, ...]
    button: str | None
    target: str
    """Where the button leads."""
    address: str
    after: tuple[str, ...]
    closing: str
    questions: str
    contact: tuple[str, ...]
    addressed: str


def written(letter: Letter, manager: Manager) -> Written:
    """Write `letter` out as `manager` would; raise `IncompleteLetterError` where its link or its code is missing.

    Of `letter.told` it knows ``days``, ``hours`` or ``minutes`` (how long link and code are valid, in digits), ``when``
    (date and time as the reader's clock shows them), ``device`` (which browser on what), ``place`` (a network address),
    ``email`` (the new address, masked), ``passkey`` (its name), ``provider`` (its title) and ``user`` (what to sign in
    with). What is not told is left out.
    """
    _refuse_incomplete(letter)
    page = _page(letter, manager)
    return Written(language=page.language, subject=page.subject, text=_text(page), html=_html(page))


def _refuse_incomplete(letter: Letter) -> None:
    if letter.kind in _LINKED and not letter.link:
        raise IncompleteLetterError(f"a letter of kind {letter.kind} needs a link")
    if letter.kind in _CODED and not letter.code:
        raise IncompleteLetterError(f"a letter of kind {letter.kind} needs a code")
    if not (letter.link or letter.portal).startswith(("https://", "http://")):
        raise IncompleteLetterError("a letter's link, and the address of its portal, begin with https:// or http://")


def _page(letter: Letter, manager: Manager) -> Page:
    language = language_of(letter.language, manager)
    known = _known(letter, manager, language)
    table = words(language)
    kind = table.kinds[letter.kind]
    theme = manager.presentation.theme
    return Page(
        language=language,
        manager=known["manager"],
        theme=_shown(theme),
        logo=theme.logo_url if theme.logo_url and theme.logo_url.startswith("https://") else None,
        subject=kind.subject.format_map(known),
        preheader=kind.preheader.format_map(known),
        greeting=(table.named if "name" in known else table.greeting).format_map(known),
        before=tuple(_said(kind.before, known)),
        facts=tuple((getattr(table, fact), known[fact]) for fact in _FACTS if fact in known),
        code=None if "password" in known else letter.code,
        then=tuple(_said(kind.then, known)),
        button=kind.button,
        target=letter.link or letter.portal,
        address=table.address,
        after=tuple(_said(kind.after, known)),
        closing=table.closing,
        questions=table.questions,
        contact=tuple(filter(None, (manager.contact.email, manager.contact.phone, manager.contact.website))),
        addressed=table.addressed.format_map(known),
    )


def _known(letter: Letter, manager: Manager, language: str) -> dict[str, str]:
    """What the words may name: nothing that is empty."""
    told = letter.told
    known = {
        "manager": line(manager.name) or manager.slug,
        "name": harmless(letter.name, 80),
        "recipient": line(letter.recipient, 254),
        "life": _life(told, language),
        "when": line(told.get("when", "")),
        "device": harmless(told.get("device", "")),
        "place": line(told.get("place", ""), 60),
        "email": line(told.get("email", ""), 254),
        "passkey": harmless(told.get("passkey", "")),
        "provider": line(told.get("provider", ""), 80),
        "user": line(told.get("user", ""), 254),
        "password": (letter.code or "") if letter.kind is LetterKind.ACCESS_PASSWORD else "",
        "manual": (manager.mass_access.manual_url or "") if letter.kind in _ACCESS else "",
    }
    return {name: value for name, value in known.items() if value}


def _life(told: Mapping[str, str], language: str) -> str:
    for name, unit in (("days", "duration-day"), ("hours", "duration-hour"), ("minutes", "duration-minute")):
        if name in told:
            return format_unit(int(told[name]), unit, locale=language)
    return ""


def _said(paragraphs: tuple[str, ...], known: Mapping[str, str]) -> Iterator[str]:
    """The paragraphs, without those that name what is not known."""
    for paragraph in paragraphs:
        try:
            yield paragraph.format_map(known)
        except KeyError:
            continue


def _shown(theme: Theme) -> Theme:
    """The theme, or our own where a colour is none: a letter has to leave all the same."""
    colours = (theme.primary, theme.on_primary, theme.background, theme.text, theme.accent)
    return theme if all(_COLOUR.fullmatch(colour) for colour in colours) else Theme()


def _text(page: Page) -> str:
    facts = "\n".join(f"{name}: {value}" for name, value in page.facts)
    button = f"{page.button}:\n{page.target}" if page.button else None
    parts = [page.greeting, *page.before, facts, page.code, *page.then, button, *page.after]
    parts += [f"{page.closing}\n{page.manager}", "\n".join(("-- ", page.questions, *page.contact)), page.addressed]
    return "\n\n".join(filter(None, parts)) + "\n"


def _html(page: Page) -> str:
    return _layout().get_template("letter.html").render(page=page)


@cache
def _layout() -> Environment:
    return Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
