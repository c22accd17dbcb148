"""Cells: how one value stands in a file, each kind with its two directions.

A kind reads a trimmed, non-empty text and writes a value; `read(write(value)) == value`, or the value cannot stand in
a file. Whatever does not read is a ``ValueError``; `expected` says what would have been right.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from ventanilla.backoffice_adapters.money import Money


@dataclass(frozen=True)
class Formats:
    """How a program writes figures and times; `zone` and `currency` are the manager's."""

    decimal: str
    grouping: str
    dates: str
    times: str
    months: str
    positive_is_debt: bool
    zone: ZoneInfo
    currency: str


@dataclass(frozen=True)
class Kind:
    """One kind of cell."""

    read: Callable[[str, Formats], Any]
    write: Callable[[Any, Formats], str]
    expected: Callable[[Formats], str]


# -- figures -----------------------------------------------------------------------------------------------------


@lru_cache
def _figure(decimal: str, grouping: str) -> re.Pattern[str]:
    groups = rf"[0-9]{{1,3}}(?:[{re.escape(grouping)}][0-9]{{3}})+|" if grouping else ""
    return re.compile(rf"(-?)({groups}[0-9]+)(?:{re.escape(decimal)}([0-9]+))?")


def _plain(text: str, formats: Formats) -> str:
    found = _figure(formats.decimal, formats.grouping).fullmatch(text)
    if not found:
        raise ValueError(text)
    sign, whole, part = found.groups()
    digits = "".join(digit for digit in whole if digit not in formats.grouping)
    return f"{sign}{digits}.{part}" if part else sign + digits


def _local(plain: str, formats: Formats) -> str:
    sign, digits = ("-", plain[1:]) if plain.startswith("-") else ("", plain)
    whole, point, part = digits.partition(".")
    grouped = f"{int(whole):,}".replace(",", formats.grouping[:1])
    return sign + grouped + (formats.decimal if point else "") + part


def _read_signed(text: str, formats: Formats) -> Money:
    return Money.parse(_plain(text, formats), formats.currency)


def _read_amount(text: str, formats: Formats) -> Money:
    if text.startswith("-"):
        raise ValueError(text)
    return _read_signed(text, formats)


def _write_signed(value: Money, formats: Formats) -> str:
    if value.currency != formats.currency:
        raise ValueError(value.currency)
    return _local(value.amount, formats)


def _read_standing(text: str, formats: Formats) -> Money:
    figure = _read_signed(text, formats)
    return figure if formats.positive_is_debt else -figure


def _write_standing(value: Money, formats: Formats) -> str:
    return _write_signed(value if formats.positive_is_debt else -value, formats)


def _signed_expected(formats: Formats) -> str:
    return f"an amount in {formats.currency} such as {_local(Money(123456, formats.currency).amount, formats)}"


def _read_count(text: str, _: Formats) -> int:
    if not re.fullmatch(r"[0-9]{1,9}", text):
        raise ValueError(text)
    return int(text)


# -- times -------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=8_192)
def _date(text: str, form: str) -> date:
    return datetime.strptime(text, form).date()  # noqa: DTZ007  a local date has no zone


def _read_date(text: str, formats: Formats) -> date:
    return _date(text, formats.dates)


def _write_date(value: date, formats: Formats) -> str:
    return value.strftime(formats.dates)


def _read_month(text: str, formats: Formats) -> str:
    return _date(text, formats.months).isoformat()[:7]


def _write_month(value: str, formats: Formats) -> str:
    return date.fromisoformat(f"{value}-01").strftime(formats.months)


def _read_time(text: str, formats: Formats) -> datetime:
    try:
        local = datetime.strptime(text, formats.times)  # noqa: DTZ007  the zone is put on below
    except ValueError:
        local = datetime.combine(_read_date(text, formats), datetime.min.time())
    return (local if local.tzinfo else local.replace(tzinfo=formats.zone)).astimezone(UTC)


def _write_time(value: datetime, formats: Formats) -> str:
    return value.astimezone(formats.zone).strftime(formats.times)


_SAMPLE = datetime(2026, 12, 31, 14, 30, tzinfo=UTC)


# -- the kinds ---------------------------------------------------------------------------------------------------

TEXT = Kind(lambda text, _: text, lambda value, _: value, lambda _: "a text")
LINES = Kind(
    lambda text, _: tuple(line.strip() for line in text.splitlines()),
    lambda value, _: "\n".join(value),
    lambda _: "one or more lines of text",
)
COUNT = Kind(_read_count, lambda value, _: str(value), lambda _: "a whole number such as 1")
DECIMAL = Kind(_plain, _local, lambda formats: f"a number such as {_local('12.5', formats)}")
DEGREES = Kind(
    lambda text, formats: float(_plain(text, formats)),
    lambda value, formats: str(value).replace(".", formats.decimal),
    lambda formats: f"degrees such as {_local('52.2297', formats)}",
)
AMOUNT = Kind(_read_amount, _write_signed, lambda formats: f"{_signed_expected(formats)}, zero or more")
SIGNED = Kind(_read_signed, _write_signed, _signed_expected)
STANDING = Kind(_read_standing, _write_standing, _signed_expected)
DATE = Kind(_read_date, _write_date, lambda formats: f"a date such as {_write_date(_SAMPLE.date(), formats)}")
MONTH = Kind(_read_month, _write_month, lambda formats: f"a month such as {_SAMPLE:{formats.months}}")
TIME = Kind(_read_time, _write_time, lambda formats: f"a time such as {_write_time(_SAMPLE, formats)}, or a date")


Words = type[StrEnum] | type[bool]
"""A fixed set of values, for which every program has words of its own."""


def names(values: Words) -> dict[str, Any]:
    """Our name of each value → the value; of what is so or not so, YES and NO."""
    return {"YES": True, "NO": False} if issubclass(values, bool) else {value.value: value for value in values}


def word(values: Words, words: Mapping[str, str]) -> Kind:
    """A kind of cell that holds one of a program's own words for `values`; the first word of a value is written.

    Without `words` our own names are the words.
    """
    known = names(values)
    meanings = {text: known[name] for text, name in words.items()} or known
    first = {value: text for text, value in reversed(meanings.items())}
    told = ", ".join(f"“{text}”" for text in meanings)
    return Kind(lambda text, _: meanings[text], lambda value, _: first[value], lambda _: f"one of {told}")
