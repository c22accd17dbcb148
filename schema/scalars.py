"""Custom scalars, each with the format that clients may rely on."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NewType

import strawberry
from graphql import GraphQLError
from strawberry.types.scalar import ScalarDefinition

from ventanilla.execution.fields import iso

CurrencyCode = NewType("CurrencyCode", str)
Url = NewType("Url", str)
TimeZone = NewType("TimeZone", str)
Colour = NewType("Colour", str)
YearMonth = NewType("YearMonth", str)
Fraction = NewType("Fraction", str)


_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
"""What RFC 3339 calls a date; Python takes weeks and dates without hyphens as well."""


def _date(value: Any) -> date:
    if isinstance(value, str) and _DATE.fullmatch(value):
        with suppress(ValueError):
            return date.fromisoformat(value)
    message = f"Expected a date such as 2026-11-21, found {value!r}."
    raise GraphQLError(message)


def _date_time(value: Any) -> datetime:
    try:
        moment = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        moment = None
    if moment is None or moment.tzinfo is None:
        message = f"Expected a date-time with offset such as 2026-11-21T09:30:00Z, found {value!r}."
        raise GraphQLError(message)
    return moment


def _matching(pattern: str, example: str) -> Any:
    form = re.compile(pattern)

    def parse(value: Any) -> str:
        if isinstance(value, str) and form.fullmatch(value):
            return value
        message = f"Expected a value such as {example}, found {value!r}."
        raise GraphQLError(message)

    return parse


SCALARS: dict[object, ScalarDefinition] = {
    date: strawberry.scalar(
        name="Date",
        description="A local date of the manager, ISO 8601: `2026-11-21`.",
        specified_by_url="https://datatracker.ietf.org/doc/html/rfc3339#section-5.6",
        serialize=iso,
        parse_value=_date,
    ),
    datetime: strawberry.scalar(
        name="DateTime",
        description="A moment, RFC 3339 with offset: `2026-11-21T09:30:00+00:00`. Without an offset it is refused.",
        specified_by_url="https://datatracker.ietf.org/doc/html/rfc3339",
        serialize=iso,
        parse_value=_date_time,
    ),
    Decimal: strawberry.scalar(
        name="Decimal",
        description=(
            'An exact decimal as a string, never a float: `"1234.50"`. In `Money` it has exactly the minor digits'
            " of its currency. Exponents, NaN and infinities do not occur and are refused."
        ),
        serialize=str,
        parse_value=_matching(r"-?[0-9]{1,15}(\.[0-9]{1,6})?", '"1234.50"'),
    ),
    CurrencyCode: strawberry.scalar(
        name="CurrencyCode",
        description="An ISO 4217 currency code: `ARS`, `COP`, `PLN`.",
        serialize=str,
        parse_value=_matching(r"[A-Z]{3}", '"PLN"'),
    ),
    Url: strawberry.scalar(
        name="Url",
        description="An absolute https address, or a path of this portal: `https://example.org/`, `/graphiql`.",
        serialize=str,
        parse_value=_matching(r"(https://|/)\S*", '"https://example.org/"'),
    ),
    TimeZone: strawberry.scalar(
        name="TimeZone",
        description="A zone of the IANA time zone database: `Europe/Warsaw`.",
        serialize=str,
        parse_value=_matching(r"[A-Za-z_+-]+(/[A-Za-z0-9_+-]+)*", '"Europe/Warsaw"'),
    ),
    Colour: strawberry.scalar(
        name="Colour",
        description="A colour as `#rrggbb`.",
        serialize=str,
        parse_value=_matching(r"#[0-9a-fA-F]{6}", '"#1f4e79"'),
    ),
    YearMonth: strawberry.scalar(
        name="YearMonth",
        description="A calendar month, ISO 8601: `2026-11`.",
        serialize=str,
        parse_value=_matching(r"[0-9]{4}-(0[1-9]|1[0-2])", '"2026-11"'),
    ),
    Fraction: strawberry.scalar(
        name="Fraction",
        description="An exact fraction in lowest terms, numerator and denominator as whole numbers: `147/73`, `12/1`.",
        serialize=str,
        parse_value=_matching(r"-?[0-9]+/[1-9][0-9]*", '"147/73"'),
    ),
}
