"""Mercado Pago's side as its documentation describes it, written without a look at ours."""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import datetime
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tests.payments.forging import Books, Paid
from ventanilla.backoffice_adapters.money import Money
from ventanilla.payments.contract import Incoming, NewsStatus, PlatformRequest, PlatformResponse, Redirect

TOKEN, SECRET = "APP_USR-mercado-pago-token-8c1f", "mercado-pago-webhook-secret-77aa"
STATUS = {NewsStatus.CONFIRMED: "approved", NewsStatus.FAILED: "rejected", NewsStatus.PENDING: "in_process"}


def signed(payment_id: str, request_id: str, stamp: str, secret: str = SECRET) -> str:
    manifest = "".join(
        f"{name}:{value};" for name, value in (("id", payment_id), ("request-id", request_id), ("ts", stamp)) if value
    )
    return hmac.new(secret.encode(), manifest.encode(), hashlib.sha256).hexdigest()


def webhook(payment_id: str, stamp: str, request_id: str = "f7b2a1d4-0b1c-4ec2-aaaa-9e8b1d2f3c4d") -> Incoming:
    headers = {"x-signature": f"ts={stamp},v1={signed(payment_id, request_id, stamp)}", "x-request-id": request_id}
    body = {"action": "payment.updated", "type": "payment", "data": {"id": payment_id}}
    return Incoming(
        method="POST",
        query=(("data.id", payment_id), ("type", "payment")),
        headers={name: value for name, value in headers.items() if value},
        body=json.dumps(body).encode(),
    )


class MercadoPagoForge:
    """The application's pages and servers."""

    def __init__(self) -> None:
        self.books = Books("8{}")
        self.preferences: dict[str, dict[str, Any]] = {}

    def follow(self, redirect: Redirect) -> None:
        wanted = self.preferences[redirect.platform_id or ""]
        (item,) = wanted["items"]
        amount = Money.exact(item["unit_price"], item["currency_id"])
        self.books.orders[wanted["external_reference"]] = amount

    def pay(self, reference: str, status: NewsStatus, at: datetime) -> str | None:
        return self.books.pay(reference, status, at)

    def notification(self, payment_id: str, at: datetime) -> Incoming:
        return webhook(payment_id, str(int(at.timestamp() * 1000)))

    def given_back(self, payment_id: str) -> int:
        return self.books.payments[payment_id].given_back

    def answer(self, request: PlatformRequest) -> PlatformResponse:
        if request.headers["authorization"] != f"Bearer {TOKEN}":
            return _json(401, {"error": "unauthorized"})
        parts = urlsplit(request.url)
        if parts.path == "/checkout/preferences":
            return self._prefer(request)
        if parts.path == "/v1/payments/search":
            return self._search(dict(parse_qsl(parts.query)))
        if parts.path.endswith("/refunds"):
            return self._refund(parts.path.split("/")[3], request)
        paid = self.books.payments.get(parts.path.rpartition("/")[2])
        return _json(200, document(paid)) if paid else _json(404, {"error": "not_found"})

    def _prefer(self, request: PlatformRequest) -> PlatformResponse:
        wanted = json.loads(request.body, parse_float=Decimal, parse_int=Decimal)
        found = f"pref-{hashlib.sha256(request.headers['x-idempotency-key'].encode()).hexdigest()[:12]}"
        self.preferences.setdefault(found, wanted)
        address = f"https://www.mercadopago.com.ar/checkout/v1/redirect?pref_id={found}"
        return _json(201, {"id": found, "init_point": address, "sandbox_init_point": address})

    def _search(self, query: dict[str, str]) -> PlatformResponse:
        if "external_reference" in query:
            found = self.books.of(query["external_reference"])
        else:
            begin, end = (datetime.fromisoformat(query[name]) for name in ("begin_date", "end_date"))
            found = [paid for paid in self.books.payments.values() if begin <= paid.at <= end]
            found.sort(key=lambda paid: paid.at)
        first, count = int(query.get("offset", 0)), int(query["limit"])
        results = [document(paid) for paid in found[first : first + count]]
        paging = {"total": len(found), "limit": count, "offset": first}
        return _json(200, {"paging": paging, "results": results})

    def _refund(self, payment_id: str, request: PlatformRequest) -> PlatformResponse:
        paid = self.books.payments[payment_id]
        key, wanted = request.headers["x-idempotency-key"], json.loads(request.body, parse_float=Decimal)
        whole = paid.refunds.get(key) or paid.amount.minor - paid.given_back
        minor = Money.exact(Decimal(wanted["amount"]), paid.amount.currency).minor if wanted else whole
        if not paid.give_back(key, minor):
            return _json(400, {"error": "bad_request", "cause": [{"code": 2063}]})
        return _json(201, {"id": 1_000 + len(paid.refunds), "payment_id": int(payment_id), "status": "approved"})


def document(paid: Paid) -> dict[str, Any]:
    """A payment as its document tells it."""
    whole = paid.given_back == paid.amount.minor
    return {
        "id": int(paid.id),
        "status": "refunded" if whole and paid.given_back else STATUS[paid.status],
        "status_detail": "accredited",
        "currency_id": paid.amount.currency,
        "external_reference": paid.reference,
        "transaction_amount": float(paid.amount.amount),
        "transaction_amount_refunded": paid.given_back / 100,
        "payment_method_id": "visa",
        "date_approved": paid.at.isoformat(timespec="milliseconds"),
    }


def _json(status: int, value: object) -> PlatformResponse:
    return PlatformResponse(status=status, headers={}, body=json.dumps(value).encode())
