"""Figures are written as people of the locale write them, and never rounded."""

from __future__ import annotations

from datetime import date

import pytest

from ventanilla.backoffice_adapters.money import Money
from ventanilla.pdf.figures import Figures


def figures(locale: str, *amounts: Money) -> Figures:
    return Figures(locale, amounts)


@pytest.mark.parametrize(
    ("locale", "amount", "written"),
    [
        ("es-AR", Money(123_450, "ARS"), "$1.234,50"),
        ("es-AR", Money(-5, "ARS"), "-$0,05"),
        ("pl-PL", Money(123_450, "PLN"), "1 234,50 zł"),
        ("es-CO", Money(233_020_700, "COP"), "$2.330.207"),
        ("es-CO", Money(233_020_701, "COP"), "$2.330.207,01"),
        ("en-GB", Money(123_450, "PLN"), "PLN 1,234.50"),
        ("es-CL", Money(5_000, "CLP"), "$5.000"),
        ("xx", Money(1_234, "KWD"), "KWD 1.234"),
    ],
)
def test_amounts(locale: str, amount: Money, written: str) -> None:
    assert figures(locale, amount).money(amount).replace("\u00a0", " ") == written


def test_all_amounts_of_a_paper_have_the_same_decimals() -> None:
    told = figures("es-CO", Money(100, "COP"), Money(150, "COP"))
    assert told.money(Money(100, "COP")) == "$1,00"


@pytest.mark.parametrize(
    ("locale", "written"), [("es-AR", "05/02/2026"), ("pl-PL", "05.02.2026"), ("en-US", "02/05/2026")]
)
def test_dates_have_two_digits_each(locale: str, written: str) -> None:
    assert figures(locale).day(date(2026, 2, 5)) == written


def test_a_price_keeps_its_decimals_and_a_number_loses_empty_ones() -> None:
    told = figures("es-AR")
    assert (told.price("1499.6875"), told.price("12.50"), told.number("12.500")) == ("1.499,6875", "12,50", "12,5")
    assert (told.number("3"), told.number("dos"), told.price("1e5")) == ("3", "dos", "1e5")
