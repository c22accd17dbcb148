"""Wompi's side: the signed address that starts, transactions for who asks, and events with a checksum."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from hmac import compare_digest
from typing import Any, Final

import msgspec
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from ventanilla.backoffice_adapters.money import Money
from ventanilla.backoffice_adapters.records import Record
from ventanilla.payments.simulators.courier import Courier
from ventanilla.payments.simulators.exchange import (
    UnlikelyRequestError,
    in_json,
    is_web_address,
    moment_of,
    with_query,
)
from ventanilla.payments.simulators.hosted import error_page, page_of
from ventanilla.payments.simulators.memory import Memory
from ventanilla.payments.simulators.records import (
    Notice,
    PaymentState,
    Sending,
    SimulatedOrder,
    SimulatedPayment,
)
from ventanilla.payments.simulators.refused import RefusedError
from ventanilla.payments.simulators.simulator import Shop, Simulator
from ventanilla.payments.wire import JSON

_STATUSES: Final = {
    PaymentState.PENDING: "PENDING",
    PaymentState.PAID: "APPROVED",
    PaymentState.FAILED: "DECLINED",
}
_PROPERTIES: Final = ("transaction.id", "transaction.status", "transaction.amount_in_cents")
_CURRENCY: Final = "COP"
_PATTERN: Final = re.compile("[0-9A-Za-z_-]{1,255}")


class WompiMerchant(Record):
    """The keys that Wompi gave the manager."""

    public_key: str
    private_key: str
    integrity_secret: str
    events_secret: str


class WompiSimulator(Simulator):
    """One merchant at a simulated Wompi."""

    name = "wompi"
    title = "Wompi"
    language = "es"
    methods = ("CARD", "PSE")
    repeats = (timedelta(minutes=30), timedelta(hours=3), timedelta(hours=24))
    refund_takes = timedelta(0)
    tells_pending = False
    tells_returns = True
    gives_parts_back = False
    charges_back = False

    def __init__(
        self, shop: Shop, merchant: WompiMerchant, memory: Memory, clock: Callable[[], datetime], courier: Courier
    ) -> None:
        super().__init__(shop, memory, clock, courier)
        self._merchant = merchant

    def routes(self) -> Sequence[BaseRoute]:
        """Where people start, and where the manager's server asks."""
        return [
            Route("/p/", self._start),
            Route("/v1/transactions", self._transactions),
            Route("/v1/transactions/{id}", self._transaction),
        ]

    def sending(self, notice: Notice, order: SimulatedOrder) -> Sending:
        """The event, with a checksum over the values that it names itself."""
        told = _told(notice.payment, order)
        stamp = int(notice.written_at.timestamp())
        values = [told[name.removeprefix("transaction.")] for name in _PROPERTIES]
        checksum = _sealed([*map(str, values), str(stamp)], self._merchant.events_secret)
        event = {
            "event": "transaction.updated",
            "data": {"transaction": told},
            "environment": "test",
            "signature": {"properties": _PROPERTIES, "checksum": checksum},
            "timestamp": stamp,
            "sent_at": _written(notice.written_at),
        }
        headers = {"content-type": JSON, "x-event-checksum": checksum.upper()}
        return Sending(url=self.shop.notify_url, headers=headers, body=msgspec.json.encode(event))

    def is_taken(self, notice: Notice, status: int, body: bytes) -> bool:
        """Whether the status is 200; no other counts."""
        return status == 200

    def back(self, order: SimulatedOrder, payment: SimulatedPayment | None) -> str:
        """The address of the return, with the transaction's id."""
        return with_query(order.return_url, {"id": payment.id, "env": "test"} if payment else {"env": "test"})

    def new_payment_id(self, now: datetime) -> str:
        """The merchant, the moment, a number."""
        return f"1234-{int(now.timestamp())}-{len(self.memory.payments) + 1:05}"

    # -- what is asked ----------------------------------------------------------------------------------------------

    async def _start(self, request: Request) -> Response:
        """Begin to pay: on to the page, or a page that says what is wrong."""
        try:
            order = self.take(self._order(dict(request.query_params)))
        except (UnlikelyRequestError, RefusedError) as error:
            return error_page(self, str(error))
        return RedirectResponse(page_of(self, order), 303)

    def _order(self, asked: Mapping[str, str]) -> SimulatedOrder:
        reference, cents = asked.get("reference", ""), asked.get("amount-in-cents", "")
        currency, expires = asked.get("currency", ""), asked.get("expiration-time", "")
        if not compare_digest(asked.get("public-key", "").encode(), self._merchant.public_key.encode()):
            raise UnlikelyRequestError("public-key is unknown")
        sealed = _sealed((reference, cents, currency, expires), self._merchant.integrity_secret)
        if not compare_digest(asked.get("signature:integrity", "").encode(), sealed.encode()):
            raise UnlikelyRequestError("signature:integrity is not that of the order")
        if currency != _CURRENCY or not re.fullmatch("[1-9][0-9]{0,14}", cents) or not _PATTERN.fullmatch(reference):
            raise UnlikelyRequestError("currency, amount-in-cents or reference is not in its form")
        until = moment_of(expires)
        if (expires and until is None) or not is_web_address(asked.get("redirect-url", "http://none")):
            raise UnlikelyRequestError("expiration-time or redirect-url is not in its form")
        return SimulatedOrder(
            reference=reference,
            key=secrets.token_urlsafe(16),
            amount=Money(int(cents), currency),
            payer=asked.get("customer-data:email", ""),
            return_url=asked.get("redirect-url", ""),
            created_at=self.clock(),
            expires_at=until,
        )

    async def _transaction(self, request: Request) -> Response:
        """One transaction; the public key is enough."""
        if not self._may_ask(request, self._merchant.public_key, self._merchant.private_key):
            return _trouble(401, "INVALID_ACCESS_TOKEN")
        self.settle()
        payment = self.memory.payments.get(request.path_params["id"])
        if payment is None:
            return _trouble(404, "NOT_FOUND_ERROR")
        return in_json({"data": _told(payment, self.memory.orders[payment.reference]), "meta": {}})

    async def _transactions(self, request: Request) -> Response:
        """All transactions of a reference; the private key is asked for."""
        if not self._may_ask(request, self._merchant.private_key):
            return _trouble(401, "INVALID_ACCESS_TOKEN")
        reference = request.query_params.get("reference")
        if not reference:
            return _trouble(422, "INPUT_VALIDATION_ERROR")
        self.settle()
        found = self.memory.payments_of(reference)
        return in_json({"data": [_told(each, self.memory.orders[reference]) for each in found], "meta": {}})

    def _may_ask(self, request: Request, *keys: str) -> bool:
        told = request.headers.get("authorization", "").encode()
        return any(compare_digest(told, f"Bearer {key}".encode()) for key in keys)


def _sealed(values: Sequence[str], secret: str) -> str:
    """Wompi's signature: everything in a row, the secret last."""
    return sha256("".join([*values, secret]).encode()).hexdigest()


def _told(payment: SimulatedPayment, order: SimulatedOrder) -> dict[str, Any]:
    """A transaction's document."""
    status = "VOIDED" if payment.refunded_minor else _STATUSES[payment.state]
    final = payment.paid_at or (None if status == "PENDING" else payment.changed_at)
    return {
        "id": payment.id,
        "created_at": _written(payment.created_at),
        "finalized_at": _written(final) if final else None,
        "amount_in_cents": payment.amount.minor,
        "reference": payment.reference,
        "customer_email": order.payer or None,
        "currency": payment.amount.currency,
        "payment_method_type": payment.method,
        "payment_method": {"type": payment.method},
        "redirect_url": order.return_url or None,
        "status": status,
        "status_message": None,
    }


def _written(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _trouble(status: int, kind: str) -> Response:
    return in_json({"error": {"type": kind, "reason": kind.replace("_", " ").lower()}}, status)
