"""What pages say, in every language of the portal: a TOML file beside each page, and one for what all pages share.

An entry is a table of languages. Where the words depend on a number, a language has a table of its plural forms, as
CLDR names them (``one``, ``few``, ``many``, ``other``), chosen by the value named ``n``::

    [unpaid]
    en = { one = "{n} invoice to pay", other = "{n} invoices to pay" }
"""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

from babel import Locale
from markupsafe import Markup, escape

LANGUAGES: Final = ("es", "pl", "en")
"""The languages that every word is there in."""
_FRAME: Final = Path(__file__).parent / "frame"

Entry = Mapping[str, str | Mapping[str, str]]


class MissingWordsError(LookupError):
    """There are no words for this key; a test finds each that a template asks for."""


class Words:
    """The words of one page in one language, those of the frame behind them."""

    def __init__(self, language: str, *tables: Mapping[str, Entry]) -> None:
        self.language = language if language in LANGUAGES else LANGUAGES[-1]
        self._tables = tables

    def __call__(self, key: str, **values: object) -> Markup:
        """What is said under `key`, with `values` put in; they are escaped, the words themselves may hold markup."""
        words = self._found(key)[self.language]
        if not isinstance(words, str):
            words = words.get(_plural(self.language, values.get("n"))) or words["other"]
        return Markup(words).format(**{name: escape(value) for name, value in values.items()})  # noqa: S704  our own words

    def filled(self, key: str, pairs: Iterable[Mapping[str, str]]) -> Markup:
        """What is said under `key` with the values of ``{key value}`` pairs; one that is not there is a dash."""
        values = defaultdict(lambda: "–", {pair["key"]: escape(pair["value"]) for pair in pairs})
        return Markup(self._found(key)[self.language]).format_map(values)  # noqa: S704  our own words

    def has(self, key: str) -> bool:
        """Whether anything is said under `key`."""
        return any(key in table for table in self._tables)

    def _found(self, key: str) -> Entry:
        for table in self._tables:
            if key in table:
                return table[key]
        raise MissingWordsError(key)


def _plural(language: str, count: object) -> str:
    return Locale(language).plural_form(count if isinstance(count, int) else 0)


@cache
def table(file: Path) -> Mapping[str, Entry]:
    """The entries of one file; empty where there is none. Keys may be grouped: ``[status.PAID]`` is ``status.PAID``."""
    return _flat(tomllib.loads(file.read_text("utf-8"))) if file.exists() else {}


def shared() -> tuple[Mapping[str, Entry], ...]:
    """What all pages share."""
    return table(_FRAME / "frame.toml"), table(_FRAME / "enums.toml")


def _flat(found: Mapping[str, Any], prefix: str = "") -> dict[str, Entry]:
    flat: dict[str, Entry] = {}
    for key, value in found.items():
        if value.keys() & set(LANGUAGES):
            flat[f"{prefix}{key}"] = value
        else:
            flat |= _flat(value, f"{prefix}{key}.")
    return flat
