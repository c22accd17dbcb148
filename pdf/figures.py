"""Amounts, dates and numbers as people of the manager's locale write them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from copy import copy
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Final

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, match_skeleton
from babel.numbers import NumberPattern

from ventanilla.backoffice_adapters.money import Money, minor_digits

_WRITTEN_WHOLE: Final = frozenset({"COP"})
"""Currencies whose cents stand in the books, but on no paper that can do without."""
_PLAIN: Final = re.compile(r"-?[0-9]{1,15}(?:\.([0-9]{1,6}))?")
_CODE_BEFORE_DIGIT: Final = re.compile(r"(?<=[A-Za-z])(?=[0-9])")
_SINGLE: Final = re.compile(r"(?<![dM])([dM])(?![dM])")


@lru_cache(maxsize=256)
def locale_of(tag: str) -> Locale:
    """The locale that a BCP 47 tag such as ``es-AR`` names, else the one of its language, else British English."""
    for name in (tag, tag.partition("-")[0]):
        try:
            return Locale.parse(name, sep="-")
        except (UnknownLocaleError, ValueError):
            continue
    return Locale.parse("en_GB")


class Figures:
    """Writes the figures of one paper, all amounts with the same decimals."""

    def __init__(self, tag: str, amounts: Iterable[Money]) -> None:
        self._locale = locale_of(tag)
        self._whole = all(
            each.currency in _WRITTEN_WHOLE and each.minor % 10 ** minor_digits(each.currency) == 0 for each in amounts
        )
        self._dates = _date_pattern(self._locale)

    def money(self, amount: Money) -> str:
        """An amount with its currency: ``$1.234,50``, ``1 234,50 zł``."""
        digits = 0 if self._whole else minor_digits(amount.currency)
        pattern = _pattern(self._locale, digits, of_money=True)
        value = Decimal(amount.amount)
        written = pattern.apply(value, self._locale, currency=amount.currency, currency_digits=False)
        return _CODE_BEFORE_DIGIT.sub("\u00a0", written)

    def day(self, day: date) -> str:
        """A date in figures, day and month with two each: ``05/02/2026``."""
        return format_date(day, self._dates, locale=self._locale)

    def price(self, text: str) -> str:
        """A plain decimal with the decimals it came with; what is none, as it is."""
        found = _PLAIN.fullmatch(text)
        return self._decimal(text, len(found[1] or "")) if found else text

    def number(self, text: str) -> str:
        """A plain decimal without the zeros at its end: ``12.500`` is ``12,5``; what is none, as it is."""
        found = _PLAIN.fullmatch(text)
        return self._decimal(text, len((found[1] or "").rstrip("0"))) if found else text

    def _decimal(self, text: str, digits: int) -> str:
        return _pattern(self._locale, digits, of_money=False).apply(Decimal(text), self._locale)


@lru_cache(maxsize=256)
def _pattern(locale: Locale, digits: int, *, of_money: bool) -> NumberPattern:
    pattern = copy(locale.currency_formats["standard"] if of_money else locale.decimal_formats[None])
    pattern.frac_prec = (digits, digits)
    return pattern


@lru_cache(maxsize=256)
def _date_pattern(locale: Locale) -> str:
    name = match_skeleton("yMd", locale.datetime_skeletons)
    pattern = str(locale.datetime_skeletons[name].pattern) if name else "yyyy-MM-dd"
    return _SINGLE.sub(r"\1\1", pattern)
