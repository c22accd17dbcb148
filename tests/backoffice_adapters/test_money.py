"""Money: whole minor units, one currency, written with exactly the currency's digits."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ventanilla.backoffice_adapters.money import CurrencyMismatchError, Money, minor_digits, total

CURRENCIES = st.sampled_from(["ARS", "COP", "PLN", "CLP", "KWD", "CLF"])


@pytest.mark.parametrize(
    ("minor", "currency", "written"),
    [
        (123450, "PLN", "1234.50"),
        (-5, "ARS", "-0.05"),
        (0, "COP", "0.00"),
        (1523, "CLP", "1523"),
        (1, "KWD", "0.001"),
        (9007199254740993, "ARS", "90071992547409.93"),
    ],
)
def test_an_amount_is_written_with_the_digits_of_its_currency(minor: int, currency: str, written: str) -> None:
    assert Money(minor, currency).amount == written
    assert Money.parse(written, currency) == Money(minor, currency)


@given(st.integers(-(10**14), 10**14), CURRENCIES)
def test_what_is_written_is_read_back(minor: int, currency: str) -> None:
    assert Money.parse(Money(minor, currency).amount, currency).minor == minor


@pytest.mark.parametrize("text", ["1e3", "NaN", "Infinity", "", "1.2.3", "1 234.00", "1,50", "+1", ".5", "1.", "0x10"])
def test_what_is_no_plain_decimal_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not an amount"):
        Money.parse(text, "PLN")


def test_more_digits_than_the_currency_has_are_refused() -> None:
    with pytest.raises(ValueError, match="more decimals than PLN"):
        Money.exact(Decimal("1.005"), "PLN")
    with pytest.raises(ValueError, match="more decimals than CLP"):
        Money.parse("1.5", "CLP")


def test_two_currencies_are_never_combined() -> None:
    zloty, peso = Money(100, "PLN"), Money(100, "ARS")
    for combine in (lambda: zloty + peso, lambda: zloty - peso, lambda: zloty < peso, lambda: total([peso], "PLN")):
        with pytest.raises(CurrencyMismatchError):
            combine()
    assert zloty != peso


def test_sums_are_exact_and_empty_sums_are_zero() -> None:
    assert total([Money(1, "PLN")] * 3, "PLN") == Money(3, "PLN")
    assert total([], "PLN") == Money(0, "PLN")
    assert not total([], "PLN")
    assert -Money(5, "PLN") + Money(5, "PLN") == Money(0, "PLN")


@pytest.mark.parametrize("code", ["pln", "ZŁO", "EURO", ""])
def test_what_is_no_currency_code_is_refused(code: str) -> None:
    with pytest.raises(ValueError, match="is not an ISO 4217 code"):
        minor_digits(code)
