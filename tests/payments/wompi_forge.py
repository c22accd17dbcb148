"""Wompi's side as its documentation describes it, written without a look at ours."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tests.payments.forging import Books, Paid
from ventanilla.backoffice_adapters.money import Money
from ventanilla.payments.contract import Incoming, NewsStatus, PlatformRequest, PlatformResponse, Redirect

PUBLIC, PRIVATE = "pub_test_wompi_public_1", "prv_test_wompi_private_9f"
INTEGRITY, EVENTS = "test_integrity_secret_33c1", "test_events_secret_b07e"
STATUS = {NewsStatus.CONFIRMED: "APPROVED", NewsStatus.FAILED: "DECLINED", NewsStatus.PENDING: "PENDING"}
PROPERTIES = ("id", "status", "amount_in_cents")


def event(transaction: dict[str, Any], stamp: int, secret: str = EVENTS) -> Incoming:
    joined = "".join(str(transaction[name]) for name in PROPERTIES) + str(stamp) + secret
    checksum = hashlib.sha256(joined.encode()).hexdigest().upper()
    told = {
        "event": "transaction.updated",
        "data": {"transaction": transaction},
        "environment": "test",
        "signature": {"properties": [f"transaction.{name}" for name in PROPERTIES], "checksum": checksum},
        "timestamp": stamp,
        "sent_at": "2026-03-02T15:04:05.000Z",
    }
    headers = {"content-type": "application/json", "x-event-checksum": checksum.lower()}
    return Incoming(method="POST", query=(), headers=headers, body=json.dumps(told).encode())


class WompiForge:
    """The merchant's pages and servers."""

    def __init__(self) -> None:
        self.books = Books("01-{}-27458")

    def follow(self, redirect: Redirect) -> None:
        query = dict(parse_qsl(urlsplit(redirect.url).query, strict_parsing=True))
        signed = (
            query["reference"] + query["amount-in-cents"] + query["currency"] + query["expiration-time"] + INTEGRITY
        )
        if query["signature:integrity"] != hashlib.sha256(signed.encode()).hexdigest() or query["public-key"] != PUBLIC:
            raise ValueError(redirect.url)
        self.books.orders[query["reference"]] = Money(int(query["amount-in-cents"]), query["currency"])

    def pay(self, reference: str, status: NewsStatus, at: datetime) -> str | None:
        return self.books.pay(reference, status, at)

    def notification(self, payment_id: str, at: datetime) -> Incoming:
        return event(document(self.books.payments[payment_id]), int(at.timestamp()))

    def given_back(self, payment_id: str) -> int:
        return self.books.payments[payment_id].given_back

    def answer(self, request: PlatformRequest) -> PlatformResponse:
        parts = urlsplit(request.url)
        path, key = parts.path.removeprefix("/v1"), request.headers["authorization"]
        if path == "/transactions" and key == f"Bearer {PRIVATE}":
            found = self.books.of(dict(parse_qsl(parts.query))["reference"])
            return _json(200, {"data": [document(paid) for paid in found], "meta": {}})
        paid = self.books.payments.get(path.removeprefix("/transactions/"))
        if paid is None or key != f"Bearer {PUBLIC}":
            return _json(404, {"error": {"type": "NOT_FOUND_ERROR", "reason": "La entidad solicitada no existe"}})
        return _json(200, {"data": document(paid), "meta": {}})


def document(paid: Paid) -> dict[str, Any]:
    """A transaction as it is told."""
    return {
        "id": paid.id,
        "created_at": paid.at.isoformat(timespec="milliseconds"),
        "finalized_at": paid.at.isoformat(timespec="milliseconds") if paid.status is not NewsStatus.PENDING else None,
        "amount_in_cents": paid.amount.minor,
        "reference": paid.reference,
        "customer_email": "payer@example.com",
        "currency": paid.amount.currency,
        "payment_method_type": "PSE",
        "status": STATUS[paid.status],
    }


def _json(status: int, value: object) -> PlatformResponse:
    return PlatformResponse(status=status, headers={}, body=json.dumps(value).encode())
