"""What platforms' plug-ins have in common on the wire: exact amounts, forms, JSON, and what a refused answer means."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Final, TypeVar
from urllib.parse import parse_qsl, urlencode, urlsplit

import msgspec

from ventanilla.backoffice_adapters.money import Money
from ventanilla.backoffice_adapters.secrets import is_reference
from ventanilla.payments.contract import (
    Ask,
    Incoming,
    Limits,
    Order,
    PlatformError,
    PlatformFault,
    PlatformRequest,
    PlatformResponse,
)

T = TypeVar("T")
FORM: Final = "application/x-www-form-urlencoded"
JSON: Final = "application/json"
MOST_INCOMING: Final = 128 * 1024
"""How long a notification may be, in bytes."""
EARLY: Final = timedelta(minutes=5)
"""How far another clock may be ahead of ours."""
LATE: Final = timedelta(days=7)
"""How old a notification may be. Platforms repeat theirs for up to four days, and what is repeated must still be
heard: a replay within that time tells nothing new, since an event counts once."""
_MOST: Final = Decimal(10) ** 15
_MOST_DIGITS: Final = 25
"""Fewer than decimals are reckoned with, so that nothing is rounded on the way."""
_BUSY: Final = frozenset({409, 423})
_AS_NUMBERS: Final = msgspec.json.Encoder(decimal_format="number")


class UnlikelyError(ValueError):
    """A value that no such message holds."""


# -- amounts --------------------------------------------------------------------------------------------------------


def money(value: Decimal, currency: str) -> Money:
    """An amount in major units as it was told; `UnlikelyError` for what is none, or is finer than its currency."""
    if not value.is_finite() or not -_MOST < value < _MOST or len(value.as_tuple().digits) > _MOST_DIGITS:
        raise UnlikelyError("the amount is out of all bounds")
    try:
        return Money.exact(value, currency)
    except ValueError:
        raise UnlikelyError("the amount has more decimals than its currency") from None


def refuse_misfit(order: Order, limits: Mapping[str, Limits]) -> None:
    """Raise `PlatformError` (REFUSED) for an order whose currency or amount is not within the manifest's limits."""
    bounds = limits.get(order.amount.currency)
    if bounds is None:
        raise PlatformError(PlatformFault.REFUSED, f"{order.amount.currency} is not taken")
    least, most = max(bounds.least, 1), bounds.most
    if order.amount.minor < least or (most is not None and order.amount.minor > most):
        raise PlatformError(PlatformFault.REFUSED, "the amount is not within the limits")


# -- what goes out --------------------------------------------------------------------------------------------------


def form(fields: Iterable[tuple[str, str]]) -> bytes:
    """Fields as the body of a form."""
    return urlencode(list(fields)).encode("ascii")


def json(value: object) -> bytes:
    """A value as JSON, with decimals as numbers that keep their digits."""
    return _AS_NUMBERS.encode(value)


def refuse_unsafe(url: str) -> str:
    """Give `url` back if browsers may be sent there: https, or http to this machine; else `UnlikelyError`."""
    parts = urlsplit(url)
    local = parts.scheme == "http" and parts.hostname in {"localhost", "127.0.0.1", "::1"}
    if not (parts.scheme == "https" and parts.hostname) and not local:
        raise UnlikelyError("the address is not https")
    return url


def refuse_unsafe_setting(name: str, url: str) -> None:
    """Raise `ValueError` if a setting is no address that may be asked; one that is read from elsewhere may be any."""
    if is_reference(url):
        return
    try:
        refuse_unsafe(url)
    except ValueError:
        msg = f"{name} must be an https address"
        raise ValueError(msg) from None


# -- what comes in --------------------------------------------------------------------------------------------------


def is_same(told: str, reckoned: str) -> bool:
    """Compare two signatures in a time that tells nothing of where they differ."""
    return hmac.compare_digest(told.encode("utf-8", "replace"), reckoned.encode("utf-8", "replace"))


def is_timely(told: datetime, now: datetime) -> bool:
    """Whether a notification of that moment may still, or already, come."""
    return now - LATE <= told <= now + EARLY


def moment(seconds: int) -> datetime | None:
    """The moment so many seconds after 1970 in UTC; None for one that no calendar has."""
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, ValueError, OSError):
        return None


def fields_of(incoming: Incoming) -> dict[str, str]:
    """The fields of a form that came in; `UnlikelyError` for what is no such form, or has a field twice."""
    if len(incoming.body) > MOST_INCOMING:
        raise UnlikelyError("it is too long")
    try:
        pairs = parse_qsl(
            incoming.body.decode("ascii"),
            keep_blank_values=True,
            strict_parsing=True,
            max_num_fields=10,
            errors="strict",
        )
    except ValueError:
        raise UnlikelyError("it is no form") from None
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise UnlikelyError("a field comes twice")
    return fields


def read_json(response: PlatformResponse, kind: type[T]) -> T:
    """The answer as `kind`; raises `PlatformError` (UNREADABLE)."""
    try:
        return msgspec.json.decode(response.body, type=kind)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        raise PlatformError(PlatformFault.UNREADABLE, f"status {response.status}, not as documented") from None


def asking(request: PlatformRequest, read: Callable[[PlatformResponse], T]) -> Ask[T]:
    """An ask whose reader tells as UNREADABLE what no such answer holds."""

    def read_all(response: PlatformResponse) -> T:
        try:
            return read(response)
        except (UnlikelyError, OverflowError) as error:
            raise PlatformError(PlatformFault.UNREADABLE, f"status {response.status}, {error}") from None

    return Ask(request, read_all)


def refuse_failure(response: PlatformResponse, code: str = "") -> None:
    """Raise `PlatformError` unless the answer is a good one; what may be asked again is UNAVAILABLE."""
    if response.status < 400:
        return
    fault = PlatformFault.UNAVAILABLE if response.status in _BUSY else PlatformFault.REFUSED
    raise PlatformError(fault, " ".join(filter(None, (f"status {response.status}", code))))
