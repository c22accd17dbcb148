"""Identity numbers with valid check digits, for invented people and companies."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import count, cycle

DEMO_BANK = "1999000"
"""Seven digits of a sort code that no Polish bank holds, so that no invented account is anybody's."""

_NIT_WEIGHTS = (3, 7, 13, 17, 19, 23, 29, 37, 41)
_PESEL_WEIGHTS = (1, 3, 7, 9, 1, 3, 7, 9, 1, 3)
_NIP_WEIGHTS = (6, 5, 7, 2, 3, 4, 5, 6, 7)
_SORT_CODE_WEIGHTS = (3, 9, 7, 1, 3, 9, 7)


def weighted(digits: str, weights: Iterable[int]) -> int:
    """Σ digit × weight, position by position."""
    return sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=False))


def cuit(prefixes: Sequence[str], body: int) -> str:
    """CUIT of eleven digits: the first of `prefixes` whose check digit exists, `body` in eight digits, the check."""
    for prefix in prefixes:
        ten = f"{prefix}{body:08}"
        check = 11 - weighted(ten[::-1], cycle(range(2, 8))) % 11
        if check != 10:
            return f"{ten}{check % 11}"
    msg = f"no prefix of {prefixes} gives {body} a check digit; add one"
    raise ValueError(msg)


def nit(body: int) -> str:
    """NIT of a Colombian company as it is printed: nine digits, hyphen, check digit."""
    remainder = weighted(f"{body:09}"[::-1], _NIT_WEIGHTS) % 11
    return f"{body:09}-{remainder if remainder < 2 else 11 - remainder}"


def pesel(born: date, serial: int) -> str:
    """PESEL of eleven digits; an even last digit of `serial` (0–9999) is a woman's."""
    month = born.month + (20 if born.year >= 2000 else 0)
    ten = f"{born.year % 100:02}{month:02}{born.day:02}{serial:04}"
    return f"{ten}{-weighted(ten, _PESEL_WEIGHTS) % 10}"


def nip(body: int) -> str:
    """NIP of ten digits: the first number from `body` (nine digits) on that has a check digit."""
    for nine in map(str, count(body)):
        check = weighted(nine, _NIP_WEIGHTS) % 11
        if check != 10:
            return f"{nine}{check}"
    raise AssertionError  # `count` never ends


def nrb(account: int) -> str:
    """Polish account number as it is printed (``12 1999 0005 0000 …``): check digits, sort code, `account`."""
    bank = f"{DEMO_BANK}{-weighted(DEMO_BANK, _SORT_CODE_WEIGHTS) % 10}"
    bban = f"{bank}{account:016}"
    digits = f"{98 - int(f'{bban}252100') % 97:02}{bban}"
    return " ".join((digits[:2], *(digits[start : start + 4] for start in range(2, 26, 4))))


def ksef(seller: str, day: date, serial: int) -> str:
    """KSeF number of an invoice: the seller's NIP, the day, twelve hexadecimal digits, CRC-8 of what precedes."""
    body = f"{seller}-{day:%Y%m%d}-{serial:012X}"
    return f"{body}-{crc8(body.encode()):02X}"


def crc8(data: bytes) -> int:
    """CRC-8 with polynomial 0x07 and initial value 0."""
    value = 0
    for byte in data:
        value ^= byte
        for _ in range(8):
            value = (value << 1 ^ 0x07) & 0xFF if value & 0x80 else value << 1
    return value


def mod10(digits: str) -> int:
    """Luhn check digit of `digits`, as printed at the end of supply numbers."""
    doubled = (int(digit) * (2 - at % 2) for at, digit in enumerate(reversed(digits)))
    return -sum(value // 10 + value % 10 for value in doubled) % 10
