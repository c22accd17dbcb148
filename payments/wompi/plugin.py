"""Wompi as a platform."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final
from urllib.parse import quote, urlencode

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
    PlatformRequest,
    PlatformResponse,
    PlatformSetting,
    Redirect,
    Refunded,
    RefundOrder,
)
from ventanilla.payments.wire import JSON, asking, read_json, refuse_failure, refuse_misfit
from ventanilla.payments.wompi.configuration import WompiConfiguration
from ventanilla.payments.wompi.event import TRANSACTION, read_event
from ventanilla.payments.wompi.signing import signed
from ventanilla.payments.wompi.transaction import CURRENCY, Answer, Answers, news_of

_LIMITS: Final = {CURRENCY: Limits(least=150_000)}
"""PSE, which most pay by, takes nothing below 1 500 pesos."""
MANIFEST: Final = PlatformManifest(
    name="wompi",
    title="Wompi",
    version="1.0",
    contract=(1, 0),
    # Money goes back through Wompi's own pages alone.
    capabilities=frozenset({Capability.STATUS}),
    limits=_LIMITS,
    configuration=WompiConfiguration,
)


class WompiPlugin:
    """What the entry point names."""

    manifest = MANIFEST

    def platform(self, setting: PlatformSetting) -> Platform:
        """Make one for a manager; nothing is touched."""
        return WompiPlatform(setting.configuration)


class WompiPlatform:
    """One manager's account with Wompi."""

    def __init__(self, configuration: WompiConfiguration) -> None:
        self._configuration = configuration

    def start(self, order: Order) -> Redirect:
        """An address with what is to be paid, signed. Terms are accepted on Wompi's own page."""
        refuse_misfit(order, _LIMITS)
        if not order.reference[-1:].isalpha():
            raise PlatformError(PlatformFault.REFUSED, "the reference must end with a letter")
        amount, expires = str(order.amount.minor), f"{order.expires_at.astimezone(UTC):%Y-%m-%dT%H:%M:%S.000Z}"
        secret = self._configuration.integrity_secret
        query = {
            "public-key": self._configuration.public_key,
            "currency": CURRENCY,
            "amount-in-cents": amount,
            "reference": order.reference,
            "signature:integrity": signed((order.reference, amount, CURRENCY, expires), secret),
            "redirect-url": order.return_url,
            "expiration-time": expires,
        }
        if order.email:
            query["customer-data:email"] = order.email
        return Redirect(url=f"{self._configuration.checkout_url}?{urlencode(query)}")

    def notification(self, incoming: Incoming, now: datetime) -> Notification:
        """That there is news of a transaction, which has to be asked for."""
        return read_event(incoming, self._configuration.events_secret, now)

    def hinted(self, hint: str) -> Ask[tuple[News, ...]]:
        """Ask for the transaction that an event was about."""
        if not TRANSACTION.fullmatch(hint):
            raise PlatformError(PlatformFault.REFUSED, "no transaction has such an id")

        def read(response: PlatformResponse) -> tuple[News, ...]:
            if response.status == 404:
                return ()
            refuse_failure(response)
            return (news_of(read_json(response, Answer).data),)

        return asking(self._got(f"/transactions/{quote(hint, safe='')}", self._configuration.public_key), read)

    def status(self, reference: str, platform_id: str | None) -> Ask[tuple[News, ...]]:
        """Ask how all payments of a reference stand."""

        def read(response: PlatformResponse) -> tuple[News, ...]:
            if response.status == 404:
                return ()
            refuse_failure(response)
            found = read_json(response, Answers).data
            return tuple(news_of(each) for each in found if each.reference == reference)

        path = f"/transactions?{urlencode({'reference': reference})}"
        return asking(self._got(path, self._configuration.private_key), read)

    def refund(self, refund: RefundOrder) -> Ask[Refunded]:
        """Not called: the manifest does not name it."""
        raise _not_offered()

    def refund_status(self, refund: RefundOrder) -> Ask[Refunded]:
        """Not called: the manifest does not name it."""
        raise _not_offered()

    def cancel(self, reference: str, platform_id: str | None) -> Ask[bool]:
        """Not called: the manifest does not name it."""
        raise _not_offered()

    def listing(self, since: datetime, until: datetime, after: str | None) -> Ask[Listing]:
        """Not called: the manifest does not name it."""
        raise _not_offered()

    def _got(self, path: str, key: str) -> PlatformRequest:
        headers = {"authorization": f"Bearer {key}", "accept": JSON}
        return PlatformRequest(method="GET", url=f"{self._configuration.api_url.rstrip('/')}{path}", headers=headers)


def _not_offered() -> PlatformError:
    return PlatformError(PlatformFault.REFUSED, "Wompi has no such service")
