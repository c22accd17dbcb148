"""Mercado Pago as a platform."""

from __future__ import annotations

from datetime import datetime
from typing import Final

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
from ventanilla.payments.mercado_pago.asks import Asks
from ventanilla.payments.mercado_pago.configuration import MercadoPagoConfiguration
from ventanilla.payments.mercado_pago.notification import read_notification
from ventanilla.payments.wire import refuse_misfit

_LIMITS: Final = {currency: Limits() for currency in ("ARS", "BRL", "CLP", "COP", "MXN", "PEN", "UYU")}
MANIFEST: Final = PlatformManifest(
    name="mercado_pago",
    title="Mercado Pago",
    version="1.0",
    contract=(1, 0),
    # A preference cannot be taken back; it runs out by itself.
    capabilities=frozenset({Capability.STATUS, Capability.REFUND, Capability.PARTIAL_REFUND, Capability.LISTING}),
    limits=_LIMITS,
    configuration=MercadoPagoConfiguration,
)


class MercadoPagoPlugin:
    """What the entry point names."""

    manifest = MANIFEST

    def platform(self, setting: PlatformSetting) -> Platform:
        """Make one for a manager; nothing is touched."""
        return MercadoPagoPlatform(setting.configuration)


class MercadoPagoPlatform:
    """One manager's application at Mercado Pago."""

    def __init__(self, configuration: MercadoPagoConfiguration) -> None:
        self._configuration = configuration
        self._asks = Asks(configuration)

    def start(self, order: Order) -> Ask[Redirect]:
        """Make the order known, and learn where the payer is sent."""
        refuse_misfit(order, _LIMITS)
        return self._asks.start(order)

    def notification(self, incoming: Incoming, now: datetime) -> Notification:
        """That there is news of a payment, which has to be asked for."""
        configuration = self._configuration
        return read_notification(
            incoming, configuration.webhook_secret, now, unsigned_hints=configuration.unsigned_hints
        )

    def hinted(self, hint: str) -> Ask[tuple[News, ...]]:
        """Ask for the payment that a notification was about."""
        return self._asks.payment(hint)

    def status(self, reference: str, platform_id: str | None) -> Ask[tuple[News, ...]]:
        """Ask how all payments of a reference stand."""
        return self._asks.status(reference)

    def refund(self, refund: RefundOrder) -> Ask[Refunded]:
        """Give back a payment, or a part of it."""
        return self._asks.refund(refund)

    def refund_status(self, refund: RefundOrder) -> Ask[Refunded]:
        """Not called: the payment's own news tell what was given back of it."""
        raise _not_offered()

    def cancel(self, reference: str, platform_id: str | None) -> Ask[bool]:
        """Not called: the manifest does not name it."""
        raise _not_offered()

    def listing(self, since: datetime, until: datetime, after: str | None) -> Ask[Listing]:
        """List what was paid within a time."""
        return self._asks.listing(since, until, after)


def _not_offered() -> PlatformError:
    return PlatformError(PlatformFault.REFUSED, "Mercado Pago has no such service")
