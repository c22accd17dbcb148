"""Autopay as a platform."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from ventanilla.payments.autopay.asks import Asks
from ventanilla.payments.autopay.configuration import AutopayConfiguration
from ventanilla.payments.autopay.hashing import Hashing
from ventanilla.payments.autopay.notification import read_notification
from ventanilla.payments.autopay.transactions import Reading
from ventanilla.payments.contract import (
    Ask,
    Capability,
    Incoming,
    Limits,
    Listing,
    News,
    Notification,
    Order,
    Platform,
    PlatformError,
    PlatformFault,
    PlatformManifest,
    PlatformSetting,
    Redirect,
    Refunded,
    RefundOrder,
)
from ventanilla.payments.wire import refuse_misfit

_LANGUAGES: Final = frozenset({"PL", "EN", "DE", "CS", "ES", "FR", "IT"})
_LIMITS: Final = {
    "PLN": Limits(least=10, most=10_000_000),  # cards from 0.10, banks' links up to 100 000.00
    **dict.fromkeys(("EUR", "GBP", "USD"), Limits()),
}
MANIFEST: Final = PlatformManifest(
    name="autopay",
    title="Autopay",
    version="1.0",
    contract=(1, 0),
    capabilities=frozenset(
        {
            Capability.STATUS,
            Capability.REFUND,
            Capability.PARTIAL_REFUND,
            Capability.REFUND_STATUS,
            Capability.CANCEL,
        }
    ),
    limits=_LIMITS,
    configuration=AutopayConfiguration,
    form_hosts=True,
)


class AutopayPlugin:
    """What the entry point names."""

    manifest = MANIFEST

    def platform(self, setting: PlatformSetting) -> Platform:
        """Make one for a manager; nothing is touched."""
        return AutopayPlatform(setting.configuration)


class AutopayPlatform:
    """One manager's service at Autopay."""

    def __init__(self, configuration: AutopayConfiguration) -> None:
        self._configuration = configuration
        self._hashing = Hashing(configuration.hash, configuration.shared_key)
        self._zone = ZoneInfo(configuration.time_zone)
        self._reading = Reading(self._hashing, self._zone, configuration.payer_commission)
        self._asks = Asks(configuration, self._reading)

    def start(self, order: Order) -> Redirect:
        """A form that the payer's browser posts."""
        refuse_misfit(order, _LIMITS)
        fields = [(name, value) for name, value in self._fields(order) if value]
        hashed = self._hashing.of(value for _, value in fields)
        return Redirect(url=self._configuration.start_url, fields=(*fields, ("Hash", hashed)))

    def notification(self, incoming: Incoming, now: datetime) -> Notification:
        """What a notification says. It has no moment of its own, and says the same whenever it comes."""
        return read_notification(incoming, self._configuration.service_id, self._reading)

    def status(self, reference: str, platform_id: str | None) -> Ask[tuple[News, ...]]:
        """Ask how all payments of a reference stand."""
        return self._asks.status(reference)

    def refund(self, refund: RefundOrder) -> Ask[Refunded]:
        """Give back a payment, or a part of it."""
        return self._asks.refund(refund)

    def refund_status(self, refund: RefundOrder) -> Ask[Refunded]:
        """Ask what became of a refund."""
        return self._asks.refund_status(refund)

    def cancel(self, reference: str, platform_id: str | None) -> Ask[bool]:
        """Take back an order."""
        return self._asks.cancel(reference)

    def hinted(self, hint: str) -> Any:
        """Not called: its notifications are no hints."""
        raise _not_offered()

    def listing(self, since: datetime, until: datetime, after: str | None) -> Ask[Listing]:
        """Not called: the manifest does not name it."""
        raise _not_offered()

    def _fields(self, order: Order) -> Iterator[tuple[str, str]]:
        """The form's fields in the order of their numbers, in which they are hashed; empty ones are left out."""
        language = order.language.upper()
        yield "ServiceID", self._configuration.service_id
        yield "OrderID", order.reference
        yield "Amount", order.amount.amount
        yield "Description", _plain(order.description)
        yield "GatewayID", self._configuration.gateway_id or ""
        yield "Currency", order.amount.currency
        yield "CustomerEmail", order.email or ""
        yield "Language", language if language in _LANGUAGES else "EN"
        yield "ValidityTime", f"{order.expires_at.astimezone(self._zone):%Y-%m-%d %H:%M:%S}"
        yield "ReturnURL", order.return_url


def _plain(text: str) -> str:
    """Text in the few characters that a description may have, at most 79 of them."""
    folded = unicodedata.normalize("NFKD", text.translate({0x141: "L", 0x142: "l"}))
    bare = "".join(each for each in folded if not unicodedata.combining(each))
    return re.sub("[^A-Za-z0-9.:,-]+", " ", bare).strip()[:79].strip()


def _not_offered() -> PlatformError:
    return PlatformError(PlatformFault.REFUSED, "Autopay has no such service")
