"""Money: an integer of minor units and an ISO 4217 currency; never a float, never two currencies in one sum."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal

import msgspec

# ISO 4217 minor digits where they are not two.
_DIGITS = {
    **dict.fromkeys(
        ("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI", "VND", "VUV", "XAF",
         "XOF", "XPF"), 0),
    **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3),
    **dict.fromkeys(("CLF", "UYW"), 4),
}  # fmt: skip
_PLAIN = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,4})?")
_CODE = re.compile(r"[A-Z]{3}")


class CurrencyMismatchError(ValueError):
    """Amounts of different currencies cannot be added or compared; keep one total per currency."""


class _Known(dict[str, int]):
    """Currency → minor digits, of the codes met so far: it is asked for each amount that is written."""

    def __missing__(self, currency: str) -> int:
        if not _CODE.fullmatch(currency):
            msg = f"{currency!r} is not an ISO 4217 code: three capital letters such as PLN"
            raise ValueError(msg)
        return self.setdefault(currency, _DIGITS.get(currency, 2))


_known = _Known()
_CENTS = tuple(f"{part:02}" for part in range(100))


def minor_digits(currency: str) -> int:
    """How many decimals an amount in `currency` is written with (ISO 4217): 2 for PLN, 0 for CLP."""
    return _known[currency]


def written(minor: int, currency: str) -> str:
    """Minor units as major ones with exactly the currency's digits: ``"1234.50"``."""
    digits = _known[currency]
    if digits == 2 and minor >= 0:  # nearly all are, and a page has hundreds
        return f"{minor // 100}.{_CENTS[minor % 100]}"
    if not digits:
        return str(minor)
    whole, part = divmod(abs(minor), 10**digits)
    return f"{'-' if minor < 0 else ''}{whole}.{part:0{digits}d}"


class Money(msgspec.Struct, frozen=True, gc=False):
    """`minor` units (grosze, centavos) of `currency`; negative where the field that holds it allows it."""

    minor: int
    currency: str

    @property
    def amount(self) -> str:
        """Major units with exactly the currency's digits: ``"1234.50"``."""
        return written(self.minor, self.currency)

    @classmethod
    def parse(cls, text: str, currency: str) -> Money:
        """Read a plain decimal (``"1234.5"``); refuse exponents, spaces and more digits than the currency has."""
        if not _PLAIN.fullmatch(text):
            msg = f"{text!r} is not an amount: digits with at most one decimal point, such as 1234.50"
            raise ValueError(msg)
        return cls.exact(Decimal(text), currency)

    @classmethod
    def exact(cls, value: Decimal, currency: str) -> Money:
        """Take a decimal that already has no more digits than the currency; anything finer is refused."""
        minor = value.scaleb(minor_digits(currency))
        if minor != minor.to_integral_value():
            msg = f"{value} has more decimals than {currency} is counted in ({minor_digits(currency)})"
            raise ValueError(msg)
        return cls(int(minor), currency)

    def __add__(self, other: Money) -> Money:
        return Money(self.minor + self._same(other).minor, self.currency)

    def __sub__(self, other: Money) -> Money:
        return Money(self.minor - self._same(other).minor, self.currency)

    def __neg__(self) -> Money:
        return Money(-self.minor, self.currency)

    def __lt__(self, other: Money) -> bool:
        return self.minor < self._same(other).minor

    def __bool__(self) -> bool:
        return self.minor != 0

    def _same(self, other: Money) -> Money:
        if other.currency != self.currency:
            msg = f"{self.currency} and {other.currency} cannot be combined"
            raise CurrencyMismatchError(msg)
        return other


def total(amounts: Iterable[Money], currency: str) -> Money:
    """Sum `amounts`, all of `currency`; an empty sum is zero."""
    result = Money(0, currency)
    for amount in amounts:
        result = result + amount
    return result
