"""What must be true of how people pay, in a manager's settings. Each problem names its key and its mend."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from ventanilla.backoffice_adapters.money import Money, minor_digits
from ventanilla.store.codes import CURRENCIES
from ventanilla.store.manager import Manager, PaymentChoice

_NAME: Final = re.compile(r"[a-z0-9]+([_-][a-z0-9]+)*")
_LONGEST_NAME: Final = 40
_PERCENT: Final = re.compile(r"[0-9]{1,3}(\.[0-9]{1,4})?")
_PATH: Final = re.compile(r"(/[A-Za-z0-9_~!$&'()*+,;=:@.-]+)*/?")
_LONGEST_PATH: Final = 400
_QUOTE: Final = range(1, 121)
_CHECKOUT: Final = range(5, 10_081)


def payment_problems(manager: Manager) -> Iterator[str]:
    """Every problem of how `manager` is paid, as ``key: what is wrong; what to do``."""
    choice = manager.payments
    if choice is None:
        return
    if len(choice.platform) > _LONGEST_NAME or not _NAME.fullmatch(choice.platform):
        yield f"payments.platform: {choice.platform!r} is no platform's name; write one such as mercado_pago"
    yield from _fee(choice, manager.currency)
    yield from _times(choice)
    yield from _return_paths(choice)


def _fee(choice: PaymentChoice, currency: str) -> Iterator[str]:
    if currency in CURRENCIES and not _is_amount(choice.fee.fixed, currency):
        yield (
            f"payments.fee.fixed: {choice.fee.fixed!r} is no amount of {currency}; write a plain decimal with at most"
            f" {minor_digits(currency)} decimals, in quotes"
        )
    if not _PERCENT.fullmatch(choice.fee.percent) or Decimal(choice.fee.percent) > 100:
        yield (
            f"payments.fee.percent: {choice.fee.percent!r} is no percentage; write a plain decimal from 0 to 100 with"
            " at most four decimals, in quotes"
        )


def _is_amount(text: str, currency: str) -> bool:
    try:
        return Money.parse(text, currency).minor >= 0
    except ValueError:
        return False


def _times(choice: PaymentChoice) -> Iterator[str]:
    for key, minutes, bounds in (
        ("quote_minutes", choice.quote_minutes, _QUOTE),
        ("checkout_minutes", choice.checkout_minutes, _CHECKOUT),
    ):
        if minutes not in bounds:
            yield f"payments.{key}: {minutes} is out of range; give minutes from {bounds[0]} to {bounds[-1]}"


def _return_paths(choice: PaymentChoice) -> Iterator[str]:
    if not choice.return_paths:
        yield "payments.return_paths: is empty; name at least one path of the portal, such as /payments"
    for path, times in Counter(choice.return_paths).items():
        if times > 1:
            yield f"payments.return_paths: {path!r} stands there {times} times; name it once"
        if not is_portal_path(path):
            yield (
                f"payments.return_paths: {path!r} is no path of the portal; write it as /payments, without host, ? and"
                f" #, at most {_LONGEST_PATH} characters"
            )


def is_portal_path(path: str) -> bool:
    """Whether `path` leads to one place of a portal, whoever reads it: no host, no query, no way up, no escapes."""
    if len(path) > _LONGEST_PATH or not path.startswith("/") or not _PATH.fullmatch(path):
        return False
    return not {".", ".."}.intersection(path.split("/"))
