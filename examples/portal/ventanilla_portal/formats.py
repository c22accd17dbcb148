"""How money, dates and numbers are written for the visitor, who may read another language than the portal's country."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Final
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_skeleton, format_time, format_timedelta
from babel.numbers import format_currency, format_decimal, format_percent

NO_BREAK: Final = "\N{NO-BREAK SPACE}"
_CODE: Final = re.compile(r"([A-Z]{3})(?=\d)")
"""A currency's code right before digits: languages that have no sign for it write it so."""


class Formats:
    """How things are written at one portal, in one language."""

    def __init__(self, language: str, country: str, time_zone: str) -> None:
        self._locale = _locale(language, country)
        self._zone = ZoneInfo(time_zone)

    def money(self, money: Mapping[str, str]) -> str:
        """``{amount currency}`` with its sign; all digits of the currency, never rounded."""
        code = money["currency"]
        written = format_currency(Decimal(money["amount"]), code, locale=self._locale)
        return _CODE.sub(rf"\1{NO_BREAK}", written)

    def number(self, value: str | int, unit: str | None = None) -> str:
        """A decimal string or a count, with its unit."""
        written = format_decimal(Decimal(value), locale=self._locale, decimal_quantization=False)
        return f"{written}{NO_BREAK}{unit}" if unit else written

    def percent(self, value: str) -> str:
        """A rate in percent: ``"21"`` is 21 %."""
        return format_percent(Decimal(value) / 100, locale=self._locale, decimal_quantization=False)

    def day(self, value: str) -> str:
        """A local date: 21 Nov 2026."""
        return format_date(date.fromisoformat(value), "medium", locale=self._locale)

    def day_in_words(self, value: str) -> str:
        """A local date in full: 21 November 2026."""
        return format_date(date.fromisoformat(value), "long", locale=self._locale)

    def month(self, value: str) -> str:
        """A calendar month, ``2026-11``: November 2026."""
        return format_skeleton("yMMMM", datetime.fromisoformat(f"{value[:7]}-01"), locale=self._locale)

    def moment(self, value: str) -> str:
        """A moment where the manager is: 21 Nov 2026, 14:05."""
        local = self._local(value)
        at = format_time(local.time(), "short", locale=self._locale)
        return f"{format_date(local.date(), 'medium', locale=self._locale)}, {at}"

    def day_of(self, value: str) -> str:
        """The local day of a moment."""
        return format_date(self._local(value).date(), "medium", locale=self._locale)

    def clock(self, value: str) -> str:
        """The local time of a moment: 14:05."""
        return format_time(self._local(value), "short", locale=self._locale)

    def ago(self, value: str) -> str:
        """How long ago a moment was, roughly: 3 hours ago."""
        passed = datetime.fromisoformat(value) - datetime.now(self._zone)
        return format_timedelta(passed, add_direction=True, locale=self._locale)

    def days_until(self, value: str) -> int:
        """How many days from today, where the manager is, to a local date; negative once it has passed."""
        return (date.fromisoformat(value) - datetime.now(self._zone).date()).days

    def today(self) -> str:
        """The manager's local date."""
        return datetime.now(self._zone).date().isoformat()

    def _local(self, value: str) -> datetime:
        return datetime.fromisoformat(value).astimezone(self._zone)


def _locale(language: str, country: str) -> Locale:
    try:
        return Locale.parse(f"{language}_{country}")
    except (UnknownLocaleError, ValueError):
        return Locale(language)
