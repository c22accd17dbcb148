"""Browsers that people sign in with, known again by what they call themselves, less their version numbers.

A browser that is another than those a person had is told of by a letter: if it was not them, they can end the session.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Final

from babel import Locale
from babel.dates import format_date, format_time
from sqlmodel import col, delete, select

from ventanilla.auth.caller import Caller
from ventanilla.auth.letters import language_of, letter_to
from ventanilla.store.letters import LetterKind, post
from ventanilla.store.manager import Manager
from ventanilla.store.tables import KnownDeviceRow as Row
from ventanilla.store.tables import PersonRow
from ventanilla.store.tenancy import Work

MOST: Final = 20
"""How many browsers are remembered for one person; the one that was longest away is forgotten."""
_VERSION = re.compile(r"\d+(?:[._]\d+)*")
# The first that fits counts: browsers name those whose pages they can show, and systems the one they were made of.
_BROWSERS: Final = (
    ("SamsungBrowser/", "Samsung Internet"),
    ("EdgA/", "Edge"),
    ("EdgiOS/", "Edge"),
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("Vivaldi/", "Vivaldi"),
    ("YaBrowser/", "Yandex"),
    ("FxiOS/", "Firefox"),
    ("Firefox/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
    ("curl/", "curl"),
)
_SYSTEMS: Final = (
    ("iPhone", "iOS"),
    ("iPad", "iPadOS"),
    ("Android", "Android"),
    ("CrOS", "ChromeOS"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)
_TOGETHER: Final[Mapping[str, str]] = {
    "en": "{} on {}",
    "es": "{} en {}",
    "pl": "{} w systemie {}",
}

_UNKNOWN: Final[Mapping[str, str]] = {
    "en": "an unknown browser",
    "es": "un navegador desconocido",
    "pl": "nieznana przeglądarka",
}


def described(user_agent: str | None, language: str) -> str | None:
    """A browser in a few words of `language` (BCP 47), "Firefox on Android"; None for one that we do not know."""
    browser, system = names_of(user_agent)
    if browser is None or system is None:
        return browser
    return _spoken(_TOGETHER, language).format(browser, system)


def names_of(user_agent: str | None) -> tuple[str | None, str | None]:
    """What a browser is called, and the system it runs on; None for each that we do not know."""
    return _first(_BROWSERS, user_agent or ""), _first(_SYSTEMS, user_agent or "")


def _spoken(texts: Mapping[str, str], language: str) -> str:
    return texts.get(language.partition("-")[0], texts["en"])


def _first(names: tuple[tuple[str, str], ...], text: str) -> str | None:
    return next((name for mark, name in names if mark in text), None)


def digest_of(user_agent: str | None) -> str:
    """What a browser is known by: the same for all its versions."""
    return hashlib.sha256(_VERSION.sub("", user_agent or "").encode(errors="surrogatepass")).hexdigest()


async def noted(work: Work, manager: Manager, person: PersonRow, caller: Caller, now: datetime) -> bool:
    """Remember what a person signs in with, and post the letter that tells them of another browser, if it is one.

    Whether a letter was posted. Hold the person's row: two sign-ins at once would both find no browser.
    """
    if not await seen(work, person.id, caller.user_agent, now):
        return False
    told = circumstances(manager, person, caller, now)
    await post(work, letter_to(person, LetterKind.NEW_DEVICE, manager, caller, told=told), now)
    return True


def circumstances(manager: Manager, person: PersonRow, caller: Caller, now: datetime) -> dict[str, str]:
    """What a letter about something that was done tells: ``device``, ``place`` and ``when``, in the person's words."""
    language = language_of(person, manager)
    return {
        "device": described(caller.user_agent, language) or _spoken(_UNKNOWN, language),
        "place": caller.address,
        "when": _local(manager, language, now),
    }


def _local(manager: Manager, language: str, now: datetime) -> str:
    """A moment as the manager's clocks show it, in words of `language`."""
    here = now.astimezone(manager.zone)
    locale = Locale.parse(language, sep="-")
    return f"{format_date(here.date(), 'long', locale)}, {format_time(here.time(), 'short', locale=locale)}"


async def seen(work: Work, person_id: str, user_agent: str | None, now: datetime) -> bool:
    """Remember that a person signs in with this browser; whether it is another than those they had.

    The first browser of all is no other.
    """
    theirs = select(Row).where(col(Row.person_id) == person_id).order_by(col(Row.seen_at).desc())
    known = (await work.exec(theirs)).all()
    digest = digest_of(user_agent)
    for row in known:
        if row.digest == digest:  # what a browser calls itself, which is not a secret
            row.seen_at = now
            return False
    await _forget(work, person_id, [row.digest for row in known[MOST - 1 :]])
    work.add(Row(person_id=person_id, digest=digest, first_seen_at=now, seen_at=now))
    await work.flush()
    return bool(known)


async def _forget(work: Work, person_id: str, digests: list[str]) -> None:
    if digests:
        await work.exec(delete(Row).where(col(Row.person_id) == person_id, col(Row.digest).in_(digests)))
