"""The words of the simulators' pages, and amounts and moments as their readers write them."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from babel.dates import format_datetime
from babel.numbers import format_currency

from ventanilla.backoffice_adapters.money import Money

LANGUAGES: Final = ("es", "pl", "en")
_TEXTS: Final = Path(__file__).parent / "texts.toml"
_LOCALES: Final = {"ARS": "es_AR", "COP": "es_CO"}
"""Currency → whose Spanish its amounts are written in."""


def language_of(order: str, accepted: str, usual: str) -> str:
    """The order's language, else the first that the browser accepts and we have, else `usual`."""
    wanted = [order, *(part.partition(";")[0].strip() for part in accepted.split(","))]
    codes = (each.lower().partition("-")[0] for each in wanted)
    return next((code for code in codes if code in LANGUAGES), usual)


@cache
def words(language: str) -> Mapping[str, str]:
    """Key → the text in one of our languages."""
    texts: dict[str, dict[str, str]] = tomllib.loads(_TEXTS.read_text("utf-8"))
    return {key: by_language[language] for key, by_language in texts.items()}


def amount_in_words(amount: Money, language: str) -> str:
    """An amount with its currency."""
    locale = _LOCALES.get(amount.currency, language) if language == "es" else language
    pattern = "¤¤ #,##0.00" if language == "en" else None  # its own sets a code right beside the digits
    return format_currency(Decimal(amount.amount), amount.currency, pattern, locale=locale)


def moment_in_words(at: datetime, zone: ZoneInfo, language: str) -> str:
    """A moment in local time."""
    return format_datetime(at.astimezone(zone), "medium", locale=language)
