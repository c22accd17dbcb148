"""Mercado Pago's side: preferences, payments, refunds, and webhooks that say no more than where to look."""

from __future__ import annotations

import hmac
import re
import secrets
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from hashlib import sha256
from typing import Annotated, Any, Final

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
    json_of,
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
    SimulatedRefund,
)
from ventanilla.payments.simulators.refused import RefusedError, Why
from ventanilla.payments.simulators.simulator import Shop, Simulator
from ventanilla.payments.wire import JSON

_ZONE: Final = timezone(timedelta(hours=-4))
"""What its servers write dates in."""
_STATUSES: Final = {
    PaymentState.PENDING: ("pending", "pending_waiting_payment"),
    PaymentState.PAID: ("approved", "accredited"),
    PaymentState.FAILED: ("rejected", "cc_rejected_insufficient_amount"),
    PaymentState.CHARGED_BACK: ("charged_back", "settled"),
}
_TYPES: Final = {"visa": "credit_card", "rapipago": "ticket"}
_MOST_LISTED: Final = 1_000
_REFUSALS: Final = {Why.UNKNOWN: (404, "not_found"), Why.ANOTHER: (409, "idempotency_key_conflict")}


class _Item(msgspec.Struct):
    unit_price: Decimal
    quantity: int
    currency_id: str
    title: str = ""


class _BackUrls(msgspec.Struct):
    success: str = ""
    """Where people are sent back to, whatever became of it: ours never differ."""


class _Payer(msgspec.Struct):
    email: str = ""


class _Preference(msgspec.Struct):
    items: list[_Item]
    external_reference: str
    back_urls: _BackUrls = msgspec.field(default_factory=_BackUrls)
    payer: _Payer = msgspec.field(default_factory=_Payer)
    notification_url: str = ""
    expires: bool = False
    expiration_date_to: Annotated[datetime, msgspec.Meta(tz=True)] | None = None


class _GiveBack(msgspec.Struct):
    amount: Decimal | None = None
    """None for the whole."""


class MercadoPagoApplication(Record):
    """What the manager's application has."""

    access_token: str
    webhook_secret: str


