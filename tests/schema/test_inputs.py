"""Inputs: what is refused, and what offices are told of what is taken."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest
from graphql import GraphQLError, GraphQLInputObjectType, GraphQLScalarType

from ventanilla.backoffice_adapters.contract import AccrualFilter, InvoiceFilter, InvoiceStatusFilter
from ventanilla.backoffice_adapters.records import TitleKind
from ventanilla.schema.schema import build

SCHEMA = build()


def parsed(scalar: str, value: Any) -> Any:
    kind = SCHEMA.type_map[scalar]
    assert isinstance(kind, GraphQLScalarType)
    return kind.coerce_input_value(value)


def record(filter_: str, **values: Any) -> Any:
    kind = SCHEMA.type_map[filter_]
    assert isinstance(kind, GraphQLInputObjectType)
    return kind.out_type(values)


@pytest.mark.parametrize("text", ["0001-01-01", "9999-12-31", "2024-02-29"])
def test_a_date_is_a_day_of_the_calendar(text: str) -> None:
    assert parsed("Date", text) == date.fromisoformat(text)


@pytest.mark.parametrize(
    "value",
    ["20261121", "2026-W47-6", "2026W476", "2026-02-29", "0000-01-01", "10000-01-01", "2026-11-21T00:00", "", 7, None],
)
def test_what_is_written_otherwise_is_no_date(value: Any) -> None:
    with pytest.raises(GraphQLError, match="Expected a date such as 2026-11-21"):
        parsed("Date", value)


@pytest.mark.parametrize("value", ["2026-13", "2026-00", "2026-1", "2026-11-01", "２０２６-11", "2026-11\n", 202611])
def test_what_is_no_month_is_refused(value: Any) -> None:
    with pytest.raises(GraphQLError, match="Expected a value such as"):
        parsed("YearMonth", value)


@pytest.mark.parametrize("kinds", [[TitleKind.RENT, TitleKind.OTHER] * 5_000, [TitleKind.RENT, TitleKind.OTHER]])
def test_offices_are_told_each_value_of_a_list_once(kinds: Sequence[TitleKind]) -> None:
    told = record("AccrualFilter", title=kinds)
    assert told == AccrualFilter(titles=(TitleKind.RENT, TitleKind.OTHER))


@pytest.mark.parametrize("statuses", [None, []])
def test_an_empty_list_is_no_condition(statuses: list[InvoiceStatusFilter] | None) -> None:
    assert record("InvoiceFilter", status=statuses) == InvoiceFilter()
