"""What is asked of Mercado Pago's servers."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from urllib.parse import quote, urlencode, urlsplit, urlunsplit

import msgspec

from ventanilla.backoffice_adapters.money import Money, minor_digits
from ventanilla.payments.contract import (
    Ask,
    Listing,
    News,
    Order,
    PlatformError,
    PlatformFault,
    PlatformRequest,
    PlatformResponse,
    Redirect,
    Refunded,
    RefundOrder,
    RefundState,
)
from ventanilla.payments.mercado_pago.configuration import MercadoPagoConfiguration
from ventanilla.payments.mercado_pago.payment import Payment, news_of
from ventanilla.payments.wire import JSON, UnlikelyError, asking, json, read_json, refuse_failure, refuse_unsafe

PAGE: Final = 50
"""How many payments one answer lists."""
_WHOLE: Final = frozenset({"COP", "CLP"})
"""Currencies that Mercado Pago takes in whole units."""
_ID: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")
_REFUND_STATES: Final = {"approved": RefundState.DONE, "in_process": RefundState.ACCEPTED}


class _Preference(msgspec.Struct):
    id: str
    init_point: str


class _Paging(msgspec.Struct):
    total: int = 0


class _Found(msgspec.Struct):
    results: list[Payment]
    paging: _Paging


class _Refund(msgspec.Struct):
    id: int | str
    status: str = "approved"


class _Trouble(msgspec.Struct):
    error: str | None = None


class Asks:
    """Writes the questions of one account, and reads the answers."""

    def __init__(self, configuration: MercadoPagoConfiguration) -> None:
        self._url = configuration.api_url.rstrip("/")
        self._token = configuration.access_token
        self._descriptor = configuration.statement_descriptor

    def start(self, order: Order) -> Ask[Redirect]:
        """Make the order known; the same reference makes one, as its key is the same."""

        def read(response: PlatformResponse) -> Redirect:
            _refuse_failure(response)
            found = read_json(response, _Preference)
            try:
                return Redirect(url=refuse_unsafe(found.init_point), platform_id=found.id)
            except ValueError:
                raise UnlikelyError("init_point is no https address") from None

        return asking(self._posted("/checkout/preferences", order.reference, self._preference(order)), read)

    def payment(self, payment_id: str) -> Ask[tuple[News, ...]]:
        """One payment; nothing where there is none of that id."""

        def read(response: PlatformResponse) -> tuple[News, ...]:
            if response.status == 404:
                return ()
            _refuse_failure(response)
            return news_of(read_json(response, Payment))

        return asking(self._got(f"/v1/payments/{_checked(payment_id)}"), read)

    def status(self, reference: str) -> Ask[tuple[News, ...]]:
        """All payments of a reference, the first one first."""
        query = {"external_reference": reference, "sort": "date_created", "criteria": "asc", "limit": str(PAGE)}

        def read(response: PlatformResponse) -> tuple[News, ...]:
            told = (news for payment in _found(response).results for news in news_of(payment))
            return tuple(news for news in told if news.reference == reference)

        return asking(self._got(f"/v1/payments/search?{urlencode(query)}"), read)

    def listing(self, since: datetime, until: datetime, after: str | None) -> Ask[Listing]:
        """What was approved within a time, a page at a time."""
        offset = int(after or 0)
        query = {
            "range": "date_approved",
            "begin_date": _written(since),
            "end_date": _written(until + timedelta(seconds=1)),  # it is told in whole seconds
            "sort": "date_approved",
            "criteria": "asc",
            "limit": str(PAGE),
            "offset": str(offset),
        }

        def read(response: PlatformResponse) -> Listing:
            found = _found(response)
            told = (news for payment in found.results for news in news_of(payment))
            inside = tuple(news for news in told if news.paid_at is None or since <= news.paid_at < until)
            seen = offset + len(found.results)
            return Listing(news=inside, after=str(seen) if found.results and seen < found.paging.total else None)

        return asking(self._got(f"/v1/payments/search?{urlencode(query)}"), read)

    def refund(self, refund: RefundOrder) -> Ask[Refunded]:
        """Give back; without an amount the whole, which goes where a part does not."""
        part = refund.amount != refund.paid
        body = {"amount": _number(refund.amount)} if part else {}

        def read(response: PlatformResponse) -> Refunded:
            _refuse_failure(response)
            told = read_json(response, _Refund)
            if told.status not in _REFUND_STATES:
                raise PlatformError(PlatformFault.REFUSED, f"refund {told.status[:40]}")
            return Refunded(state=_REFUND_STATES[told.status], refund_id=str(told.id))

        return asking(self._posted(f"/v1/payments/{_checked(refund.payment_id)}/refunds", refund.key, body), read)

    def _preference(self, order: Order) -> dict[str, Any]:
        item = {
            "id": order.reference,
            "title": order.description,
            "quantity": 1,
            "currency_id": order.amount.currency,
            "unit_price": _number(order.amount),
        }
        back = dict.fromkeys(("success", "failure", "pending"), order.return_url)
        wanted: dict[str, Any] = {
            "items": [item],
            "back_urls": back,
            "auto_return": "approved",
            "notification_url": _webhooks_only(order.notify_url),
            "external_reference": order.reference,
            "expires": True,
            "expiration_date_from": _written(order.created_at),
            "expiration_date_to": _written(order.expires_at),
        }
        payer = {"payer": {"email": order.email}} if order.email else {}
        descriptor = {"statement_descriptor": self._descriptor} if self._descriptor else {}
        return {**wanted, **payer, **descriptor}

    def _got(self, path: str) -> PlatformRequest:
        return PlatformRequest(method="GET", url=f"{self._url}{path}", headers=self._headers())

    def _posted(self, path: str, key: str, body: dict[str, Any]) -> PlatformRequest:
        headers = {**self._headers(), "content-type": JSON, "x-idempotency-key": key}
        return PlatformRequest(method="POST", url=f"{self._url}{path}", headers=headers, body=json(body))

    def _headers(self) -> dict[str, str]:
        return {"authorization": f"Bearer {self._token}", "accept": JSON}


def _checked(payment_id: str) -> str:
    """A payment's id as a part of an address."""
    if not _ID.fullmatch(payment_id):
        raise PlatformError(PlatformFault.REFUSED, "no payment has such an id")
    return quote(payment_id, safe="")


def _number(amount: Money) -> Any:
    """An amount in major units, as JSON's numbers write it: exact, and whole where nothing else is taken."""
    major, rest = divmod(amount.minor, 10 ** minor_digits(amount.currency))
    if not rest:
        return major
    if amount.currency in _WHOLE:
        raise PlatformError(PlatformFault.REFUSED, f"{amount.currency} is paid in whole units")
    return msgspec.Raw(amount.amount.encode())


def _written(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000+00:00")


def _webhooks_only(url: str) -> str:
    """The address with the parameter that keeps the older, unsigned notifications away."""
    parts = urlsplit(url)
    query = "&".join(filter(None, (parts.query, "source_news=webhooks")))
    return urlunsplit(parts._replace(query=query))


def _found(response: PlatformResponse) -> _Found:
    _refuse_failure(response)
    return read_json(response, _Found)


def _refuse_failure(response: PlatformResponse) -> None:
    if response.status < 400:
        return
    try:
        code = msgspec.json.decode(response.body, type=_Trouble).error or ""
    except (msgspec.MsgspecError, ValueError, RecursionError):
        code = ""
    refuse_failure(response, code if re.fullmatch("[A-Za-z0-9_ .-]{1,60}", code) else "")