class MercadoPagoSimulator(Simulator):
    """One account at a simulated Mercado Pago."""

    name = "mercado_pago"
    title = "Mercado Pago"
    language = "es"
    methods = ("visa", "rapipago")
    repeats = (*[timedelta(minutes=15)] * 3, *[timedelta(hours=6)] * 12)
    refund_takes = timedelta(0)
    tells_pending = True
    tells_returns = True
    gives_parts_back = True
    charges_back = True

    def __init__(
        self,
        shop: Shop,
        application: MercadoPagoApplication,
        memory: Memory,
        clock: Callable[[], datetime],
        courier: Courier,
    ) -> None:
        super().__init__(shop, memory, clock, courier)
        self._application = application

    def routes(self) -> Sequence[BaseRoute]:
        """Where people are led in, and where the manager's server asks."""
        return [
            Route("/checkout/v1/redirect", self._enter),
            Route("/checkout/preferences", self._prefer, methods=["POST"]),
            Route("/v1/payments/search", self._search),
            Route("/v1/payments/{id}", self._payment),
            Route("/v1/payments/{id}/refunds", self._refunds),
            Route("/v1/payments/{id}/refunds", self._refund, methods=["POST"]),
        ]

    def sending(self, notice: Notice, order: SimulatedOrder) -> Sending:
        """The webhook: what it is about stands in the address, which is what is signed."""
        payment, stamp = notice.payment, str(int(notice.written_at.timestamp() * 1000))
        signed = f"id:{payment.id};request-id:{notice.id};ts:{stamp};"
        digest = hmac.new(self._application.webhook_secret.encode(), signed.encode(), sha256).hexdigest()
        told = {
            "action": "payment.updated" if payment.changed_at > payment.created_at else "payment.created",
            "api_version": "v1",
            "data": {"id": payment.id},
            "date_created": _written(notice.written_at),
            "id": int(notice.id[:12], 16),
            "live_mode": False,
            "type": "payment",
        }
        return Sending(
            url=with_query(order.notify_url or self.shop.notify_url, {"data.id": payment.id, "type": "payment"}),
            headers={"content-type": JSON, "x-signature": f"ts={stamp},v1={digest}", "x-request-id": notice.id},
            body=msgspec.json.encode(told),
        )

    def is_taken(self, notice: Notice, status: int, body: bytes) -> bool:
        """Whether it was heard; what is said matters to nobody."""
        return status in {200, 201}

    def back(self, order: SimulatedOrder, payment: SimulatedPayment | None) -> str:
        """The address of the return, with what the browser may be shown and nobody should believe."""
        status = _status(payment)[0] if payment else "null"
        told = {
            "collection_id": payment.id if payment else "null",
            "collection_status": status,
            "payment_id": payment.id if payment else "null",
            "status": status,
            "external_reference": order.reference,
            "preference_id": order.key,
        }
        return with_query(order.return_url, told)

    def new_payment_id(self, now: datetime) -> str:
        """Digits, as Mercado Pago numbers all payments of the world."""
        return f"{int(now.timestamp())}{len(self.memory.payments) + 1:04}"

    # -- what is asked ----------------------------------------------------------------------------------------------

    async def _enter(self, request: Request) -> Response:
        """Lead in whoever comes by a preference's address."""
        order = self.memory.order_at(request.query_params.get("pref_id", ""))
        return RedirectResponse(page_of(self, order), 303) if order else error_page(self, "pref_id is unknown", 404)

    async def _prefer(self, request: Request) -> Response:
        """Make a preference; another for the same order is the same one."""
        if refused := self._stranger(request):
            return refused
        try:
            order = self.take(self._order(await json_of(request, _Preference)))
        except (UnlikelyRequestError, RefusedError) as error:
            return _trouble(400, "bad_request", str(error))
        address = f"{self.shop.address}/checkout/v1/redirect?pref_id={order.key}"
        told = {"id": order.key, "init_point": address, "sandbox_init_point": address}
        return in_json({**told, "external_reference": order.reference}, 201)

    def _order(self, asked: _Preference) -> SimulatedOrder:
        addresses = (asked.back_urls.success, asked.notification_url)
        if not all(map(is_web_address, filter(None, addresses))) or not asked.external_reference:
            raise UnlikelyRequestError("back_urls, notification_url or external_reference is not in its form")
        return SimulatedOrder(
            reference=asked.external_reference,
            key=f"{secrets.randbelow(10**9)}-{secrets.token_hex(16)}",
            amount=_total(asked.items),
            description=", ".join(item.title for item in asked.items),
            payer=asked.payer.email,
            return_url=asked.back_urls.success,
            notify_url=asked.notification_url,
            created_at=self.clock(),
            expires_at=asked.expiration_date_to if asked.expires else None,
        )

    async def _payment(self, request: Request) -> Response:
        """One payment."""
        if refused := self._stranger(request):
            return refused
        self.settle()
        payment = self.memory.payments.get(request.path_params["id"])
        return in_json(self._told(payment)) if payment else _trouble(404, "not_found", "Payment not found")

    async def _search(self, request: Request) -> Response:
        """Payments of a reference, or approved within a time, oldest first."""
        if refused := self._stranger(request):
            return refused
        self.settle()
        asked = request.query_params
        try:
            found = self._found(asked)
            offset, limit = int(asked.get("offset", "0")), min(int(asked.get("limit", "30")), _MOST_LISTED)
        except ValueError as error:
            return _trouble(400, "bad_request", str(error))
        told = [self._told(payment) for payment in found[offset : offset + limit]]
        return in_json({"paging": {"total": len(found), "limit": limit, "offset": offset}, "results": told})

    def _found(self, asked: Mapping[str, str]) -> list[SimulatedPayment]:
        if "external_reference" in asked:
            return self.memory.payments_of(asked["external_reference"])
        since, until = moment_of(asked.get("begin_date", "")), moment_of(asked.get("end_date", ""))
        if asked.get("range") != "date_approved" or since is None or until is None:
            raise UnlikelyRequestError("neither a reference nor a range")
        paid = [(each.paid_at, each.id) for each in self.memory.payments.values() if each.paid_at]
        return [self.memory.payments[id] for at, id in sorted(paid) if since <= at <= until]

    async def _refunds(self, request: Request) -> Response:
        """What was given back of a payment."""
        if refused := self._stranger(request):
            return refused
        return in_json([_refund(each) for each in self.memory.refunds_of(request.path_params["id"])])

    async def _refund(self, request: Request) -> Response:
        """Give a payment back, or a part of it; the same key gives back once."""
        if refused := self._stranger(request):
            return refused
        id, key = request.path_params["id"], request.headers.get("x-idempotency-key", "")
        if not re.fullmatch("[!-~]{1,64}", key):
            return _trouble(400, "bad_request", "X-Idempotency-Key is missing")
        try:
            asked = await json_of(request, _GiveBack)
            whole = self.left_of(id) if key not in self.memory.refunds else self.memory.refunds[key].amount
            amount = whole if asked.amount is None else _money(asked.amount, whole.currency)
            return in_json(_refund(self.give_back(id, amount, key)), 201)
        except UnlikelyRequestError as error:
            return _trouble(400, "bad_request", str(error))
        except RefusedError as error:
            return _trouble(*_REFUSALS.get(error.why, (400, "invalid_refund")), error.why)

    def _stranger(self, request: Request) -> Response | None:
        """What is answered to who does not have the token."""
        told = request.headers.get("authorization", "").encode()
        if hmac.compare_digest(told, f"Bearer {self._application.access_token}".encode()):
            return None
        return _trouble(401, "unauthorized", "invalid access token")

    def _told(self, payment: SimulatedPayment) -> dict[str, Any]:
        """A payment's document."""
        status, detail = _status(payment)
        return {
            "id": int(payment.id),
            "status": status,
            "status_detail": detail,
            "external_reference": payment.reference,
            "currency_id": payment.amount.currency,
            "transaction_amount": Decimal(payment.amount.amount),
            "transaction_amount_refunded": Decimal(Money(payment.refunded_minor, payment.amount.currency).amount),
            "payment_method_id": payment.method,
            "payment_type_id": _TYPES[payment.method],
            "date_created": _written(payment.created_at),
            "date_approved": _written(payment.paid_at) if payment.paid_at else None,
            "date_last_updated": _written(payment.changed_at),
            "live_mode": False,
            "refunds": [_refund(each) for each in self.memory.refunds_of(payment.id)],
        }


def _status(payment: SimulatedPayment) -> tuple[str, str]:
    """Status and its detail; a payment of which a part went back is still an approved one."""
    if payment.refunded_minor and payment.state is PaymentState.PAID:
        return ("refunded", "refunded") if not payment.left else ("approved", "partially_refunded")
    return _STATUSES[payment.state]


def _refund(refund: SimulatedRefund) -> dict[str, Any]:
    return {
        "id": int(refund.id),
        "payment_id": int(refund.payment_id),
        "amount": Decimal(refund.amount.amount),
        "status": "approved" if refund.done_at else "in_process",
        "date_created": _written(refund.asked_at),
    }


def _total(items: Sequence[_Item]) -> Money:
    """What the items come to, all in one currency."""
    currencies = {item.currency_id for item in items}
    if len(currencies) != 1:
        raise UnlikelyRequestError("items have one currency")
    return _money(sum((item.unit_price * item.quantity for item in items), Decimal()), currencies.pop())


def _money(value: Decimal, currency: str) -> Money:
    try:
        amount = Money.exact(value, currency)
    except ValueError as error:
        raise UnlikelyRequestError(str(error)) from None
    if amount.minor <= 0:
        raise UnlikelyRequestError("an amount is more than nothing")
    return amount


def _written(at: datetime) -> str:
    return at.astimezone(_ZONE).isoformat(timespec="milliseconds")


def _trouble(status: int, error: str, message: str) -> Response:
    return in_json({"message": message, "error": error, "status": status, "cause": []}, status)
